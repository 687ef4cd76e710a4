"""Files as records: types, conventions, rows set aside, mappings."""

import datetime as dt
from typing import Literal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenio.core.errors import InputError
from convenio.core.record import RecordType, column
from convenio.core.words import _
from convenio.entities.people import PersonRow
from convenio.files import mapping as maps
from convenio.files.once import Once
from convenio.files.options import Options
from convenio.files.reading import open_reading
from convenio.files.writing import write


class Weighed(RecordType):
    type_name = "weighed"
    title = _("Record")
    id: int = column(_("Record"), aliases=("folio",))
    day: dt.date | None = column(_("Birth date"), aliases=("fecha",), default=None)
    weight: float | None = column(_("Name"), aliases=("peso",), default=None, ge=0, le=500)
    kind: Literal["a", "b"] = column(_("Sex"), aliases=("tipo",), default="a")
    sealed: bool | None = column(_("CURP"), aliases=("sellado",), default=None)


def read(tmp_path, text, record=Weighed, **more):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return open_reading(path, record, **more)


def test_headings_in_spanish_serve(tmp_path):
    text = "Folio,Nombre,Apellido paterno,FECHA DE NACIMIENTO\n1,Ana,Ruiz,1984-04-03\n"
    row = read(tmp_path, text, PersonRow).table().to_pylist()[0]
    assert (row["given"], row["paterno"], row["birth_date"]) == ("Ana", "Ruiz", dt.date(1984, 4, 3)) or row[
        "name"
    ] == "Ana"


def test_a_name_in_one_piece_is_the_name(tmp_path):
    assert read(tmp_path, "Folio,Nombre\n1,Ana Ruiz\n", PersonRow).table().to_pylist()[0]["name"] == "Ana Ruiz"


def test_each_row_that_does_not_fit_says_where_and_why(tmp_path):
    text = "folio,fecha,peso,tipo\n1,2000-02-31,5,a\nx,,5,a\n,,5,a\n4,,-1,a\n5,,5,c\n6,2000-02-29,,b\n,,,\n"
    reading = read(tmp_path, text)
    assert reading.table().column("id").to_pylist() == [6]
    told = [(each.row, each.column, str(each.why)) for each in reading.problems]
    assert told == [
        (2, "fecha", "2000-02-31: that day does not exist"),
        (3, "folio", "x is no number"),
        (4, "folio", "folio is empty"),
        (5, "peso", "-1 is below 0"),
        (6, "tipo", "c is none of 'a' or 'b'"),
    ]
    assert (reading.rows, reading.set_aside) == (1, 5)


def test_strict_stops_at_the_first_and_imports_nothing(tmp_path):
    with pytest.raises(InputError) as told:
        read(tmp_path, "folio,peso\n1,5\n2,x\n3,y\n", strict=True).table()
    assert str(told.value).splitlines() == [
        "convenio: file.csv, row 3, column peso: x is no number",
        "advice: write digits, or leave the cell empty if unknown",
        "nothing was imported",
    ]


def test_ambiguous_dates_are_asked_for_and_then_read(tmp_path):
    text = "folio,fecha\n1,03/04/2022\n2,05/06/2022\n"
    with pytest.raises(InputError, match="can be two dates") as told:
        read(tmp_path, text)
    assert "--date-order" in str(told.value)
    days = {
        order: read(tmp_path, text, options=Options(date_order=order)).table().column("day").to_pylist()[0]
        for order in ("dmy", "mdy")
    }
    assert days == {"dmy": dt.date(2022, 4, 3), "mdy": dt.date(2022, 3, 4)}


def test_one_telling_date_late_in_the_file_settles_all(tmp_path):
    lines = "".join(f"{n},03/04/2022\n" for n in range(20_000))
    table = read(tmp_path, f"folio,fecha\n{lines}20000,13/04/2022\n").table()
    assert table.column("day")[0].as_py() == dt.date(2022, 4, 3)


def test_two_orders_in_one_column_are_refused(tmp_path):
    with pytest.raises(InputError, match="two orders"):
        read(tmp_path, "folio,fecha\n1,13/04/2022\n2,04/13/2022\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.5", 1234.5), ('"1,5"', 1.5), ('"1.234,5"', 1234.5), ("$ 12.50", 12.5), ("1e2", 100.0), ("(3.5)", -3.5)],
)
def test_numbers_as_both_countries_write_them(tmp_path, text, expected):
    class Free(Weighed):
        weight: float | None = column(_("Name"), aliases=("peso",), default=None)

    quoted = text if text.startswith('"') else f'"{text}"'
    assert read(tmp_path, f"folio,peso\n1,{quoted}\n", Free).table().column("weight").to_pylist() == [expected]


