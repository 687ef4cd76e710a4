"""Draws that are the same on every machine and with every version of numpy.

Only the raw 64-bit output of Philox is used, whose stream is fixed by its published definition (Salmon et al. 2011,
SC '11); what is made of it is integer arithmetic. Each use has a stream of its own, so that a new column changes no
other, and a longer draw begins with the shorter one.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_LOW = np.uint64(32)


class Draw:
    """Streams of draws below one seed.

    Args:
        seed: any integer.
        name: what the streams are for; other names give other draws.
    """

    def __init__(self, seed: int, name: str = "world") -> None:
        self.seed = seed
        self.name = name

    def below(self, bound: int, size: int, use: str, *, skip: int = 0) -> Ints:
        """`size` integers from 0 to `bound` - 1, shape (size,), after the first `skip`.

        The bias of multiply-and-shift is below bound / 2**32.
        """
        raw = self._raw(skip + size, use)[skip:]
        return np.asarray(((raw >> _LOW) * np.uint64(bound)) >> _LOW, dtype=np.int64)

    def chosen(self, weights: npt.ArrayLike, size: int, use: str) -> Ints:
        """`size` positions in `weights`, shape (size,), each as often as its integer weight says."""
        ends = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(ends, self.below(int(ends[-1]), size, use), side="right").astype(np.int64)

    def happens(self, per_mille: int, size: int, use: str) -> npt.NDArray[np.bool_]:
        """`size` truths, shape (size,), true `per_mille` times in a thousand."""
        return self.below(1000, size, use) < per_mille

    def sample(self, among: int, size: int, use: str) -> Ints:
        """`size` different positions below `among`, shape (size,), in drawn order."""
        order = np.argsort(self._raw(among, use), kind="stable")
        return order[:size].astype(np.int64)

    def shuffled(self, size: int, use: str) -> Ints:
        """The positions below `size` in drawn order, shape (size,)."""
        return self.sample(size, size, use)

    def _raw(self, size: int, use: str) -> npt.NDArray[np.uint64]:
        key = hashlib.sha256(f"{self.seed}/{self.name}/{use}".encode()).digest()
        bits: Any = np.random.Philox(key=np.frombuffer(key[:16], dtype="<u8").astype(np.uint64))
        return np.asarray(bits.random_raw(size), dtype=np.uint64)
