"""Plots: series with bounds and alarms, bars, distributions. Drawn as SVG on the server; the page module adds tips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from convenio.core.words import Message
from convenio.web.draw import draw, tips
from convenio.web.figure import Figure, twin
from convenio.web.table import Column, Row

Shape = Literal["line", "bars", "dots"]
MOST_POINTS = 20_000
MOST_TIPS = 3_000


@dataclass(frozen=True)
class Marks:
    """Which column of the rows is drawn as what.

    Args:
        x: column of the horizontal axis: dates, numbers or names.
        y: column of the vertical axis.
        low: lower bound of a band around the series.
        high: upper bound of the band, or of one-sided bounds where there is no `low`.
        expected: the value that was expected.
        alarm: whether the row is an alarm.
        series: which series a row belongs to, where there are several.
    """

    x: str
    y: str
    low: str | None = None
    high: str | None = None
    expected: str | None = None
    alarm: str | None = None
    series: str | None = None


def plot(
    name: str,
    rows: Sequence[Row],
    marks: Marks,
    columns: Sequence[Column],
    *,
    title: Message,
    shape: Shape = "line",
    note: Message | None = None,
    parameters: Any = None,
    path: str = "",
    marked: bool = True,
    file: str = "",
) -> Figure:
    """A plot with its numbers as a table.

    Args:
        name: its id on the page; letters, digits and hyphens.
        rows: the numbers, in the order they are drawn; at most 20,000.
        marks: which column is what.
        columns: the table's columns; those of the axes give the axes' titles.
        title: what can be seen in it.
        shape: a line per series, bars (upright for dates and numbers, lying for names), or dots.
        note: source, period, limits.
        parameters: the request's query parameters, for the table.
        path: the page's address, for the table.
        marked: whether the table's file bears a mark for the one who takes it, as for `table`.
        file: that file's name without its ending; the title without it.
    """
    shown = [dict(row) for row in rows[:MOST_POINTS]]
    titles = {each.name: each.title for each in columns}
    names = {name: str(title) for name, title in titles.items()}
    spec = {"tips": tips(shown, marks, shape, names) if len(shown) <= MOST_TIPS else []}
    svg = draw(shown, marks, shape, x_title=names.get(marks.x, ""), y_title=names.get(marks.y, ""))
    table = twin(name, list(rows), columns, title, parameters, path, marked=marked, file=file)
    return Figure(name, "plot", title, spec, table, svg, note)
