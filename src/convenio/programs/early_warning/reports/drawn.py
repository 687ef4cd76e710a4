"""A series as it is drawn: its counts of the last years, with expected counts and bounds where there are some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.early_warning.arguments import REGRESSION, Name
from convenio.programs.early_warning.methods.running import DAYS, HALF_WINDOW, YEARS, run
from convenio.programs.early_warning.methods.series import Series, series_of
from convenio.programs.early_warning.standing import Standing
from convenio.web.figure import Figure
from convenio.web.plot import Marks, plot
from convenio.web.table import Column

MOST = 260
TESTED = 52
SEQUENTIAL = ("cusum", "glr")
COLUMNS = (
    Column("period", _("first day of the period"), "date", scope_row=True),
    Column("observed", _("observed"), "number"),
    Column("expected", _("expected"), "number"),
    Column("upperbound", _("upper bound"), "number"),
    Column("alarm", _("alarm"), "flag"),
    Column("completeness", _("percent complete"), "number"),
    Column("pending", _("percent pending investigation"), "number"),
)


def drawn(stood: Standing, series: str, method: Name, given: Mapping[str, Any], tested: int) -> list[dict[str, Any]]:
    """The rows of a series' picture, oldest first.

    The bounds are those that each period would have had as the last one; they reach back as far as the same number of
    years lies before. Methods that add up period after period are drawn for what was tested alone.

    Args:
        stood: the counts as they stand.
        series: which series, as `stood` names it.
        method: the detection method.
        given: its arguments.
        tested: how many periods at the end were tested.
    """
    rows = stood.table.filter(pc.equal(stood.table.column("series"), series))
    if not rows.num_rows:
        return []
    each = next(iter(series_of(rows)))
    pending = rows.column("pending").to_numpy(zero_copy_only=False).astype(np.float64)
    size = len(each.observed)
    made: dict[int, dict[str, Any]] = {}
    points = range(size - _reach(each, method, given, tested), size)
    try:
        found, _note = run(each, method, points, given)
        for at, place in enumerate(points):
            made[place] = {
                "expected": _finite(found.expected[at]),
                "upperbound": _finite(found.upperbound[at]),
                "alarm": bool(found.alarm[at]),
            }
    except InputError:
        made = {}
    empty = {"expected": None, "upperbound": None, "alarm": False}
    return [
        {
            "period": each.periods[place].astype(object),
            "observed": _finite(each.observed[place]),
            **made.get(place, empty),
            "completeness": _finite(each.completeness[place]),
            "pending": _finite(pending[place]),
        }
        for place in range(max(0, size - MOST), size)
    ]


def _reach(each: Series, method: Name, given: Mapping[str, Any], tested: int) -> int:
    """How many periods at the end can be drawn with bounds that are the same as when each is tested alone."""
    size = len(each.observed)
    tested = min(tested, size)
    if method in SEQUENTIAL:
        return tested
    if method.startswith("ears"):
        least = int(given.get("baseline", 7)) + 4
    elif method == "harmonic":
        back = int(given.get("pastWeeksNotIncluded", 26))
        least = min(int(given.get("b", YEARS)), (size - tested - back) // each.freq) * each.freq + back
    else:
        half = DAYS if each.step == "day" and method in REGRESSION else HALF_WINDOW
        back = int(given.get("w", half)) + 2 if method != "cdc" else 4 * int(given.get("m", 1)) + 3
        years = min(int(given.get("b", YEARS)), (size - tested - back) // each.freq)
        least = years * each.freq + back
    return max(tested, min(TESTED, size - least))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def picture(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    title: Message,
    *,
    note: Message | None = None,
    parameters: Any = None,
    path: str = "",
) -> Figure:
    """The picture of a series with its numbers as a table.

    Args:
        name: its id on the page.
        rows: as `drawn` makes them.
        title: what can be seen in it.
        note: what must be known.
        parameters: the request's query parameters, for the table.
        path: the page's address, for the table.
    """
    marks = Marks(x="period", y="observed", high="upperbound", expected="expected", alarm="alarm")
    shown = [each for each in COLUMNS if each.name not in ("completeness", "pending") or _told(rows, each.name)]
    return plot(
        name,
        rows,
        marks,
        shown,
        title=title,
        shape="line",
        note=note,
        parameters=parameters,
        path=path,
        marked=False,
        file="series",
    )


def _told(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(row[name] is not None for row in rows)
