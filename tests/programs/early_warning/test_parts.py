from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import detect, detect_in_parts
from convenio.programs.early_warning.schema import Count

MONDAY = dt.date(2017, 1, 2)


def table(series=7, weeks=330):
    draw = np.random.default_rng(3)
    rows = []
    for i in range(series):
        made = draw.poisson(3 + 2 * i, weeks)
        made[-1] += 30 * (i % 3 == 0)
        rows += [
            {"series": f"{i:03d}", "period": MONDAY + dt.timedelta(weeks=j), "observed": int(value)}
            for j, value in enumerate(made)
        ]
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


@pytest.mark.parametrize("rows", [1, 700, 10_000])
def test_a_file_read_in_parts_is_ranked_as_if_it_were_one(tmp_path, rows):
    whole = table()
    pq.write_table(whole, tmp_path / "counts.parquet")
    batches = pq.ParquetFile(tmp_path / "counts.parquet").iter_batches(batch_size=256)
    found = detect_in_parts(batches, rows=rows, last=3)
    assert found.to_pylist() == detect(whole, last=3).to_pylist()
    assert found.schema == detect(whole, last=3).schema


def test_a_series_that_comes_back_is_told():
    whole = table(4)
    mixed = [whole.slice(0, 330), whole.slice(330, 330), whole.slice(0, 330), whole.slice(660)]
    with pytest.raises(InputError) as told:
        detect_in_parts(mixed, rows=300)
    assert "000" in str(told.value)


def test_nothing_gives_nothing():
    assert detect_in_parts([]).num_rows == 0
