"""Tables as files: CSV that no spreadsheet runs as formulas, XLSX, Parquet; each marked for the one who took it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from fastapi.responses import Response, StreamingResponse

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.web.security import file_name
from convenio.web.table import Column, Query, Rows

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "convenio_receipt"
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
SHEET_ROWS = 1_048_575


def download(
    form: str, rows: Rows, columns: Sequence[Column], query: Query, *, name: str, mark: str | None = None
) -> Response:
    """All rows that pass the table's filters, as a file.

    Args:
        form: csv, xlsx or parquet.
        rows: where they come from.
        columns: which columns, with their headings.
        query: filters and order.
        name: the file's name without its ending.
        mark: for person-level rows, the receipt that this copy answers to: it stands in a column of its own.

    Raises:
        InputError: the form is none of the three, or a sheet cannot hold so many rows.
    """
    if form not in KINDS:
        raise InputError(_("tables come as {forms}, not {form}", forms=", ".join(KINDS), form=form))
    table = rows.whole(query, columns)
    if mark is not None:
        table = table.append_column(MARK, pa.array([mark] * table.num_rows, pa.string()))
    title = f"{file_name(name, 'table')}.{form}"
    headers = {"content-disposition": f'attachment; filename="{title}"'}
    if form == "parquet":
        return Response(_parquet(table, mark), media_type=KINDS[form], headers=headers)
    headings = [str(each.title) for each in columns] + ([MARK] if mark is not None else [])
    if form == "xlsx":
        return Response(_xlsx(table, headings), media_type=KINDS[form], headers=headers)
    return StreamingResponse(_csv(table, headings), media_type=KINDS[form], headers=headers)


def defused(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with the apostrophe that makes it a text again."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value


def _csv(table: pa.Table, headings: Sequence[str]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defused(each) for each in headings])
    yield "\ufeff"
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow([defused(each) for each in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _xlsx(table: pa.Table, headings: Sequence[str]) -> bytes:
    if table.num_rows > SHEET_ROWS:
        raise InputError(
            _("a sheet holds at most {limit} rows", limit=SHEET_ROWS),
            advice=_("filter the table, or take it as CSV or Parquet"),
        )
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet()

    def cell(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            value = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        if not isinstance(value, str):
            return value
        held = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
        held.data_type = "s"
        return held

    sheet.append([cell(each) for each in headings])
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append([cell(each) for each in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(table: pa.Table, mark: str | None) -> bytes:
    import pyarrow.parquet as pq

    if mark is not None:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), MARK.encode(): mark.encode()})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
