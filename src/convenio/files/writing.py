"""Write tables: CSV that no spreadsheet runs as formulas, XLSX, Parquet, JSON. Whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _

FORMS = ("csv", "xlsx", "parquet", "json", "html")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_ROWS = 1_048_575
CELL = 32_767


def form_of(path: Path) -> str:
    """The form that a file's name asks for.

    Raises:
        InputError: its ending is none we write.
    """
    form = path.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise InputError(
            _("tables are not written as {form}", form=path.suffix or path.name),
            where=str(path),
            advice=_("end the name in one of: {forms}", forms=", ".join(f".{each}" for each in FORMS)),
        )
    return form


def write(tables: Iterable[pa.Table], schema: pa.Schema, path: Path, *, about: Mapping[str, Any] | None = None) -> int:
    """Write tables of one schema as one file.

    Args:
        tables: written as they come.
        schema: their schema.
        path: the file; its ending says the form: .csv, .xlsx, .parquet, .json.
        about: what stands beside the rows in JSON.

    Returns:
        How many rows were written.

    Raises:
        InputError: the form is not known, or a worksheet cannot hold so many rows.
        ConvenioError: the disk did not take it; nothing is left.
    """
    writer = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}.get(form_of(path))
    count = 0

    def counted() -> Iterator[pa.Table]:
        nonlocal count
        for each in tables:
            count += each.num_rows
            yield each

    with whole(path) as part:
        if writer is not None:
            writer(counted(), schema, part)
        else:
            with part.open("w", encoding="utf-8") as file:
                for piece in json_pieces(counted(), about or {}):
                    file.write(piece)
    return count


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when the block ends, and is gone when it raises."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise ConvenioError(
            _("the file could not be written: {why}", why=error.strerror or str(error)),
            where=str(path),
            advice=_("is the disk full, or the folder not yours?"),
            kept=_("nothing was written"),
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def defused(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with the apostrophe that makes it a text again."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _cells(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _csv(tables: Iterable[pa.Table], schema: pa.Schema, part: Path) -> None:
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([defused(name) for name in schema.names])
        for table in tables:
            writer.writerows([defused(_flat(value)) for value in row] for row in _cells(table))


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(str(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _xlsx(tables: Iterable[pa.Table], schema: pa.Schema, part: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet()

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            value = _flat(value)
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if not isinstance(value, str):
            return value
        held = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:CELL])
        held.data_type = "s"
        return held

    sheet.append([cell(name) for name in schema.names])
    count = 0
    for table in tables:
        count += table.num_rows
        if count > SHEET_ROWS:
            raise InputError(
                _("a worksheet holds at most {limit} rows", limit=f"{SHEET_ROWS:,}"),
                advice=_("write CSV or Parquet"),
                kept=_("nothing was written"),
            )
        for row in _cells(table):
            sheet.append([cell(value) for value in row])
    book.save(part)


def _parquet(tables: Iterable[pa.Table], schema: pa.Schema, part: Path) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)


def plain_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as JSON values: dates in ISO 8601, what is no number as null."""
    for row in table.to_pylist():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.hex() if isinstance(value, bytes) else value


def json_pieces(tables: Iterable[pa.Table], about: Mapping[str, Any]) -> Iterator[str]:
    """A JSON document with what is told about the rows, then `rows`, piece by piece."""
    head = json.dumps(dict(about), ensure_ascii=False, indent=2, default=str)
    yield (head[:-2] + ",\n" if about else "{\n") + '  "rows": ['
    first = True
    for table in tables:
        for row in plain_rows(table):
            yield ("\n    " if first else ",\n    ") + json.dumps(row, ensure_ascii=False, default=str)
            first = False
    yield "]\n}\n" if first else "\n  ]\n}\n"
