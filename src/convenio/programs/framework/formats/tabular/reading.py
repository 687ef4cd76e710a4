"""Workbooks and tables that people filled in: every error names file, row and column, and nothing is guessed."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _, language
from convenio.files.problem import place
from convenio.programs.framework.formats.filling import Filling
from convenio.programs.framework.formats.tabular.sheets import Column, Tab, folded, tabs
from convenio.programs.framework.formats.tabular.words import TABS
from convenio.programs.framework.model import Part
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import KINDS, Row, fitted

LARGEST = 200 << 20
NOTHING = _("nothing was imported")
Cells = list[Any]


@dataclass
class Filled:
    """One row that was filled in: its values by path, and where it stands."""

    tab: Tab
    told: dict[str, Any]
    keys: tuple[str, ...]
    row: Row


def read(path: Path, card: Scorecard, *, by: str = "") -> list[tuple[Part, Row]]:
    """The parts in a workbook or a CSV table, see `formats.read`.

    Raises:
        InputError: a heading is unknown or missing, a column is shifted, cells are merged, a day could be two days, a
            number is none, or a row does not fit; the error names file, row and column.
    """
    if path.exists() and path.stat().st_size > LARGEST:
        raise InputError(_("this file is larger than {size} MB", size=LARGEST >> 20), where=str(path), kept=NOTHING)
    rows: list[Filled] = []
    tables = _csv(path) if path.suffix.lower() == ".csv" else _book(path)
    for name, tab, table in tables:
        rows += _filled(name, tab, table)
    return _parts(rows, Filling(card, by))


def _parts(rows: list[Filled], filling: Filling) -> list[tuple[Part, Row]]:
    owners: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for each in rows:
        own = (*each.keys, str(each.told.get("id", each.told.get("number", ""))))
        if each.tab.parent is not None:
            owner = owners.get((each.tab.parent.name, each.keys))
            if owner is None:
                raise InputError(
                    _("there is no {name} in the table {table}", name=each.keys[-1], table=each.tab.parent.name),
                    where=each.row.at(each.tab.keys[-1].name),
                    kept=NOTHING,
                )
            fitted(each.tab.model, each.told, each.row)
            owner.setdefault(each.tab.fills, []).append(each.told)
        owners[each.tab.name, own] = each.told
    order = list(KINDS)
    kinds = sorted((each for each in rows if each.tab.parent is None), key=lambda each: order.index(each.tab.name))
    return [(filling.part(KINDS[each.tab.name], each.told, each.row), each.row) for each in kinds]


def _filled(file: str, tab: Tab, table: Iterable[tuple[int, Cells]]) -> Iterator[Filled]:
    rows = iter(table)
    number, header = next(rows, (1, []))
    columns = _heads(file, tab, number, header)
    headings = {".".join(column.path): str(header[at]).strip() for at, column in columns.items()}
    for number, cells in rows:
        row = Row(file, number, headings)
        for at, value in enumerate(cells):
            if at not in columns and not _is_empty(value):
                raise InputError(
                    _("something stands here under no heading: {value}", value=str(value)[:40]),
                    where=place(file, number, _letter(at)),
                    advice=_("is the row shifted?"),
                    kept=NOTHING,
                )
        told: dict[str, Any] = {}
        for at, column in columns.items():
            value = cells[at] if at < len(cells) else None
            if _is_empty(value):
                if column.required:
                    raise InputError(_("this is needed"), where=row.at(".".join(column.path)), kept=NOTHING)
                continue
            _set(told, column, _value(column, value, row))
        keys = tuple(str(told.pop(each.name)) for each in tab.keys)
        yield Filled(tab, told, keys, row)


def _value(column: Column, value: Any, row: Row) -> Any:
    try:
        read = column.cell.read(value)
    except InputError as error:
        error.where, error.kept = row.at(".".join(column.path)), NOTHING
        raise
    if column.cell.words and read not in column.cell.words:
        raise InputError(
            _("{value} is none of {codes}", value=str(read)[:40], codes=", ".join(column.cell.words)),
            where=row.at(".".join(column.path)),
            kept=NOTHING,
        )
    return read


def _set(told: dict[str, Any], column: Column, value: Any) -> None:
    for each in column.path[:-1]:
        told = told.setdefault(each, {})
    told[column.path[-1]] = value


def _heads(file: str, tab: Tab, number: int, header: Cells) -> dict[int, Column]:
    """Which column stands where.

    Raises:
        InputError: a heading is unknown, there twice, or missing.
    """
    known = {spelling: column for column in tab.all_columns for spelling in column.spellings()}
    found: dict[int, Column] = {}
    for at, value in enumerate(header):
        if _is_empty(value):
            continue
        column = known.get(folded(str(value)))
        if column is None or column in found.values():
            near = difflib.get_close_matches(folded(str(value)), known, 1)
            raise InputError(
                _("the heading {heading} is unknown or there twice", heading=str(value)[:60]),
                where=place(file, number, _letter(at)),
                advice=_("did you mean {heading}?", heading=near[0])
                if near
                else _("a template shows the headings: convenio framework template FILE.xlsx"),
                kept=NOTHING,
            )
        found[at] = column
    missing = [each.name for each in tab.all_columns if each.required and each not in found.values()]
    if missing:
        raise InputError(
            _("columns are missing: {names}", names=", ".join(missing)),
            where=place(file, number),
            advice=_("a template shows the headings: convenio framework template FILE.xlsx"),
            kept=NOTHING,
        )
    return found


def _book(path: Path) -> Iterator[tuple[str, Tab, Iterable[tuple[int, Cells]]]]:
    from convenio.programs.framework.formats.tabular.book import Book

    names = {folded(name): tab for tab in tabs() for name in (tab.name, tab.title("en"), tab.title("es"))}
    legends = {folded(TABS["codes"].in_language("en")), folded(TABS["codes"].in_language("es")), "-"}
    titled: dict[str, str] = {}
    book = Book(path)
    for title in book.names:
        if folded(title) in legends:
            continue
        tab = names.get(folded(title)) or _only_fitting(book.heads(title))
        if tab is None:
            raise InputError(
                _("there is no table for the worksheet {name}", name=title[:40]),
                where=path.name,
                advice=_("there are: {names}", names=", ".join(each.name for each in tabs())),
                kept=NOTHING,
            )
        if tab.name in titled:
            raise InputError(
                _(
                    "two worksheets hold the table {table}: {first} and {second}",
                    table=tab.title(language.get()),
                    first=titled[tab.name][:40],
                    second=title[:40],
                ),
                where=path.name,
                advice=_("put their rows into one"),
                kept=NOTHING,
            )
        titled[tab.name] = title
    for tab in tabs():
        if tab.name in titled:
            title = titled[tab.name]
            yield f"{path.name} [{title}]", tab, book.table(title)


def _csv(path: Path) -> Iterator[tuple[str, Tab, Iterable[tuple[int, Cells]]]]:
    from convenio.files.delimited import find_delimiter
    from convenio.files.encoding import find_encoding, open_text, windows

    try:
        with open_text(path, find_encoding(windows(path))) as file:
            text = file.read()
    except OSError as error:
        raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
    delimiter, names_it = find_delimiter(text.splitlines()[:50])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, Cells]] = []
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row) and not (number == 1 and names_it):
                rows.append((number, [_undone(cell) for cell in row]))
    except csv.Error as error:
        raise InputError(
            _("this line is no CSV: {why}", why=str(error)), where=place(path.name, len(rows) + 1), kept=NOTHING
        ) from error
    if not rows:
        raise InputError(_("the file holds nothing"), where=str(path), kept=NOTHING)
    yield path.name, _tab_for(path, rows[0][1]), rows


def _tab_for(path: Path, header: Cells) -> Tab:
    """The table that a CSV file holds: by its name (`observations.csv`), or by its headings alone.

    Raises:
        InputError: neither tells.
    """
    stem = folded(path.stem)
    for tab in tabs():
        if any(stem == folded(name) or stem.startswith(f"{folded(name)} ") for name in (tab.name, tab.title("es"))):
            return tab
    fitting = _only_fitting(header)
    if fitting is None:
        raise InputError(
            _("nobody can tell which table this is"),
            where=path.name,
            advice=_(
                "name the file after it, as observations.csv; there are: {names}",
                names=", ".join(each.name for each in tabs()),
            ),
            kept=NOTHING,
        )
    return fitting


def _only_fitting(header: Iterable[Any]) -> Tab | None:
    """The one table that has all of these headings and needs no others; none where two have them."""
    heads = {folded(str(each)) for each in header if str(each).strip()}
    fitting = [
        tab
        for tab in tabs()
        if all(any(head in column.spellings() for column in tab.all_columns) for head in heads)
        and all(heads & column.spellings() for column in tab.all_columns if column.required)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _undone(cell: str) -> str:
    """A cell of a CSV file without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t'" else cell


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _letter(at: int) -> str:
    from convenio.files.spreadsheet import column_letter

    return column_letter(at)
