"""Files as they come: every form, encoding and accident that the day brings."""

import gc
import json
import warnings
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convenio.core.errors import InputError, NotFound
from convenio.files.look import look
from convenio.files.opening import open_file
from convenio.files.options import Options


def rows(path, **options):
    """Every row by its number, and the opened file."""
    opened = open_file(path, Options(**options))
    found = {}
    for chunk in opened.chunks():
        found.update(zip(chunk.rows.to_pylist(), chunk.table.to_pylist(), strict=True))
    return found, opened


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "mac_roman"])
def test_the_encoding_is_found_out(tmp_path, encoding):
    text = "folio;nombre\n" + "".join(f"{n};José Núñez Peña {n}\n" for n in range(40))
    found, opened = rows(write(tmp_path / "a.csv", text.encode(encoding)))
    assert found[2]["nombre"] == "José Núñez Peña 0", opened.options.encoding
    assert opened.options.delimiter == ";"


def test_mixed_encodings_are_read_and_counted(tmp_path):
    content = b"folio,nombre\n" + "1,José\n".encode() * 20 + "2,Núñez\n".encode("cp1252")
    found, opened = rows(write(tmp_path / "a.csv", content))
    assert found[22]["nombre"] == "Núñez"
    assert [str(each) for each in opened.notes] == ["2 bytes were no UTF-8 and were read as Windows-1252"]


def test_null_bytes_and_end_marks_are_left_out_and_told(tmp_path):
    found, opened = rows(write(tmp_path / "a.csv", b"a,b\n1,x\0y\n2,z\n\x1a"))
    assert found[2] == {"a": "1", "b": "xy"}
    assert any("1 null byte" in str(each) for each in opened.notes)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    text = "\n".join(delimiter.join(row) for row in (["name", "city"], ["Ana, María", "León"], ["Eva", "Taxco"]))
    text = text if delimiter != "," else 'name,city\n"Ana, María",León\nEva,Taxco'
    found, opened = rows(write(tmp_path / "a.csv", text))
    assert opened.options.delimiter == delimiter
    assert found[2]["name"] == "Ana, María"


def test_one_column_is_a_table_too(tmp_path):
    found, opened = rows(write(tmp_path / "a.csv", "curp\nA\n\nB\n"))
    assert opened.headings == ["curp"]
    assert {number: row["curp"] for number, row in found.items() if row["curp"]} == {2: "A", 4: "B"}


def test_title_lines_above_the_headings_are_left_out(tmp_path):
    text = "Padrón 2021\n\nfolio,nombre,sexo\n1,Ana,F\n2,Eva,F\n"
    found, opened = rows(write(tmp_path / "a.csv", text))
    assert opened.options.header == 3
    assert found[4]["nombre"] == "Ana"
    assert "row 3" in str(opened.notes[0])


def test_a_file_without_headings_says_so(tmp_path):
    found, opened = rows(write(tmp_path / "a.csv", "1,Ana,2001-02-03\n2,Eva,2001-02-04\n"))
    assert opened.options.header == 0
    assert found[1] == {"column A": "1", "column B": "Ana", "column C": "2001-02-03"}


def test_headings_that_repeat_are_numbered(tmp_path):
    _found, opened = rows(write(tmp_path / "a.csv", "name,name,,name\na,b,c,d\ne,f,g,h\n"), header=1)
    assert opened.headings == ["name", "name (2)", "column C", "name (3)"]


def test_row_numbers_count_breaks_inside_quotes_and_blank_rows_once(tmp_path):
    found, opened = rows(write(tmp_path / "a.csv", 'a,b\n1,"x\ny"\n\n3\n4,z\n'))
    assert found[2]["b"] == "x\ny"
    assert found[5] == {"a": "4", "b": "z"}
    assert [(each.row, str(each.why)) for each in opened.problems] == [(4, "1 values, where the headings are 2")]


@pytest.mark.parametrize("text", ['a,b\n1,"2\n3,4\n5,6\n', 'a,b,c\n1,"2\n3,4\n5,6\n'])
def test_a_quotation_mark_that_never_closes_swallows_nothing_unseen(tmp_path, text):
    with pytest.raises(InputError, match="does not end"):
        rows(write(tmp_path / "a.csv", text))


def test_a_name_of_5000_characters_and_a_field_of_9_million_are_read(tmp_path):
    found, _opened = rows(write(tmp_path / "a.csv", f"name,b\n{'á' * 5000},1\n{'x' * 9_000_000},2\n"))
    assert len(found[2]["name"]) == 5000
    assert len(found[3]["name"]) == 9_000_000
    seen = look(open_file(tmp_path / "a.csv"))
    assert seen.columns[0].longest == 9_000_000


