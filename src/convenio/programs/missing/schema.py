"""The rows that the program's methods take and give."""

from __future__ import annotations

from typing import ClassVar

from convenio.core.record import RecordType, column
from convenio.core.words import Message, _


class PedigreeRow(RecordType):
    """One person of a pedigree: a family, or a hypothesis."""

    type_name: ClassVar[str] = "pedigree"
    title: ClassVar[Message] = _("Pedigree")
    about_persons: ClassVar[bool] = True

    pedigree: str = column(
        _("Family or hypothesis"), aliases=("family", "hypothesis", "familia", "hipótesis"), example="Arce"
    )
    person: str = column(_("Person"), aliases=("id", "persona"), personal=True, example="Missing-1")
    father: str | None = column(_("Father"), aliases=("fid", "padre"), default=None, personal=True, example="Father")
    mother: str | None = column(_("Mother"), aliases=("mid", "madre"), default=None, personal=True, example="Mother")
    sex: str = column(_("Sex"), aliases=("sexo",), default="unknown", personal=True, example="male")
    missing: bool = column(_("Missing"), aliases=("desaparecido",), default=False, personal=True, example=True)


class GenotypeRow(RecordType):
    """One sample's genotype at one locus."""

    type_name: ClassVar[str] = "genotype"
    title: ClassVar[Message] = _("Genotype")
    about_persons: ClassVar[bool] = True

    person: str = column(
        _("Sample"), aliases=("sample", "sample name", "muestra", "persona"), personal=True, example="R-1"
    )
    family: str | None = column(_("Family"), aliases=("familia",), default=None, personal=True, example="Arce")
    sex: str | None = column(_("Sex"), aliases=("sexo",), default=None, personal=True, example="male")
    locus: str = column(_("Locus"), aliases=("marker", "marcador"), example="M01")
    allele_1: str = column(_("Allele 1"), aliases=("allele1", "alelo 1"), personal=True, example="12")
    allele_2: str | None = column(
        _("Allele 2"), aliases=("allele2", "alelo 2"), default=None, personal=True, example="14"
    )


class ProfileRow(RecordType):
    """One sample with its whole profile in one cell, so that a registry can be cut anywhere."""

    type_name: ClassVar[str] = "profile"
    title: ClassVar[Message] = _("Profile")
    about_persons: ClassVar[bool] = True

    person: str = column(
        _("Sample"), aliases=("sample", "sample name", "muestra", "persona"), personal=True, example="R-1"
    )
    sex: str | None = column(_("Sex"), aliases=("sexo",), default=None, personal=True, example="male")
    profile: str = column(_("Profile"), aliases=("genotypes", "perfil"), personal=True, example="M01=16/17;M02=8/12")


class FrequencyRow(RecordType):
    """Frequency of one allele in a population."""

    type_name: ClassVar[str] = "allele_frequency"
    title: ClassVar[Message] = _("Allele frequency")

    locus: str = column(_("Locus"), aliases=("marker", "marcador"), example="M01")
    allele: str = column(_("Allele"), aliases=("alelo",), example="12")
    frequency: float = column(_("Frequency"), aliases=("freq", "frecuencia"), example=0.12, gt=0, le=1)


class RatioRow(RecordType):
    """Likelihood and ratio of a hypothesis at a locus; the locus `total` is their product."""

    type_name: ClassVar[str] = "kinship_ratio"
    title: ClassVar[Message] = _("Likelihood ratio")

    hypothesis: str = column(_("Hypothesis"))
    against: str = column(_("Against"))
    locus: str = column(_("Locus"))
    likelihood: float | None = column(_("Likelihood"), default=None)
    lr: float = column(_("Likelihood ratio"))
    log10_lr: float = column(_("log10 likelihood ratio"))


class CandidateRow(RecordType):
    """A candidate of a search."""

    type_name: ClassVar[str] = "missing_candidate"
    title: ClassVar[Message] = _("Candidate")
    about_persons: ClassVar[bool] = True

    family: str = column(_("Family"), personal=True)
    missing: str = column(_("Missing person"), personal=True)
    candidate: str = column(_("Remains"), personal=True)
    log10_lr: float = column(_("log10 likelihood ratio"))


class IdentificationRow(RecordType):
    """What the joint comparison says of one pair."""

    type_name: ClassVar[str] = "missing_identification"
    title: ClassVar[Message] = _("Joint identification")
    about_persons: ClassVar[bool] = True

    remains: str = column(_("Remains"), personal=True)
    family: str = column(_("Family"), personal=True)
    missing: str = column(_("Missing person"), personal=True)
    lr: float = column(_("Pairwise likelihood ratio"))
    exclusions: int = column(_("Excluding loci"))
    posterior: float = column(_("Posterior probability"))
    posterior_alike: float = column(_("Posterior of this person or one whom nothing tells apart"))
    glr: float = column(_("Generalised likelihood ratio"))


class PowerRow(RecordType):
    """What a threshold does in a search for one missing person."""

    type_name: ClassVar[str] = "search_power"
    title: ClassVar[Message] = _("What a search is worth")

    family: str = column(_("Family"))
    missing: str = column(_("Missing person"))
    threshold: float = column(_("Threshold"), unit="log10 LR")
    recall: float = column(_("Recall"))
    low: float = column(_("Lower end of the 95 % interval"))
    high: float = column(_("Upper end of the 95 % interval"))
    false_per_thousand: float = column(_("False candidates per thousand"))
