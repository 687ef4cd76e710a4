"""Counts as they really come: vintages, preliminary counts, other instruments, reporters that stop, totals and parts."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import InputError
from convenio.programs.early_warning.example import write_example
from convenio.programs.early_warning.methods import detect
from convenio.programs.early_warning.sources.reading import read_counts
from convenio.programs.early_warning.standing import stand
from tests.programs.early_warning.made_up import MONDAY, WEEK, as_counts, counts, rows_of


def only(table, **how):
    (row,) = detect(table, **how).to_pylist()
    return row


def test_a_series_is_tested_as_it_was_known_on_a_day():
    first = rows_of(counts(last=40), known_on=dt.date(2023, 5, 1))
    corrected = [{**first[-1], "observed": 6, "known_on": dt.date(2023, 6, 1)}]
    held = as_counts(first + corrected)
    assert not only(held)["alarm"]
    then = only(held, as_of=dt.date(2023, 5, 15))
    assert then["alarm"]
    assert then["observed"] == 40
    assert "as known on 2023-05-15" in then["note"]
    assert "as last known" in only(held)["note"]


def test_with_an_age_every_count_is_equally_old():
    rows = rows_of(counts())
    young = [{**row, "observed": row["observed"] // 2, "known_on": row["period"] + WEEK} for row in rows]
    old = [{**row, "known_on": row["period"] + 20 * WEEK} for row in rows]
    stood = stand(as_counts(young + old), age=7)
    assert stood.table.column("observed").to_pylist() == [row["observed"] // 2 for row in rows]
    assert stand(as_counts(young + old)).table.column("observed").to_pylist() == [row["observed"] for row in rows]


@pytest.mark.parametrize(
    ("known", "how", "said"),
    [
        (None, {"as_of": dt.date(2020, 1, 1)}, "do not say when"),
        (dt.date(2023, 5, 1), {"as_of": dt.date(2020, 1, 1)}, "nothing was known then"),
        ([None] + [dt.date(2023, 5, 1)] * 329, {}, "not told when"),
    ],
)
def test_a_vintage_that_cannot_be_made_is_refused(known, how, said):
    with pytest.raises(InputError) as told:
        detect(as_counts(rows_of(counts(), known_on=known)), **how)
    assert said in str(told.value)


def test_two_counts_of_one_vintage_are_a_repeat():
    rows = rows_of(counts(), known_on=dt.date(2023, 5, 1))
    with pytest.raises(InputError, match="twice"):
        detect(as_counts([*rows, rows[5]]))


def test_final_and_preliminary_counts_are_never_mixed():
    kinds = ["final"] * 326 + ["Preliminar"] * 4
    held = as_counts(rows_of(counts(last=40), status=kinds))
    tested, shown = sorted(detect(held).to_pylist(), key=lambda row: row["period"])
    assert tested["period"] == MONDAY + 325 * WEEK
    assert tested["upperbound"] is not None
    assert (shown["observed"], shown["alarm"], shown["upperbound"]) == (40, False, None)
    assert shown["status"] == "Preliminar"
    assert "not tested" in shown["note"]
    other = only(held, status="preliminary")
    assert "preliminary counts only" in other["note"]
    assert "shorter than its baseline" in other["note"]


def test_a_series_that_is_all_preliminary_says_so():
    found = only(as_counts(rows_of(counts(last=40), status="provisional")))
    assert found["alarm"]
    assert "all counts are preliminary" in found["note"]


@pytest.mark.parametrize(("status", "said"), [("revised", "no known status"), (None, "not told")])
def test_a_status_that_is_not_known_is_refused(status, said):
    with pytest.raises(InputError) as told:
        detect(as_counts(rows_of(counts(), status=["final"] * 329 + [status])))
    assert said in str(told.value)


def test_another_instrument_is_told_and_is_no_alarm():
    doubled = [*counts(400), *(counts(20) * 4)]
    kinds = ["old"] * 400 + ["RNID"] * 20
    found = only(as_counts(rows_of(doubled, instrument=kinds)))
    assert not found["alarm"]
    assert "RNID; the baseline begins there" in found["note"]
    assert only(as_counts(rows_of(doubled)))["alarm"]
    fresh = only(as_counts(rows_of([*counts(330), 60], instrument=["old"] * 330 + ["new"])))
    assert not fresh["alarm"]
    assert "not tested" in fresh["note"]
    assert fresh["observed"] == 60


def test_who_stopped_reporting_is_told_and_is_no_alarm():
    gone = rows_of(counts(320, last=40), name="gone")
    found = {row["series"]: row for row in detect(as_counts([*gone, *rows_of(counts())])).to_pylist()}
    assert "nothing reported since" in found["gone"]["note"]
    assert not found["gone"]["alarm"]
    assert not found["09-001"]["note"]


def test_units_that_no_longer_report_are_told():
    found = only(as_counts(rows_of(counts(), reporters=[60] * 329 + [41])))
    assert "only 41 of usually 60" in found["note"]
    more = only(as_counts(rows_of(counts(last=40), reporters=[60] * 329 + [90])))
    assert more["alarm"]
    assert "90 units reported, usually 60" in more["note"]
    assert not only(as_counts(rows_of(counts(), reporters=60)))["note"]


def test_no_case_where_many_are_expected_asks_whether_it_reported():
    assert "did it report?" in only(as_counts(rows_of(counts(level=20, last=0))))["note"]
    assert not only(as_counts(rows_of(counts(level=2, last=0))))["note"]


def test_periods_that_are_missing_are_what_the_user_says():
    rows = rows_of(counts(last=40))
    del rows[200:203]
    with pytest.raises(InputError, match="one is missing"):
        detect(as_counts(rows))
    missing = only(as_counts(rows), gaps="missing")
    assert missing["alarm"]
    assert "3 periods are missing" in missing["note"]
    assert "taken as no case" in only(as_counts(rows), gaps="zero")["note"]
    refused = only(as_counts(rows), gaps="missing", method="cusum")
    assert "cannot do without one" in refused["note"]
    assert not refused["alarm"]


def test_an_empty_count_is_a_missing_one():
    values = list(counts(last=40))
    values[200] = None
    with pytest.raises(InputError, match="one is missing"):
        detect(as_counts(rows_of(values)))
    assert only(as_counts(rows_of(values)), gaps="missing")["alarm"]


def test_missing_months_are_found_by_the_calendar():
    months = [dt.date(2012 + i // 12, i % 12 + 1, 1) for i in range(120)]
    rows = [{"series": "a", "period": day, "observed": 9 + i % 3} for i, day in enumerate(months)]
    del rows[50]
    stood = stand(as_counts(rows), gaps="missing")
    assert stood.table.column("period").to_pylist() == months
    assert stood.table.column("observed")[50].as_py() is None


def test_a_total_among_its_parts_is_told():
    parts = [counts(seed=each) for each in (1, 2, 3)]
    rows = [row for n, part in enumerate(parts) for row in rows_of(part, name=f"p{n}")]
    rows += rows_of(sum(parts), name="all")
    found = {row["series"]: row["note"] for row in detect(as_counts(rows)).to_pylist()}
    assert "the sum of all the others" in found["all"]
    assert not found["p0"]


def test_each_substance_of_a_place_is_a_series():
    rows = rows_of(counts(), substance="heroin") + rows_of(counts(last=40, seed=8), substance="fentanyl")
    found = detect(as_counts(rows)).to_pylist()
    assert [(row["series"], row["substance"], row["alarm"]) for row in found] == [
        ("09-001", "fentanyl", True),
        ("09-001", "heroin", False),
    ]


def test_what_is_pending_stands_beside_the_count():
    found = only(as_counts(rows_of(counts(), pending=[0.0] * 329 + [2.5], completeness=96.0)))
    assert (found["completeness"], found["pending"]) == (96.0, 2.5)


def test_the_examples_vintages_show_what_was_corrected_changed_and_no_longer_reported(tmp_path):
    _counts, path = write_example(tmp_path)
    held = read_counts(path).table
    then = {row["series"]: row for row in detect(held, as_of=dt.date(2023, 12, 31)).to_pylist()}
    now = {row["series"]: row for row in detect(held).to_pylist()}
    assert (then["corrected"]["alarm"], now["corrected"]["alarm"]) == (True, False)
    assert "new form; the baseline begins there" in now["instrument"]["note"]
    assert "only 41 of usually 60" in now["units"]["note"]
