"""The worksheets of a workbook, cell by cell, as they were last shown."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.problem import place
from convenio.files.spreadsheet import EXACT_DIGITS, SHEET_ERRORS, column_letter, open_sheet, sheet_rows

NOTHING = _("nothing was imported")
UNPACKED = 1 << 30
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
        first = open_sheet(path)
        self.path = path
        self.names = [first.name, *first.others]
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                raise InputError(
                    _("the workbook unpacks to more than {size}", size="1 GB"), where=path.name, kept=NOTHING
                )
            sheets = [each for each in packed.namelist() if each.startswith("xl/worksheets/")]
            self._has_formulas = any(b"<f>" in text or b"<f " in text for text in map(packed.read, sheets))
        self._book = openpyxl.load_workbook(path, data_only=True, keep_links=False)

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
            self._check_formulas(name, file)
        found = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = [_shown(cell, file) for cell in cells]
            if any(value is not None and value != "" for value in row):
                found.append((number, row))
        return found

    def _check_formulas(self, name: str, file: str) -> None:
        sheet = open_sheet(self.path, name)
        for _row in sheet_rows(sheet):
            if sheet.problems:
                raise sheet.problems[0].error(file)


def _shown(cell: Any, file: str) -> Any:
    """A cell's value as a person sees it: 45 where 0.45 is shown as 45 %."""
    value = cell.value
    if isinstance(value, str) and value in SHEET_ERRORS:
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
