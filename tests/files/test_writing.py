"""Results as files: safe to open, whole or not there."""

import csv
import datetime as dt
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _, speaking
from convenio.files.report import Report, Section, html_report
from convenio.files.templates import write_template
from convenio.files.types import record_type
from convenio.files.writing import write

TABLE = pa.table(
    {
        "name": ["=HYPERLINK(1)", "Ana", None],
        "day": [dt.date(2021, 10, 6), None, None],
        "score": [1.5, float("nan"), None],
        "list": [["a", "b"], [], None],
    }
)


def test_no_spreadsheet_runs_what_a_csv_holds(tmp_path):
    write([TABLE], TABLE.schema, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["'=HYPERLINK(1)", "2021-10-06", "1.5", "a|b"]


def test_a_workbook_holds_texts_as_texts(tmp_path):
    write([TABLE], TABLE.schema, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["A2"].data_type == "s"
    assert sheet["C3"].value is None


def test_json_is_json_and_parquet_keeps_types(tmp_path):
    assert write([TABLE, TABLE], TABLE.schema, tmp_path / "a.json", about={"method": "m"}) == 6
    told = json.loads((tmp_path / "a.json").read_text())
    assert told["method"] == "m"
    assert told["rows"][1]["score"] is None
    assert len(told["rows"]) == 6
    write([TABLE], TABLE.schema, tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet").schema.equals(TABLE.schema)


def test_what_breaks_half_way_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("before")

    def broken():
        yield TABLE
        raise InputError(_("the file is empty"))

    with pytest.raises(InputError):
        write(broken(), TABLE.schema, path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_form_we_do_not_write_is_refused(tmp_path):
    with pytest.raises(InputError, match="pdf"):
        write([TABLE], TABLE.schema, tmp_path / "a.pdf")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConvenioError, match="could not be written"):
        write([TABLE], TABLE.schema, tmp_path / "file" / "a.csv")


def test_a_report_is_one_page_that_loads_nothing_and_escapes_everything():
    table = pa.table({"name": ["<script>alert(1)</script>"], "why_en": ["because"], "why_es": ["porque"]})
    made = {}
    for language in ("en", "es"):
        with speaking(language):
            made[language] = html_report(Report(title=_("Records"), sections=[Section(_("Records"), table)]))
    assert "<script" not in made["en"]
    assert "&lt;script&gt;" in made["en"]
    assert "because" in made["en"]
    assert "porque" not in made["en"]
    assert "porque" in made["es"]
    assert 'lang="es"' in made["es"]
    assert "http" not in made["en"].replace("http-equiv", "")
    assert "default-src 'none'" in made["en"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_template_reads_back_as_what_it_is_for(tmp_path, language, ending):
    from convenio.files.reading import open_reading

    with speaking(language):
        write_template(record_type("person"), tmp_path / f"t.{ending}")
    row = open_reading(tmp_path / f"t.{ending}", record_type("person")).table().to_pylist()[0]
    assert row["name"] == "María Elena Torres Salas"
    assert row["birth_date"] == dt.date(1984, 4, 3)
