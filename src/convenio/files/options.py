"""What a user may say about a file; whatever is left unsaid is found out by looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DateOrder = Literal["dmy", "mdy", "ymd"]
Decimal = Literal["point", "comma"]


@dataclass(frozen=True)
class Options:
    """How to read a file.

    Args:
        encoding: its encoding, e.g. `cp1252`.
        delimiter: the character between its columns.
        header: number of the row that names the columns, from 1; 0 when none does.
        date_order: order of day, month and year where they are numbers.
        decimal: what stands before decimals.
        sheet: name of the worksheet, in a spreadsheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    sheet: str | None = None
