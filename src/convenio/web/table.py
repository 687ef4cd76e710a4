"""Tables of any length on a page: the server sorts, filters and cuts; the browser gets one page of rows.

A table is a GET form: every view of it has an address that can be kept, sent and opened again. Rows come from an
Arrow table or a Parquet file through DuckDB, or from a short list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.web.pages import address

Kind = Literal["text", "number", "date", "moment", "flag", "code", "words", "share", "party"]
SIZES = (25, 50, 100, 250)
MOST_VALUES = 1_000
MOST_TEXT = 400
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table on a page.

    Args:
        name: the row's key.
        title: its heading.
        kind: how its values are shown, compared and filtered; `words` are messages or texts in both languages, `party`
            is the short name of a party or agency.
        link: the address a row's cell leads to, from the row; None where it leads nowhere.
        choices: values a filter offers, with their labels.
        sortable: whether it can be sorted by.
        filterable: whether a filter is offered for it.
        badge: for `code`: the tone of a value ("good", "bad", "wait", "calm").
        scope_row: whether the cell names the row, for screen readers.
    """

    name: str
    title: Message
    kind: Kind = "text"
    link: Callable[[Row], str | None] | None = None
    choices: Sequence[tuple[str, Message | str]] = ()
    sortable: bool = True
    filterable: bool = True
    badge: Mapping[str, str] | None = None
    scope_row: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked of a table: search text, filters, order and page."""

    path: str = ""
    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    down: bool = False
    page: int = 1
    size: int = SIZES[0]
    prefix: str = ""
    keep: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    def address(self, **changes: Any) -> str:
        """The address of this table with some things changed; back on the first page unless `page` is given."""
        then = replace(self, **{"page": 1, **changes})
        p = then.prefix
        given: dict[str, Any] = dict(then.keep)
        given.update({p + "q": then.search, p + "sort": ("-" if then.down else "") + then.sort if then.sort else ""})
        given.update({p + "f." + name: list(values) for name, values in then.filters.items() if values})
        given[p + "page"] = then.page if then.page > 1 else ""
        given[p + "size"] = then.size if then.size != SIZES[0] else ""
        return address(then.path, **given)

    def download(self, form: str) -> str:
        """The address of the whole table, as filtered and sorted, as a file."""
        there = self.address()
        return f"{there}{'&' if '?' in there else '?'}{self.prefix}download={form}"

    def value(self, name: str) -> str:
        """What a filter holds, for showing it again."""
        return ", ".join(self.filters.get(name, ()))


def read_query(parameters: Any, columns: Sequence[Column], *, path: str = "", prefix: str = "") -> Query:
    """The query in an address's parameters.

    Args:
        parameters: a multi-valued mapping, as `request.query_params`.
        columns: the table's columns; parameters for others are left alone.
        path: the page's address.
        prefix: what its parameters begin with, where a page has several tables.

    Raises:
        InputError: a filter holds more values or a longer text than a table takes, or a page is no number.
    """
    names = {each.name: each for each in columns}
    filters: dict[str, list[str]] = {}
    mine = {prefix + each for each in ("q", "sort", "page", "size", "download")}
    for name, column in names.items():
        for suffix in ("", ".min", ".max"):
            key = f"{prefix}f.{name}{suffix}"
            values = [each for each in parameters.getlist(key) if each.strip()]
            mine.add(key)
            if len(values) > MOST_VALUES or sum(map(len, values)) > MOST_TEXT * MOST_VALUES:
                raise InputError(
                    _("a filter takes at most {limit} values", limit=MOST_VALUES),
                    where=column.title,
                    advice=_("compare a longer list as a file: convenio match FILE FILE"),
                )
            if values:
                filters[name + suffix] = [each[:MOST_TEXT] for each in values]
    order = parameters.get(prefix + "sort", "")
    sorted_by = names.get(order.lstrip("-"))
    return Query(
        path=path,
        search=parameters.get(prefix + "q", "").strip()[:MOST_TEXT],
        filters=filters,
        sort=sorted_by.name if sorted_by is not None and sorted_by.sortable else "",
        down=order.startswith("-"),
        page=_whole(parameters.get(prefix + "page"), 1),
        size=min(_whole(parameters.get(prefix + "size"), SIZES[0]), SIZES[-1]),
        prefix=prefix,
        keep={key: value for key, value in parameters.items() if key not in mine and key != "lang"},
        form=parameters.get(prefix + "download", ""),
    )


def _whole(text: str | None, default: int) -> int:
    try:
        return max(1, min(int(text or default), 10**9))
    except ValueError:
        return default


@dataclass(frozen=True)
class Slice:
    """One page of rows and how many there are in all."""

    rows: Sequence[Row]
    total: int


class FileAsked(Exception):
    """The address asks for a table as a file; the application answers with it.

    Args:
        rows: where they come from.
        columns: the columns.
        query: filters, order and the kind of file.
        title: the table's title; the file is named after it, or after `file`.
        marked: whether the file bears a mark for the one who takes it, and leaves an entry; only counts go without.
        file: the file's name without its ending.
    """

    def __init__(
        self,
        rows: Rows,
        columns: Sequence[Column],
        query: Query,
        title: Message,
        *,
        marked: bool = True,
        file: str = "",
    ) -> None:
        super().__init__(query.form)
        self.rows = rows
        self.columns = columns
        self.query = query
        self.title = title
        self.marked = marked
        self.file = file


class Rows(Protocol):
    """Where a table's rows come from."""

    def slice(self, query: Query, columns: Sequence[Column]) -> Slice:
        """One page of rows."""

    def whole(self, query: Query, columns: Sequence[Column]) -> pa.Table:
        """All rows that pass the filters, in order, for a download."""


