"""Every set of remains beside every missing person: likelihood ratios and exclusions, one pair at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from convenio.core.words import Message
from convenio.programs.missing.methods.kinship import typed_loci
from convenio.programs.missing.methods.likelihood import Model, Typed, locus_likelihood
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Array, SexMutation
from convenio.programs.missing.methods.observation import Reduced, genotype_table, haplotype_table
from convenio.programs.missing.methods.peel import Peeled, peel
from convenio.programs.missing.methods.remains import Family, Remains, could_be


@dataclass(frozen=True)
class Typing:
    """All that was typed at one locus.

    Args:
        locus: the marker, every allele seen in its table.
        remains: observation by remains.
        families: observation by reference, family by family.
    """

    locus: Locus
    remains: Typed
    families: tuple[Typed, ...]

    @property
    def alleles(self) -> set[str]:
        """Every allele seen by anyone."""
        return {a for typed in (self.remains, *self.families) for each in typed.values() for a in each.alleles}


@dataclass(frozen=True)
class Pairs:
    """Pairwise comparison of remains and missing persons.

    Args:
        remains: ids, the rows.
        missing: family and id, the columns.
        lr: likelihood ratio; not a number where the sexes contradict each other. Shape (remains, missing).
        exclusions: loci that exclude the pair when nothing mutates; -1 where the sexes contradict each other.
        contradictions: per family, loci at which its references cannot be related as the pedigree says.
    """

    remains: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    lr: Array
    exclusions: npt.NDArray[np.int64]
    contradictions: Mapping[str, tuple[str, ...]]


def typings(
    remains: Sequence[Remains], families: Sequence[Family], population: Population, unlisted: float | None = None
) -> tuple[list[Typing], list[Message]]:
    """What was typed, locus by locus, and notes on what was met.

    Raises:
        InputError: nothing can be compared, or a genotype cannot be.
    """
    everyone = {("remains", each.id): each.profile for each in remains}
    everyone |= {(family.name, id_): profile for family in families for id_, profile in family.references.items()}
    labels = {key: f"{key[0]}:{key[1]}" for key in everyone}
    typed = typed_loci(
        {labels[key]: profile for key, profile in everyone.items()},
        population,
        dropout={labels["remains", each.id]: each.dropout for each in remains if each.dropout},
        unlisted=unlisted,
    )
    found = []
    for locus, seen in typed.loci:
        found.append(
            Typing(
                locus,
                {each.id: seen[labels["remains", each.id]] for each in remains if labels["remains", each.id] in seen},
                tuple(
                    {
                        id_: seen[labels[family.name, id_]]
                        for id_ in family.references
                        if labels[family.name, id_] in seen
                    }
                    for family in families
                ),
            )
        )
    return found, typed.notes


def without_mutation(locus: Locus) -> Locus:
    """The locus as if nothing mutated."""
    return locus if locus.mutation.none else replace(locus, mutation=SexMutation())


def seen_table(remains: Remains, typing: Typing, reduced: Reduced, *, single: bool) -> Array | None:
    """Probability of a remains' observation by genotype; None where it was not typed."""
    seen = typing.remains.get(remains.id)
    if seen is None:
        return None
    if single:
        return haplotype_table(seen, reduced, f"{remains.id}, {typing.locus.name}")
    return genotype_table(seen, reduced)


def pairwise(
    remains: Sequence[Remains],
    families: Sequence[Family],
    typed: Sequence[Typing],
    model: Model | None = None,
    *,
    mutate: Mapping[str, bool] | None = None,
) -> Pairs:
    """Likelihood ratio of every pair: these remains are this person, against: they are unrelated to the family.

    Args:
        remains: the rows.
        families: their missing persons are the columns, in order.
        typed: what was typed.
        model: engine and theta.
        mutate: per family, whether its loci mutate; by default they do as the population says.
    """
    columns = [(family, id_) for family in families for id_ in family.missing]
    fits = np.array([[could_be(r, family.sex(id_)) for family, id_ in columns] for r in remains])
    lr = np.where(fits, 1.0, np.nan)
    exclusions = np.where(fits, 0, -1)
    contradictions: dict[str, list[str]] = {family.name: [] for family in families}
    for typing in typed:
        rigid = without_mutation(typing.locus)
        first = 0
        for family, refs in zip(families, typing.families, strict=True):
            own = slice(first, first + len(family.missing))
            first += len(family.missing)
            plain = peel(family.pedigrees, rigid, refs, family.missing, model=model, seen=typing.alleles)
            moved = plain
            if rigid is not typing.locus and (mutate or {}).get(family.name, True):
                moved = peel(family.pedigrees, typing.locus, refs, family.missing, model=model, seen=typing.alleles)
            if not any(each.apart.any() for each in plain.values()):
                contradictions[family.name].append(typing.locus.name)
                exclusions[:, own] += fits[:, own]
            else:
                exclusions[:, own] += fits[:, own] & (_ratios(remains, typing, plain) == 0)
            lr[:, own] *= _ratios(remains, typing, moved)
    return Pairs(
        tuple(r.id for r in remains),
        tuple((family.name, id_) for family, id_ in columns),
        lr,
        exclusions,
        {name: tuple(loci) for name, loci in contradictions.items() if loci},
    )


def _ratios(remains: Sequence[Remains], typing: Typing, peeled: Mapping[str, Peeled]) -> Array:
    """Likelihood ratio of each set of remains as each person, shape (remains, persons); 1 where it was not typed."""
    found = np.ones((len(remains), len(peeled)))
    tables: dict[int, tuple[list[int], Array]] = {}
    for column, each in enumerate(peeled.values()):
        axes = each.joint.ndim
        if axes not in tables:
            there = [
                (r, table)
                for r, sample in enumerate(remains)
                if _readable(sample, typing, single=axes == 1)
                and (table := seen_table(sample, typing, each.reduced, single=axes == 1)) is not None
            ]
            tables[axes] = ([r for r, _t in there], np.array([t for _r, t in there]))
        rows, seen = tables[axes]
        if rows:
            found[rows, column] = each.lr(seen)
    return found


def _readable(remains: Remains, typing: Typing, *, single: bool) -> bool:
    """A woman's two alleles on X cannot be a man's; such a pair is left out by sex."""
    return not single or remains.sex != "female" or typing.locus.chromosome != "X"


def blame(family: Family, typed: Sequence[Typing], index: int) -> list[tuple[str, int]]:
    """How many contradictions of a family's own references vanish when one of them is left out, most first."""
    rigid = [(without_mutation(t.locus), t.families[index]) for t in typed]
    before = [locus for locus, refs in rigid if refs and locus_likelihood(family.pedigrees, locus, refs) == 0]
    found = []
    for out in family.references:
        left = 0
        for locus, refs in rigid:
            rest = {id_: seen for id_, seen in refs.items() if id_ != out}
            left += bool(locus in before and rest and locus_likelihood(family.pedigrees, locus, rest) == 0)
        found.append((out, len(before) - left))
    return sorted(found, key=lambda pair: -pair[1])
