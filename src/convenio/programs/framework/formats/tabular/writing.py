"""A scorecard as a workbook or a table, and empty ones to fill in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import Language, _
from convenio.files.writing import whole
from convenio.programs.framework.formats.tabular.codes import code_rows
from convenio.programs.framework.formats.tabular.sheets import TECHNICAL, Column, Tab, folded, tabs
from convenio.programs.framework.formats.tabular.words import TABS
from convenio.programs.framework.model import Foreign, Part
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import kind_of

LONGEST = 32_767
MOST_ROWS = 1_048_575
FORMULA = ("=", "+", "-", "@", "\t", "'")
PLENTY = 1_000
Row = list[Any]


def write(card: Scorecard, path: Path, table: str, to: Language) -> int:
    """Write every part that may be seen at the scorecard's level: `.xlsx` all tables, `.csv` the named one.

    Returns:
        How many parts were written.

    Raises:
        InputError: there is no such table, or a worksheet cannot hold it.
    """
    rows: dict[str, list[Row]] = {each.name: [] for each in tabs()}
    by_name = {each.name: each for each in tabs()}
    count = 0
    for part in card.parts():
        if isinstance(part, Foreign):
            continue
        tab = by_name[kind_of(part).name]
        if not table or table_named(table).name in {tab.name, *(each.name for each in _below(tab))}:
            count += 1
            _fill(rows, tab, part, ())
    if path.suffix.lower() == ".csv":
        chosen = table_named(table)
        _csv(path, [[each.name for each in chosen.all_columns], *rows[chosen.name]])
        return len(rows[chosen.name])
    _book(path, [(each, list(each.all_columns), rows[each.name]) for each in tabs() if rows[each.name]], to)
    return count


def write_template(path: Path, table: str, to: Language) -> None:
    """Write empty tables with headings in a language, and what codes mean: `.xlsx` all, `.csv` the named one.

    Raises:
        InputError: it is to be a CSV and no table is named, or another kind of file.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        _csv(path, [[each.heading(to) for each in _asked(table_named(table))]])
    elif ending == ".xlsx":
        chosen = [table_named(table)] if table else list(tabs())
        _book(path, [(each, _asked(each), []) for each in chosen], to, template=True)
    else:
        raise InputError(_("a template is .xlsx or .csv"), where=str(path))


def table_named(name: str) -> Tab:
    """The table called `name`, in either language.

    Raises:
        InputError: there is none.
    """
    for each in tabs():
        if folded(name) in {folded(each.name), folded(each.title("en")), folded(each.title("es"))}:
            return each
    raise InputError(
        _("there is no table {name}", name=name[:40] or "-"),
        advice=_("there are: {names}", names=", ".join(each.name for each in tabs())),
    )


def _asked(tab: Tab) -> list[Column]:
    return [each for each in tab.all_columns if each.path[-1] not in TECHNICAL]


def _below(tab: Tab) -> Iterator[Tab]:
    for each in tab.children:
        yield each
        yield from _below(each)


def _fill(rows: dict[str, list[Row]], tab: Tab, part: Part, keys: tuple[str, ...]) -> None:
    rows[tab.name].append([*keys, *(_cell(column, part) for column in tab.columns)])
    for child in tab.children:
        own = str(getattr(part, "id", None) or getattr(part, "number", ""))
        for each in getattr(part, child.fills):
            _fill(rows, child, each, (*keys, own))


def _cell(column: Column, part: Part) -> Any:
    value: Any = part
    for each in column.path:
        value = getattr(value, each) if value is not None else None
    if value is None or value in ("", ()):
        return None
    return column.cell.write(value)


def _csv(path: Path, rows: Iterable[Row]) -> None:
    with whole(path) as place, place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([_plain(value) for value in row] for row in rows)


def _plain(value: Any) -> Any:
    """A cell of a CSV file; a text that a spreadsheet would take for a formula bears an apostrophe, see `reading`."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _book(
    path: Path, sheets: list[tuple[Tab, list[Column], list[Row]]], to: Language, *, template: bool = False
) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for tab, columns, rows in sheets:
        if len(rows) > MOST_ROWS:
            raise InputError(
                _("a worksheet holds at most {limit} rows", limit=f"{MOST_ROWS:,}"),
                where=tab.name,
                advice=_("write .json"),
                kept=_("nothing was written"),
            )
        sheet = book.create_sheet(tab.title(to))
        sheet.freeze_panes = "A2"
        for at, column in enumerate(columns, start=1):
            sheet.column_dimensions[_letter(at)].width = min(40, max(12, len(column.heading(to)) + 2))
        if template:
            _choices(sheet, columns)
        sheet.append([_bold(sheet, column.heading(to)) for column in columns])
        for row in rows:
            sheet.append([_styled(sheet, value) for value in row])
    if template:
        _legend(book, [(tab, columns) for tab, columns, _rows in sheets], to)
    if not sheets:
        book.create_sheet("-")
    with whole(path) as place:
        book.save(place)


def _legend(book: Any, sheets: list[tuple[Tab, list[Column]]], to: Language) -> None:
    sheet = book.create_sheet(TABS["codes"].in_language(to))
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 24
    sheet.column_dimensions["D"].width = 60
    for row in code_rows(sheets, to):
        sheet.append(row)


def _choices(sheet: Any, columns: list[Column]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, column in enumerate(columns, start=1):
        if column.cell.words:
            listed = DataValidation(type="list", formula1=f'"{",".join(column.cell.words)}"', allow_blank=True)
            listed.add(f"{_letter(at)}2:{_letter(at)}{PLENTY}")
            sheet.data_validations.append(listed)


def _bold(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _styled(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    if len(value) > LONGEST:
        raise InputError(
            _("a cell holds at most {limit} characters", limit=f"{LONGEST:,}"),
            where=value[:40],
            advice=_("write .json"),
            kept=_("nothing was written"),
        )
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at))
