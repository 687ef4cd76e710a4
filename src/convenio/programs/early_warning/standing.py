"""How counts stand before a method sees them: vintages, final and preliminary, instruments, gaps, reporters.

Nothing is mixed or filled silently: what was chosen, cut or set aside is told with the series it concerns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.early_warning.arguments import Gaps, Status
from convenio.programs.early_warning.gaps import filled
from convenio.programs.early_warning.vintages import known
from convenio.programs.early_warning.windows import no_windows

JOINT = " · "
FINAL = frozenset({"final", "f", "definitive", "definitivo", "definitiva", "definitivos", "cerrado"})
PRELIMINARY = frozenset({"preliminary", "p", "provisional", "preliminar", "preliminares", "provisorio"})
USUAL, FEWER, MORE = 52, 0.8, 1.25


@dataclass
class Standing:
    """Counts that a method may take, and what must be told beside its answer.

    Args:
        table: columns of `Count`; `series` names place and substance, one row per series and period.
        names: place and substance by series.
        notes: what was done to a series.
        stopped: why a series raises no alarm, whatever its counts say.
        set_aside: rows of `Count` that are shown and not tested.
    """

    table: pa.Table
    names: dict[str, tuple[str, str | None]]
    notes: dict[str, list[Message]] = field(default_factory=dict)
    stopped: dict[str, Message] = field(default_factory=dict)
    set_aside: list[dict[str, Any]] = field(default_factory=list)

    def note(self, series: str, what: Message) -> None:
        """Remember what is told of a series."""
        self.notes.setdefault(series, []).append(what)


def stand(
    counts: pa.Table,
    *,
    as_of: dt.date | None = None,
    age: int | None = None,
    status: Status = "final",
    gaps: Gaps = "refuse",
) -> Standing:
    """Choose the counts that belong together.

    Args:
        counts: columns of `Count`.
        as_of: take them as they were known on this day.
        age: take each as it was known so many days after its period began.
        status: which are tested; a series that has only the other kind is tested as what it is.
        gaps: what a period that is not there is.

    Returns:
        The counts of each series, sorted by series and period.

    Raises:
        InputError: they are sums of overlapping windows, a vintage is asked for and none is told, a status is unknown,
            or a count has none where others do.
    """
    no_windows(counts)
    chosen, said = known(counts, as_of=as_of, age=age)
    made = Standing(*_named(chosen))
    made.table = made.table.filter(pc.is_valid(made.table.column("observed")))
    made.table = made.table.sort_by([("series", "ascending"), ("period", "ascending")])
    _one_status(made, status)
    _one_instrument(made)
    _who_stopped(made)
    _totals(made)
    made.table = filled(made.table, gaps, made.note)
    if said is not None:
        for each in made.names:
            made.note(each, said)
    return made


def spans(names: NDArray[Any]) -> list[tuple[int, int]]:
    """First row and the row after the last of each run of equal names."""
    if not len(names):
        return []
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(names)], strict=True))


def codes_of(table: pa.Table) -> NDArray[np.int64]:
    """The series of each row as a number; equal names, equal numbers."""
    held = table.column("series").combine_chunks().dictionary_encode()
    held = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    return np.asarray(held.indices.to_numpy(zero_copy_only=False).astype(np.int64))


def _named(table: pa.Table) -> tuple[pa.Table, dict[str, tuple[str, str | None]]]:
    substance = table.column("substance")
    if substance.null_count == len(substance):
        return table, {each: (each, None) for each in pc.unique(table.column("series")).to_pylist()}
    joint = pc.if_else(
        pc.is_valid(substance),
        pc.binary_join_element_wise(table.column("series"), pc.fill_null(substance, ""), JOINT),
        table.column("series"),
    )
    pairs = table.select(["series", "substance"]).group_by(["series", "substance"]).aggregate([]).to_pylist()
    names = {
        row["series"] if row["substance"] is None else f"{row['series']}{JOINT}{row['substance']}": (
            row["series"],
            row["substance"],
        )
        for row in pairs
    }
    return table.set_column(table.schema.get_field_index("series"), table.schema.field("series"), joint), names


def _one_status(made: Standing, wanted: Status) -> None:
    """Leave one kind of counts in each series; rows of the other kind after them are shown, not tested."""
    column = made.table.column("status")
    if column.null_count == len(column):
        return
    kinds: dict[Any, str] = {}
    for each in pc.unique(column).to_pylist():
        plain = (each or "").strip().casefold()
        if plain in FINAL or plain in PRELIMINARY:
            kinds[each] = "final" if plain in FINAL else "preliminary"
            continue
        row = made.table.filter(pc.is_null(column) if each is None else pc.equal(column, each)).slice(0, 1).to_pylist()
        raise InputError(
            _("the status of this count is not told") if not plain else _("{status} is no known status", status=each),
            where=f"{row[0]['series']}, {row[0]['period']}",
            advice=_("write final or preliminary"),
        )
    final = pa.array([kinds[each] == "final" for each in column.to_pylist()])
    flags = final.to_numpy(zero_copy_only=False)
    codes = codes_of(made.table)
    names = made.table.column("series")
    keep = np.ones(len(flags), dtype=bool)
    for first, after in spans(codes):
        part = flags[first:after]
        series = names[first].as_py()
        if not part.any() or part.all():
            if not part.any():
                made.note(series, _("all counts are preliminary"))
            continue
        keep[first:after] = part if wanted == "final" else ~part
        made.note(
            series,
            _("final counts only; preliminary ones are shown and not tested")
            if wanted == "final"
            else _("preliminary counts only; final ones are left out"),
        )
        if wanted == "final":
            made.set_aside += made.table.slice(first, after - first).filter(pa.array(~part)).to_pylist()
    made.table = made.table.filter(pa.array(keep))


def _one_instrument(made: Standing) -> None:
    """A baseline begins anew where what is counted with has changed; the change itself is no alarm."""
    column = made.table.column("instrument")
    if column.null_count == len(column):
        return
    held = column.combine_chunks().dictionary_encode(null_encoding="encode")
    held = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    numbers = held.indices.to_numpy(zero_copy_only=False)
    names, periods = made.table.column("series"), made.table.column("period")
    keep = np.ones(len(numbers), dtype=bool)
    for first, after in spans(codes_of(made.table)):
        changes = np.flatnonzero(np.diff(numbers[first:after]))
        if len(changes):
            start = first + int(changes[-1]) + 1
            alone = after - start == 1
            keep[first : after if alone else start] = False
            if alone:
                made.set_aside += made.table.slice(start, 1).to_pylist()
            made.note(
                names[first].as_py(),
                _(
                    "another instrument since {day}: {instrument}; the baseline begins there",
                    day=str(periods[start].as_py()),
                    instrument=column[start].as_py() or "-",
                ),
            )
    made.table = made.table.filter(pa.array(keep))


def _who_stopped(made: Standing) -> None:
    """A series that ends before the others has stopped reporting: its last counts are no news of today."""
    if not made.table.num_rows:
        return
    names = made.table.column("series")
    days = made.table.column("period").to_numpy().astype("datetime64[D]")
    last = days.max()
    reporters = made.table.column("reporters").to_numpy(zero_copy_only=False).astype(np.float64)
    told = bool(np.isfinite(reporters).any())
    for first, after in spans(codes_of(made.table)):
        part = days[first:after]
        step = np.median(np.diff(part)).astype("timedelta64[D]") if len(part) > 1 else np.timedelta64(31, "D")
        shown = {row["series"] for row in made.set_aside}
        if (
            names[first].as_py() not in shown
            and part[-1] + step + (step > np.timedelta64(20, "D")) * np.timedelta64(3, "D") <= last
        ):
            made.stopped[names[first].as_py()] = _(
                "nothing reported since {day}; others go on to {last}", day=str(part[-1]), last=str(last)
            )
        if told:
            _reporters(made, names[first].as_py(), reporters[first:after])


def _reporters(made: Standing, series: str, held: NDArray[np.float64]) -> None:
    before = held[-USUAL - 1 : -1]
    before = before[np.isfinite(before)]
    now = held[-1]
    if not len(before) or not np.isfinite(now):
        return
    usual = float(np.median(before))
    if now < FEWER * usual:
        what = _("only {now} of usually {usual} units reported: a low count is no all-clear", now=now, usual=usual)
    elif now > MORE * usual:
        what = _("{now} units reported, usually {usual}: a rise may come from that", now=now, usual=usual)
    else:
        return
    values = {name: f"{value:g}" for name, value in what.values.items()}
    made.note(series, Message(what.id, values))


def _totals(made: Standing) -> None:
    """A series that is the sum of all the others in every period: its alarm and its parts' are one event."""
    groups: dict[str | None, list[str]] = {}
    for series, (_place, substance) in made.names.items():
        groups.setdefault(substance, []).append(series)
    if made.table.num_rows > MOST_SUMMED or max(map(len, groups.values()), default=0) < 3:
        return
    sums = made.table.select(["series", "period", "observed"])
    for held in groups.values():
        if len(held) < 3:
            continue
        part = sums.filter(pc.is_in(sums.column("series"), pa.array(held)))
        whole = part.group_by("period").aggregate([("observed", "sum")])
        doubled = dict(zip(whole.column("period").to_pylist(), whole.column("observed_sum").to_pylist(), strict=True))
        top = part.group_by("series").aggregate([("observed", "sum"), ("observed", "count")])
        largest = max(top.to_pylist(), key=lambda row: row["observed_sum"])
        if largest["observed_count"] < 8 or not largest["observed_sum"]:
            continue
        rows = part.filter(pc.equal(part.column("series"), largest["series"]))
        if all(2 * row["observed"] == doubled[row["period"]] for row in rows.to_pylist()):
            made.note(
                largest["series"], _("the sum of all the others: an alarm here and one of a part may be the same event")
            )


MOST_SUMMED = 2_000_000
