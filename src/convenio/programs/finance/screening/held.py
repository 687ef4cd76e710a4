"""An indexed list kept from one call to the next, since a distributed engine calls a method once for each batch."""

from __future__ import annotations

import pyarrow as pa

from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.sources.tables import as_entries

MOST = 2

_held: list[tuple[pa.Table, float, float | None, Screener]] = []


def held(listed: pa.Table, *, threshold: float, prior: float | None = None) -> Screener:
    """The screener of a table of listed parties; made anew unless one of the last tables was equal to it.

    What is kept changes no result: a screener depends on its table and parameters alone.
    """
    for at, (table, old_threshold, old_prior, screener) in enumerate(_held):
        if (old_threshold, old_prior) == (threshold, prior) and table.equals(listed):
            _held.insert(0, _held.pop(at))
            return screener
    made = Screener(as_entries(listed), threshold=threshold, prior=prior)
    _held.insert(0, (listed, threshold, prior, made))
    del _held[MOST:]
    return made
