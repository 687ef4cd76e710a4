from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import speaking
from convenio.programs.framework import formats
from convenio.programs.framework.formats import tabular
from convenio.programs.framework.formats.tabular.sheets import tabs
from tests.programs.framework.made_up import indicator, run
from tests.programs.framework.strategies import few, scorecards, small

TODAY = dt.date(2026, 1, 1)


def filled(parts, folder):
    card = small(Path(folder) / "one")
    card.take([(each, "") for each in parts])
    return card


@few(5)
@given(parts=scorecards())
def test_a_workbook_that_is_written_and_read_loses_nothing(parts):
    with tempfile.TemporaryDirectory() as folder:
        card = filled(parts, folder)
        path = Path(folder) / "card.xlsx"
        for to in ("en", "es"):
            tabular.write(card, path, "", to)
            again = small(Path(folder) / to)
            again.take(formats.read(path, again))
            assert list(again.parts()) == list(card.parts())


@few(5)
@given(parts=scorecards())
def test_tables_as_csv_lose_nothing_either(parts):
    with tempfile.TemporaryDirectory() as folder:
        card = filled(parts, folder)
        files = []
        for tab in tabs():
            path = Path(folder) / f"{tab.name}.csv"
            if tab.parent is None and tabular.write(card, path, tab.name, "es") and not tab.children:
                files.append(path)
        again = small(Path(folder) / "two")
        with_children = {tab.name for tab in tabs() if tab.children}
        others = [(each, "") for each in parts if f"{type(each).__name__.lower()}s" in with_children]
        again.take([*others, *(found for file in files for found in formats.read(file, again))])
        assert list(again.parts()) == list(card.parts())


def write_sheet(path, rows, title="observations", change=None):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(path)


HEAD = ["indicator", "day", "value", "lower end", "upper end", "source"]
GOOD = ["waiting", dt.date(2023, 1, 1), 80, 75, 85, "made up"]


def test_a_filled_in_sheet_goes_in_under_headings_of_either_language(card, tmp_path):
    spanish = ["Indicador", "fecha", "VALOR", "extremo inferior", "extremo superior", "fuente"]
    for number, head in enumerate((HEAD, spanish, ["indicator", "on", "value", "low", "high", "source"])):
        row = [*GOOD]
        row[1] = dt.date(2023, 1, 1 + number)
        write_sheet(tmp_path / "in.xlsx", [head, row], "observaciones" if number == 1 else "observations")
        assert run("import", card.folder, tmp_path / "in.xlsx", "--by", "ana").exit_code == 0
    held = card.observations("waiting")
    assert [(each.on.day, each.value, each.entered_by) for each in held] == [
        (1, 80, "ana"),
        (2, 80, "ana"),
        (3, 80, "ana"),
    ]


def changed(at, value):
    before = [GOOD[0], dt.date(2022, 12, 1), *GOOD[2:]]
    return [HEAD, before, [*GOOD[:at], value, *GOOD[at + 1 :]]]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (changed(1, "03/04/2022"), ("row 3", "column day", "03/04/2022")),
        (changed(1, 44927), ("row 3", "column day", "2023-01-01", "format the column as a date")),
        (changed(1, "44927"), ("row 3", "column day", "2023-01-01")),
        (changed(2, "1,234.5"), ("row 3", "column value", "1,234.5")),
        (changed(2, "80 %"), ("row 3", "column value")),
        (changed(2, None), ("row 3", "column value", "needed")),
        (changed(2, "#REF!"), ("row 3", "column C", "#REF!")),
        (changed(2, 123456789012345678), ("row 3", "column C", "15 digits")),
        (changed(3, 90), ("row 3", "column lower end", "interval")),
        (changed(1, dt.date(2020, 1, 1)), ("row 3", "column day", "before its baseline")),
        (changed(0, "nothing"), ("row 3", "no indicator nothing")),
        ([HEAD, ["", *GOOD]], ("row 2", "column G", "shifted")),
        ([HEAD, ["x", *GOOD]], ("row 2", "column G", "shifted")),
        ([HEAD[1:], GOOD[1:]], ("row 1", "indicator")),
        ([[*HEAD, "colour"], [*GOOD, "red"]], ("row 1", "column G", "colour")),
        ([[*HEAD, "day"], [*GOOD, "red"]], ("row 1", "column G", "day")),
        ([[*HEAD, "publication"], [*GOOD, "secret"]], ("row 2", "column publication", "internal, parties, public")),
    ],
)
def test_what_does_not_fit_is_told_with_row_and_column(card, tmp_path, rows, says):
    write_sheet(tmp_path / "in.xlsx", rows)
    error = run("import", card.folder, tmp_path / "in.xlsx", "--by", "ana").exception
    assert isinstance(error, ConvenioError)
    for each in ("in.xlsx", "nothing was imported", *says):
        assert each in str(error)
    assert card.observations("waiting") == []


