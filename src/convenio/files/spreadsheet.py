"""Worksheets (XLSX): values as they were last shown, merged cells, formulas.

openpyxl reads the cells in streaming; what it leaves out in that mode (merged ranges, and formulas that have no stored
result) is read here from the sheet's own XML.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from convenio.core.errors import InputError
from convenio.core.words import Message, _, _n
from convenio.files.problem import Problem

Row = tuple[int, list[str]]
LARGEST = 8 << 30
EXACT_DIGITS = 10**15
SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


@dataclass
class Sheet:
    """One worksheet, opened.

    Args:
        path: the file.
        name: the worksheet's name.
        others: names of the other worksheets that hold something.
        merged: first row, first column, last row, last column of each merged range, from 1.
        formulas: whether any cell holds a formula.
        notes: what the user should know.
        problems: rows whose cells cannot be trusted; filled while rows are read.
    """

    path: Path
    name: str
    others: list[str]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: bool = False
    notes: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def open_sheet(path: Path, wanted: str | None = None) -> Sheet:
    """Find the worksheet to read: the named one, or the first visible one that holds something.

    Raises:
        InputError: the file is no workbook, is damaged or locked, or has no such worksheet.
    """
    with _workbook(path, values=True) as book:
        visible = [each for each in book.worksheets if each.sheet_state == "visible"]
        filled = [each.title for each in visible if _holds_something(each)]
        if wanted is not None and wanted not in book.sheetnames:
            raise InputError(
                _("there is no worksheet {name}", name=wanted),
                where=path.name,
                advice=_("its worksheets are: {names}", names=", ".join(book.sheetnames)),
            )
        if wanted is None and not filled:
            raise InputError(_("the workbook holds nothing"), where=path.name)
        name = wanted or filled[0]
        sheet = Sheet(path, name, [each for each in filled if each != name])
        part = book[name]._worksheet_path  # noqa: SLF001 - openpyxl names the part nowhere else
        _read_xml(sheet, part)
    if sheet.others and wanted is None:
        sheet.notes.append(
            _(
                "read the worksheet {name}; these hold something too: {others} (--sheet)",
                name=name,
                others=", ".join(sheet.others),
            )
        )
    if sheet.merged:
        sheet.notes.append(
            _n(
                "{number} merged range: its value stands for every row it covers",
                "{number} merged ranges: their values stand for every row they cover",
                len(sheet.merged),
            )
        )
    if sheet.formulas:
        sheet.notes.append(_("some cells hold formulas: their stored results were read"))
    return sheet


@contextmanager
def _workbook(path: Path, *, values: bool) -> Iterator[Any]:
    """A workbook, read as it is asked for; what is damaged in it shows when it is reached, and its file is closed."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = (zipfile.BadZipFile, zlib.error, InvalidFileException, LookupError, ValueError, TypeError, SyntaxError)
    try:
        with path.open("rb") as file:
            _check_size(file, path.name)
            book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except (*damaged, EOFError, OSError) as error:
        raise InputError(
            _("this is no readable workbook: {why}", why=str(error)[:200]),
            where=path.name,
            advice=_("open it in a spreadsheet program and save it again as .xlsx"),
        ) from error


def _check_size(file: IO[bytes], name: str) -> None:
    with zipfile.ZipFile(file) as packed:
        if sum(each.file_size for each in packed.infolist()) > LARGEST:
            raise InputError(
                _("the workbook unpacks to more than {size}", size="8 GB"), where=name, advice=_("save it as CSV")
            )


def _holds_something(sheet: Any) -> bool:
    return any(any(cell is not None for cell in row) for row in sheet.iter_rows(max_row=50, values_only=True))


def _read_xml(sheet: Sheet, part: str) -> None:
    with zipfile.ZipFile(sheet.path) as packed, packed.open(part.lstrip("/")) as xml:
        tail = b""
        while block := xml.read(1 << 20):
            text = tail + block
            sheet.formulas = sheet.formulas or b"<f>" in text or b"<f " in text
            for found in re.finditer(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', text):
                sheet.merged.append((int(found[2]), _column_number(found[1]), int(found[4]), _column_number(found[3])))
            cut = text.rfind(b"<")
            tail = text[cut:] if len(text) - cut < 200 else b""
    sheet.merged = sorted(set(sheet.merged))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.decode("ascii"):
        number = number * 26 + ord(letter) - 64
    return number


def sheet_rows(sheet: Sheet) -> Iterator[Row]:
    """Every row that is not blank, with its row number, each cell as text."""
    sheet.problems.clear()
    with ExitStack() as opened:
        cells_of = opened.enter_context(_workbook(sheet.path, values=True))[sheet.name].iter_rows(values_only=True)
        behind = None
        if sheet.formulas:
            written = opened.enter_context(_workbook(sheet.path, values=False))
            behind = written[sheet.name].iter_rows(values_only=True)
        standing: dict[int, tuple[int, int, str]] = {}
        starts: dict[int, list[tuple[int, int, int]]] = {}
        for top, left, bottom, right in sheet.merged:
            starts.setdefault(top, []).append((left, bottom, right))
        for number, cells in enumerate(cells_of, start=1):
            row = [_as_text(cell) for cell in cells]
            if behind is not None:
                _check_formulas(sheet, number, row, next(behind, ()))
            _check_cells(sheet, number, cells)
            for left, bottom, right in starts.get(number, ()):
                if left <= len(row):
                    for column in range(left, right + 1 if bottom > number else left + 1):
                        standing[column] = (bottom, left, row[left - 1])
            for column, (bottom, first, value) in list(standing.items()):
                if number > bottom:
                    del standing[column]
                elif column <= len(row) and not row[column - 1] and column == first:
                    row[column - 1] = value
            if any(row):
                yield number, row


def _as_text(cell: Any) -> str:
    """A cell's value as text: dates in ISO 8601, whole numbers without a point, errors as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return "" if cell in SHEET_ERRORS else cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_DIGITS else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    return str(cell)


def _check_cells(sheet: Sheet, number: int, cells: tuple[Any, ...]) -> None:
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and cell in SHEET_ERRORS:
            sheet.problems.append(
                Problem(
                    number,
                    column_letter(at),
                    cell,
                    _("the spreadsheet could not compute this cell: {value}", value=cell),
                    _("correct the formula, or write the value"),
                )
            )
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= EXACT_DIGITS:
            sheet.problems.append(
                Problem(
                    number,
                    column_letter(at),
                    str(cell),
                    _("a number of more than 15 digits: the spreadsheet has lost its last digits"),
                    _("format the column as text and enter the number again from its origin"),
                )
            )


def _check_formulas(sheet: Sheet, number: int, row: list[str], behind: tuple[Any, ...]) -> None:
    for at, cell in enumerate(behind):
        if not _is_formula(cell) or (at < len(row) and row[at]):
            continue
        formula = cell if isinstance(cell, str) else getattr(cell, "text", "") or "="
        sheet.problems.append(
            Problem(
                number,
                column_letter(at),
                str(formula),
                _("a formula without a stored result: {formula}", formula=str(formula)[:60]),
                _("open the file in a spreadsheet program and save it, or write the value"),
            )
        )


def _is_formula(cell: Any) -> bool:
    return (isinstance(cell, str) and cell.startswith("=")) or (cell is not None and hasattr(cell, "ref"))


def column_letter(at: int) -> str:
    """The letter of a spreadsheet's column, counted from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
