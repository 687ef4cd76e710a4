"""A series as it was known on a given day, from rows that say when each count was known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.words import Message, _

KEY = ("series", "substance", "period")


def known(counts: pa.Table, *, as_of: dt.date | None, age: int | None) -> tuple[pa.Table, Message | None]:
    """The counts of one vintage: of each period the last one that was known.

    Args:
        counts: columns of `Count`; `known_on` says when a count was known.
        as_of: leave out what was not yet known on this day; all is known without it.
        age: leave out what was not yet known so many days after the period began, so that every count is equally old.

    Returns:
        The rows, and what must be told of the choice.

    Raises:
        InputError: a vintage is asked for and the rows do not say when they were known, some say it and others do not,
            or nothing was known yet.
    """
    held = counts.column("known_on")
    if held.null_count == len(held):
        if as_of is None and age is None:
            return counts, None
        raise InputError(
            _("these rows do not say when each count was known"),
            where="known_on",
            advice=_("a vintage needs the column known_on (as_of): the day on which the count was published"),
        )
    if held.null_count:
        row = counts.filter(pc.is_null(held)).slice(0, 1).to_pylist()[0]
        raise InputError(
            _("it is not told when this count was known"),
            where=f"{row['series']}, {row['period']}",
            advice=_("fill in known_on for every row, or for none"),
        )
    kept = counts
    if as_of is not None:
        kept = kept.filter(pc.less_equal(kept.column("known_on"), pa.scalar(as_of, pa.date32())))
    if age is not None:
        days = kept.column("known_on").to_numpy().astype("datetime64[D]") - kept.column("period").to_numpy().astype(
            "datetime64[D]"
        )
        kept = kept.filter(pa.array(days <= np.timedelta64(age, "D")))
    if not kept.num_rows:
        first = pc.min(held).as_py()
        raise InputError(
            _("nothing was known then"),
            where=str(as_of) if as_of is not None else f"--age {age}",
            advice=_("the first count was known on {day}", day=str(first)),
        )
    newest = _newest(kept)
    if as_of is not None:
        return newest, _("as known on {day}", day=str(as_of))
    if age is not None:
        return newest, _("each count as known {days} days after its period began", days=age)
    vintages = pc.count_distinct(held).as_py()
    return newest, None if vintages == 1 else _("as last known, on {day}", day=str(pc.max(held).as_py()))


def vintages_of(counts: pa.Table) -> list[dt.date]:
    """The days on which any of the counts was known, oldest first."""
    return sorted(each for each in pc.unique(counts.column("known_on")).to_pylist() if each is not None)


def _newest(rows: pa.Table) -> pa.Table:
    """Of each series and period the rows known last; two of one day both stay, so that a repeat is told."""
    substance = pc.fill_null(rows.column("substance"), "")
    keyed = rows.set_column(rows.schema.get_field_index("substance"), "substance", substance)
    latest = keyed.group_by(list(KEY)).aggregate([("known_on", "max")])
    numbered = keyed.select([*KEY, "known_on"]).append_column("at", pa.array(np.arange(rows.num_rows)))
    both = numbered.join(latest, list(KEY), join_type="inner")
    keep = both.filter(pc.equal(both.column("known_on"), both.column("known_on_max"))).column("at")
    return rows.take(pa.array(np.sort(keep.to_numpy())))
