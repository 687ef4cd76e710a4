"""How common a name is: counted in the files at hand, drawn to its frequency in Mexico where they are small.

Two who share the surname Hernández have said little; two who share Tecuapetla have said much. In a file of ten rows,
counts say nothing, so the published order of frequencies (`entities.names.lists`) stands in.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pyarrow as pa

from convenio.entities.names import lists
from convenio.entities.spanish_sound import sound

WEIGHT = 5000.0
"""How many records the published frequencies count for beside those at hand."""

RARE = 0.00002
"""The frequency of a name that no list has."""


def frequencies(column: str, tables: list[pa.Table]) -> pa.Table:
    """The frequency of every value of a name column in standard records, as columns `column` and `tf_column`."""
    seen: Counter[str] = Counter()
    for table in tables:
        seen.update(each for each in table.column(column).to_pylist() if each)
    known = _given() if column == "given_first" else _surnames()
    total = seen.total() + WEIGHT
    values = sorted(seen)
    share = [(seen[each] + WEIGHT * known.get(each, RARE)) / total for each in values]
    return pa.table({column: pa.array(values, pa.string()), f"tf_{column}": pa.array(share, pa.float64())})


@cache
def _given() -> dict[str, float]:
    return _shares({name: women + men for name, (women, men) in lists.given_names().items()})


@cache
def _surnames() -> dict[str, float]:
    return _shares(lists.surnames())


def _shares(weights: dict[str, int]) -> dict[str, float]:
    """Frequencies by how a name sounds; they add up to one."""
    heard: Counter[str] = Counter()
    for name, weight in weights.items():
        heard[sound(name.replace("Ñ", "N"))] += weight
    return {name: weight / heard.total() for name, weight in heard.items()}
