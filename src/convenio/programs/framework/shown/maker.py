"""How a list becomes a table, whole or as an address asks for it, or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from convenio.core.words import Message
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.shown.links import Links
from convenio.web.download import download
from convenio.web.table import Column, ListRows, Query, Row, Table, read_query, table


class Maker:
    """Makes tables of one reading.

    Args:
        reading: what is shown.
        links: where its rows lead.
        parameters: the request's query parameters; None on paper and on the site, where every table is whole.
        path: the page's address.
    """

    def __init__(self, reading: Reading, links: Links, parameters: Any = None, path: str = "") -> None:
        self.reading = reading
        self.links = links
        self._parameters = parameters
        self._path = path
        self._made: dict[str, tuple[ListRows, Sequence[Column], Query, Message]] = {}

    def file(self, name: str, form: str) -> Response:
        """One of the tables made before, as a file: csv, xlsx or parquet."""
        rows, columns, query, title = self._made[name]
        return download(form, rows, columns, query, name=str(title))

    def commitment(self, column: str) -> Callable[[Row], str | None]:
        """The link of a cell to the commitment whose number stands in a column."""
        return lambda row: self.links.commitment(str(row[column])) if row[column] else None

    def table(
        self,
        name: str,
        rows: Sequence[Row],
        columns: Sequence[Column],
        title: Message,
        empty: Message | None = None,
        *,
        searchable: bool = True,
    ) -> Table:
        """Rows as a table."""
        query = (
            Query(path=self._path, size=10_000)
            if self._parameters is None
            else read_query(self._parameters, columns, path=self._path, prefix=f"{name}.")
        )
        held = ListRows(rows)
        self._made[name] = (held, columns, query, title)
        live = self._parameters is not None
        return table(
            held,
            columns,
            query,
            title=title,
            empty=empty,
            name=name,
            downloads=live and searchable,
            searchable=live and searchable,
        )
