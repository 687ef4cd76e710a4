"""Publishers' files and tables of other layouts as one long table."""

from __future__ import annotations

import datetime as dt
import itertools

import pyarrow.csv
import pytest
from typer.testing import CliRunner

from convenio.core.errors import InputError
from convenio.programs.early_warning.commands import app
from convenio.programs.early_warning.methods import detect
from convenio.programs.early_warning.sources.cdc_vsrr import SHARE, predicted, read_vsrr
from convenio.programs.early_warning.sources.nflis import read_nflis
from convenio.programs.early_warning.sources.reading import read_counts
from convenio.programs.early_warning.sources.weeks import first_day, weeks_in

MONTHS = "State,Time,Drug.sample,Total,Count_fent,P100_fent\n"


def test_nflis_by_month_is_tested_as_a_share_of_the_samples(data):
    table = read_nflis(data / "early_warning" / "nflis" / "Fentanyl_cooccurrence_month_state.csv")
    assert table.num_rows == 1188
    assert set(table.column("series").to_pylist()) == {"US"}
    heroin = table.filter(pyarrow.compute.equal(table.column("substance"), "Heroin"))
    risen = detect(heroin, range="2016-01-01:2016-12-31", b=2, pastWeeksNotIncluded=0)
    assert any(risen.column("alarm").to_pylist())


def test_nflis_by_year_adds_up_and_is_too_coarse_for_detection(data):
    table = read_nflis(data / "early_warning" / "nflis" / "Fentanyl_samples_year_state.csv")
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["series"], first["observed"], first["population"]) == ("US", 135 + 891 + 15, 1203805 + 382390)
    with pytest.raises(InputError, match="365 days apart"):
        detect(table)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no table of NFLIS"),
        (MONTHS, "no rows"),
        (MONTHS + "0.US,2013-13,Heroin,10,1,10\n", "nflis.csv, 2"),
        (MONTHS + "0.US,2013-01,Heroin,many,1,10\n", "does not read"),
        (MONTHS + "0.US,2013-01,Heroin,10,11,110\n", "11 of 10"),
    ],
)
def test_what_is_no_table_of_nflis_is_told(tmp_path, text, said):
    path = tmp_path / "nflis.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_nflis(path)
    assert said in str(told.value)


def test_vsrr_has_percent_pending_and_the_publishers_own_estimate(data):
    path = data / "early_warning" / "us_overdose" / "vsrr_state.csv"
    rows = read_vsrr(path, None).to_pylist()
    assert len({row["substance"] for row in rows}) == 11
    assert {row["status"] for row in rows} == {"preliminary"}
    assert all(row["pending"] is not None for row in rows)
    estimate = predicted(path, "US")
    assert estimate[max(estimate)] >= next(
        row["observed"]
        for row in rows
        if (row["series"], row["period"], row["substance"]) == ("US", max(estimate), "Number of Drug Overdose Deaths")
    )
    with pytest.raises(InputError, match="share"):
        read_vsrr(path, SHARE)


@pytest.mark.parametrize(
    ("system", "year", "week", "day"),
    [
        ("iso", 2020, 53, dt.date(2020, 12, 28)),
        ("iso", 2021, 1, dt.date(2021, 1, 4)),
        ("epi", 2020, 53, dt.date(2020, 12, 27)),
        ("epi", 2021, 1, dt.date(2021, 1, 3)),
        ("epi", 2023, 1, dt.date(2023, 1, 1)),
        ("epi", 2014, 53, dt.date(2014, 12, 28)),
    ],
)
def test_weeks_by_number_begin_on_their_day(system, year, week, day):
    assert first_day(year, week, system, where="") == day


def test_years_with_53_weeks_are_known():
    assert [year for year in range(2004, 2030) if weeks_in(year, "iso") == 53] == [2004, 2009, 2015, 2020, 2026]
    assert [year for year in range(2004, 2030) if weeks_in(year, "epi") == 53] == [2008, 2014, 2020, 2025]


def test_a_table_by_year_and_week_goes_on_over_its_week_53(tmp_path):
    path = tmp_path / "weeks.csv"
    weeks = [(2020, each) for each in range(50, 54)] + [(2021, each) for each in range(1, 4)]
    lines = "\n".join(f"Jalisco,{year},{week},{week}" for year, week in weeks)
    path.write_text(f"estado,año,semana,casos\n{lines}\n", encoding="utf-8")
    read = read_counts(path)
    days = read.table.column("period").to_pylist()
    assert {(b - a).days for a, b in itertools.pairwise(days)} == {7}
    assert days[3] == dt.date(2020, 12, 28)
    assert read_counts(path, weeks="epi").table.column("period")[3].as_py() == dt.date(2020, 12, 27)


@pytest.mark.parametrize(
    ("row", "said"),
    [("a,2019,53,,3", "week 53 of 2019"), ("a,2019,,,3", "needs a week or a month"), ("a,2019,5,5,3", "and not both")],
)
def test_a_week_that_does_not_exist_is_refused(tmp_path, row, said):
    path = tmp_path / "weeks.csv"
    path.write_text(f"place,year,week,month,cases\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_counts(path)
    assert said in str(told.value)


def test_two_states_of_a_file_become_vintages(tmp_path):
    for name, count in (("may", 40), ("june", 6)):
        (tmp_path / f"{name}.csv").write_text(f"place,week,cases\na,2023-01-02,3\na,2023-01-09,{count}\n")
    out = tmp_path / "counts.csv"
    files = [str(tmp_path / "may.csv"), str(tmp_path / "june.csv")]
    told = ["--known-on", "2023-05-01", "--known-on", "2023-06-01", "-o", str(out)]
    done = CliRunner().invoke(app, ["counts", *files, *told])
    assert done.exit_code == 0, done.output
    held = read_counts(out).table
    assert held.num_rows == 4
    assert {str(each) for each in held.column("known_on").to_pylist()} == {"2023-05-01", "2023-06-01"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--known-on", "2023-05-01"], "1 days are told for 2 files"),
        (["--known-on", "May", "--known-on", "June"], "no day"),
        (["--weeks", "lunar"], "no weeks"),
    ],
)
def test_what_the_command_is_told_wrongly_is_refused(tmp_path, told, said):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("place,week,cases\na,2023-01-02,3\n")
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(app, ["counts", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), *told, "-o", str(out)])
    assert done.exit_code == 2
    assert said in done.output
    assert not out.exists()
