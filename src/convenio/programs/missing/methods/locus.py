"""Loci and populations: which alleles there are, how frequent, and how they mutate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.mutation import Array, Mutation, SexMutation, matrix

Chromosome = Literal["A", "X"]
SILENT = "silent"
LINKED = (("VWA", "D12S391", 6.3, (0.044, 0.089, 0.158)),)
TOLERANCE = 0.02
ROUNDING = 1e-6
NO_MUTATION = SexMutation()


@dataclass(frozen=True)
class Locus:
    """One marker.

    Args:
        name: as the kit calls it.
        alleles: names, distinct; the frequencies' order.
        freqs: frequencies; `Locus.of` makes them add to 1.
        chromosome: `A` for autosomal, `X` for X-linked.
        mutation: models of fathers' and mothers' transmissions.
        silent: frequency of a silent allele; the others are scaled by what it leaves.
    """

    name: str
    alleles: tuple[str, ...]
    freqs: tuple[float, ...]
    chromosome: Chromosome = "A"
    mutation: SexMutation = NO_MUTATION
    silent: float = 0.0

    @classmethod
    def of(
        cls,
        name: str,
        freqs: Mapping[str, float],
        *,
        chromosome: Chromosome = "A",
        mutation: SexMutation | Mutation | None = None,
        silent: float = 0.0,
    ) -> Locus:
        """A checked locus; frequencies that miss 1 by more than a millionth are scaled to add to it.

        Raises:
            InputError: a frequency is no probability, or they add to something else than 1 (by more than .02).
        """
        for allele, value in freqs.items():
            if not (math.isfinite(value) and 0 < value <= 1):
                raise InputError(
                    _("allele {allele} has frequency {value}", allele=allele, value=value),
                    where=name,
                    advice=_("a frequency is above 0 and at most 1; leave out alleles that were not seen"),
                )
        total = math.fsum(freqs.values())
        if abs(total - 1) > TOLERANCE:
            raise InputError(
                _("the frequencies add to {total}", total=round(total, 4)),
                where=name,
                advice=_("they must add to 1, up to rounding; are two populations in one table, or counts?"),
            )
        if not 0 <= silent < 1:
            raise InputError(_("a silent allele of frequency {value} is impossible", value=silent), where=name)
        if isinstance(mutation, Mutation):
            mutation = SexMutation.both(mutation)
        scaled = (
            tuple(value / total for value in freqs.values()) if abs(total - 1) > ROUNDING else tuple(freqs.values())
        )
        return cls(name, tuple(freqs), scaled, chromosome, mutation or SexMutation(), silent)

    def with_alleles(self, unlisted: Mapping[str, float]) -> Locus:
        """The locus with further alleles of the given frequencies, all scaled to add to 1."""
        total = 1 + math.fsum(unlisted.values())
        return replace(
            self,
            alleles=(*self.alleles, *unlisted),
            freqs=tuple(value / total for value in (*self.freqs, *unlisted.values())),
        )

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Position of each allele."""
        return {allele: i for i, allele in enumerate(self.alleles)}

    @cached_property
    def states(self) -> int:
        """Number of alleles, the silent one included."""
        return len(self.alleles) + (self.silent > 0)

    @cached_property
    def probabilities(self) -> Array:
        """Frequencies as an array, the silent allele last."""
        listed = np.array(self.freqs)
        return np.append(listed * (1 - self.silent), self.silent) if self.silent else listed

    @cached_property
    def transmission(self) -> tuple[Array, Array]:
        """Transmission matrices of fathers and of mothers; a silent allele neither arises nor mends."""
        found = []
        for model in (self.mutation.male, self.mutation.female):
            full = np.eye(self.states)
            n = len(self.alleles)
            full[:n, :n] = matrix(model, self.alleles, np.array(self.freqs))
            found.append(full)
        return found[0], found[1]


@dataclass(frozen=True)
class LinkedPair:
    """Two loci on one chromosome.

    Args:
        one: name of a locus.
        two: name of the other.
        megabases: distance.
        recombination: recombination fraction: lower end of its 95 % interval, estimate, upper end.
    """

    one: str
    two: str
    megabases: float
    recombination: tuple[float, float, float]


@dataclass(frozen=True)
class Population:
    """A set of loci with the name of the people their frequencies were counted in.

    Args:
        name: population and source, as reports state it.
        loci: by name.
        size: persons typed, from which a floor for unseen alleles follows; None where it is not known.
        stand_in: whether it is used for want of the population in question, which reports must say.
    """

    name: str
    loci: Mapping[str, Locus] = field(default_factory=dict)
    size: int | None = None
    stand_in: bool = False

    @property
    def minimum(self) -> float:
        """Frequency given to an allele that is not in the table: 5/2N (NRC II 1996), .01 where N is not known."""
        return 5 / (2 * self.size) if self.size else 0.01

    def with_mutation(self, mutation: SexMutation | Mutation) -> Population:
        """The population with one mutation model at every locus."""
        both = SexMutation.both(mutation) if isinstance(mutation, Mutation) else mutation
        return replace(self, loci={name: replace(each, mutation=both) for name, each in self.loci.items()})

    def with_silent(self, silent: float) -> Population:
        """The population with a silent allele of one frequency at every locus."""
        return replace(self, loci={name: replace(each, silent=silent) for name, each in self.loci.items()})

    def linked(self) -> list[LinkedPair]:
        """Pairs of loci that are inherited together.

        Source: vWA and D12S391: O'Connor and Tillmar 2012, FSI Genetics 6:840 (recombination .089, 95 % interval .044
        to .158).
        """
        there = {name.upper(): name for name in self.loci}
        return [LinkedPair(there[a], there[b], far, r) for a, b, far, r in LINKED if a in there and b in there]
