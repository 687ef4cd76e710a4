"""Joint assignments of remains to the missing of all families: exact sums, the best, and what each pair is worth."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convenio.core.words import _
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.network import TooLarge
from convenio.programs.missing.methods.placements import Integers, Placements

CONTESTED = 22


@dataclass(frozen=True)
class Joint:
    """All assignments, summed up.

    Args:
        log_total: logarithm of the sum of weights over all assignments.
        log_best: logarithm of the greatest weight.
        posterior: per family: posterior probability of each placement.
        best: per family: logarithm of the greatest weight of an assignment of its group with each placement.
    """

    log_total: float
    log_best: float
    posterior: tuple[Array, ...]
    best: tuple[Array, ...]


def joint(families: Sequence[Placements], weights: Sequence[Array]) -> Joint:
    """Sum over every assignment in which no remains lies in two places.

    Only remains that two families contend for tie the families together; a table over their subsets carries the sum
    from family to family, so the number of assignments (4e13 in one published case) does not matter. Groups of
    families that share no contested remains are summed apart.

    Args:
        families: the placements.
        weights: per family, logarithm of each placement's weight (likelihood ratio and prior).

    Raises:
        TooLarge: more than 22 remains are contended for within a group of families.
    """
    log_total = log_best = 0.0
    posterior: list[Array] = [np.zeros(0)] * len(families)
    best: list[Array] = [np.zeros(0)] * len(families)
    for group in _groups(families):
        part = _joint_of([families[f] for f in group], [weights[f] for f in group])
        log_total += part.log_total
        log_best += part.log_best
        for f, own, top in zip(group, part.posterior, part.best, strict=True):
            posterior[f], best[f] = own, top
    return Joint(log_total, log_best, tuple(posterior), tuple(best))


def _groups(families: Sequence[Placements]) -> list[list[int]]:
    """Families that are tied by contested remains, directly or through others."""
    group = list(range(len(families)))
    owner: dict[int, int] = {}
    for f, each in enumerate(families):
        for r in np.unique(each.choice[each.choice >= 0]).tolist():
            one, two = group[owner.setdefault(r, f)], group[f]
            if one != two:
                group = [one if g == two else g for g in group]
    return [[f for f, g in enumerate(group) if g == name] for name in dict.fromkeys(group)]


def _joint_of(families: Sequence[Placements], weights: Sequence[Array]) -> Joint:
    """As `joint`, for one group."""
    masks, bits = _masks(families)
    outside_sum = _outside(masks, weights, bits, np.logaddexp)
    outside_best = _outside(masks, weights, bits, np.maximum)
    log_total, log_best, posterior, best = -np.inf, -np.inf, [], []
    for f, weight in enumerate(weights):
        whole = weight + outside_sum[f][masks[f]]
        log_total = float(np.logaddexp.reduce(whole))
        posterior.append(np.exp(whole - log_total))
        top = weight + outside_best[f][masks[f]]
        log_best = float(top.max())
        best.append(top)
    return Joint(log_total, log_best, tuple(posterior), tuple(best))


def _masks(families: Sequence[Placements]) -> tuple[list[Integers], int]:
    """Each placement's set of contested remains as bits, and how many are contested."""
    users: dict[int, set[int]] = {}
    for f, each in enumerate(families):
        for r in np.unique(each.choice[each.choice >= 0]).tolist():
            users.setdefault(r, set()).add(f)
    contested = sorted(r for r, who in users.items() if len(who) > 1)
    if len(contested) > CONTESTED:
        raise TooLarge(
            _("{number} sets of remains are contended for by several families", number=len(contested)),
            advice=_("leave out pairs by excluding loci or by likelihood ratio, or settle the clear ones first"),
            kept=_("nothing was computed"),
        )
    bit = np.zeros(1 + max(users, default=0) + 1, dtype=np.int64)
    for position, r in enumerate(contested):
        bit[r] = 1 << position
    found = [np.where(each.choice >= 0, bit[np.maximum(each.choice, 0)], 0).sum(axis=1) for each in families]
    return found, len(contested)


def _outside(masks: Sequence[Integers], weights: Sequence[Array], bits: int, plus: np.ufunc) -> list[Array]:
    """Per family and subset m of contested remains: the sum over all other families that leaves m alone."""
    merged = [_merged(mask, weight, plus) for mask, weight in zip(masks, weights, strict=True)]
    start = np.full(1 << bits, -np.inf)
    start[0] = 0.0
    found: list[Array] = [start] * len(masks)

    def descend(low: int, high: int, state: Array) -> None:
        """Hand each family in low..high the state of all families outside of it."""
        if high - low == 1:
            found[low] = _avoiding(state, bits, plus)
            return
        middle = (low + high) // 2
        for part, others in (((low, middle), (middle, high)), ((middle, high), (low, middle))):
            extended = state
            for f in range(*others):
                extended = _extend(extended, merged[f], plus)
            descend(*part, extended)

    if masks:
        descend(0, len(masks), start)
    return found


def _merged(mask: Integers, weight: Array, plus: np.ufunc) -> list[tuple[int, float]]:
    values: dict[int, float] = {}
    for m, w in zip(mask.tolist(), weight.tolist(), strict=True):
        values[m] = float(plus(values[m], w)) if m in values else w
    return list(values.items())


def _extend(state: Array, family: list[tuple[int, float]], plus: np.ufunc) -> Array:
    found = np.full_like(state, -np.inf)
    reached = np.nonzero(np.isfinite(state))[0]
    for mask, weight in family:
        free = reached[(reached & mask) == 0]
        target = free | mask
        found[target] = plus(found[target], state[free] + weight)
    return found


def _avoiding(state: Array, bits: int, plus: np.ufunc) -> Array:
    """For every subset m: the sum of `state` over subsets that share nothing with m."""
    below = state.copy()
    for b in range(bits):
        view = below.reshape(-1, 2, 1 << b)
        view[:, 1] = plus(view[:, 1], view[:, 0])
    found: Array = below[(len(state) - 1) ^ np.arange(len(state))]
    return found


def best_first(families: Sequence[Placements], weights: Sequence[Array]) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Assignments from the heaviest down: logarithm of the weight, and the placement taken in each family."""
    order = [np.argsort(-w, kind="stable") for w in weights]
    most = [float(w.max()) for w in weights]
    ahead = [*itertools.accumulate(reversed(most), initial=0.0)][::-1]
    used = [[frozenset(row[row >= 0].tolist()) for row in each.choice] for each in families]
    count = itertools.count()
    heap: list[tuple[float, int, float, int, tuple[int, ...], frozenset[int]]] = []

    def push(done: tuple[int, ...], weight: float, taken: frozenset[int], rank: int) -> None:
        """Offer the next free placement of the next family from `rank` on."""
        f = len(done)
        while rank < len(order[f]):
            each = int(order[f][rank])
            if not used[f][each] & taken:
                reach = weight + float(weights[f][each])
                heapq.heappush(heap, (-(reach + ahead[f + 1]), next(count), weight, rank, done, taken))
                return
            rank += 1

    if families:
        push((), 0.0, frozenset(), 0)
    while heap:
        _priority, _tie, weight, rank, done, taken = heapq.heappop(heap)
        f = len(done)
        each = int(order[f][rank])
        push(done, weight, taken, rank + 1)
        reach = weight + float(weights[f][each])
        if reach == -np.inf:
            continue
        if f + 1 == len(families):
            yield reach, (*done, each)
        else:
            push((*done, each), reach, taken | used[f][each], 0)