def test_merged_cells_are_refused_with_their_place(card, tmp_path):
    write_sheet(tmp_path / "in.xlsx", [HEAD, GOOD, GOOD], change=lambda sheet: sheet.merge_cells("A2:A3"))
    with pytest.raises(InputError, match=r"row 2, column A.*A2:A3"):
        formats.read(tmp_path / "in.xlsx", card, by="ana")


def test_a_formula_that_was_never_computed_is_refused(card, tmp_path):
    write_sheet(tmp_path / "in.xlsx", changed(2, "=40*2"))
    with pytest.raises(InputError, match=r"row 3, column C"):
        formats.read(tmp_path / "in.xlsx", card, by="ana")


def test_a_percentage_is_read_as_it_is_shown_and_not_above_100(card, tmp_path):
    head = ["id", "commitment", "title (English)", "title (Spanish)", "unit", "level", "direction", "source"]
    head += ["baseline: value", "baseline: day", "baseline: instrument"]
    row = ["share", "C52", "Share", "Proporción", "%", "resultado", "más es mejor", "x", 0.45, "2021-12-31", "survey"]

    def as_percentage(sheet):
        sheet["I2"].number_format = "0%"

    write_sheet(tmp_path / "in.xlsx", [head, row], "indicators", as_percentage)
    assert run("import", card.folder, tmp_path / "in.xlsx").exit_code == 0
    assert card.indicator("share").baseline.value == 45
    assert (card.indicator("share").level, card.indicator("share").direction) == ("outcome", "up")
    for value, name in ((1.4, "share2"), (1.0001, "share3")):
        write_sheet(tmp_path / "in.xlsx", [head, [name, *row[1:8], value, *row[9:]]], "indicators", as_percentage)
        error = run("import", card.folder, tmp_path / "in.xlsx").exception
        assert "row 2, column baseline: value" in str(error)
        assert "no percentage" in str(error)


def test_a_target_before_its_baseline_is_told_with_row_and_column(card, tmp_path):
    (tmp_path / "targets.csv").write_text(
        "indicator;on;value;agreed by;agreed on\nwaiting;2021-12-31;70;the group;2021-01-01\n", encoding="utf-8"
    )
    error = run("import", card.folder, tmp_path / "targets.csv").exception
    assert "targets.csv, row 2, column on" in str(error)
    assert "not after its baseline of 2021-12-31" in str(error)


def test_an_old_spanish_csv_with_semicolons_is_read_and_its_table_known_by_its_headings(card, tmp_path):
    path = tmp_path / "captura.csv"
    path.write_bytes(
        "indicador;fecha;valor;fuente;observación\nwaiting;2023-01-01;80.5;encuesta;año difícil\n".encode("cp1252")
    )
    with pytest.raises(InputError, match="which table"):
        formats.read(path, card, by="ana")
    path.write_bytes(
        "indicador;fecha;valor;fuente;comentario\nwaiting;2023-01-01;80.5;encuesta;año difícil\n".encode("cp1252")
    )
    ((part, _row),) = formats.read(path, card, by="ana")
    assert (part.value, part.said, part.entered_by) == (80.5, "año difícil", "ana")


def test_who_entered_is_asked_for(card, tmp_path):
    write_sheet(tmp_path / "in.xlsx", [HEAD, GOOD])
    with pytest.raises(InputError, match="who entered"):
        formats.read(tmp_path / "in.xlsx", card)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"id,goal\n"])
def test_what_is_no_workbook_is_told(card, tmp_path, content):
    path = tmp_path / "in.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"in\.xlsx"):
        formats.read(path, card)


