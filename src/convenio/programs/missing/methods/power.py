"""What a search is worth, before anything is found: recall, false candidates, and whom to sample next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.encoding import genotype_probabilities, pairs_of
from convenio.programs.missing.methods.kinship import typed_loci
from convenio.programs.missing.methods.likelihood import Model, Typed
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.peel import peel
from convenio.programs.missing.methods.remains import Family
from convenio.programs.missing.methods.simulate import allele_names, draw_given, drop_genes, observed

THRESHOLDS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
STEP = 0.01
REACH = 60.0
ZERO = int(REACH / STEP)


@dataclass(frozen=True)
class Threshold:
    """What a threshold does.

    Args:
        log10_lr: the threshold.
        recall: probability that the true remains are at or above it.
        low: lower end of recall's 95 % interval over simulated families; recall itself where nothing was simulated.
        high: upper end.
        false_per_thousand: unrelated remains at or above it, per thousand searched.
    """

    log10_lr: float
    recall: float
    low: float
    high: float
    false_per_thousand: float


@dataclass(frozen=True)
class Power:
    """What a family can tell.

    Args:
        references: who gives a sample.
        missing: who is searched for.
        curve: threshold by threshold.
        exclusion: probability that an unrelated person is excluded outright.
        median: median log10 likelihood ratio of the true remains.
        low: the log10 likelihood ratio that 5 % of the true remains stay below.
        families: number of simulated families; 0 where the references' own genotypes were used and all is exact.
        population: name of the frequencies.
        seed: of the simulation.
    """

    references: tuple[str, ...]
    missing: str
    curve: tuple[Threshold, ...]
    exclusion: float
    median: float
    low: float
    families: int
    population: str
    seed: int


@dataclass(frozen=True)
class Spread:
    """Distribution of the log10 likelihood ratio of one family, on steps of .01 from -60 to 60.

    Args:
        true: probabilities for the missing person's own remains.
        stranger: probabilities for an unrelated person; what is missing to 1 is excluded outright.
    """

    true: Array
    stranger: Array


def power(
    family: Family,
    population: Population,
    *,
    missing: str | None = None,
    sampled: Sequence[str] = (),
    simulations: int = 100,
    thresholds: Sequence[float] = THRESHOLDS,
    seed: int = 1,
    model: Model | None = None,
) -> Power:
    """How often a search finds the true remains of a missing person, and how often it names others.

    With references' genotypes in the family nothing is simulated: the distributions follow, locus by locus, from the
    peeled family. Without, families are simulated in which the `sampled` relatives are typed, and their distributions
    averaged.

    Args:
        family: pedigree, references and missing persons.
        population: frequencies and mutation models; X-linked loci are left out.
        missing: who is searched for; the family's first missing person by default.
        sampled: relatives who would give a sample, where none has.
        simulations: number of simulated families.
        thresholds: log10 likelihood ratios.
        seed: of the simulation.
        model: engine; theta is not used.

    Raises:
        InputError: nobody gives a sample.
    """
    person = missing or family.missing[0]
    chosen = replace(model or Model(), theta=0.0)
    if family.references:
        typing = typed_loci(family.references, population).loci
        spreads = [_spread(family, person, typing, chosen)]
        who, families = tuple(family.references), 0
    else:
        if not sampled:
            raise InputError(
                _("no relative gives a sample"),
                where=family.name,
                advice=_("give references' genotypes, or name the relatives who would be sampled"),
            )
        rng = np.random.default_rng(seed)
        spreads = [
            _spread(family, person, each, chosen) for each in _families(family, population, sampled, simulations, rng)
        ]
        who, families = tuple(sampled), simulations
    return _summed(spreads, thresholds, who, person, families, population.name, seed)


def next_relative(
    family: Family,
    population: Population,
    candidates: Sequence[str],
    *,
    missing: str | None = None,
    simulations: int = 20,
    thresholds: Sequence[float] = THRESHOLDS,
    seed: int = 1,
    model: Model | None = None,
) -> Mapping[str, Power]:
    """What sampling one more relative would bring, for each of several, given what the family already shows.

    Args:
        family: with its references' genotypes.
        population: frequencies and mutation models.
        candidates: untyped members of the family who could give a sample.
        missing: who is searched for; the first missing person by default.
        simulations: number of genotypes drawn for each candidate from their exact distribution.
        thresholds: log10 likelihood ratios.
        seed: of the simulation.
        model: engine.

    Returns:
        By candidate, the power with them; the first entry, "", is the power as it is.

    Raises:
        InputError: the family has no reference yet, or a candidate is one already.
    """
    person = missing or family.missing[0]
    chosen = replace(model or Model(), theta=0.0)
    taken = [each for each in candidates if each in family.references or each == person]
    if taken or not family.references:
        raise InputError(
            _("{id} cannot be sampled next", id=taken[0]) if taken else _("the family has no reference yet"),
            where=family.name,
            advice=_("name relatives without a genotype, in a family where somebody has one"),
        )
    found = {"": power(family, population, missing=person, thresholds=thresholds, model=chosen)}
    typing = typed_loci(family.references, population).loci
    for candidate in candidates:
        rng = np.random.default_rng(seed)
        drawn = [
            draw_given(family.pedigrees, locus, typed, candidate, rng, number=simulations) for locus, typed in typing
        ]
        spreads = []
        for s in range(simulations):
            more: list[tuple[Locus, Typed]] = []
            for (locus, typed), genotypes in zip(typing, drawn, strict=True):
                seen = observed(genotypes[s])
                more.append((locus, typed if seen is None else {**typed, candidate: seen}))
            spreads.append(_spread(family, person, more, chosen))
        who = (*family.references, candidate)
        found[candidate] = _summed(spreads, thresholds, who, person, simulations, population.name, seed)
    return found


def _families(
    family: Family, population: Population, sampled: Sequence[str], simulations: int, rng: np.random.Generator
) -> list[list[tuple[Locus, Typed]]]:
    """Simulated genotypes of the sampled relatives, family by family and locus by locus."""
    found: list[list[tuple[Locus, Typed]]] = [[] for _s in range(simulations)]
    for locus in population.loci.values():
        names = allele_names(locus)
        dropped = {}
        for each in family.pedigrees:
            dropped.update(drop_genes(each, locus, simulations, rng))
        for s in range(simulations):
            shown = {id_: observed(tuple(names[a] for a in dropped[id_][s].tolist())) for id_ in sampled}
            found[s].append((locus, {id_: seen for id_, seen in shown.items() if seen is not None}))
    return found


def _spread(family: Family, person: str, typing: Sequence[tuple[Locus, Typed]], model: Model) -> Spread:
    """Distributions of a family's log10 likelihood ratio, by convolution over loci."""
    size = 2 * ZERO + 1
    true, stranger = np.zeros(size), np.zeros(size)
    true[ZERO] = stranger[ZERO] = 1.0
    for locus, typed in typing:
        if not typed or locus.chromosome == "X":
            continue
        peeled = peel(family.pedigrees, locus, typed, (person,), model=model)[person]
        low, high = pairs_of(locus.states)
        groups = peeled.reduced.groups
        ratio = peeled.ratio[groups[low], groups[high]]
        alone = genotype_probabilities(locus.probabilities)
        possible = ratio > 0
        if not possible.any():
            continue
        shift = np.rint(np.log10(ratio[possible]) / STEP).astype(int)
        weight = alone[possible] / alone.sum()
        steps, where = np.unique(shift, return_inverse=True)
        true = _shifted(true, steps, np.bincount(where, weight * ratio[possible]).astype(float))
        stranger = _shifted(stranger, steps, np.bincount(where, weight).astype(float))
    return Spread(true / true.sum(), stranger)


