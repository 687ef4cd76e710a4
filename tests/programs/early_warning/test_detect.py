from __future__ import annotations

import csv
import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from convenio.core.errors import InputError
from convenio.core.program import program
from convenio.programs.early_warning.example import write_example
from convenio.programs.early_warning.methods import detect, farrington_flexible
from convenio.programs.early_warning.schema import Count

WEEK = dt.timedelta(days=7)
MONDAY = dt.date(2017, 1, 2)


def table(values, *, name="09-001", step=WEEK, **columns):
    rows = [
        {"series": name, "period": MONDAY + i * step, "observed": int(value), **{k: v[i] for k, v in columns.items()}}
        for i, value in enumerate(values)
    ]
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def counts(size=330, level=6, last=None):
    made = np.random.default_rng(3).poisson(level, size)
    if last is not None:
        made[-1] = last
    return made


def test_the_strongest_alarm_comes_first():
    found = detect(
        pa.concat_tables([table(counts(last=40)), table(counts(last=25), name="b"), table(counts(last=6), name="c")])
    ).to_pylist()
    assert [(row["series"], row["alarm"]) for row in found] == [("09-001", True), ("b", True), ("c", False)]
    assert [row["rank"] for row in found] == [1, 2, 3]
    assert found[0]["history"].count(" ") == 7
    assert found[0]["upperbound"] < 40


def test_through_its_declaration_with_its_parameters():
    declared = program("early_warning").declared_methods()["detect"]
    found = declared.run({"counts": table(counts(last=40))}, {"method": "ears-c2", "last": 2})
    assert found.num_rows == 2
    assert found.column("alarm").to_pylist().count(True) >= 1


@pytest.mark.parametrize("method", ["farrington", "ears-c1", "ears-c2", "cusum", "glr", "bayes", "rki"])
def test_every_method_finds_a_great_outbreak(method):
    years = {"b": 3} if method in {"farrington", "bayes", "rki"} else {}
    assert detect(table(counts(last=60)), method=method, **years).column("alarm")[0].as_py()


def test_a_preliminary_period_is_shown_and_is_no_alarm():
    complete = [100.0] * 329 + [60.0]
    (row,) = detect(table(counts(last=40), completeness=complete), complete_from=90).to_pylist()
    assert not row["alarm"]
    assert "60 % complete" in row["note"]
    assert row["observed"] == 40


def test_a_series_without_a_case_or_without_a_year_is_shown_with_its_reason():
    both = pa.concat_tables([table([0] * 330), table(counts(30, last=40), name="short")])
    found = {row["series"]: row for row in detect(both).to_pylist()}
    assert "no case" in found["09-001"]["note"]
    assert "shorter than its baseline" in found["short"]["note"]


def test_daily_and_monthly_series_are_read():
    days = table(counts(800, last=40), step=dt.timedelta(days=1))
    assert detect(days, method="ears-c2").column("alarm")[0].as_py()
    months = pa.Table.from_pylist(
        [{"series": "a", "period": dt.date(2010 + i // 12, i % 12 + 1, 1), "observed": 9 + i % 3} for i in range(120)],
        schema=Count.arrow_schema(),
    )
    assert not detect(months).column("alarm")[0].as_py()


def broken(kind):
    rows = table(counts()).to_pylist()
    if kind == "twice":
        rows.append(rows[10])
    elif kind == "missing":
        del rows[10]
    elif kind == "negative":
        rows[10]["observed"] = -1
    elif kind == "population":
        for row in rows:
            row["population"] = 1000
        rows[10]["population"] = 0
    elif kind == "window":
        for row in rows:
            row["months_in_window"] = 12
    elif kind == "zero":
        rows += [{**row, "series": "9001"} for row in rows] + [{**row, "series": "10001"} for row in rows]
    elif kind == "steps":
        for i, row in enumerate(rows):
            row["period"] = MONDAY + dt.timedelta(days=10 * i)
    elif kind == "one":
        rows = rows[:1]
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("twice", "2017-03-13"),
        ("missing", "2017-03-06"),
        ("negative", "negative"),
        ("population", "population"),
        ("window", "12 months"),
        ("zero", "09001"),
        ("steps", "10 days"),
        ("one", "two periods"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(kind, said):
    with pytest.raises(InputError) as told:
        detect(broken(kind))
    assert said in str(told.value)


def test_the_example_has_its_outbreaks_found(tmp_path):
    path, _vintages = write_example(tmp_path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "series": row["place"],
                "period": dt.date.fromisoformat(row["week"]),
                "observed": int(row["count"]),
                "completeness": float(row["percent_complete"]),
            }
            for row in csv.DictReader(file)
        ]
    found = detect(pa.Table.from_pylist(rows, schema=Count.arrow_schema()), last=3, only_alarms=True).to_pylist()
    assert {"MX-004", "MX-014", "MX-024"} <= {row["series"] for row in found}


def test_fifty_simulated_series_have_the_bounds_that_r_recorded(data):
    folder = data / "early_warning" / "r_surveillance"
    theirs = np.genfromtxt(folder / "timing_upper_np10.csv.gz", delimiter=",", skip_header=1)
    ours = np.genfromtxt(folder / "timing_input_624w.csv.gz", delimiter=",", skip_header=1)
    for j in range(theirs.shape[1]):
        found = farrington_flexible(ours[:, j], range_=range(572, 624))
        np.testing.assert_allclose(found.upperbound, theirs[:, j], rtol=1e-9)
