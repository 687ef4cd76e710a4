"""The worksheets of a workbook, cell by cell, as they were last shown."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.problem import place
from convenio.files.spreadsheet import EXACT_DIGITS, column_letter, open_sheet, sheet_rows

NOTHING = _("nothing was imported")
UNPACKED = 1 << 30
DAMAGED = (
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
)
"""What openpyxl and its XML readers raise on damaged files; XML errors are syntax errors to both of them."""
Table = list[tuple[int, list[Any]]]


class Book:
    """A workbook.

    Args:
        path: the file.

    Raises:
        InputError: it is no readable workbook, holds nothing, or unpacks to more than is sensible.
    """

    def __init__(self, path: Path) -> None:
        import openpyxl

        if not path.is_file():
            raise InputError(_("there is no such file"), where=str(path), kept=NOTHING)
        self.path = path
        with _readable(path):
            self._has_formulas = _looked_through(path)
            # from memory: where openpyxl fails on a path, it leaves the file open
            self._book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True, keep_links=False)
            self.names = [each.title for each in self._book.worksheets if any(_row_holds(row) for row in each.values)]
        if not self.names:
            raise InputError(_("the workbook holds nothing"), where=path.name, kept=NOTHING)

    def table(self, name: str) -> Table:
        """Every row of a worksheet that is not blank, with its number.

        Raises:
            InputError: cells are merged, a formula has no stored result, or a number has lost digits; the error names
                row and column.
        """
        sheet, file = self._book[name], f"{self.path.name} [{name}]"
        for merged in sheet.merged_cells.ranges:
            raise InputError(
                _("the cells {cells} are merged: nobody can tell which row their value belongs to", cells=merged.coord),
                where=place(file, merged.min_row, column_letter(merged.min_col - 1)),
                advice=_("undo the merging, and write the value in each row"),
                kept=NOTHING,
            )
        if self._has_formulas:
            with _readable(self.path):
                self._check_formulas(name, file)
        found = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = [_shown(cell, file) for cell in cells]
            if _row_holds(tuple(row)):
                found.append((number, row))
        return found

    def heads(self, name: str) -> list[str]:
        """What stands in the first row of a worksheet that is not blank."""
        row = next((row for row in self._book[name].values if _row_holds(row)), ())
        return [str(value) for value in row if value is not None]

    def _check_formulas(self, name: str, file: str) -> None:
        sheet = open_sheet(self.path, name)
        for _row in sheet_rows(sheet):
            if sheet.problems:
                raise sheet.problems[0].error(file)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tell of a damaged workbook as what it is: the library that reads it raises whatever it stumbles over."""
    try:
        yield
    except DAMAGED as error:
        raise InputError(
            _("this is no readable workbook: {why}", why=str(error)[:200]),
            where=path.name,
            advice=_("open it in a spreadsheet program and save it again as .xlsx"),
            kept=NOTHING,
        ) from error


def _row_holds(row: tuple[Any, ...]) -> bool:
    return any(value is not None and (not isinstance(value, str) or value.strip()) for value in row)


def _looked_through(path: Path) -> bool:
    """Whether any worksheet holds a formula.

    Raises:
        InputError: the workbook unpacks to more than is sensible.
    """
    with zipfile.ZipFile(path) as packed:
        if sum(each.file_size for each in packed.infolist()) > UNPACKED:
            raise InputError(_("the workbook unpacks to more than {size}", size="1 GB"), where=path.name, kept=NOTHING)
        sheets = [each for each in packed.namelist() if each.startswith("xl/worksheets/")]
        return any(b"<f>" in text or b"<f " in text for text in map(packed.read, sheets))


def _shown(cell: Any, file: str) -> Any:
    """A cell's value as a person sees it: 45 where 0.45 is shown as 45 %."""
    value = cell.value
    if cell.data_type == "e":
        raise InputError(
            _("the spreadsheet could not compute this cell: {value}", value=value),
            where=place(file, cell.row, column_letter(cell.column - 1)),
            advice=_("correct the formula, or write the value"),
            kept=NOTHING,
        )
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        if abs(value) >= EXACT_DIGITS:
            raise InputError(
                _("a number of more than 15 digits: the spreadsheet has lost its last digits"),
                where=place(file, cell.row, column_letter(cell.column - 1)),
                advice=_("format the column as text and enter the number again from its origin"),
                kept=NOTHING,
            )
        return round(value * 100, 10) if "%" in (cell.number_format or "") else value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value