def _shifted(mass: Array, steps: np.ndarray[tuple[int, ...], np.dtype[np.int64]], weights: Array) -> Array:
    held = np.nonzero(mass)[0]
    first, last = int(held[0]), int(held[-1]) + 1
    found = np.zeros_like(mass)
    for step, weight in zip(steps.tolist(), weights.tolist(), strict=True):
        a, b = max(first + step, 0), min(last + step, len(mass))
        if a < b:
            found[a:b] += weight * mass[a - step : b - step]
    return found


def _summed(
    spreads: Sequence[Spread],
    thresholds: Sequence[float],
    who: tuple[str, ...],
    person: str,
    families: int,
    population: str,
    seed: int,
) -> Power:
    curve = []
    for threshold in thresholds:
        cell = ZERO + round(threshold / STEP)
        recalls = np.array([each.true[cell:].sum() for each in spreads])
        recall = float(recalls.mean())
        half = 1.96 * float(recalls.std(ddof=1)) / math.sqrt(len(spreads)) if len(spreads) > 1 else 0.0
        false = float(np.mean([each.stranger[cell:].sum() for each in spreads]))
        curve.append(
            Threshold(threshold, min(recall, 1.0), max(recall - half, 0.0), min(recall + half, 1.0), 1000 * false)
        )
    mass = np.cumsum(np.mean([each.true for each in spreads], axis=0))
    median, low = ((int(np.searchsorted(mass, share)) - ZERO) * STEP for share in (0.5, 0.05))
    exclusion = max(0.0, 1 - float(np.mean([each.stranger.sum() for each in spreads])))
    return Power(who, person, tuple(curve), exclusion, median, low, families, population, seed)
