"""Two lines from pandas, Polars or Arrow."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import detect
from tests.programs.early_warning.made_up import as_counts, counts, rows_of

ROWS = rows_of(counts(last=40))
COLUMNS = {
    "lugar": [row["series"] for row in ROWS],
    "semana": [row["period"] for row in ROWS],
    "casos": [row["observed"] for row in ROWS],
}


@pytest.mark.parametrize(
    "made",
    [
        lambda: pd.DataFrame(COLUMNS).assign(semana=lambda frame: pd.to_datetime(frame["semana"])),
        lambda: pd.DataFrame(COLUMNS).assign(casos=lambda frame: frame["casos"].astype(float)),
        lambda: pd.DataFrame(COLUMNS).assign(lugar=lambda frame: frame["lugar"].astype("category")),
        lambda: pl.DataFrame(COLUMNS),
        lambda: pl.DataFrame(COLUMNS).lazy(),
        lambda: pa.table(COLUMNS),
        lambda: pl.DataFrame({**COLUMNS, "semana": [each.isoformat() for each in COLUMNS["semana"]]}),
    ],
)
def test_any_table_gives_what_the_declared_columns_give(made):
    assert detect(made()).equals(detect(as_counts(ROWS)))


def test_the_answer_goes_back_into_the_frame_of_ones_choice():
    assert bool(detect(pd.DataFrame(COLUMNS)).to_pandas()["alarm"][0])
    assert pl.DataFrame(detect(pl.DataFrame(COLUMNS)))["alarm"][0]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ([1, 2], "no table"),
        (pd.DataFrame({"lugar": ["a"], "semana": [dt.date(2020, 1, 6)]}), "observed"),
        (pd.DataFrame({"lugar": ["a"], "semana": [45292], "casos": [1]}), "not a date"),
        (pd.DataFrame({"lugar": ["a"], "semana": ["45292"], "casos": [1]}), "day number"),
        (pd.DataFrame({"lugar": ["a"], "semana": ["2020-01-06"], "casos": [1.5]}), "observed"),
    ],
)
def test_what_is_no_table_of_counts_is_told(frame, said):
    with pytest.raises(InputError) as told:
        detect(frame)
    assert said in str(told.value)
