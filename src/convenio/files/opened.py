"""An opened file of rows, whatever its form: headings, and chunks of rows with their numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

from convenio.core.words import Message, _
from convenio.files.dates import Unfit, read_date
from convenio.files.options import Options
from convenio.files.problem import Problem
from convenio.files.spreadsheet import column_letter
from convenio.files.values import read_number

Form = Literal["csv", "xlsx", "parquet", "json"]
CHUNK = 8_192
LOOKED_AT = 200


@dataclass(frozen=True)
class Chunk:
    """Some consecutive rows.

    Args:
        rows: row numbers as a spreadsheet shows them (int64).
        table: one column per heading, in the file's order.
    """

    rows: pa.Array
    table: pa.Table


@dataclass
class Opened:
    """A file of rows.

    Args:
        path: the file.
        form: its form.
        options: how it is read, everything that was found out filled in.
        headings: names of the columns, each once.
        notes: what the user should know; grows while chunks are read.
        problems: rows that are no rows of this table; grows while chunks are read.
    """

    path: Path
    form: Form
    options: Options
    headings: list[str]
    notes: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in the file's order.

        Args:
            columns: headings that are wanted; all without it.
        """
        raise NotImplementedError


def chunk_of(rows: list[tuple[int, list[str]]], headings: Sequence[str]) -> Chunk:
    """A chunk from rows of text, each as long as the headings."""
    columns = list(zip(*(row for _number, row in rows), strict=True)) if rows else [()] * len(headings)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return Chunk(
        pa.array([number for number, _row in rows], pa.int64()), pa.Table.from_arrays(arrays, names=list(headings))
    )


def find_heading_row(rows: Sequence[tuple[int, list[str]]]) -> int:
    """The number of the row that names the columns; 0 where none does.

    It is the first row as wide as most, if every cell of it is a different text that is neither number nor date.
    """
    if not rows:
        return 0
    width = Counter(sum(bool(cell.strip()) for cell in row) for _number, row in rows).most_common(1)[0][0]
    for number, row in rows[:30]:
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) < max(1, round(width * 0.8)):
            continue
        named = len({each.casefold() for each in filled}) == len(filled) or len(rows) > 1
        if named and not any(_is_value(each) for each in filled):
            return number
        return 0
    return 0


def _is_value(text: str) -> bool:
    for read in (read_number, read_date):
        try:
            read(text)
        except Unfit:
            continue
        return True
    return len(text) > 200


def named(cells: Sequence[str], width: int) -> list[str]:
    """Headings, one per column, each once: repeated ones are numbered, empty ones named by their letter."""
    found: list[str] = []
    seen: Counter[str] = Counter()
    for at in range(width):
        text = cells[at] if at < len(cells) else ""
        plain = "".join(each for each in text if unicodedata.category(each) != "Cf")
        name = " ".join(plain.split()) or str(_("column {letter}", letter=column_letter(at)))
        seen[name] += 1
        while seen[name] > 1 and f"{name} ({seen[name]})" in found:
            seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
