"""Likelihood ratios between hypotheses of kinship, with everything needed to repeat them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.likelihood import Model, Typed, hypothesis, locus_likelihood
from convenio.programs.missing.methods.linkage import LinkageEffect, linkage_effect
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.network import TooLarge
from convenio.programs.missing.methods.observation import Observation, alleles_of
from convenio.programs.missing.methods.pedigree import Pedigree

Profile = Mapping[str, str | Sequence[str]]
Hypotheses = Mapping[str, Pedigree | Sequence[Pedigree]]


@dataclass(frozen=True)
class LocusRatio:
    """One locus of a result.

    Args:
        locus: the marker.
        likelihoods: by hypothesis.
        ratios: by hypothesis: likelihood over that of the reference; infinite where the reference is impossible,
            and not a number where both are.
        typed: what was seen, by person with a genotype here.
    """

    locus: Locus
    likelihoods: Mapping[str, float]
    ratios: Mapping[str, float]
    typed: Typed


@dataclass(frozen=True)
class KinshipResult:
    """Likelihood ratios of several hypotheses against one of them.

    Args:
        hypotheses: name and pedigrees of each.
        against: the hypothesis the ratios are taken against.
        population: whose frequencies were used.
        model: engine and theta.
        loci: locus by locus.
        persons: persons typed.
        notes: what a reader must know: treatment of unlisted alleles, loci left out, linkage, stand-in frequencies.
        linkage: effect of linkage between loci of the kit, at the lower end, the estimate and the upper end of the
            recombination fraction; empty where no two are linked, or theta is used, or the sum would be too large.
    """

    hypotheses: Mapping[str, tuple[Pedigree, ...]]
    against: str
    population: Population
    model: Model
    loci: tuple[LocusRatio, ...]
    persons: tuple[str, ...]
    notes: tuple[Message, ...] = ()
    linkage: tuple[LinkageEffect, ...] = ()

    def log10(self, name: str) -> float:
        """Log10 of a hypothesis' total ratio; minus infinity where a locus excludes it."""
        return math.fsum(self.log10_at(each, name) for each in self.loci)

    def log10_at(self, locus: LocusRatio, name: str) -> float:
        """Log10 of a hypothesis' ratio at one locus."""
        return _log10(locus.ratios[name])

    def total(self, name: str) -> float:
        """A hypothesis' total ratio; infinite where it is above what a number can hold."""
        product = 1.0
        for each in self.loci:
            product *= each.ratios[name]
        if product == 0 or math.isinf(product):
            power = self.log10(name)
            return 10**power if -300 < power < 300 else product
        return product

    @property
    def mutation(self) -> str:
        """The mutation models used, each with its loci where they differ."""
        models: dict[str, list[str]] = {}
        for each in self.loci:
            models.setdefault(each.locus.mutation.describe(), []).append(each.locus.name)
        if len(models) == 1:
            return next(iter(models))
        return "; ".join(f"{model} ({', '.join(names)})" for model, names in models.items())


