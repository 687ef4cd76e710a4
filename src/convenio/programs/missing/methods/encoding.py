"""Profiles as small numbers, locus by locus, so that comparing one is a table look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.words import Message, _
from convenio.programs.missing.methods.kinship import Profile
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.observation import alleles_of

Codes = npt.NDArray[np.uint16]
POOLED = "other"


@dataclass(frozen=True)
class Encoded:
    """Many profiles over the loci of a population.

    Args:
        ids: one per profile.
        loci: with every allele that was seen; all autosomal.
        codes: genotype of each locus and profile, shape (loci, profiles): `code(i, j)` of two allele positions, or
            the number of genotypes where nothing was typed.
        notes: treatment of unlisted alleles.
    """

    ids: tuple[str, ...]
    loci: tuple[Locus, ...]
    codes: Codes
    notes: tuple[Message, ...] = ()

    @property
    def offsets(self) -> npt.NDArray[np.int64]:
        """Where each locus' genotypes begin in a table of all of them; one cell per locus is for the untyped."""
        sizes = [genotypes(len(locus.alleles)) + 1 for locus in self.loci]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def genotypes(alleles: int) -> int:
    """Number of genotypes of so many alleles."""
    return alleles * (alleles + 1) // 2


def code(one: int, two: int) -> int:
    """Number of the unordered genotype of two allele positions."""
    low, high = (one, two) if one <= two else (two, one)
    return high * (high + 1) // 2 + low


def pairs_of(alleles: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The two allele positions of every genotype, in order of its number."""
    high, low = np.tril_indices(alleles)
    return low, high


def encode(
    profiles: Mapping[str, Profile] | Sequence[tuple[str, Profile]],
    population: Population,
    *,
    also: Mapping[str, Profile] | None = None,
    unlisted: float | None = None,
    pooled: bool = False,
) -> Encoded:
    """Encode profiles over the population's autosomal loci.

    Args:
        profiles: id to locus to genotype.
        population: allele frequencies.
        also: further profiles whose alleles the loci must have (references that the profiles will be held against).
        unlisted: frequency of an allele that is not in the table; the population's floor by default.
        pooled: put all unlisted alleles of a locus together as one, which is there whether it is seen or not, so that
            a profile's result does not depend on which others were read with it.

    Raises:
        InputError: a genotype has three alleles.
    """
    items = list(profiles.items() if isinstance(profiles, Mapping) else profiles)
    spelled = {name.upper(): name for name, locus in population.loci.items() if locus.chromosome == "A"}
    seen: dict[str, dict[str, None]] = {name: {} for name in spelled.values()}
    read: list[dict[str, tuple[str, ...]]] = []
    cache: dict[tuple[str, object], tuple[str, ...]] = {}
    for id_, profile in [*items, *(also or {}).items()]:
        held: dict[str, tuple[str, ...]] = {}
        for given, genotype in profile.items():
            name = spelled.get(given.upper())
            if name is None:
                continue
            key = (name, genotype if isinstance(genotype, str) else tuple(genotype))
            if key not in cache:
                cache[key] = alleles_of(genotype, f"{id_}, {name}")
                seen[name].update(dict.fromkeys(cache[key]))
            if cache[key]:
                held[name] = cache[key]
        read.append(held)
    floor = population.minimum if unlisted is None else unlisted
    loci, notes = [], []
    for name in spelled.values():
        locus = population.loci[name]
        new = sorted(a for a in seen[name] if a not in locus.index)
        if pooled:
            locus = locus.with_alleles({POOLED: floor})
        elif new:
            locus = locus.with_alleles(dict.fromkeys(new, floor))
            notes.append(
                _(
                    "{locus}: {alleles} not in the table; given frequency {value} and the others scaled down",
                    locus=name,
                    alleles=", ".join(new),
                    value=f"{floor:.4g}",
                )
            )
        loci.append(locus)
    codes = np.empty((len(loci), len(items)), dtype=np.uint16)
    for row, locus in enumerate(loci):
        untyped = genotypes(len(locus.alleles))
        where: dict[tuple[str, ...], int] = {(): untyped}
        for column, held in enumerate(read[: len(items)]):
            alleles = held.get(locus.name, ())
            if alleles not in where:
                one, two = (locus.index.get(a, len(locus.alleles) - 1) for a in (alleles[0], alleles[-1]))
                where[alleles] = code(one, two)
            codes[row, column] = where[alleles]
    return Encoded(tuple(id_ for id_, _p in items), tuple(loci), codes, tuple(notes))


def genotype_probabilities(p: Array) -> Array:
    """Hardy-Weinberg probability of every genotype, in order of its number."""
    low, high = pairs_of(len(p))
    found: Array = p[low] * p[high] * np.where(low == high, 1.0, 2.0)
    return found
