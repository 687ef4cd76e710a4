"""The declared detection on Spark: the same bounds and alarms as in memory, series by series."""

from __future__ import annotations

import datetime as dt
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from convenio.core.program import program
from convenio.files.spark import frame_of, run_on_spark
from convenio.programs.early_warning.schema import Count

ROOT = str(Path(__file__).resolve().parents[3])
MONDAY = dt.date(2017, 1, 2)


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            session = (
                sql.SparkSession.builder.master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()
            )
        except Exception as error:  # noqa: BLE001 - without Java there is no session to test with
            pytest.skip(f"Spark does not start here: {error}")
        yield session
        session.stop()


def counts():
    draw = np.random.default_rng(7)
    rows = []
    for place in range(4):
        made = draw.poisson(2 + 3 * place, 330)
        made[-1] += 25 * (place % 2)
        rows += [
            {"series": f"09-{place:03d}", "period": MONDAY + dt.timedelta(weeks=i), "observed": int(value)}
            for i, value in enumerate(made)
        ]
    order = draw.permutation(len(rows))
    return pa.Table.from_pylist([rows[i] for i in order], schema=Count.arrow_schema())


@pytest.mark.spark
@pytest.mark.parametrize(
    "params",
    [{"last": 3}, {"last": 3, "thresholdMethod": "midp"}, {"method": "ears-c2", "last": 2}],
    ids=["nbPlugin", "midp", "ears-c2"],
)
def test_spark_gives_the_bounds_that_memory_gives(spark, params):
    detect = program("early_warning").declared_methods()["detect"]
    held = counts()
    memory = detect.run({"counts": held}, params).to_pylist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        there = [row.asDict() for row in run_on_spark(detect, frame_of(spark, held), params).collect()]
    assert len(there) == len(memory) == 4 * params["last"]
    assert sum(row["alarm"] for row in memory) >= 2

    def told(rows):  # a rank on Spark is within the series
        keys = ("series", "period", "observed", "expected", "upperbound", "alarm", "score", "note")
        return sorted((tuple(row[key] for key in keys) for row in rows), key=lambda each: each[:2])

    assert told(there) == told(memory)
