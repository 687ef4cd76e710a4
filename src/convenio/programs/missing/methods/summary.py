"""From the sum over assignments to what is said of each pair, each set of remains and each missing person."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convenio.programs.missing.methods.assignments import Joint, best_first
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.pairs import Pairs
from convenio.programs.missing.methods.placements import Placements
from convenio.programs.missing.methods.remains import Family


@dataclass(frozen=True)
class Assignment:
    """One way to identify everyone.

    Args:
        placed: remains to (family, missing person); remains left out belong to nobody on the list.
        log_lr: natural logarithm of the likelihood ratio against nobody being identified.
        posterior: its probability under the prior.
    """

    placed: Mapping[str, tuple[str, str]]
    log_lr: float
    posterior: float


@dataclass(frozen=True)
class PairResult:
    """What the joint comparison says of one pair.

    Args:
        remains: id.
        family: name.
        missing: id.
        lr: pairwise likelihood ratio.
        exclusions: loci that exclude the pair when nothing mutates.
        posterior: probability that these remains are this person, given everything and the prior.
        glr: generalised likelihood ratio: the best assignment with the pair over the best without; infinite where
            there is none without.
        alike: other missing persons of the family whom nothing tells from this one.
        posterior_alike: probability that the remains are this person or one of those alike.
    """

    remains: str
    family: str
    missing: str
    lr: float
    exclusions: int
    posterior: float
    glr: float
    alike: tuple[str, ...] = ()
    posterior_alike: float = 0.0


@dataclass(frozen=True)
class Group:
    """Missing persons whom nothing tells apart, and the remains that are theirs in the best assignment.

    Args:
        family: name.
        missing: ids of the whole group.
        remains: ids.
        posterior: probability that exactly these remains are the group's.
        glr: the best assignment in which they are, over the best in which they are not.
    """

    family: str
    missing: tuple[str, ...]
    remains: tuple[str, ...]
    posterior: float
    glr: float


def interchangeable(family: Family) -> dict[str, tuple[str, ...]]:
    """For each missing person those whom the pedigree cannot tell from them: exchanging the two leaves it as it is."""
    found: dict[str, list[str]] = {id_: [] for id_ in family.missing}
    for one, two in itertools.combinations(family.missing, 2):
        swap = {one: two, two: one}
        if all(frozenset(p.renamed(swap).persons) == frozenset(p.persons) for p in family.pedigrees):
            found[one].append(two)
            found[two].append(one)
    return {id_: tuple(others) for id_, others in found.items()}


def posteriors(placed: Sequence[Placements], summed: Joint, told: Pairs) -> dict[tuple[str, str, str], float]:
    """Posterior probability of every pair that has one."""
    found = {}
    for each, probability in zip(placed, summed.posterior, strict=True):
        for column, id_ in enumerate(each.family.missing):
            for r in np.unique(each.choice[:, column]).tolist():
                if r >= 0:
                    rows = each.choice[:, column] == r
                    found[told.remains[r], each.family.name, id_] = float(probability[rows].sum())
    return found


def pair_results(told: Pairs, placed: Sequence[Placements], summed: Joint, flat: Joint) -> tuple[PairResult, ...]:
    """Every pair that some assignment holds, the most probable first."""
    found = []
    probable = posteriors(placed, summed, told)
    for each, best in zip(placed, flat.best, strict=True):
        alike = interchangeable(each.family)
        for (remains, family, id_), posterior in probable.items():
            if family != each.family.name:
                continue
            r, c = told.remains.index(remains), told.missing.index((family, id_))
            rows = each.choice[:, each.family.missing.index(id_)] == r
            same = posterior + sum(probable.get((remains, family, other), 0.0) for other in alike[id_])
            found.append(
                PairResult(
                    remains,
                    family,
                    id_,
                    float(told.lr[r, c]),
                    int(told.exclusions[r, c]),
                    posterior,
                    _glr(best, rows),
                    alike[id_],
                    same,
                )
            )
    return tuple(sorted(found, key=lambda p: (-p.posterior, p.remains, p.family, p.missing)))


def groups(told: Pairs, placed: Sequence[Placements], summed: Joint, flat: Joint) -> tuple[Group, ...]:
    """The groups of interchangeable missing persons with the remains that are most probably theirs."""
    found = []
    for each, probability, best in zip(placed, summed.posterior, flat.best, strict=True):
        alike = interchangeable(each.family)
        sets = {frozenset((id_, *others)) for id_, others in alike.items() if others}
        for members in sorted(sets, key=sorted):
            columns = [each.family.missing.index(id_) for id_ in members]
            held = np.sort(each.choice[:, columns], axis=1)
            top = held[int(np.argmax(best))]
            rows = (held == top).all(axis=1)
            remains = tuple(told.remains[r] for r in top.tolist() if r >= 0)
            ordered = tuple(id_ for id_ in each.family.missing if id_ in members)
            found.append(Group(each.family.name, ordered, remains, float(probability[rows].sum()), _glr(best, rows)))
    return tuple(found)


def _glr(best: Array, rows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    inside, outside = best[rows].max(initial=-np.inf), best[~rows].max(initial=-np.inf)
    if inside == -np.inf:
        return 0.0
    return math.inf if outside == -np.inf else math.exp(min(float(inside - outside), 700.0))


def unknown(told: Pairs, probable: Mapping[tuple[str, str, str], float]) -> dict[str, float]:
    """Per remains: probability that they belong to nobody on the list."""
    found = dict.fromkeys(told.remains, 1.0)
    for (remains, _family, _missing), value in probable.items():
        found[remains] -= value
    return {remains: max(value, 0.0) for remains, value in found.items()}


def absent(placed: Sequence[Placements], summed: Joint) -> dict[tuple[str, str], float]:
    """Per missing person: probability that none of the remains are theirs."""
    return {
        (each.family.name, id_): float(probability[each.choice[:, column] < 0].sum())
        for each, probability in zip(placed, summed.posterior, strict=True)
        for column, id_ in enumerate(each.family.missing)
    }


def best_assignments(
    told: Pairs, placed: Sequence[Placements], weights: Sequence[Array], summed: Joint, keep: int
) -> tuple[Assignment, ...]:
    """The `keep` most probable assignments."""
    found = []
    for weight, chosen in itertools.islice(best_first(placed, weights), keep):
        where: dict[str, tuple[str, str]] = {}
        log_lr = 0.0
        for each, row in zip(placed, chosen, strict=True):
            log_lr += float(each.log_lr[row])
            for id_, r in zip(each.family.missing, each.choice[row].tolist(), strict=True):
                if r >= 0:
                    where[told.remains[r]] = (each.family.name, id_)
        found.append(Assignment(where, log_lr, math.exp(weight - summed.log_total)))
    return tuple(found)