def test_a_number_that_reads_both_ways_in_a_semicolon_file_is_asked_for(tmp_path):
    with pytest.raises(InputError, match="two numbers"):
        read(tmp_path, "folio;peso\n1;1,234\n2;5\n")
    made = read(tmp_path, "folio;peso\n1;1,234\n2;5\n", options=Options(decimal="comma")).table()
    assert made.column("weight").to_pylist() == [1.234, 5.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-abr-1984", dt.date(1984, 4, 3)),
        ("3 de abril de 1984", dt.date(1984, 4, 3)),
        ("April 3, 1984", dt.date(1984, 4, 3)),
        ("19840403", dt.date(1984, 4, 3)),
        ("1984-W14", dt.date(1984, 4, 2)),
        ("1984-04-03 00:00:00", dt.date(1984, 4, 3)),
        ("25/12/1984", dt.date(1984, 12, 25)),
    ],
)
def test_dates_as_people_write_them(tmp_path, text, expected):
    assert read(tmp_path, f'folio,fecha\n1,"{text}"\n').table().column("day").to_pylist() == [expected]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2021-W53", "week 2021-W53 does not exist"),
        ("30774", "day number"),
        ("1984-13-01", "no month 13"),
        ("25/12/84", "two digits"),
        ("soon", "soon is no date"),
    ],
)
def test_dates_that_are_none_say_why(tmp_path, text, why):
    reading = read(tmp_path, f"folio,fecha\n1,{text}\n2,1984-04-03\n")
    reading.table()
    assert why in str(reading.problems[0].why)


def test_marks_that_turn_text_around_are_taken_out(tmp_path):
    table = read(tmp_path, "id,name\n1,\u202eAna\u202c \u200f\n2,\u200b\n", PersonRow).table()
    assert table.column("name").to_pylist() == ["Ana", None]


def test_a_saved_mapping_serves_again_and_is_refused_for_another_file(tmp_path):
    first = read(tmp_path, "clave,kilos\n1,5\n", told={"id": "clave", "weight": "kilos"})
    saved = tmp_path / "m.json"
    first.mapping.save(saved)
    again = read(tmp_path, "kilos,clave,otra\n6,2,x\n", saved=saved)
    assert again.table().to_pylist()[0]["weight"] == 6.0
    assert "otra" in str(again.notes[0])
    with pytest.raises(InputError, match=r"another file.*kilos"):
        read(tmp_path, "clave,libras\n1,5\n", saved=saved)
    with pytest.raises(InputError, match="not for person"):
        read(tmp_path, "clave,kilos\n1,5\n", PersonRow, saved=saved)


def test_a_mapping_beside_the_file_is_used_by_itself(tmp_path):
    reading = read(tmp_path, "clave,kilos\n1,5\n", told={"id": "clave", "weight": "kilos"})
    reading.mapping.save(maps.beside(tmp_path / "file.csv"))
    assert read(tmp_path, "clave,kilos\n7,5\n").table().column("id").to_pylist() == [7]


@pytest.mark.parametrize("text", ["{}", "no json", '{"convenio_mapping": 99, "record_type": "x"}', "[]"])
def test_a_damaged_mapping_is_refused(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(InputError):
        read(tmp_path, "folio\n1\n", saved=tmp_path / "m.json")


def test_a_needed_column_that_is_missing_is_named_with_what_is_there(tmp_path):
    with pytest.raises(InputError, match="no column of this file is id") as told:
        read(tmp_path, "clave,kilos\n1,5\n")
    assert "clave, kilos" in str(told.value)
    with pytest.raises(InputError, match="no column peso"):
        read(tmp_path, "clave\n1\n", told={"id": "peso"})
    with pytest.raises(InputError, match="has no column nada"):
        read(tmp_path, "clave\n1\n", told={"nada": "clave"})


def test_a_file_of_which_nothing_fits_or_that_ends_after_its_headings_is_refused(tmp_path):
    with pytest.raises(InputError, match="no row of this file fits"):
        read(tmp_path, "folio\nx\n").table()
    with pytest.raises(InputError, match="holds no rows"):
        read(tmp_path, "folio,peso\n").table()


def test_parquet_columns_are_cast_or_read_as_text(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"folio": pa.array([1, 2], pa.int32()), "fecha": ["2001-02-03", "31/31/2001"]}), path)
    reading = open_reading(path, Weighed)
    assert reading.table().to_pylist()[0]["day"] == dt.date(2001, 2, 3)
    assert [each.row for each in reading.problems] == [2]


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.dates(), st.text(max_size=20)), min_size=1, max_size=20))
def test_what_is_written_reads_back(tmp_path_factory, rows):
    class Free(RecordType):
        type_name = "free"
        title = _("Record")
        id: int = column(_("Record"))
        day: dt.date = column(_("Birth date"))
        name: str | None = column(_("Name"), default=None)

    folder = tmp_path_factory.mktemp("round")
    table = pa.Table.from_pylist(
        [{"id": number, "day": day, "name": name} for number, day, name in rows], schema=Free.arrow_schema()
    )
    write([table], table.schema, folder / "a.parquet")
    again = open_reading(folder / "a.parquet", Free).table()
    assert again.select(["id", "day"]).equals(table.select(["id", "day"]))
    write([table.select(["id", "day"])], Free.arrow_schema().remove(2), folder / "a.csv")
    read_csv = open_reading(folder / "a.csv", Free, options=Options(decimal="point")).table()
    assert read_csv.column("day").to_pylist() == [row[1] for row in rows]
    assert read_csv.column("id").to_pylist() == [row[0] for row in rows]