@dataclass(frozen=True)
class Table:
    """A table ready to be shown by the macro `table`."""

    columns: Sequence[Column]
    query: Query
    slice: Slice
    title: Message
    empty: Message
    downloads: bool = True
    searchable: bool = True
    name: str = "table"

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.slice.total // self.query.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 when there is none."""
        return min((self.query.page - 1) * self.query.size + 1, self.slice.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.query.page * self.query.size, self.slice.total)

    @property
    def filtered(self) -> bool:
        """Whether anything but order and page was asked for."""
        return bool(self.query.search or self.query.filters)


def table(
    rows: Rows,
    columns: Sequence[Column],
    query: Query,
    *,
    title: Message,
    empty: Message | None = None,
    downloads: bool = True,
    searchable: bool = True,
    name: str = "table",
    marked: bool = True,
    file: str = "",
) -> Table:
    """The page of `rows` that `query` asks for; a page past the end becomes the last one.

    Args:
        rows: where they come from.
        columns: the columns shown.
        query: what is asked of them.
        title: the table's heading.
        empty: what is said where there is no row at all.
        downloads: whether the table is offered as a file.
        searchable: whether it can be searched and filtered.
        name: its id on the page.
        marked: whether its file bears a mark for the one who takes it, with a ledger entry: true for whatever is about
            persons; false for counts, whose file then has no column beside its own.
        file: the file's name without its ending; the title without it.

    Raises:
        FileAsked: the address asks for the whole table as a file, and the table offers that.
    """
    if downloads and query.form:
        raise FileAsked(rows, columns, query, title, marked=marked, file=file)
    part = rows.slice(query, columns)
    last = max(1, -(-part.total // query.size))
    if query.page > last:
        query = replace(query, page=last)
        part = rows.slice(query, columns)
    nothing = empty or _("There is nothing here yet.")
    return Table(columns, query, part, title, nothing, downloads, searchable, name)


class ListRows:
    """A short list as a table: sorted and filtered in Python; `words` are compared as the reader sees them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def slice(self, query: Query, columns: Sequence[Column]) -> Slice:
        """One page of rows."""
        chosen = self._chosen(query, columns)
        start = (query.page - 1) * query.size
        return Slice(chosen[start : start + query.size], len(chosen))

    def whole(self, query: Query, columns: Sequence[Column]) -> pa.Table:
        """All rows that pass the filters, as text where Arrow has no type for a value."""
        chosen = self._chosen(query, columns)
        return pa.table({each.name: [_plain(row.get(each.name)) for row in chosen] for each in columns})

    def _chosen(self, query: Query, columns: Sequence[Column]) -> list[Row]:
        kinds = {each.name: each for each in columns}
        chosen = [row for row in self.rows if self._fits(row, query, kinds)]
        if query.sort:
            chosen.sort(key=lambda row: _order(row.get(query.sort)), reverse=query.down)
        return chosen

    @staticmethod
    def _fits(row: Row, query: Query, columns: Mapping[str, Column]) -> bool:
        from convenio.web.pages import said

        if query.search and not any(query.search.casefold() in said(row.get(each)).casefold() for each in columns):
            return False
        for key, values in query.filters.items():
            name, _dot, bound = key.partition(".")
            held = row.get(name)
            if bound:
                if held is None or not _within(held, values[0], bound):
                    return False
            elif columns[name].choices:
                if said(held) not in values:
                    return False
            elif not any(each.casefold() in said(held).casefold() for each in values):
                return False
        return True


def _within(held: Any, limit: str, bound: str) -> bool:
    try:
        low: Any = float(limit)
        shown: Any = float(held)
    except (TypeError, ValueError):
        low, shown = limit, held.isoformat() if isinstance(held, dt.date) else str(held)
        shown = shown[: len(low)]
    return bool(shown >= low) if bound == "min" else bool(shown <= low)


def _order(value: Any) -> tuple[int, Any]:
    from convenio.web.pages import said

    if value is None:
        return (2, "")
    if isinstance(value, (bool, int, float)):
        return (0, value)
    return (1, value.isoformat() if isinstance(value, dt.date) else said(value).casefold())


def _plain(value: Any) -> Any:
    from convenio.web.pages import said

    return value if value is None or isinstance(value, (bool, int, float, dt.date, str)) else said(value)


class ArrowRows:
    """An Arrow table or a Parquet file as a table on a page, through DuckDB: a page out of a million rows."""

    def __init__(self, source: pa.Table | Path) -> None:
        self.source = source

    def slice(self, query: Query, columns: Sequence[Column]) -> Slice:
        """One page of rows."""
        where, values = _where(query, columns)
        with _connection() as connection:
            held = self._named(connection)
            if where:
                count = f"SELECT count(*) FROM {held} WHERE {where}"  # noqa: S608 - names are quoted, values bound
                total = connection.execute(count, values).fetchone()[0]
            elif isinstance(self.source, Path):
                total = connection.execute(f"SELECT count(*) FROM {held}").fetchone()[0]  # noqa: S608
            else:
                total = self.source.num_rows
            text = f"SELECT {_names(columns)} FROM {held} {_tail(where, query, columns)} LIMIT ? OFFSET ?"  # noqa: S608
            chosen = connection.execute(text, [*values, query.size, (query.page - 1) * query.size])
            names = [each[0] for each in chosen.description]
            return Slice([dict(zip(names, row, strict=True)) for row in chosen.fetchall()], total)

    def whole(self, query: Query, columns: Sequence[Column]) -> pa.Table:
        """All rows that pass the filters, in order."""
        where, values = _where(query, columns)
        with _connection() as connection:
            text = f"SELECT {_names(columns)} FROM {self._named(connection)} {_tail(where, query, columns)}"  # noqa: S608
            return connection.sql(text, params=values).to_arrow_table()

    def _named(self, connection: Any) -> str:
        if isinstance(self.source, Path):
            return f"read_parquet({_literal(str(self.source))})"
        connection.register("held", self.source)
        return "held"


def _connection() -> Any:
    import duckdb

    return duckdb.connect(config={"threads": 2})


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(_quoted(each.name) for each in columns)


def _tail(where: str, query: Query, columns: Sequence[Column]) -> str:
    order = f"ORDER BY {_quoted(query.sort)} {'DESC' if query.down else 'ASC'} NULLS LAST" if query.sort else ""
    if query.sort not in {each.name for each in columns}:
        order = ""
    return f"{'WHERE ' + where if where else ''} {order}"


def _where(query: Query, columns: Sequence[Column]) -> tuple[str, list[Any]]:
    kinds = {each.name: each for each in columns}
    parts: list[str] = []
    values: list[Any] = []
    if query.search:
        texts = [each.name for each in columns if each.kind in ("text", "code")]
        parts.append("(" + " OR ".join(f"contains(lower({_quoted(each)}), ?)" for each in texts) + ")")
        values.extend([query.search.lower()] * len(texts))
    for key, wanted in query.filters.items():
        name, _dot, bound = key.partition(".")
        column = kinds[name]
        if bound:
            parts.append(f"{_quoted(name)} {'>=' if bound == 'min' else '<='} TRY_CAST(? AS {_sql(column)})")
            values.append(wanted[0])
        elif column.choices or column.kind in ("number", "date", "flag"):
            parts.append(f"CAST({_quoted(name)} AS VARCHAR) IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
        else:
            parts.append("(" + " OR ".join([f"contains(lower({_quoted(name)}), ?)"] * len(wanted)) + ")")
            values.extend(each.lower() for each in wanted)
    return " AND ".join(parts), values


def _sql(column: Column) -> str:
    return {"number": "DOUBLE", "share": "DOUBLE", "date": "DATE", "moment": "TIMESTAMPTZ"}.get(column.kind, "VARCHAR")
