from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.datastructures import QueryParams

from convenio.core.errors import InputError
from convenio.core.words import Message, speaking
from convenio.web.download import defused, download
from convenio.web.table import ArrowRows, Column, ListRows, read_query, table

COLUMNS = (
    Column("name", Message("Name"), scope_row=True),
    Column("amount", Message("Amount"), "number"),
    Column("day", Message("Day"), "date"),
    Column("kind", Message("Kind"), "code", choices=[("a", "first"), ("b", "second")]),
)
ROWS = [
    {"name": name, "amount": amount, "day": dt.date(2021, 10, day), "kind": kind}
    for name, amount, day, kind in [
        ("Ana", 3.0, 1, "a"),
        ("ñandú", -2.5, 2, "b"),
        ("=1+1", 10.0, 3, "a"),
        ("Zoé", None, 4, "b"),
    ]
]


@pytest.fixture(params=["list", "arrow", "parquet"])
def rows(request, tmp_path):
    if request.param == "list":
        return ListRows(ROWS)
    held = pa.Table.from_pylist(ROWS)
    if request.param == "arrow":
        return ArrowRows(held)
    pq.write_table(held, tmp_path / "it's.parquet")
    return ArrowRows(tmp_path / "it's.parquet")


def names(rows, text: str) -> list[str]:
    query = read_query(QueryParams(text), COLUMNS, path="/t")
    return [each["name"] for each in table(rows, COLUMNS, query, title=Message("t")).slice.rows]


def test_sorting_filtering_and_searching_are_the_same_wherever_rows_come_from(rows):
    assert names(rows, "sort=amount")[:3] == ["ñandú", "Ana", "=1+1"]
    assert names(rows, "sort=-amount")[0] in {"=1+1", "Zoé"}
    assert names(rows, "f.kind=b") == ["ñandú", "Zoé"]
    assert names(rows, "f.amount.min=0&f.amount.max=5") == ["Ana"]
    assert names(rows, "f.day.min=2021-10-03") == ["=1+1", "Zoé"]
    assert names(rows, "q=AN") == ["Ana", "ñandú"]


def test_nothing_in_a_filter_is_read_as_a_query(rows):
    assert names(rows, "f.name='; DROP TABLE held; --") == []
    assert names(rows, 'sort=name"; DROP TABLE held') == [each["name"] for each in ROWS]
    assert len(names(rows, "")) == 4


def test_a_page_past_the_end_is_the_last(rows):
    query = read_query(QueryParams("page=99&size=3"), COLUMNS, path="/t")
    shown = table(rows, COLUMNS, query, title=Message("t"))
    assert (shown.query.page, shown.first, shown.last, shown.pages) == (2, 4, 4, 2)


def test_the_address_of_a_view_gives_the_same_view_again(rows):
    query = read_query(QueryParams("f.kind=b&sort=-name&other=kept"), COLUMNS, path="/t")
    again = read_query(QueryParams(query.address().partition("?")[2]), COLUMNS, path="/t")
    assert again == query


def test_a_filter_takes_no_million_values():
    with pytest.raises(InputError, match="at most"):
        read_query(QueryParams([("f.name", "x")] * 1_001), COLUMNS)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_download_is_the_whole_table_marked_and_without_formulas(rows, form):
    query = read_query(QueryParams("f.kind=a"), COLUMNS, path="/t")
    answer = download(form, rows, COLUMNS, query, name='a/b"\r\nx', mark="receipt-7")
    assert answer.headers["content-disposition"].count('"') == 2
    body = b"".join(_parts(answer))
    if form == "csv":
        lines = body.decode("utf-8-sig").split("\r\n")
        assert lines[0] == "Name,Amount,Day,Kind,convenio_receipt"
        assert lines[2].startswith("'=1+1,")
        assert all(line.endswith("receipt-7") for line in lines[1:3])
    elif form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).active
        assert sheet["A3"].value == "=1+1"
        assert sheet["A3"].data_type == "s"
        assert sheet["E3"].value == "receipt-7"
    else:
        held = pq.read_table(io.BytesIO(body))
        assert held["name"].to_pylist() == ["Ana", "=1+1"]
        assert held.schema.metadata[b"convenio_receipt"] == b"receipt-7"


def _parts(answer):
    import asyncio

    if not hasattr(answer, "body_iterator"):
        return [answer.body]

    async def gather():
        return [each.encode() if isinstance(each, str) else each async for each in answer.body_iterator]

    return asyncio.run(gather())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert defused(text) == "'" + text


def test_words_are_found_in_the_language_they_are_read_in():
    rows = ListRows([{"claim": {"en": "two names", "es": "dos nombres"}}])
    columns = (Column("claim", Message("Claim"), "words"),)
    query = read_query(QueryParams("q=dos"), columns)
    with speaking("es"):
        assert rows.slice(query, columns).total == 1
    with speaking("en"):
        assert rows.slice(query, columns).total == 0
