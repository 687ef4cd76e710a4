"""What an identification starts from: remains, and families with their references and their missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.pedigree import Pedigree, Sex


@dataclass(frozen=True)
class Remains:
    """One set of remains with its profile.

    Args:
        id: as the laboratory calls it.
        profile: locus to genotype.
        sex: as determined; `unknown` fits either.
        dropout: probability that a copy of an allele is not seen in this sample.
    """

    id: str
    profile: Mapping[str, str | Sequence[str]]
    sex: Sex = "unknown"
    dropout: float = 0.0


@dataclass(frozen=True)
class Family:
    """A family that waits.

    Args:
        name: as reports call it.
        pedigree: who descends from whom; several where branches are not connected.
        references: person to profile, of relatives who gave a sample.
        missing: ids of the missing persons, all in the pedigree.
    """

    name: str
    pedigree: Pedigree | Sequence[Pedigree]
    references: Mapping[str, Mapping[str, str | Sequence[str]]]
    missing: tuple[str, ...]
    pedigrees: tuple[Pedigree, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        listed = (self.pedigree,) if isinstance(self.pedigree, Pedigree) else tuple(self.pedigree)
        object.__setattr__(self, "pedigrees", listed)
        inside = {id_ for each in listed for id_ in each.by_id}
        for id_ in (*self.missing, *self.references):
            if id_ not in inside:
                raise InputError(_("{id} is not in the pedigree", id=id_), where=self.name)
        both = set(self.missing) & set(self.references)
        if both:
            raise InputError(_("{id} is missing and has given a sample", id=min(both)), where=self.name)
        if not self.missing:
            raise InputError(
                _("the family has no missing person"), where=self.name, advice=_("mark who is missing in the pedigree")
            )

    def sex(self, person: str) -> Sex:
        """A member's sex."""
        return next(each.by_id[person].sex for each in self.pedigrees if person in each.by_id)


def could_be(remains: Remains, sex: Sex) -> bool:
    """Whether the sexes do not contradict each other."""
    return remains.sex == sex or "unknown" in (remains.sex, sex)
