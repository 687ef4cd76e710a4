"""The program's methods as tables in and tables out, declared once for every surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.method import Params, TableInput, method, param
from convenio.core.words import _
from convenio.programs.missing.methods.identification import joint_identification
from convenio.programs.missing.methods.kinship import kinship_lr
from convenio.programs.missing.methods.likelihood import Model
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Mutation, SexMutation
from convenio.programs.missing.methods.pedigree import Pedigree, Person, Sex, sex_of
from convenio.programs.missing.methods.power import power
from convenio.programs.missing.methods.prior import Prior
from convenio.programs.missing.methods.remains import Family, Remains
from convenio.programs.missing.methods.screen import screen
from convenio.programs.missing.schema import (
    CandidateRow,
    FrequencyRow,
    GenotypeRow,
    IdentificationRow,
    PedigreeRow,
    PowerRow,
    ProfileRow,
    RatioRow,
)

LITERATURE = (
    "Egeland, Kling and Mostad 2016, Relationship Inference with Familias and R",
    "Vigeland and Egeland 2021, Scientific Reports 11:13661",
    "Lauritzen and Sheehan 2003, Statistical Science 18:489",
)
RATIO = _("how many times more probable the genotypes are if the first hypothesis holds than if the second does")
PEDIGREES = TableInput(PedigreeRow, _("Pedigrees"))
FREQUENCIES = TableInput(FrequencyRow, _("Allele frequencies"))
Profiles = dict[str, dict[str, tuple[str, ...]]]


class PopulationParams(Params):
    """What likelihoods are computed with."""

    population: str = param(_("Name of the population the frequencies are from"), "unnamed population")
    mutation: Literal["none", "equal", "proportional", "stepwise"] = param(_("Mutation model"), "none")
    rate: float = param(_("Mutation rate"), 0.002, ge=0, le=1)
    rate2: float = param(_("Stepwise: rate to other microvariants"), 1e-6, ge=0, le=1)
    range: float = param(_("Stepwise: how much rarer each further step is"), 0.1, gt=0, le=1)
    silent: float = param(_("Frequency of a silent allele"), 0.0, ge=0, lt=1)


class KinshipParams(PopulationParams):
    """Parameters of `kinship`."""

    against: str | None = param(_("Hypothesis in the denominator; the last one otherwise"), None)
    engine: Literal["pedprobr", "familias"] = param(_("What happens to untyped founders"), "pedprobr")
    theta: float = param(_("Coancestry coefficient"), 0.0, ge=0, lt=1)


class ScreenParams(PopulationParams):
    """Parameters of `screen`."""

    threshold: float = param(_("Least log10 likelihood ratio of a candidate"), 2.0)
    engine: Literal["pedprobr", "familias"] = param(_("What happens to untyped founders"), "pedprobr")
    theta: float = param(_("Coancestry coefficient"), 0.0, ge=0, lt=1)
    dropout: float = param(_("Probability that a copy of an allele of the remains is not seen"), 0.0, ge=0, lt=1)
    dropin: float = param(_("Probability of a foreign allele, where there is drop-out"), 0.0, ge=0, lt=1)


class IdentificationParams(PopulationParams):
    """Parameters of `dvi`."""

    prior: Literal["flat", "open", "closed"] = param(_("Prior"), "flat")
    presence: float = param(_("Open set: probability that a missing person is among the bodies"), 0.5, ge=0, lt=1)


class PowerParams(PopulationParams):
    """Parameters of `power`."""

    simulations: int = param(_("Number of simulated families"), 40, ge=2)
    seed: int = param(_("Seed of the simulation"), 1)


@method(
    "missing",
    "kinship",
    title=_("Kinship likelihood ratios"),
    summary=_(
        "How much more probable are these genotypes if the persons are related as one pedigree says than another?"
    ),
    params=KinshipParams,
    inputs={
        "pedigrees": TableInput(PedigreeRow, _("Pedigrees, one per hypothesis")),
        "genotypes": TableInput(GenotypeRow, _("Genotypes")),
        "frequencies": FREQUENCIES,
    },
    output=RatioRow,
    literature=LITERATURE,
    score_meaning=RATIO,
)
def kinship(pedigrees: pa.Table, genotypes: pa.Table, frequencies: pa.Table, **params: Any) -> pa.Table:
    """Likelihood ratios of hypotheses, locus by locus and in total; see `kinship_lr`."""
    result = kinship_lr(
        {name: Pedigree.of(persons, name) for name, persons in _persons(pedigrees).items()},
        _profiles(genotypes),
        _population(frequencies, params),
        against=params.get("against"),
        engine=params.get("engine", "pedprobr"),
        theta=params.get("theta", 0.0),
    )
    rows = []
    for name in result.hypotheses:
        for each in result.loci:
            one = {"locus": each.locus.name, "likelihood": each.likelihoods[name], "lr": each.ratios[name]}
            rows.append({"hypothesis": name, "against": result.against, **one, "log10_lr": result.log10_at(each, name)})
        whole = {"locus": "total", "likelihood": None, "lr": result.total(name), "log10_lr": result.log10(name)}
        rows.append({"hypothesis": name, "against": result.against, **whole})
    return pa.Table.from_pylist(rows, schema=RatioRow.arrow_schema())


@method(
    "missing",
    "screen",
    title=_("Search remains for the missing"),
    summary=_("Which remains deserve a full comparison with which family?"),
    params=ScreenParams,
    inputs={
        "remains": TableInput(ProfileRow, _("Profiles of remains")),
        "pedigrees": PEDIGREES,
        "references": TableInput(GenotypeRow, _("Genotypes of relatives")),
        "frequencies": FREQUENCIES,
    },
    output=CandidateRow,
    literature=LITERATURE,
    score_meaning=RATIO,
    partition="rows",
)
def screen_tables(
    remains: pa.Table,
    pedigrees: pa.Table,
    references: pa.Table,
    frequencies: pa.Table,
    *,
    threshold: float = 2.0,
    engine: Literal["pedprobr", "familias"] = "pedprobr",
    theta: float = 0.0,
    dropout: float = 0.0,
    dropin: float = 0.0,
    progress: Callable[[float], None] | None = None,
    **params: Any,
) -> pa.Table:
    """Candidates above a threshold; unlisted alleles are pooled, so that partitions do not matter. See `screen`."""
    found = screen(
        _whole_profiles(remains),
        _families(pedigrees, references),
        _population(frequencies, params),
        threshold=threshold,
        model=Model(engine, theta),
        sexes=_sexes(remains),
        dropout=dropout,
        dropin=dropin,
        pooled=True,
        progress=progress,
    )
    rows = [
        {"family": h.family, "missing": h.missing, "candidate": h.candidate, "log10_lr": h.log10_lr} for h in found.hits
    ]
    return pa.Table.from_pylist(rows, schema=CandidateRow.arrow_schema())


@method(
    "missing",
    "dvi",
    title=_("Joint identification"),
    summary=_("Who is who, over all remains and all families at once?"),
    params=IdentificationParams,
    inputs={
        "remains": TableInput(GenotypeRow, _("Genotypes of remains")),
        "pedigrees": PEDIGREES,
        "references": TableInput(GenotypeRow, _("Genotypes of relatives")),
        "frequencies": FREQUENCIES,
    },
    output=IdentificationRow,
    literature=LITERATURE,
    score_meaning=_("probability that these remains are this person, given the genotypes and the stated prior"),
)
def dvi(
    remains: pa.Table,
    pedigrees: pa.Table,
    references: pa.Table,
    frequencies: pa.Table,
    *,
    prior: Literal["flat", "open", "closed"] = "flat",
    presence: float = 0.5,
    **params: Any,
) -> pa.Table:
    """Posterior probabilities of all pairs; see `joint_identification`."""
    sexes = _sexes(remains)
    result = joint_identification(
        [Remains(id_, profile, sexes[id_]) for id_, profile in _profiles(remains).items()],
        _families(pedigrees, references),
        _population(frequencies, params),
        prior=Prior(prior, presence),
    )
    names = IdentificationRow.arrow_schema().names
    rows = [{name: getattr(each, name) for name in names} for each in result.results]
    return pa.Table.from_pylist(rows, schema=IdentificationRow.arrow_schema())


@method(
    "missing",
    "power",
    title=_("What a search is worth"),
    summary=_("How often would a search find this family's missing person, and how often name a stranger?"),
    params=PowerParams,
    inputs={
        "pedigrees": PEDIGREES,
        "references": TableInput(GenotypeRow, _("Genotypes of relatives")),
        "frequencies": FREQUENCIES,
    },
    output=PowerRow,
    literature=LITERATURE,
    score_meaning=_("recall: share of true remains that reach the threshold"),
)
def power_tables(
    pedigrees: pa.Table,
    references: pa.Table,
    frequencies: pa.Table,
    *,
    simulations: int = 40,
    seed: int = 1,
    **params: Any,
) -> pa.Table:
    """Recall and false candidates by threshold, for every missing person whose family has references; see `power`."""
    known = _population(frequencies, params)
    rows = []
    for family in _families(pedigrees, references):
        for person in family.missing if family.references else ():
            found = power(family, known, missing=person, simulations=simulations, seed=seed)
            for t in found.curve:
                one = {"threshold": t.log10_lr, "recall": t.recall, "low": t.low, "high": t.high}
                rows.append(
                    {"family": family.name, "missing": person, **one, "false_per_thousand": t.false_per_thousand}
                )
    return pa.Table.from_pylist(rows, schema=PowerRow.arrow_schema())


def _population(frequencies: pa.Table, params: dict[str, Any]) -> Population:
    chosen = PopulationParams.model_validate({k: v for k, v in params.items() if k in PopulationParams.model_fields})
    mutation = Mutation(chosen.mutation)
    if chosen.mutation != "none":
        rate2 = chosen.rate2 if chosen.mutation == "stepwise" else 0.0
        mutation = Mutation(chosen.mutation, chosen.rate, rate2, chosen.range)
    table: dict[str, dict[str, float]] = {}
    for row in frequencies.to_pylist():
        alleles = table.setdefault(row["locus"], {})
        if row["allele"] in alleles:
            raise InputError(_("allele {allele} of {locus} stands twice", allele=row["allele"], locus=row["locus"]))
        alleles[row["allele"]] = row["frequency"]
    both = SexMutation.both(mutation)
    loci = {name: Locus.of(name, alleles, mutation=both, silent=chosen.silent) for name, alleles in table.items()}
    return Population(chosen.population, loci)


def _persons(pedigrees: pa.Table) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for row in pedigrees.to_pylist():
        person = Person(row["person"], row["father"] or None, row["mother"] or None, sex_of(row["sex"] or ""))
        found.setdefault(row["pedigree"], []).append(person)
    return found


def _profiles(genotypes: pa.Table) -> Profiles:
    found: Profiles = {}
    for row in genotypes.to_pylist():
        profile = found.setdefault(row["person"], {})
        shown = tuple(a for a in (row["allele_1"], row["allele_2"]) if a)
        if profile.get(row["locus"], shown) != shown:
            raise InputError(
                _("{locus} was typed more than once, differently", locus=row["locus"]),
                where=row["person"],
                advice=_("decide which typing holds and leave the others out"),
            )
        profile[row["locus"]] = shown
    return found


def _whole_profiles(remains: pa.Table) -> Profiles:
    found: Profiles = {}
    for row in remains.to_pylist():
        if row["person"] in found:
            raise InputError(_("sample {id} stands twice", id=row["person"]))
        cells = [each.partition("=") for each in row["profile"].split(";") if each.strip()]
        wrong = [locus for locus, equals, _text in cells if not equals]
        if wrong:
            raise InputError(
                _("{text} is no genotype of a locus", text=wrong[0]),
                where=row["person"],
                advice=_("write, for example, M01=16/17;M02=8/12"),
            )
        found[row["person"]] = {locus.strip(): tuple(text.strip().split("/")) for locus, _equals, text in cells}
    return found


def _sexes(genotypes: pa.Table) -> dict[str, Sex]:
    found: dict[str, Sex] = {}
    for row in genotypes.select(["person", "sex"]).to_pylist():
        found[row["person"]] = sex_of(row["sex"]) if row["sex"] else found.get(row["person"], "unknown")
    return found


def _families(pedigrees: pa.Table, references: pa.Table) -> list[Family]:
    persons = _persons(pedigrees)
    missing: dict[str, list[str]] = {name: [] for name in persons}
    for row in pedigrees.to_pylist():
        if row["missing"]:
            missing[row["pedigree"]].append(row["person"])
    typed: dict[str, list[dict[str, Any]]] = {name: [] for name in persons}
    for row in references.to_pylist():
        fitting = [n for n in persons if row["family"] in (None, n) and row["person"] in {p.id for p in persons[n]}]
        if len(fitting) != 1:
            raise InputError(
                _("{id} is in no family or in several", id=row["person"]),
                advice=_("add a column `family`, and use the pedigree's ids for the references"),
            )
        typed[fitting[0]].append(row)
    return [
        Family(
            name,
            Pedigree.of(listed, name),
            _profiles(pa.Table.from_pylist(typed[name], schema=GenotypeRow.arrow_schema())),
            tuple(missing[name]),
        )
        for name, listed in persons.items()
    ]
