"""Exact sums over many variables: factors, and their elimination one variable at a time.

A pedigree's likelihood is a sum, over every allele that nobody has seen, of a product of small tables. Eliminating
the variables in a good order is peeling; loops need no special treatment, they widen the tables.

Source: Lauritzen and Sheehan 2003, Statistical Science 18:489; Cannings, Thompson and Skolnick 1978.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from convenio.core.errors import ConvenioError
from convenio.core.words import _
from convenio.programs.missing.methods.mutation import Array

LARGEST = 3 * 10**7
HARDEST = 2 * 10**10


class TooLarge(ConvenioError):
    """A sum that would not fit in memory or in an hour; said before it is begun."""


class Factor(NamedTuple):
    """A table over the variables of `scope`, one axis each.

    Args:
        scope: the variables.
        values: shape: the number of states of each.
    """

    scope: tuple[Hashable, ...]
    values: Array


def total(factors: Iterable[Factor], keep: Sequence[Hashable] = ()) -> Array:
    """Sum the product of `factors` over every variable that is not in `keep`.

    Args:
        factors: the product's tables.
        keep: variables that stay, in the order of the result's axes; one that no factor names raises KeyError.

    Returns:
        The table over `keep`; a scalar array without any.

    Raises:
        TooLarge: the best order found needs a table above 30 million cells even when variables are split.
    """
    live = list(factors)
    size = {v: n for f in live for v, n in zip(f.scope, f.values.shape, strict=True)}
    order, widest, work = plan([f.scope for f in live], size, keep)
    if widest > LARGEST or work > HARDEST:
        return _split(live, size, keep, widest, work)
    for variable in order:
        touched = [f for f in live if variable in f.scope]
        live = [f for f in live if variable not in f.scope]
        live.append(_sum_out(touched, variable))
    return _product(live, tuple(keep))


def plan(
    scopes: Iterable[tuple[Hashable, ...]], size: dict[Hashable, int], keep: Sequence[Hashable]
) -> tuple[list[Hashable], float, float]:
    """An elimination order (smallest next table first), the largest table on the way and the cells touched in all.

    Of two variables alike the one that `size` names first goes first: a sum is the same number in every process.
    """
    near: dict[Hashable, set[Hashable]] = {v: set() for v in size}
    for scope in scopes:
        for v in scope:
            near[v].update(scope)
    for v, others in near.items():
        others.discard(v)
    waiting = dict.fromkeys(v for v in size if v not in set(keep))
    cost = {v: _cells(near[v], size) * size[v] for v in waiting}
    order: list[Hashable] = []
    widest, work = math.prod([size[v] for v in keep], start=1.0), 0.0
    while waiting:
        best = min(waiting, key=cost.__getitem__)
        widest, work = max(widest, cost[best] / size[best]), work + cost[best]
        order.append(best)
        del waiting[best]
        around = near.pop(best)
        for v in around:
            near[v] |= around
            near[v] -= {v, best}
        for v in around & waiting.keys():
            cost[v] = _cells(near[v], size) * size[v]
    return order, widest, work


def _cells(variables: Iterable[Hashable], size: dict[Hashable, int]) -> float:
    found = 1.0
    for v in variables:
        found *= size[v]
    return found


def _sum_out(touched: list[Factor], variable: Hashable) -> Factor:
    """Multiply `touched` and sum over `variable`, which all of them name."""
    touched.sort(key=lambda f: f.values.size)
    held = touched[0]
    for each in touched[1:-1]:
        scope = (*held.scope, *(v for v in each.scope if v not in held.scope))
        held = Factor(scope, _einsum([held, each], scope))
    rest = touched[-1:] if len(touched) > 1 else []
    scope = tuple(dict.fromkeys(v for f in (held, *rest) for v in f.scope if v != variable))
    return Factor(scope, _einsum([held, *rest], scope))


def _product(factors: list[Factor], scope: tuple[Hashable, ...]) -> Array:
    number, tables = 1.0, []
    for each in factors:
        if each.scope:
            tables.append(each)
        else:
            number *= float(each.values)
    if not tables:
        return np.array(number)
    held = tables[0]
    for each in tables[1:]:
        both = (*held.scope, *(v for v in each.scope if v not in held.scope))
        held = Factor(both, _einsum([held, each], both))
    return number * _einsum([held], scope)


def _einsum(factors: list[Factor], scope: tuple[Hashable, ...]) -> Array:
    letters: dict[Hashable, int] = {}
    arguments: list[object] = []
    for each in factors:
        arguments += [each.values, [letters.setdefault(v, len(letters)) for v in each.scope]]
    large = len(factors) == 2 and max(f.values.size for f in factors) > 4000
    found: Array = np.einsum(*arguments, [letters[v] for v in scope], optimize=large)  # type: ignore[call-overload]
    return found


def _split(
    live: list[Factor], size: dict[Hashable, int], keep: Sequence[Hashable], widest: float, work: float
) -> Array:
    """Take the states of a few variables one combination at a time where that makes the tables small, else refuse."""
    scopes = [f.scope for f in live]
    cut: list[Hashable] = []
    left, wide, hard, times = dict(size), widest, work, 1.0
    while wide > LARGEST and times * hard <= HARDEST:
        trials = [(*plan(scopes, {**left, v: 1}, keep)[1:], v) for v in left if v not in keep and left[v] > 1]
        if not trials:
            break
        wide, hard, chosen = min(trials, key=lambda t: (t[0], t[1] * left[t[2]]))
        cut.append(chosen)
        times *= left[chosen]
        left[chosen] = 1
    if wide > LARGEST or times * hard > HARDEST:
        raise TooLarge(
            _(
                "this pedigree needs tables of {cells} cells and {work} steps for one locus",
                cells=f"{widest:.1e}",
                work=f"{times * hard:.1e}",
            ),
            advice=_(
                "use a mutation model that lets unseen alleles be put together (none, equal, proportional), "
                "leave out branches without typed persons, or split the question"
            ),
            kept=_("nothing was computed"),
        )
    found: Array | None = None
    for states in np.ndindex(*(size[v] for v in cut)):
        fixed = live
        for variable, state in zip(cut, states, strict=True):
            fixed = [_fixed(f, variable, state) for f in fixed]
        part = total(fixed, keep)
        found = part if found is None else found + part
    assert found is not None
    return found


def _fixed(factor: Factor, variable: Hashable, state: int) -> Factor:
    if variable not in factor.scope:
        return factor
    axis = factor.scope.index(variable)
    return Factor(factor.scope[:axis] + factor.scope[axis + 1 :], np.take(factor.values, state, axis=axis))
