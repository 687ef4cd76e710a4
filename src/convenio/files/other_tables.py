"""Worksheets, Parquet and JSON, opened the same way as text files."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.opened import CHUNK, LOOKED_AT, Chunk, Opened, chunk_of, find_heading_row, named
from convenio.files.options import Options
from convenio.files.problem import Problem, shown
from convenio.files.spreadsheet import Sheet, column_letter, open_sheet, sheet_rows

BLOCK = 1 << 20


@dataclass
class SheetTable(Opened):
    """A worksheet."""

    sheet: Sheet = field(default=None)  # type: ignore[assignment]

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows below the headings."""
        wanted = list(columns or self.headings)
        held: list[tuple[int, list[str]]] = []
        letters = {column_letter(at): name for at, name in enumerate(self.headings)}
        for number, row in sheet_rows(self.sheet):
            while self.sheet.problems:
                problem = self.sheet.problems.pop(0)
                if problem.row > (self.options.header or 0):
                    self.problems.append(replace(problem, column=letters.get(problem.column, problem.column)))
            if number <= (self.options.header or 0):
                continue
            if any(row[len(self.headings) :]):
                self.problems.append(_too_wide(number, row, len(self.headings)))
                continue
            held.append((number, (row + [""] * len(self.headings))[: len(self.headings)]))
            if len(held) == CHUNK:
                yield _chosen(chunk_of(held, self.headings), wanted)
                held = []
        if held:
            yield _chosen(chunk_of(held, self.headings), wanted)


def _too_wide(number: int, row: list[str], width: int) -> Problem:
    return Problem(
        number,
        "",
        shown(" | ".join(row)),
        _("{found} values, where the headings are {wanted}", found=len(row), wanted=width),
        _("give every column a heading"),
    )


def _chosen(chunk: Chunk, wanted: list[str]) -> Chunk:
    return Chunk(chunk.rows, chunk.table.select(wanted))


def open_sheet_table(path: Path, told: Options) -> SheetTable:
    """Find out how a worksheet is to be read."""
    sheet = open_sheet(path, told.sheet)
    rows = list(itertools.islice(sheet_rows(sheet), LOOKED_AT))
    sheet.problems.clear()
    heading = told.header if told.header is not None else find_heading_row(rows)
    cells = next((row for number, row in rows if number == heading), [])
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    widest = max(
        (len(row) - next((at for at, cell in enumerate(reversed(row)) if cell), 0) for _n, row in rows), default=0
    )
    options = replace(told, header=heading, sheet=sheet.name)
    return SheetTable(path, "xlsx", options, named(cells, len(cells) or widest), list(sheet.notes), sheet=sheet)


@dataclass
class ParquetTable(Opened):
    """A Parquet file."""

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Row groups in batches, columns in the types they bear; rows are numbered from 1."""
        start = 1
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=1 << 16, columns=list(columns or self.headings)):
                yield Chunk(pa.array(range(start, start + batch.num_rows), pa.int64()), pa.Table.from_batches([batch]))
                start += batch.num_rows


def open_parquet_table(path: Path, told: Options) -> ParquetTable:
    """Open a Parquet file.

    Raises:
        InputError: it is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            headings = list(file.schema_arrow.names)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            _("this is no readable Parquet file: {why}", why=str(error).splitlines()[0]), where=path.name
        ) from error
    return ParquetTable(path, "parquet", replace(told, header=0), headings)


@dataclass
class JsonTable(Opened):
    """A JSON array of objects, or one object per line."""

    def chunks(self, columns: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The objects, numbered from 1."""
        wanted = list(columns or self.headings)
        known = set(self.headings)
        held: list[tuple[int, list[str]]] = []
        for number, value in enumerate(_objects(self.path), start=1):
            if not isinstance(value, dict):
                self.problems.append(
                    Problem(number, "", shown(json.dumps(value)), _("this is no object with names"), None)
                )
                continue
            for new in value.keys() - known:
                known.add(new)
                self.notes.append(_("{name} first occurs in row {row}: it was left out", name=new, row=f"{number:,}"))
            held.append((number, [_text(value.get(name)) for name in wanted]))
            if len(held) == CHUNK:
                yield chunk_of(held, wanted)
                held = []
        if held:
            yield chunk_of(held, wanted)


def open_json_table(path: Path, told: Options) -> JsonTable:
    """Find the names that a JSON file's objects bear.

    Raises:
        InputError: it is no JSON.
    """
    names: dict[str, None] = {}
    for value in itertools.islice(_objects(path), 1000):
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
    if not names:
        raise InputError(
            _("no objects with names were found"),
            where=path.name,
            advice=_("a JSON file is a list of objects, or one object per line"),
        )
    return JsonTable(path, "json", replace(told, header=0, encoding="utf-8"), list(names))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "|".join(_text(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def _objects(path: Path) -> Iterator[Any]:
    """Values of a JSON array or of JSON lines, read as they come; a document with `rows` gives those."""
    decoder = json.JSONDecoder()
    with path.open("r", encoding="utf-8-sig", errors="replace") as file:
        text, at, opened, ended = "", 0, False, False
        while True:
            while at < len(text) and text[at] in " \r\n\t,":
                at += 1
            if not opened and at < len(text):
                opened = True
                if text[at] == "[":
                    at += 1
                    continue
            if at < len(text) and text[at] == "]":
                return
            try:
                value, end = decoder.raw_decode(text, at)
                if end == len(text) and not ended:
                    raise json.JSONDecodeError("cut", text, end)
            except json.JSONDecodeError as error:
                block = file.read(max(BLOCK, len(text) - at))
                if not block:
                    if at >= len(text):
                        return
                    if ended:
                        raise _no_json(path, error) from error
                    ended = True
                    continue
                text, at = text[at:] + block, 0
                continue
            at = end
            if isinstance(value, dict) and isinstance(value.get("rows"), list):
                yield from value["rows"]
            else:
                yield value


def _no_json(path: Path, error: json.JSONDecodeError) -> InputError:
    return InputError(
        _("this is no JSON: {why}", why=error.msg),
        where=path.name,
        advice=_("a JSON file is a list of objects, or one object per line"),
        kept=_("nothing was imported"),
    )
