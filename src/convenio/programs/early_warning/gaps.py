"""Periods that are not in a file: refused, missing, or no case, as the user says and never by guess."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from convenio.core.words import Message, _n
from convenio.programs.early_warning.arguments import Gaps


def filled(table: pa.Table, gaps: Gaps, note: Callable[[str, Message], None]) -> pa.Table:
    """The table with a row for every period between the first and the last of each series.

    Args:
        table: columns of `Count`, sorted by series and period.
        gaps: `refuse` leaves it as it is, so that the method refuses the first gap; `missing` adds rows without a
            count, `zero` rows with a count of 0.
        note: told the series and how many were added.
    """
    if gaps == "refuse" or not table.num_rows:
        return table
    names = table.column("series").to_numpy(zero_copy_only=False)
    days = table.column("period").to_numpy().astype("datetime64[D]")
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    added_names: list[str] = []
    added_days: list[NDArray[np.datetime64]] = []
    for first, after in zip(starts, [*starts[1:], len(names)], strict=True):
        new = absent(days[first:after])
        if len(new):
            added_names += [names[first]] * len(new)
            added_days.append(new)
            note(str(names[first]), _said(gaps, len(new)))
    if not added_days:
        return table
    schema = table.schema
    count = len(added_names)
    columns = {name: pa.nulls(count, schema.field(name).type) for name in schema.names}
    columns["series"] = pa.array(added_names, schema.field("series").type)
    columns["period"] = pa.array(np.concatenate(added_days)).cast(pa.date32())
    if gaps == "zero":
        columns["observed"] = pa.array([0] * count, schema.field("observed").type)
    whole = pa.concat_tables([table, pa.table(columns, schema=schema)])
    return whole.sort_by([("series", "ascending"), ("period", "ascending")])


def absent(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The periods between the first and the last that are not there; none where no step can be told."""
    if len(days) < 3:
        return days[:0]
    step = int(np.median(np.diff(days).astype(np.int64)))
    if step in {1, 7}:
        whole = np.arange(days[0], days[-1] + 1, step)
        fits = not ((days - days[0]).astype(np.int64) % step).any()
    elif 28 <= step <= 31:
        months = days.astype("datetime64[M]")
        day = (days - months.astype("datetime64[D]")).astype(np.int64)
        whole = np.arange(months[0], months[-1] + 1).astype("datetime64[D]") + int(day[0])
        fits = bool((day == day[0]).all()) and int(day[0]) < 28
    else:
        return days[:0]
    return np.setdiff1d(whole, days) if fits else days[:0]


def _said(gaps: Gaps, number: int) -> Message:
    if gaps == "zero":
        return _n("{number} absent period taken as no case", "{number} absent periods taken as no case", number)
    return _n("{number} period is missing", "{number} periods are missing", number)
