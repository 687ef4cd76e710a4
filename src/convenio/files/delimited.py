"""Text files of rows: delimiter, headings, records.

Rows are numbered as a spreadsheet numbers them: the first record is row 1, and a record with a line break inside
quotes is one row.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.encoding import open_text

DELIMITERS = (",", ";", "\t", "|", "^", "~")
SAMPLE_ROWS = 500
LONGEST_FIELD = 1 << 24

Row = tuple[int, list[str]]


class Lines:
    """A text's lines without null bytes; counts those that had some, and keeps the lines of the present record."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.nulls = 0
        self.held: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            if "\0" in line:
                self.nulls += 1
                line = line.replace("\0", "")  # noqa: PLW2901 - the line itself, cleaned
            self.held.append(line)
            yield line


def find_delimiter(lines: list[str]) -> tuple[str, bool]:
    """The delimiter of a sample of lines, and whether its first line only names it (`sep=;`)."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4], True
    best, chosen = (0.0, 0), ","
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows:
            continue
        width, count = Counter(len(row) for row in rows).most_common(1)[0]
        score = (round(count / len(rows), 1), width)
        if width > 1 and (score[0] >= 0.5) and score > best:
            best, chosen = score, delimiter
    return chosen, False


def sample_lines(path: Path, encoding: str, *, most: int = SAMPLE_ROWS) -> list[str]:
    """The first lines of the file, none longer than is sensible for a look."""
    with open_text(path, encoding) as text:
        lines = (line.replace("\0", "")[: 1 << 16] for line in iter(lambda: text.readline(1 << 20), ""))
        return list(itertools.islice(lines, most))


def records(path: Path, encoding: str, delimiter: str, nulls: list[int] | None = None) -> Iterator[Row]:
    """Every record that is not blank, with its row number.

    Args:
        path: the file.
        encoding: from `find_encoding`.
        delimiter: from `find_delimiter`.
        nulls: receives the number of lines with null bytes when the file has been read.

    Raises:
        InputError: a quotation mark opens a value that never ends.
    """
    csv.field_size_limit(LONGEST_FIELD)
    with open_text(path, encoding) as text:
        lines = Lines(iter(text))
        reader = csv.reader(iter(lines), delimiter=delimiter)
        number, spans = 0, 1
        try:
            for row in reader:
                number += 1
                spans = len(lines.held)
                last, lines.held = lines.held, []
                if not row or (len(row) == 1 and row[0].strip("\x1a \t") == ""):
                    continue
                if spans > 1 and _open_ended(last, delimiter):
                    raise csv.Error("unexpected end of data")
                yield number, row
        except csv.Error as error:
            raise InputError(
                _("a quotation mark opens a value that does not end"),
                where=_("{file}, row {row}", file=path.name, row=f"{max(number, 1):,}"),
                advice=_("close the quotation mark, or double it if it belongs to the value"),
                kept=_("nothing was imported"),
            ) from error
        finally:
            if nulls is not None:
                nulls.append(lines.nulls)


def _open_ended(lines: list[str], delimiter: str) -> bool:
    """Whether a record of several lines ends inside quotation marks."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