def test_a_template_filled_in_by_someone_with_the_habits_of_a_spreadsheet_goes_in(card, tmp_path):
    from openpyxl import load_workbook

    tabular.write_template(tmp_path / "t.xlsx", "", "es")
    book = load_workbook(tmp_path / "t.xlsx")
    sheet = book["observaciones"]
    tab = next(each for each in tabs() if each.name == "observations")
    at = {column.name: number for number, cell in enumerate(sheet[1], 1) for column in tab.columns
          if column.heading("es") == cell.value}  # fmt: skip
    typed = [
        {"indicator": " waiting ", "on": dt.date(2023, 1, 1), "value": "80", "low": "75.0", "high": 85,
         "source": "encuesta\u00a0"},
        {"indicator": "waiting\u00a0", "on": " 2023-02-01 ", "value": " 81.5 ", "source": 2023, "publication": "Público "},
    ]  # fmt: skip
    for row, told in zip((4, 7), typed, strict=True):
        for name, value in told.items():
            sheet.cell(row, at[name], value)
    for row in (2, 5, 9):
        sheet.cell(row, 1, "  ")
    sheet.cell(1, at["value"]).value = " Valor\n"
    sheet.title = "Captura junio (2)"
    sheet.column_dimensions["A"].hidden = True
    book.create_sheet("Hoja1")
    book.save(tmp_path / "t.xlsx")
    found = [part for part, _row in formats.read(tmp_path / "t.xlsx", card, by="ana")]
    assert [(each.indicator, each.on, each.value, each.low, each.source, each.publication) for each in found] == [
        ("waiting", dt.date(2023, 1, 1), 80, 75, "encuesta", "internal"),
        ("waiting", dt.date(2023, 2, 1), 81.5, None, "2023", "public"),
    ]


def test_a_worksheet_that_no_table_fits_is_told_and_so_are_two_of_one_table(card, tmp_path):
    write_sheet(tmp_path / "in.xlsx", [["who", "what"], ["ana", "notes"]], "Notas de la reunión")
    with pytest.raises(InputError, match="no table for the worksheet Notas"):
        formats.read(tmp_path / "in.xlsx", card, by="ana")

    def copied(sheet):
        copy = sheet.parent.copy_worksheet(sheet)
        copy.title = "observations (2)"

    write_sheet(tmp_path / "in.xlsx", [HEAD, GOOD], change=copied)
    with pytest.raises(InputError, match=r"observations and observations \(2\)"):
        formats.read(tmp_path / "in.xlsx", card, by="ana")


def test_rows_that_belong_to_nothing_are_told(card, tmp_path):
    write_sheet(
        tmp_path / "in.xlsx",
        [["milestone", "due on", "by", "day", "reason"], ["m9", "2026-01-01", "a", "2025-01-01", "b"]],
        "amendments",
    )
    with pytest.raises(InputError, match=r"row 2, column milestone.*m9"):
        formats.read(tmp_path / "in.xlsx", card)


@pytest.mark.parametrize("to", ["en", "es"])
def test_a_template_has_every_heading_and_can_be_filled_in(card, tmp_path, to):
    from openpyxl import load_workbook

    with speaking(to):
        tabular.write_template(tmp_path / "t.xlsx", "", to)
    book = load_workbook(tmp_path / "t.xlsx")
    assert len(book.sheetnames) == len(tabs()) + 1
    sheet = book["observations" if to == "en" else "observaciones"]
    heads = [cell.value for cell in sheet[1]]
    assert ("value" if to == "en" else "valor") in heads
    assert not {"terms", "términos"} & set(heads)
    rows = {"indicator": "waiting", "on": "2023-01-01", "value": 80, "source": "made up"}
    tab = next(each for each in tabs() if each.name == "observations")
    for column in tab.columns:
        if column.name in rows:
            sheet.cell(2, heads.index(column.heading(to)) + 1, rows[column.name])
    book.save(tmp_path / "t.xlsx")
    ((part, _row),) = formats.read(tmp_path / "t.xlsx", card, by="ana")
    assert part.value == 80
    tabular.write_template(tmp_path / "milestones.csv", "hitos", to)
    with (tmp_path / "milestones.csv").open(encoding="utf-8-sig") as file:
        assert len(next(csv.reader(file))) > 10


def test_words_that_look_like_a_spreadsheets_error_or_formula_stay_words(card, tmp_path):
    words = ("#NAME?", "=1+1", "+52 55", "'quoted", "-")
    for number, text in enumerate(words):
        card.register(indicator(id=f"odd-{number}", title_en=text))
    for ending in ("xlsx", "csv"):
        tabular.write(card, tmp_path / f"indicators.{ending}", "indicators" if ending == "csv" else "", "en")
        found = {
            each.id: each
            for each, _row in formats.read(tmp_path / f"indicators.{ending}", card)
            if hasattr(each, "unit")
        }
        assert [found[f"odd-{number}"].title_en for number in range(len(words))] == list(words)
