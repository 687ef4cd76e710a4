"""Lists on pages: a table of rows, or the same table as a file when the address asks for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import Response

from convenio.console.context import Console
from convenio.core.words import Message
from convenio.web.download import download
from convenio.web.table import Column, ListRows, Row, Rows, Table, read_query, table


def list_of(
    request: Request,
    name: str,
    rows: Rows | Sequence[Row],
    columns: Sequence[Column],
    title: Message,
    *,
    empty: Message | None = None,
    downloads: bool = False,
) -> Table:
    """A table among others on a page: its parameters begin with its name."""
    held = ListRows(rows) if isinstance(rows, Sequence) else rows
    query = read_query(request.query_params, columns, path=request.url.path, prefix=f"{name}.")
    return table(held, columns, query, title=title, empty=empty, downloads=downloads, name=name)


def list_page(
    console: Console,
    request: Request,
    template: str,
    rows: Rows | Sequence[Row],
    columns: Sequence[Column],
    title: Message,
    *,
    empty: Message | None = None,
    mark: Callable[[str], str] | None = None,
    searchable: bool = True,
    **values: Any,
) -> Response:
    """A page that is a list, or its file.

    Args:
        console: the console.
        request: what was asked.
        template: the page's template; it finds the table as `table`.
        rows: the rows.
        columns: their columns.
        title: the table's heading.
        empty: what is said where there is none.
        mark: for person-level rows, makes the mark that a downloaded copy bears from the kind of file.
        searchable: whether the rows can be searched and filtered.
        **values: what else the template wants.
    """
    held = ListRows(rows) if isinstance(rows, Sequence) else rows
    query = read_query(request.query_params, columns, path=request.url.path)
    form = request.query_params.get("download")
    if form:
        return download(form, held, columns, query, name=str(title), mark=mark(form) if mark is not None else None)
    shown = table(held, columns, query, title=title, empty=empty, downloads=searchable, searchable=searchable)
    return console.pages.page(request, template, table=shown, **values)