def test_row_numbers_stay_right_over_many_blocks(tmp_path):
    lines = ["id,name", *(f"{n},{'n' * 90}" if n % 50_000 else "lonely" for n in range(2, 150_000))]
    opened = open_file(write(tmp_path / "a.csv", "\n".join(lines)))
    for chunk in opened.chunks(["id"]):
        assert chunk.rows.to_pylist() == [int(each) for each in chunk.table.column("id").to_pylist()]
    assert [each.row for each in opened.problems] == [50_000, 100_000]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0rest", "XLS"),
        (b"PK\x03\x04nothing", "workbook"),
        (b"PAR1nothing", "Parquet"),
        (b'{"a": 1', "JSON|objects"),
        (bytes(range(1, 32)) * 40, "text"),
    ],
)
def test_what_is_no_table_is_refused_with_its_name(tmp_path, content, what):
    with pytest.raises(InputError, match=what) as told:
        rows(write(tmp_path / "a.csv", content))
    assert "a.csv" in str(told.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(NotFound, match="no such file"):
        open_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        open_file(tmp_path)


def test_worksheets_give_merged_cells_to_every_row_and_tell_of_formulas(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["state", "name", "total"], ["Jalisco", "Ana", 1], [None, "Eva", "=1+1"], ["Colima", "Luz", 3.5]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.create_sheet("more").append(["x"])
    book.save(tmp_path / "a.xlsx")
    found, opened = rows(tmp_path / "a.xlsx")
    assert [row["state"] for row in found.values()] == ["Jalisco", "Jalisco", "Colima"]
    assert found[2]["total"] == "1"
    assert [(each.row, each.column) for each in opened.problems] == [(3, "total")]
    told = " ".join(map(str, opened.notes))
    assert "merged" in told
    assert "formulas" in told
    assert "more" in told


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="Sheet"):
        open_file(tmp_path / "a.xlsx", Options(sheet="Hoja"))


@pytest.mark.parametrize("form", ["array", "lines", "result"])
def test_json_comes_as_a_list_by_lines_or_as_a_result(tmp_path, form):
    items = [{"a": n, "b": None if n % 2 else ["x", "y"]} for n in range(3000)]
    text = {
        "array": json.dumps(items),
        "lines": "\n".join(map(json.dumps, items)),
        "result": json.dumps({"rows": items}),
    }[form]
    found, _opened = rows(write(tmp_path / "a.json", text))
    assert len(found) == 3000
    assert found[1] == {"a": "0", "b": "x|y"}
    assert found[2] == {"a": "1", "b": ""}


def test_parquet_keeps_its_types(tmp_path):
    pq.write_table(pa.table({"a": [1, 2], "b": ["x", None]}), tmp_path / "a.parquet")
    found, opened = rows(tmp_path / "a.parquet")
    assert opened.form == "parquet"
    assert found[1] == {"a": 1, "b": "x"}


def test_a_look_tells_kinds_and_the_order_of_dates(tmp_path):
    text = "cp,n,x,d,e,t,v\n01000,5,1.5,03/04/2022,13/04/2022,si,\n06600,-7,2,05/06/2022,14/04/2022,no,\n"
    seen = look(open_file(write(tmp_path / "a.csv", text)))
    assert [each.kind for each in seen.columns] == ["text", "whole", "number", "date", "date", "truth", "empty"]
    assert [each.date_order for each in seen.columns][3:5] == ["ambiguous", "dmy"]


def spoilt(tmp_path, part, spoil):
    """A workbook, one part of which is spoilt, in a valid archive."""
    book = openpyxl.Workbook()
    for at in range(200):
        book.active.append([f"name {at}", at])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        for each in whole.namelist():
            made.writestr(each, spoil(whole.read(each)) if each == part else whole.read(each))
    return tmp_path / "a.xlsx"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_damaged_workbook_is_refused_whatever_part_is_cut_and_is_closed(tmp_path, part):
    path = spoilt(tmp_path, part, lambda xml: xml[: len(xml) * 9 // 10])
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(InputError, match="no readable workbook"):
            rows(path)
        gc.collect()
    assert [each for each in left_open if "a.xlsx" in str(each.message)] == []
    path.rename(tmp_path / "moved.xlsx")


def test_a_workbook_whose_bytes_rotted_is_refused(tmp_path):
    path = spoilt(tmp_path, "", bytes)
    held = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        at = packed.getinfo("xl/worksheets/sheet1.xml").header_offset + 2_000
    held[at] ^= 0xFF
    path.write_bytes(held)
    with pytest.raises(InputError, match="no readable workbook"):
        rows(path)