@dataclass
class Typing:
    """Profiles made ready: genotypes by locus, and what had to be noted on the way.

    Args:
        loci: locus, with any unlisted alleles added, and who shows what there.
        notes: what was noted.
    """

    loci: list[tuple[Locus, Typed]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def kinship_lr(
    hypotheses: Hypotheses,
    genotypes: Mapping[str, Profile],
    population: Population,
    *,
    against: str | None = None,
    engine: str = "pedprobr",
    theta: float = 0.0,
    dropout: Mapping[str, float] | None = None,
    dropin: float = 0.0,
    unlisted: float | None = None,
) -> KinshipResult:
    """Likelihood ratios of hypotheses about how persons are related, exact for any pedigree.

    Args:
        hypotheses: name to pedigree, or to several unrelated pedigrees; each holds every typed person.
        genotypes: person to locus to genotype (`16/18`); a locus left out was not typed.
        population: allele frequencies with mutation models and silent alleles.
        against: the hypothesis in the denominator; the last by default.
        engine: `pedprobr` or `familias`: see `Descent`.
        theta: coancestry coefficient, for unlinked persons too.
        dropout: per person: probability that a copy of an allele is not seen.
        dropin: probability that a foreign allele appears in a sample with drop-out.
        unlisted: frequency given to an allele that is not in the table; by default the population's floor 5/2N.

    Returns:
        Likelihoods and ratios by locus and in total, and what a reader must know.

    Raises:
        InputError: a person is typed but not in a hypothesis, a genotype cannot be, nothing can be compared.
        TooLarge: the exact sum would not fit in memory.
    """
    model = Model(engine, theta)  # type: ignore[arg-type]
    named = {name: hypothesis(pedigrees, name) for name, pedigrees in hypotheses.items()}
    if not named:
        raise InputError(_("there is no hypothesis"))
    reference = against if against is not None else list(named)[-1]
    if reference not in named:
        raise InputError(
            _("there is no hypothesis {name}", name=reference), advice=_("there are: {names}", names=", ".join(named))
        )
    _everyone_everywhere(named, genotypes)
    typing = typed_loci(genotypes, population, dropout=dropout, dropin=dropin, unlisted=unlisted)
    loci = []
    for locus, typed in typing.loci:
        likelihoods = {name: locus_likelihood(pedigrees, locus, typed, model) for name, pedigrees in named.items()}
        under = likelihoods[reference]
        ratios = {name: _ratio(value, under) for name, value in likelihoods.items()}
        loci.append(LocusRatio(locus, likelihoods, ratios, typed))
    effects = () if theta else tuple(_linkage(named, population, typing))
    return KinshipResult(
        named, reference, population, model, tuple(loci), tuple(genotypes), tuple(typing.notes), effects
    )


def _linkage(named: Mapping[str, tuple[Pedigree, ...]], population: Population, typing: Typing) -> list[LinkageEffect]:
    held = {locus.name: (locus, typed) for locus, typed in typing.loci}
    found = []
    for pair in population.linked():
        if {pair.one, pair.two} <= set(held):
            try:
                effects = [linkage_effect(named, held[pair.one], held[pair.two], r) for r in pair.recombination]
                found += effects
            except TooLarge:
                typing.notes.append(
                    _("the effect of linkage of {one} and {two} was too large to compute", one=pair.one, two=pair.two)
                )
    return found


def typed_loci(
    genotypes: Mapping[str, Profile],
    population: Population,
    *,
    dropout: Mapping[str, float] | None = None,
    dropin: float = 0.0,
    unlisted: float | None = None,
) -> Typing:
    """The loci that the population knows, each with who shows what, and notes on whatever else was met.

    Raises:
        InputError: nothing is left to compare, or a genotype cannot be.
    """
    found = Typing()
    kits = {person: {name.upper(): name for name in profile} for person, profile in genotypes.items()}
    known = {name.upper(): locus for name, locus in population.loci.items()}
    strangers = sorted({name for kit in kits.values() for upper, name in kit.items() if upper not in known})
    if strangers:
        found.notes.append(
            _(
                "left out, since {population} has no frequencies: {loci}",
                population=population.name,
                loci=", ".join(strangers),
            )
        )
    for upper, locus in known.items():
        typed: dict[str, Observation] = {}
        for person, kit in kits.items():
            alleles = alleles_of(genotypes[person].get(kit.get(upper, "")), f"{person}, {locus.name}")
            if alleles:
                loss = (dropout or {}).get(person, 0.0)
                typed[person] = Observation(alleles, loss, dropin if loss else 0.0)
        if typed:
            found.loci.append((_listed(locus, typed, population, unlisted, found.notes), typed))
            missing = [person for person in genotypes if person not in typed]
            if missing:
                found.notes.append(_("{locus}: not typed: {persons}", locus=locus.name, persons=", ".join(missing)))
    if not found.loci:
        raise InputError(
            _("no locus was typed that {population} has frequencies for", population=population.name),
            advice=_("the table's loci are {loci}", loci=", ".join(population.loci)),
        )
    found.notes += _cautions(population, {locus.name for locus, _typed in found.loci})
    return found


def _listed(locus: Locus, typed: Typed, population: Population, unlisted: float | None, notes: list[Message]) -> Locus:
    """The locus with every allele that was seen."""
    new = sorted({a for each in typed.values() for a in each.alleles if a not in locus.index})
    if not new:
        return locus
    floor = population.minimum if unlisted is None else unlisted
    notes.append(
        _(
            "{locus}: {alleles} not in the table; given frequency {value} and the others scaled down",
            locus=locus.name,
            alleles=", ".join(new),
            value=f"{floor:.4g}",
        )
    )
    return locus.with_alleles(dict.fromkeys(new, floor))


def _cautions(population: Population, used: set[str]) -> list[Message]:
    found = []
    if population.stand_in:
        found.append(
            _("frequencies of {population} stand in for those of another population", population=population.name)
        )
    found += [
        _(
            "{one} and {two} lie {distance} Mb apart and are not independent",
            one=pair.one,
            two=pair.two,
            distance=pair.megabases,
        )
        for pair in population.linked()
        if {pair.one, pair.two} <= used
    ]
    return found


def _everyone_everywhere(named: Mapping[str, tuple[Pedigree, ...]], genotypes: Mapping[str, Profile]) -> None:
    for name, pedigrees in named.items():
        inside = {id_ for each in pedigrees for id_ in each.by_id}
        absent = [person for person in genotypes if person not in inside]
        if absent:
            raise InputError(
                _("{persons} typed but not in the hypothesis", persons=", ".join(absent)),
                where=name,
                advice=_("every hypothesis must hold every typed person; add unrelated ones as pedigrees of their own"),
            )


def _ratio(value: float, under: float) -> float:
    if under == 0:
        return math.nan if value == 0 else math.inf
    return value / under


def _log10(value: float) -> float:
    if value == 0:
        return -math.inf
    return value if math.isnan(value) else math.log10(value)
