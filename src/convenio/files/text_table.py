"""Text files of rows, in chunks: Arrow parses what our codecs decode, so that size does not matter."""

from __future__ import annotations

import io
import itertools
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from convenio.core.errors import InputError
from convenio.core.words import Message, _, _n
from convenio.files import encoding as letters
from convenio.files.delimited import find_delimiter, records, sample_lines
from convenio.files.opened import LOOKED_AT, Chunk, Opened, find_heading_row, named
from convenio.files.options import Options
from convenio.files.problem import Problem, shown

BLOCK = 1 << 20
LARGEST_BLOCK = 1 << 26


class _TooLongError(Exception):
    """A row is longer than a block."""


@dataclass
class TextTable(Opened):
    """A CSV file or one of its relatives."""

    width: int = 0
    first: int = 1
    next: int = 1
    bad: dict[int, Problem] = field(default_factory=dict)

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in the file's order; a row of another width is a problem."""
        self.bad.clear()
        self.next = self.first
        try:
            yield from self._pass(BLOCK, columns)
        except _TooLongError:
            try:
                yield from self._pass(LARGEST_BLOCK, columns)
            except _TooLongError as error:
                raise self._unended() from error

    def _pass(self, block: int, columns: Sequence[str] | None) -> Iterator[Chunk]:
        """Read from the beginning, and give what was not given yet."""
        with Transcoded(self.path, str(self.options.encoding)) as stream:
            number, last = self.first, None
            for batch in self._batches(stream, block, columns):
                numbers = self._numbers(number, batch.num_rows)
                number = (numbers[-1] + 1) if numbers else number
                if batch.num_rows:
                    last = batch.column(batch.num_columns - 1)[-1].as_py()
                known = bisect_left(numbers, self.next)
                if known < len(numbers):
                    self.next = number
                    self._report(below=number)
                    yield Chunk(pa.array(numbers[known:], pa.int64()), pa.Table.from_batches([batch]).slice(known))
            closed = stream.tail.rstrip("\r\n \x1a")[-1:] == '"'
            if (last is not None and "\n" in last and not closed) or self._open_at_end():
                raise self._unended()
            self._report(below=None)
            self._tell(stream)

    def _batches(self, stream: Transcoded, block: int, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
        try:
            reader = self._reader(stream, block, columns)
            while True:
                yield reader.read_next_batch()
        except StopIteration:
            return
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise _TooLongError from error

    def _reader(self, stream: Transcoded, block: int, columns: Sequence[str] | None) -> Any:
        return arrow_csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=block, column_names=self.headings, skip_rows_after_names=self.first - 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=str(self.options.delimiter),
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._misfit,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={each: pa.string() for each in self.headings},
                include_columns=list(columns or ()),
                strings_can_be_null=False,
            ),
        )

    def _misfit(self, row: Any) -> str:
        text = row.text or ""
        blank = not text.strip("\r\n \t\x1a" + str(self.options.delimiter))
        if row.number is not None and row.number >= max(self.first, self.next):
            self.bad[row.number] = Problem(
                row.number,
                "",
                "" if blank else text[-300:],
                _("{found} values, where the headings are {wanted}", found=row.actual_columns, wanted=self.width),
                _("is a delimiter missing, or does a value hold one without quotation marks around it?"),
            )
        return "skip"

    def _numbers(self, start: int, count: int) -> list[int]:
        if not any(start <= each for each in self.bad):
            return list(range(start, start + count))
        found: list[int] = []
        while len(found) < count:
            if start not in self.bad:
                found.append(start)
            start += 1
        return found

    def _report(self, below: int | None) -> None:
        for number in [each for each in self.bad if below is None or each < below]:
            problem = self.bad.pop(number)
            if problem.value:
                self.problems.append(replace(problem, value=shown(problem.value)))

    def _open_at_end(self) -> bool:
        """Whether the last row that did not fit swallowed the rest of the file."""
        text = self.bad[max(self.bad)].value if self.bad else ""
        return "\n" in text and text.count('"') % 2 == 1

    def _unended(self) -> InputError:
        return InputError(
            _("a quotation mark opens a value that does not end"),
            where=_("{file}, row {row}", file=self.path.name, row=f"{self.next:,}"),
            advice=_("close the quotation mark, or double it if it belongs to the value"),
            kept=_("nothing was imported"),
        )

    def _tell(self, stream: Transcoded) -> None:
        told: list[Message] = []
        if stream.nulls:
            told.append(_n("{number} null byte was left out", "{number} null bytes were left out", stream.nulls))
        if stream.strays:
            told.append(
                _n(
                    "{number} byte was no UTF-8 and was read as Windows-1252",
                    "{number} bytes were no UTF-8 and were read as Windows-1252",
                    stream.strays,
                )
            )
        self.notes.extend(each for each in told if each not in self.notes)


class Transcoded(io.RawIOBase):
    """The file in UTF-8, without mark, null bytes and end marks; counts what it left out or took for something else."""

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__()
        self.text = letters.open_text(path, encoding)
        self.pending = b""
        self.nulls = self.strays = 0
        self.tail = ""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self.pending:
            before = letters.stray
            text = self.text.read(size if size > 0 else 1 << 22)
            self.strays += letters.stray - before
            if not text:
                return b""
            if "\0" in text:
                self.nulls += text.count("\0")
                text = text.replace("\0", "")
            text = text.replace("\x1a", "")
            self.tail = (self.tail + text)[-64:]
            self.pending = text.encode("utf-8", "replace")
        part, self.pending = (self.pending, b"") if size < 0 else (self.pending[:size], self.pending[size:])
        return part

    def close(self) -> None:
        """Close the file too."""
        self.text.close()
        super().close()


def open_text_table(path: Path, told: Options) -> TextTable:
    """Find out how a text file is to be read.

    Raises:
        InputError: it holds nothing, or is no text.
    """
    samples = letters.windows(path)
    if not samples[0].strip():
        raise InputError(_("the file is empty"), where=path.name)
    encoding = told.encoding or letters.find_encoding(samples)
    lines = sample_lines(path, encoding)
    _refuse_binary(path, lines)
    delimiter, named_first = find_delimiter(lines)
    delimiter = told.delimiter or delimiter
    rows = list(itertools.islice(records(path, encoding, delimiter), LOOKED_AT))
    if named_first:
        rows = rows[1:]
    heading = told.header if told.header is not None else find_heading_row(rows)
    cells = next((row for number, row in rows if number == heading), [])
    below = [len(row) for number, row in rows if number > heading]
    width = max(len(cells), max(set(below), key=below.count)) if below else len(cells)
    skipped = [number for number, _row in rows if number < heading]
    notes = [_("the headings stand in row {row}; what is above was left out", row=heading)] if skipped else []
    if not heading:
        notes.append(_("no row names the columns (--header says which one does)"))
    options = replace(told, encoding=encoding, delimiter=delimiter, header=heading)
    first = heading + 1 if heading else (2 if named_first else 1)
    return TextTable(path, "csv", options, named(cells, width), notes, width=width, first=first)


def _refuse_binary(path: Path, lines: list[str]) -> None:
    text = "".join(lines[:20])[:4000]
    odd = sum(unicodedata.category(each) == "Cc" and each not in "\t\r\n\f" for each in text)
    if odd > len(text) / 10:
        raise InputError(
            _("this is no text file"),
            where=path.name,
            advice=_("files may be CSV, XLSX, Parquet or JSON; was it packed or encrypted?"),
        )
