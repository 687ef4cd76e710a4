"""Who is who: many remains, many missing persons, all families at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.assignments import joint
from convenio.programs.missing.methods.likelihood import Model
from convenio.programs.missing.methods.locus import Population
from convenio.programs.missing.methods.pairs import Pairs, Typing, blame, pairwise, typings
from convenio.programs.missing.methods.placements import Placements, placements
from convenio.programs.missing.methods.prior import Prior
from convenio.programs.missing.methods.remains import Family, Remains
from convenio.programs.missing.methods.settling import Mask, Settled, settle
from convenio.programs.missing.methods.summary import (
    Assignment,
    Group,
    PairResult,
    absent,
    best_assignments,
    groups,
    pair_results,
    posteriors,
    unknown,
)

Mutate = Literal["always", "where needed", "never"]


@dataclass(frozen=True)
class Identification:
    """Result of a joint identification.

    Args:
        pairs: pairwise likelihood ratios and exclusions of all pairs.
        settled: identifications taken as given.
        results: every pair with a posterior, the most probable first.
        groups: missing persons whom nothing tells apart, with their remains.
        unknown: per remains: probability that they belong to nobody on the list.
        absent: per missing person: probability that none of the remains are theirs.
        best: the most probable assignments.
        prior: as used.
        sensitivity: per prior: posterior of each pair in `results`, in that order.
        loci: names of the loci used.
        population: name of the frequencies.
        mutation: per family whether its loci mutated.
        notes: what a reader must know.
    """

    pairs: Pairs
    settled: tuple[Settled, ...]
    results: tuple[PairResult, ...]
    groups: tuple[Group, ...]
    unknown: Mapping[str, float]
    absent: Mapping[tuple[str, str], float]
    best: tuple[Assignment, ...]
    prior: Prior
    sensitivity: Mapping[str, tuple[float, ...]]
    loci: tuple[str, ...]
    population: str
    mutation: Mapping[str, bool]
    notes: tuple[Message, ...]


def joint_identification(
    remains: Sequence[Remains],
    families: Sequence[Family],
    population: Population,
    *,
    prior: Prior | None = None,
    settle_first: bool = False,
    mutate: Mutate = "always",
    most_exclusions: int | None = None,
    least_lr: float = 0.0,
    keep: int = 20,
    unlisted: float | None = None,
) -> Identification:
    """Identify many remains among the missing of many families at once, exactly.

    Args:
        remains: one entry per person; see `reassociate` for several remains of one.
        families: with their references and missing persons.
        population: frequencies and mutation models.
        prior: weight of assignments before any genetics; flat by default.
        settle_first: first settle pairs whose likelihood ratio is at least 10,000 and 10,000 times that of every
            other pair of these remains or this person, and go on with what is left; faster, no longer exact.
        mutate: `always`; `never`; or `where needed`: only in families whose references contradict their pedigree, or
            that a settled pair with an excluding locus belongs to.
        most_exclusions: leave out pairs with more excluding loci than this; None keeps all.
        least_lr: leave out pairs whose likelihood ratio is not above this.
        keep: how many assignments to list.
        unlisted: frequency of alleles that are not in the table; the population's floor by default.

    Returns:
        Posterior and generalised likelihood ratio of every pair, the best assignments, exclusions, contradictions.

    Raises:
        InputError: ids stand twice, or nothing can be compared.
        TooLarge: an exact sum would not fit; nothing is computed then.

    Source: Vigeland and Egeland 2021, Sci Rep 11:13661; sums over assignments by subsets, Held and Karp 1962.
    """
    _distinct(remains, families)
    typed, notes = typings(remains, families, population, unlisted)
    told = pairwise(remains, families, typed)
    notes += _contradicted(told, families, typed)
    possible: Mask = np.nan_to_num(told.lr) > least_lr
    if most_exclusions is not None:
        possible &= told.exclusions <= most_exclusions
    settled = settle(told, possible) if settle_first else []
    moves = _moves(told, settled, families, mutate)
    if not all(moves.values()) and any(not each.locus.mutation.none for each in typed):
        possible &= np.nan_to_num(pairwise(remains, families, typed, mutate=moves).lr) > least_lr
    placed = [_placed(remains, typed, told, settled, possible, f, each, moves) for f, each in enumerate(families)]
    chosen = prior or Prior()
    weights = [chosen.weigh(each, len(remains)) for each in placed]
    summed, flat = joint(placed, weights), joint(placed, [each.log_lr for each in placed])
    results = pair_results(told, placed, summed, flat)
    sensitivity = {}
    for other in (chosen, *chosen.others()):
        again = posteriors(placed, joint(placed, [other.weigh(each, len(remains)) for each in placed]), told)
        sensitivity[other.name] = tuple(again.get((r.remains, r.family, r.missing), 0.0) for r in results)
    notes.append(_("each set of remains is taken to be one person's; those of one person must be put together first"))
    return Identification(
        told,
        tuple(settled),
        results,
        groups(told, placed, summed, flat),
        unknown(told, posteriors(placed, summed, told)),
        absent(placed, summed),
        best_assignments(told, placed, weights, summed, keep),
        chosen,
        sensitivity,
        tuple(t.locus.name for t in typed),
        population.name,
        moves,
        tuple(notes),
    )


def _distinct(remains: Sequence[Remains], families: Sequence[Family]) -> None:
    if not remains or not families:
        raise InputError(_("there is nothing to identify"), advice=_("give at least one set of remains and one family"))
    for names in ([r.id for r in remains], [f.name for f in families]):
        for name in names:
            if names.count(name) > 1:
                raise InputError(
                    _("{id} stands twice", id=name), advice=_("give each set of remains and family one id")
                )


def _contradicted(told: Pairs, families: Sequence[Family], typed: Sequence[Typing]) -> list[Message]:
    found = []
    for f, family in enumerate(families):
        loci = told.contradictions.get(family.name)
        if loci:
            person, mended = blame(family, typed, f)[0]
            found.append(
                _(
                    "{family}: its references contradict the pedigree at {loci}; without {person}, {number} remain",
                    family=family.name,
                    loci=", ".join(loci),
                    person=person,
                    number=len(loci) - mended,
                )
            )
    return found


def _moves(told: Pairs, settled: Sequence[Settled], families: Sequence[Family], mutate: Mutate) -> dict[str, bool]:
    """Per family, whether its loci mutate."""
    needed = set(told.contradictions)
    for each in settled:
        r, c = told.remains.index(each.remains), told.missing.index((each.family, each.missing))
        if told.exclusions[r, c]:
            needed.add(each.family)
    return {
        family.name: mutate == "always" or (mutate == "where needed" and family.name in needed) for family in families
    }


def _placed(
    remains: Sequence[Remains],
    typed: Sequence[Typing],
    told: Pairs,
    settled: Sequence[Settled],
    possible: Mask,
    f: int,
    family: Family,
    moves: Mapping[str, bool],
) -> Placements:
    candidates = {
        id_: np.nonzero(possible[:, told.missing.index((family.name, id_))])[0].tolist() for id_ in family.missing
    }
    found = placements(family, f, remains, typed, candidates, Model(), mutate=moves[family.name])
    keep = np.ones(len(found.log_lr), dtype=bool)
    for each in settled:
        if each.family == family.name:
            keep &= found.choice[:, family.missing.index(each.missing)] == told.remains.index(each.remains)
    return Placements(family, found.choice[keep], found.log_lr[keep])
