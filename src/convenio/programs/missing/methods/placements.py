"""All ways to place remains in one family at once: a table whose axes are the missing persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.words import _
from convenio.programs.missing.methods.descent import Descent, Evidence
from convenio.programs.missing.methods.likelihood import Model, evidence_of
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.network import LARGEST, TooLarge, total
from convenio.programs.missing.methods.observation import reduce
from convenio.programs.missing.methods.pairs import Typing, seen_table, without_mutation
from convenio.programs.missing.methods.remains import Family, Remains

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Placements:
    """Every possible placement of remains in one family, the empty one first.

    Args:
        family: whose missing persons are placed.
        choice: for each placement and missing person: index of the remains, or -1; shape (placements, missing).
        log_lr: natural logarithm of the likelihood ratio against the empty placement.
    """

    family: Family
    choice: Integers
    log_lr: Array


def placements(
    family: Family,
    index: int,
    remains: Sequence[Remains],
    typed: Sequence[Typing],
    candidates: Mapping[str, Sequence[int]],
    model: Model,
    *,
    mutate: bool = True,
) -> Placements:
    """Likelihood ratios of all placements in a family, from one sum per locus.

    A selector variable per missing person says whose remains lie there; the sum leaves the selectors, and their table
    holds every placement.

    Args:
        family: the family.
        index: its position in `typed`.
        remains: all remains.
        typed: what was typed.
        candidates: per missing person, indices of the remains that may be theirs.
        model: engine and theta.
        mutate: whether loci mutate in this family.

    Raises:
        TooLarge: there are more than 30 million cells.
    """
    open_ = [id_ for id_ in family.missing if candidates[id_]]
    shape = tuple(1 + len(candidates[id_]) for id_ in open_)
    cells = float(np.prod(np.array(shape, dtype=float)))
    if cells > LARGEST:
        raise TooLarge(
            _("family {name} has {cells} placements", name=family.name, cells=f"{cells:.1e}"),
            advice=_("leave out pairs by excluding loci or by likelihood ratio, or settle the clear ones first"),
            kept=_("nothing was computed"),
        )
    if not open_:
        return Placements(family, np.full((1, len(family.missing)), -1), np.zeros(1))
    logs = np.zeros(shape)
    for typing in typed:
        logs += _locus(family, index, remains, typing, {id_: candidates[id_] for id_ in open_}, model, mutate=mutate)
    cell = np.argwhere(np.isfinite(logs))
    choice = np.full((len(cell), len(family.missing)), -1)
    for axis, id_ in enumerate(open_):
        options = np.array([-1, *candidates[id_]])
        choice[:, family.missing.index(id_)] = options[cell[:, axis]]
    placed = np.sort(choice, axis=1)
    once = ~((placed[:, 1:] == placed[:, :-1]) & (placed[:, 1:] >= 0)).any(axis=1)
    found = logs[tuple(cell[once].T)]
    return Placements(family, choice[once], found)


def _locus(
    family: Family,
    index: int,
    remains: Sequence[Remains],
    typing: Typing,
    candidates: Mapping[str, Sequence[int]],
    model: Model,
    *,
    mutate: bool,
) -> Array:
    """Log likelihood ratios at one locus, one axis per missing person with candidates."""
    locus = typing.locus if mutate else without_mutation(typing.locus)
    placed = {r for options in candidates.values() for r in options}
    shown = {a for r in placed if remains[r].id in typing.remains for a in typing.remains[remains[r].id].alleles}
    shown |= {a for each in typing.families[index].values() for a in each.alleles}
    reduced = reduce(locus, shown)
    p = reduced.probabilities
    evidence = evidence_of(typing.families[index], reduced, family.pedigrees)
    for id_, options in candidates.items():
        single = locus.chromosome == "X" and family.sex(id_) == "male"
        tables = [np.ones(p.shape if single else (len(p), len(p)))]
        for r in options:
            seen = seen_table(remains[r], typing, reduced, single=single)
            alone = p if single else np.outer(p, p)
            tables.append(tables[0] if seen is None else seen / float((seen * alone).sum()))
        evidence[id_] = Evidence(np.stack(tables), ("selector", id_))
    descent = Descent(family.pedigrees, reduced, evidence, model.engine, model.theta)
    table = total(descent.factors(), tuple(("selector", id_) for id_ in candidates))
    base = table[(0,) * table.ndim]
    if base == 0:
        return np.zeros(table.shape)
    with np.errstate(divide="ignore"):
        found: Array = np.log(table / base)
    return found
