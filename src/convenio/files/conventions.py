"""Day before month or after it, point or comma: told by the whole column, asked for where the column leaves it open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.record import RecordType
from convenio.core.words import _
from convenio.files.dates import in_numbers, orders
from convenio.files.mapping import Mapping
from convenio.files.opened import Opened
from convenio.files.options import DateOrder, Decimal, Options
from convenio.files.problem import place
from convenio.files.values import REMEMBERED, number_marks

DATE_SHAPE = r"^\s*\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}"
NUMBER_SHAPE = r"[.,]"


@dataclass
class DateEvidence:
    """What a column of dates tells of its order.

    Args:
        day_first: a value that only reads day first (number of its row, text).
        month_first: a value that only reads month first.
        either: a value that reads both ways.
    """

    day_first: tuple[int, str] | None = None
    month_first: tuple[int, str] | None = None
    either: tuple[int, str] | None = None

    def see(self, row: int, text: str) -> None:
        """Take one value into account."""
        if not in_numbers(text):
            return
        day, month = orders(text)
        if day and month:
            first, second = re.findall(r"\d+", text)[:2]
            if int(first) != int(second):
                self.either = self.either or (row, text)
        elif day:
            self.day_first = self.day_first or (row, text)
        elif month:
            self.month_first = self.month_first or (row, text)

    @property
    def order(self) -> DateOrder | None:
        """The order that the values leave."""
        if self.day_first and not self.month_first:
            return "dmy"
        if self.month_first and not self.day_first:
            return "mdy"
        return None


@dataclass
class NumberEvidence:
    """What columns of numbers tell of their decimal mark."""

    point: tuple[int, str] | None = None
    comma: tuple[int, str] | None = None
    either: tuple[int, str] | None = None

    def see(self, row: int, text: str) -> None:
        """Take one value into account."""
        point, comma = number_marks(text)
        if point:
            self.point = self.point or (row, text)
        elif comma:
            self.comma = self.comma or (row, text)
        elif "." in text or "," in text:
            self.either = self.either or (row, text)


def find_conventions(opened: Opened, record: type[RecordType], mapping: Mapping) -> Options:
    """The file's options with date order and decimal mark filled in.

    Raises:
        InputError: every value of a column reads both ways, and nobody said which is meant; or a column mixes both.
    """
    schema, options = record.arrow_schema(), opened.options
    dates = [
        heading
        for name, heading in mapping.columns.items()
        if pa.types.is_temporal(schema.field(name).type) and options.date_order is None
    ]
    numbers = [
        heading
        for name, heading in mapping.columns.items()
        if (pa.types.is_floating(schema.field(name).type) or pa.types.is_integer(schema.field(name).type))
        and options.decimal is None
    ]
    if opened.form in {"parquet", "json", "xlsx"}:
        numbers = []
    if not dates and not numbers:
        return options
    by_column, decimals = survey(opened, dates, numbers)
    order, decimal = options.date_order, options.decimal
    for heading, seen in by_column.items():
        order = order or _order(opened, heading, seen)
    if numbers:
        decimal = _decimal(opened, decimals)
    return replace(options, date_order=order, decimal=decimal)


def survey(opened: Opened, dates: list[str], numbers: list[str]) -> tuple[dict[str, DateEvidence], NumberEvidence]:
    """Read some columns once and note what their values tell."""
    by_column = {each: DateEvidence() for each in dates}
    decimals = NumberEvidence()
    known: dict[str, set[str]] = {each: set() for each in (*dates, *numbers)}
    for chunk in opened.chunks([*dates, *(each for each in numbers if each not in dates)]):
        for heading, evidence in by_column.items():
            for row, text in alike(chunk.table.column(heading), chunk.rows, DATE_SHAPE, known[heading]):
                evidence.see(row, text)
        for heading in numbers:
            for row, text in alike(chunk.table.column(heading), chunk.rows, NUMBER_SHAPE, known[heading]):
                decimals.see(row, text)
    opened.problems.clear()
    return by_column, decimals


def alike(column: pa.ChunkedArray, rows: pa.Array, shape: str, known: set[str]) -> list[tuple[int, str]]:
    """Distinct values of a shape that were not seen before, with the row of their first occurrence."""
    if not pa.types.is_string(column.type):
        return []
    fitting = pc.fill_null(pc.match_substring_regex(column, shape), fill_value=False)
    if not pc.any(fitting).as_py():
        return []
    picked = pa.table({"value": column.filter(fitting), "row": rows.filter(fitting.combine_chunks())})
    first: Any = picked.group_by("value").aggregate([("row", "min")])
    found = zip(first.column("row_min").to_pylist(), first.column("value").to_pylist(), strict=True)
    new = [(row, text) for row, text in found if text not in known]
    if len(known) < REMEMBERED:
        known.update(text for _row, text in new)
    return new


def _order(opened: Opened, heading: str, seen: DateEvidence) -> DateOrder | None:
    if seen.day_first and seen.month_first:
        row, text = seen.month_first
        raise _question(opened, heading, row, text, mixed=seen.day_first)
    if seen.order is None and seen.either:
        row, text = seen.either
        raise _question(opened, heading, row, text, mixed=None)
    return seen.order


def _question(opened: Opened, heading: str, row: int, text: str, mixed: tuple[int, str] | None) -> InputError:
    where = place(opened.path.name, row, heading)
    kept = _("nothing was imported")
    if mixed is not None:
        return InputError(
            _(
                "this column writes dates in two orders: {one} in row {row} and {other}",
                one=mixed[1],
                row=mixed[0],
                other=text,
            ),
            where=where,
            advice=_("say which is right with --date-order dmy or mdy; rows of the other order are then set aside"),
            kept=kept,
        )
    return InputError(
        _("{value} can be two dates, and so can every date in this column", value=text),
        where=where,
        advice=_("say --date-order dmy (day first) or --date-order mdy (month first)"),
        kept=kept,
    )


def _decimal(opened: Opened, seen: NumberEvidence) -> Decimal:
    if seen.comma and not seen.point:
        return "comma"
    if seen.either and not seen.point and opened.options.delimiter == ";":
        row, text = seen.either
        raise InputError(
            _("{value} can be two numbers, and so can every number in this file", value=text),
            where=_("{file}, row {row}", file=opened.path.name, row=f"{row:,}"),
            advice=_("say --decimal point or --decimal comma"),
            kept=_("nothing was imported"),
        )
    return "point"
