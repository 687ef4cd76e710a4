"""Files as they really come, through the command: each fault is a clear error or a treatment that can be seen."""

from __future__ import annotations

import csv
import datetime as dt
import json

import openpyxl
import pytest

from tests.programs.early_warning.made_up import MONDAY, WEEK, counts

WEEKS = [MONDAY + each * WEEK for each in range(330)]


@pytest.fixture
def run(tmp_path, convenio):
    def ran(rows, *told, head=("place", "week", "cases"), name="counts.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        out = tmp_path / "out.json"
        code, said = convenio("early-warning", "detect", path, "--json", out, *told)
        found = json.loads(out.read_text(encoding="utf-8"))["rows"] if out.exists() else None
        return code, said, found

    return ran


def series(name="a", last=40):
    return [[name, week.isoformat(), int(count)] for week, count in zip(WEEKS, counts(last=last), strict=True)]


def refused(answer, *said):
    code, told, found = answer
    assert code != 0
    assert found is None
    assert all(each in told for each in said), told


def test_a_week_that_is_missing_or_twice_is_refused_with_its_place(run):
    rows = series()
    refused(run(rows[:100] + rows[101:]), "a, 2018-11-26", "missing", "advice")
    refused(run([*rows, rows[7]]), "a, 2017-02-20", "twice", "totals and parts")


def test_weeks_by_name_go_over_week_53_and_one_that_does_not_exist_is_set_aside(run):
    rows = [
        [name, f"{week.isocalendar().year}-W{week.isocalendar().week:02d}", n] for name, week, n in _typed(series())
    ]
    assert any(row[1] == "2020-W53" for row in rows)
    code, _told, found = run(rows)
    assert code == 0
    assert found[0]["alarm"]
    code, told, _found = run([*rows, ["a", "2021-W53", 3]], "--strict")
    assert code != 0
    assert "2020-W53" in told


def _typed(rows):
    return [(name, dt.date.fromisoformat(week), count) for name, week, count in rows]


def test_a_negative_count_is_refused(run):
    rows = series()
    rows[5][2] = -2
    refused(run(rows), "a count is negative: -2", "a, 2017-02-06")


def test_a_place_code_that_lost_its_zero_is_refused(run):
    refused(run([*series("9015"), *series("10001")]), "9015", "09015")


def test_a_population_of_zero_is_refused(run):
    rows = [[*row, 0 if n == 9 else 1000] for n, row in enumerate(series())]
    refused(run(rows, head=("place", "week", "cases", "population")), "population", "a, 2017-03-06")


def test_an_all_zero_series_and_a_short_one_are_shown_with_their_reason(run):
    zero = [["zero", week.isoformat(), 0] for week in WEEKS]
    short = [["short", week.isoformat(), 3] for week in WEEKS[-20:]]
    code, _told, found = run([*zero, *short, *series()])
    notes = {row["series"]: (row["alarm"], row["note"]) for row in found}
    assert code == 0
    assert notes["zero"] == (False, "no case in the whole series: nothing to compare with")
    assert notes["short"] == (False, "shorter than its baseline: no whole year lies before")
    assert notes["a"] == (True, "")


def test_totals_among_their_parts_are_told(run):
    parts = [series("x", 9), series("y", 9), series("z", 9)]
    whole = [["all", row[0][1], sum(each[2] for each in row)] for row in zip(*parts, strict=True)]
    _code, _told, found = run([each for part in [*parts, whole] for each in part])
    assert "the sum of all the others" in next(row["note"] for row in found if row["series"] == "all")


def test_dates_as_a_spreadsheets_numbers_are_refused_as_text_and_read_from_the_spreadsheet(run, convenio, tmp_path):
    numbered = [[name, (week - dt.date(1899, 12, 30)).days, count] for name, week, count in _typed(series())]
    refused(run(numbered), "day number")
    book = openpyxl.Workbook()
    for row in [("place", "week", "cases"), *_typed(series())]:
        book.active.append(row)
    book.save(tmp_path / "counts.xlsx")
    out = tmp_path / "sheet.json"
    assert convenio("early-warning", "detect", tmp_path / "counts.xlsx", "--json", out)[0] == 0
    assert json.loads(out.read_text(encoding="utf-8"))["rows"][0]["observed"] == 40


def test_sums_over_twelve_months_are_refused_with_advice(run):
    rows = [["CA", dt.date(2015 + each // 12, each % 12 + 1, 1).isoformat(), 900 + each, 12] for each in range(60)]
    refused(run(rows, head=("state", "month", "deaths", "window")), "sums over 12 months", "month or week of event")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("us_overdose/vsrr_state.csv", ("sums over twelve months", "month or week of event")),
        ("nflis/Fentanyl_cooccurrence_month_state.csv", ("NFLIS", "early-warning counts")),
    ],
)
def test_a_publishers_own_file_is_refused_with_what_to_do(convenio, data, name, said):
    code, told = convenio("early-warning", "detect", data / "early_warning" / name)
    assert code == 2
    assert all(each in told for each in said)


def test_an_option_without_effect_is_refused(run):
    refused(run(series(), "--method", "cusum", "--alpha", "0.01"), "alpha has no effect with cusum", "k and h")
    refused(run(series(), "--limit54", "many"), "--limit54")


def test_a_percent_beyond_a_hundred_is_set_aside(run):
    rows = [[*row, 130 if n == 329 else 100] for n, row in enumerate(series())]
    _code, told, found = run(rows, head=("place", "week", "cases", "percent_complete"))
    assert "1 set aside" in told
    assert found[0]["period"] == "2023-04-17"


def test_many_series_are_tested_at_once(run):
    few = [week.isoformat() for week in WEEKS[:12]]
    rows = [[f"p{n}", week, 3 + (at + n) % 3] for n in range(3000) for at, week in enumerate(few)]
    rows[-1][2] = 60
    code, _told, found = run(rows, "--method", "ears-c2", "--only-alarms")
    assert code == 0
    assert [row["series"] for row in found] == ["p2999"]


def test_a_week_that_was_set_aside_is_told_before_the_gap_that_it_left(run, tmp_path):
    rows = [
        [name, f"{week.isocalendar().year}-W{week.isocalendar().week:02d}", n] for name, week, n in _typed(series())
    ]
    rows[200][1] = "2021-W53"
    code, told, _found = run(rows, "--set-aside", tmp_path / "aside.csv")
    assert code != 0
    assert "row 202, column week: week 2021-W53 does not exist" in told
    assert told.index("2021-W53") < told.index("one is missing")
    assert "2021-W53" in (tmp_path / "aside.csv").read_text(encoding="utf-8-sig")


def test_days_that_are_all_numbers_of_a_spreadsheet_are_refused_once_with_what_to_do(run):
    rows = [[name, (week - dt.date(1899, 12, 30)).days, n] for name, week, n in _typed(series())]
    answer = run(rows)
    refused(answer, "42737 is a spreadsheet's day number", "format the column as a date")
    assert answer[1].count("day number") == 1
