"""Identifications that nothing disputes, settled first."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.programs.missing.methods.pairs import Pairs

UNDISPUTED = 1e4
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settled:
    """An identification that no other pair disputes, taken as given for what follows.

    Args:
        remains: id.
        family: name.
        missing: id.
        lr: its likelihood ratio.
        step: in which round.
    """

    remains: str
    family: str
    missing: str
    lr: float
    step: int


def settle(told: Pairs, possible: Mask) -> list[Settled]:
    """Settle undisputed pairs round by round; `possible` loses what they rule out.

    A pair is undisputed when its likelihood ratio is at least 10,000, and 10,000 times that of every other possible
    pair of the same remains or the same person.

    Source: Vigeland and Egeland 2021, Sci Rep 11:13661.
    """
    found: list[Settled] = []
    for step in itertools.count(1):
        lr = np.where(possible, np.nan_to_num(told.lr), 0.0)
        done = {each.remains for each in found}
        new = []
        for r, c in np.argwhere(lr >= UNDISPUTED).tolist():
            others = max(np.delete(lr[r], c).max(initial=0.0), np.delete(lr[:, c], r).max(initial=0.0))
            if told.remains[r] not in done and lr[r, c] >= UNDISPUTED * others:
                new.append((r, c))
        if not new:
            break
        for r, c in new:
            found.append(Settled(told.remains[r], *told.missing[c], float(lr[r, c]), step))
            possible[r, :] = False
            possible[:, c] = False
            possible[r, c] = True
    return found
