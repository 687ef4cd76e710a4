"""The declared screening on Spark: the same hits as in memory."""

import os
import sys
import warnings
from pathlib import Path

import pytest

from convenio.core.program import program
from convenio.files.spark import frame_of, run_on_spark
from convenio.programs.finance.example import planted
from convenio.programs.finance.schema import Customer
from convenio.programs.finance.sources.reading import read_list
from convenio.programs.finance.sources.tables import as_table

ROOT = str(Path(__file__).resolve().parents[3])


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
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()
            )
        except Exception as error:  # noqa: BLE001 - without Java there is no session to test with
            pytest.skip(f"Spark does not start here: {error}")
        yield session
        session.stop()


@pytest.mark.spark
def test_spark_gives_the_hits_that_memory_gives(spark, tmp_path):
    import pyarrow as pa

    from convenio.programs.finance.example import write_example

    write_example(tmp_path, customers=300)
    listed = as_table(read_list(tmp_path / "list" / "sdn_2021-10-06.csv").entries)
    _people, rows = planted(300, 20211008)
    wanted = Customer.arrow_schema()
    customers = pa.Table.from_pylist([{name: row.get(name) for name in wanted.names} for row in rows], schema=wanted)
    screen = program("finance").declared_methods()["screen"]
    memory = screen.run({"customers": customers, "listed": listed}).to_pylist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        there = run_on_spark(screen, frame_of(spark, customers), others={"listed": listed}).collect()
    assert len(memory) == 11
    assert {(row["customer_id"], row["entry_id"], row["score"]) for row in memory} == {
        (row["customer_id"], row["entry_id"], row["score"]) for row in there
    }
