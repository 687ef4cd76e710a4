"""The lists that the world draws from: names, places and streets, with their weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FOLDER = Path(__file__).parent / "lists"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `lists/<name>.csv`, comments left out."""
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split(",")) for line in lines if line and not line.startswith("#"))


@cache
def column(name: str, at: int = 0) -> tuple[str, ...]:
    """One column of a list."""
    return tuple(row[at] for row in rows(name))


@cache
def weights(name: str) -> npt.NDArray[np.int64]:
    """The weights of a list: its last column, shape (rows,)."""
    return np.array([int(row[-1]) for row in rows(name)], dtype=np.int64)


def taken(name: str, positions: npt.NDArray[np.int64], at: int = 0) -> pa.Array:
    """The values of a list's column at `positions`, as an Arrow string array of their length."""
    return pa.array(column(name, at), pa.string()).take(pa.array(positions))
