"""One declared method, the same result on every engine: in memory, from DuckDB, on Spark."""

import datetime as dt
import os
import random
import sys
import warnings
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from convenio.core import program as programs
from convenio.core.errors import InputError
from convenio.files.reading import open_reading
from convenio.files.spark import frame_of, run_on_spark
from convenio.world import World
from tests.conformance.sample.program import PROGRAM

METHODS = PROGRAM.declared_methods()
ROOT = str(Path(__file__).resolve().parents[2])


def counts():
    random.seed(7)
    weeks = [dt.date(2020, 1, 6) + dt.timedelta(weeks=each) for each in range(30)]
    rows = [
        {"series": f"S{name}", "week": week, "observed": random.randrange(50)} for name in range(12) for week in weeks
    ]
    random.shuffle(rows)
    return pa.Table.from_pylist(rows, schema=METHODS["weekly_change"].inputs["counts"].record.arrow_schema())


def people():
    held = World(people=400).people()
    wanted = METHODS["clean_people"].inputs["people"].record.arrow_schema()
    named = held.rename_columns([{"person_id": "record_id"}.get(each, each) for each in held.column_names])
    return pa.table(
        {
            field.name: named.column(field.name).cast(field.type)
            if field.name in named.column_names
            else pa.nulls(held.num_rows, field.type)
            for field in wanted
        }
    )


def customers(folder):
    """Customers and listed parties of the finance program's own example."""
    from convenio.programs.finance.example import write_example
    from convenio.programs.finance.sources.reading import read_list
    from convenio.programs.finance.sources.tables import as_table

    write_example(folder, customers=300)
    method = programs.program("finance").declared_methods()["screen"]
    held = open_reading(folder / "customers.csv", method.inputs["customers"].record).table()
    return method, held, as_table(read_list(folder / "list" / "sdn_2021-10-06.csv").entries)


CASES = {
    "weekly_change": ("counts", counts, {"lag": 2}, ["series", "week"]),
    "clean_people": ("people", people, {"case": "upper"}, ["record_id"]),
}


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
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()
            )
        except Exception as error:  # noqa: BLE001 - without Java there is no session to test with
            pytest.skip(f"Spark does not start here: {error}")
        yield session
        session.stop()


@pytest.fixture(autouse=True)
def installed():
    """The sample is found as an installed program is; workers find it by its package."""
    found = programs.discover()
    found["sample"] = PROGRAM
    yield
    del found["sample"]


def ordered(table, keys):
    return table.sort_by([(key, "ascending") for key in keys]).to_pylist()


@pytest.mark.parametrize("name", CASES)
def test_duckdb_gives_what_memory_gives(name, tmp_path):
    first, make, params, keys = CASES[name]
    table = make()
    connection = duckdb.connect()
    connection.register("held", table)
    connection.execute(f"copy held to '{tmp_path}/held.parquet' (format parquet)")
    read = connection.sql(f"select * from '{tmp_path}/held.parquet' order by random()").to_arrow_table()
    method = METHODS[name]
    assert ordered(method.run({first: read}, params), keys) == ordered(method.run({first: table}, params), keys)


@pytest.mark.spark
@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_what_memory_gives(name, spark):
    first, make, params, keys = CASES[name]
    table = make()
    method = METHODS[name]
    frame = frame_of(spark, table).repartition(5)
    made = pa.Table.from_batches(run_on_spark(method, frame, params).toArrow().to_batches())
    assert made.num_rows == table.num_rows
    assert ordered(made, keys) == ordered(method.run({first: table}, params), keys)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_a_program_screens_on_spark_as_it_does_in_memory(spark, tmp_path):
    method, held, listed = customers(tmp_path)
    frame = frame_of(spark, held).repartition(3)
    made = pa.Table.from_batches(run_on_spark(method, frame, {}, others={"listed": listed}).toArrow().to_batches())
    expected = method.run({"customers": held, "listed": listed})
    assert expected.num_rows > 5
    keys = ["customer_id", "entry_id", "listed_name"]
    assert ordered(made, keys) == ordered(expected, keys)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_a_frame_without_a_needed_column_is_refused_before_anything_runs(spark):
    frame = frame_of(spark, counts()).drop("observed")
    with pytest.raises(InputError, match="the column observed is missing"):
        run_on_spark(METHODS["weekly_change"], frame)
