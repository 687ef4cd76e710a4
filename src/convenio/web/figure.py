"""Figures: a picture drawn on the server, what a page module needs to make it livelier, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup

from convenio.core.words import Message
from convenio.web.table import Column, ListRows, Query, Row, Rows, Table, read_query, table

Kind = Literal["plot", "map", "graph"]


@dataclass(frozen=True)
class Figure:
    """A figure ready to be shown by the macro `figure`.

    Args:
        name: its id on the page.
        kind: which page module draws it: plot, map or graph.
        title: its heading, which says what can be seen in it.
        spec: what the page module works with, as JSON.
        svg: the picture as the server draws it; empty where only the module can.
        table: the same numbers as a table.
        note: source, period, limits.
        words: the module's texts in the page's language.
        legend: class and words of each tone, for a map.
    """

    name: str
    kind: Kind
    title: Message
    spec: Mapping[str, Any]
    table: Table
    svg: Markup = field(default_factory=Markup)
    note: Message | None = None
    words: Mapping[str, Message] = field(default_factory=dict)
    legend: Sequence[tuple[str, str]] = ()


def twin(
    name: str,
    rows: Rows | Sequence[Row],
    columns: Sequence[Column],
    title: Message,
    parameters: Any,
    path: str,
    *,
    marked: bool = True,
    file: str = "",
) -> Table:
    """The table beside a figure: sorted, filtered and paged like every table; its parameters begin with `name`.

    Args:
        name: the figure's name.
        rows: the rows.
        columns: the columns shown.
        title: the figure's title.
        parameters: the request's query parameters; None where there is no request, as in a report.
        path: the page's address.
        marked: whether the table's file bears a mark for the one who takes it, as for `table`.
        file: the file's name without its ending; the title without it.
    """
    held = ListRows(rows) if isinstance(rows, Sequence) else rows
    query = (
        Query(path=path, size=10_000)
        if parameters is None
        else read_query(parameters, columns, path=path, prefix=f"{name}.")
    )
    return table(held, columns, query, title=title, name=f"{name}-table", marked=marked, file=file)