def test_a_row_with_two_faults_counts_once_and_many_misfits_stay_cheap(tmp_path):
    book = openpyxl.Workbook()
    for row in (["folio", "fecha", "peso"], ["x", "#N/A", 5], [2, None, 7], [3, "2000-02-31", "y"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = open_reading(tmp_path / "a.xlsx", Weighed)
    assert reading.table().column("id").to_pylist() == [2]
    assert (reading.rows, reading.set_aside) == (1, 2)
    lines = "".join(f"{n},1,2,3\n" if n % 2 else f"{n},,5\n" for n in range(60_000))
    many = read(tmp_path, f"folio,fecha,peso\n{lines}")
    assert many.table().num_rows == 30_000
    assert many.set_aside == 30_000
    assert len(many.problems) == 10_000


def test_a_record_that_repeats_another_is_set_aside_and_names_it(tmp_path):
    text = "Folio,Nombre\n1,Ana\n,Luis\n2,Eva\n 1 ,Ana\n1,Ana\n"
    reading = read(tmp_path, text, PersonRow, once=Once("record_id"))
    assert reading.table().column("name").to_pylist() == ["Ana", "Eva"]
    assert [(each.row, str(each.why)) for each in reading.problems] == [
        (3, "the record has no identifier"),
        (5, "the record 1 stands in row 2 already"),
        (6, "the record 1 stands in row 2 already"),
    ]
    assert "--map record_id=" in str(reading.problems[0].advice)
    with pytest.raises(InputError, match="row 3"):
        read(tmp_path, text, PersonRow, once=Once("record_id"), strict=True).table()
    without = read(tmp_path, text, PersonRow, once=Once("record_id"), told={"record_id": ""})
    assert without.table().num_rows == 5


def test_a_row_that_is_set_aside_does_not_stand_in_the_way_of_the_next(tmp_path):
    text = "Folio,fecha de nacimiento\n1,31/02/1990\n1,28/02/1990\n"
    assert read(tmp_path, text, PersonRow, once=Once("record_id")).table().num_rows == 1


def test_a_look_remembers_no_more_values_than_it_may(tmp_path):
    once = Once("record_id", 2)
    rows = "".join(f"{each},Ana\n" for each in range(70_000))
    reading = read(tmp_path, "Folio,Nombre\n" + rows, PersonRow, once=once)
    assert reading.table().num_rows == 70_000
    assert once.full


def test_what_the_user_says_goes_before_a_saved_mapping_and_keeps_the_rest(tmp_path):
    text = "a,fecha de nacimiento,otro\nAna,03/04/1990,Eva\n"
    first = read(tmp_path, text, PersonRow, told={"name": "a"}, options=Options(date_order="mdy"))
    first.mapping.save(maps.beside(tmp_path / "file.csv"))
    row = read(tmp_path, text, PersonRow, told={"given": "a", "paterno": "otro"}).table().to_pylist()[0]
    assert (row["name"], row["given"], row["paterno"]) == (None, "Ana", "Eva")
    assert row["birth_date"] == dt.date(1990, 3, 4)
    with pytest.raises(InputError, match="no column nada"):
        read(tmp_path, text, PersonRow, told={"given": "nada"})


def test_a_mapping_that_no_longer_fits_can_be_made_anew(tmp_path):
    read(tmp_path, "a\nAna\n", PersonRow, told={"name": "a"}).mapping.save(maps.beside(tmp_path / "file.csv"))
    with pytest.raises(InputError, match="for another file"):
        read(tmp_path, "nombre\nAna\n", PersonRow)
    reading = read(tmp_path, "nombre\nAna\n", PersonRow, anew=True)
    assert reading.table().column("name").to_pylist() == ["Ana"]
    assert "made anew" in str(reading.notes[0])
