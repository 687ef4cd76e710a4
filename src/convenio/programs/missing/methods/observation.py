"""What was typed, and how likely it is given a genotype: silent alleles, drop-out, drop-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.methods.locus import SILENT, Locus
from convenio.programs.missing.methods.mutation import Array

Index = npt.NDArray[np.intp]
MISSING = frozenset({"", "0", "-", "?", "na", "null", "-9"})


def alleles_of(text: str | Sequence[str] | None, where: str) -> tuple[str, ...]:
    """The distinct alleles of a genotype such as `16/18`, `16,18`, `9.3` or a pair; empty where nothing was typed.

    Raises:
        InputError: there are three alleles or more.
    """
    if text is None:
        return ()
    parts = text.replace(",", "/").split("/") if isinstance(text, str) else list(text)
    seen = [each for each in (clean_allele(part) for part in parts) if each.lower() not in MISSING]
    distinct = tuple(dict.fromkeys(seen))
    if len(seen) > 2:
        raise InputError(
            _("three alleles at one locus: {alleles}", alleles=", ".join(seen)),
            where=where,
            advice=_("a mixture, a duplication or a typing error: leave the locus out or correct it, and say so"),
        )
    return distinct


def clean_allele(text: object) -> str:
    """An allele's name: `16`, `9.3`; `16.0` and ` 16 ` are `16`."""
    name = str(text).strip()
    if name.endswith(".0") and name[:-2].isdigit():
        return name[:-2]
    return name


@dataclass(frozen=True)
class Observation:
    """The alleles seen in one sample at one locus.

    Args:
        alleles: one or two distinct names; one means a homozygote, or one whose other allele was not seen.
        dropout: probability that a copy of an allele is not seen, per copy.
        dropin: probability that an allele of the population appears that was not there.
    """

    alleles: tuple[str, ...]
    dropout: float = 0.0
    dropin: float = 0.0


@dataclass(frozen=True)
class Reduced:
    """A locus whose unseen alleles are put together as far as its mutation model allows without changing anything.

    Args:
        locus: the whole locus.
        groups: for each allele of the locus (silent last) the state it is in.
        probabilities: frequency of each state.
        male: transmission matrix of fathers between states.
        female: that of mothers.
    """

    locus: Locus
    groups: Index
    probabilities: Array
    male: Array
    female: Array

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.probabilities)

    def state(self, allele: str) -> int:
        """The state that an allele is in."""
        return int(self.groups[-1 if allele == SILENT else self.locus.index[allele]])


def reduce(locus: Locus, seen: Iterable[str]) -> Reduced:
    """Put the alleles that were not seen together, as coarsely as leaves every likelihood exactly what it is.

    Without mutation, and with the equal and proportional models, all of them become one state; with a stepwise model
    only those that mutate alike towards every other state (Kemeny and Snell's strong lumpability).
    """
    male, female = locus.transmission
    named = {locus.index[each] for each in seen}
    groups = np.full(locus.states, len(named), dtype=np.intp)
    for state, position in enumerate(sorted(named)):
        groups[position] = state
    if locus.silent:
        groups[-1] = len(named) + 1
    groups = _numbered(groups)
    if not locus.mutation.none:
        both = [male] if male is female or np.array_equal(male, female) else [male, female]
        while True:
            onto = np.eye(int(groups.max()) + 1)[groups]
            keys = np.column_stack([groups, *(np.round(m @ onto, 13) for m in both)])
            finer = _numbered(np.unique(keys, axis=0, return_inverse=True)[1].ravel())
            if finer.max() == groups.max():
                break
            groups = finer
    states = int(groups.max()) + 1
    onto = np.eye(states)[groups]
    first = np.array([int(np.argmax(groups == s)) for s in range(states)])
    return Reduced(locus, groups, locus.probabilities @ onto, (male @ onto)[first], (female @ onto)[first])


def _numbered(groups: Index) -> Index:
    """Groups numbered from 0 in order of their first member."""
    names: dict[int, int] = {}
    return np.array([names.setdefault(int(g), len(names)) for g in groups], dtype=np.intp)


def genotype_table(seen: Observation, reduced: Reduced) -> Array:
    """Probability of what was seen, given the ordered genotype; shape (states, states).

    Source: the drop-out and drop-in model of Curran, Gill and Bill 2005, Forensic Sci Int 148:47.
    """
    drop, shown, fill = _copies(seen, reduced)
    found = fill[()] * np.outer(drop, drop)
    for allele, copy in shown.items():
        once = np.outer(copy, drop)
        found += fill[(allele,)] * (once + once.T + np.outer(copy, copy))
    if len(shown) == 2:
        (_a, one), (_b, two) = shown.items()
        found += fill[seen.alleles] * (np.outer(one, two) + np.outer(two, one))
    return found


def haplotype_table(seen: Observation, reduced: Reduced, where: str) -> Array:
    """Probability of what was seen in a male on the X chromosome, given his one allele; shape (states,).

    Raises:
        InputError: two alleles were seen.
    """
    if len(seen.alleles) == 2:
        raise InputError(
            _("a man with two alleles on the X chromosome: {alleles}", alleles="/".join(seen.alleles)),
            where=where,
            advice=_("the sex is wrong, or the locus is not on the X chromosome"),
        )
    drop, shown, fill = _copies(seen, reduced)
    found = fill[()] * drop
    for allele, copy in shown.items():
        found = found + fill[(allele,)] * copy
    return found


def _copies(seen: Observation, reduced: Reduced) -> tuple[Array, dict[str, Array], dict[tuple[str, ...], float]]:
    """Per state: a copy is not seen, or shows as each allele seen. Per set shown: the rest dropped in."""
    drop = np.full(reduced.states, seen.dropout)
    if reduced.locus.silent:
        drop[reduced.state(SILENT)] = 1
    shown = {}
    for allele in seen.alleles:
        copy = np.zeros(reduced.states)
        copy[reduced.state(allele)] = 1 - seen.dropout
        shown[allele] = copy
    into = {each: seen.dropin * float(reduced.probabilities[reduced.state(each)]) for each in seen.alleles}
    fill: dict[tuple[str, ...], float] = {seen.alleles: 1 - seen.dropin}
    if len(seen.alleles) == 2:
        one, two = seen.alleles
        fill |= {(one,): into[two], (two,): into[one], (): into[one] * into[two]}
    else:
        fill[()] = into[seen.alleles[0]]
    return drop, shown, fill
