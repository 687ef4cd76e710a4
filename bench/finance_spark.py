"""Screening on Spark: what it costs a customer beside one process in memory, and what that makes of 100 million.

The same declared method, the same made-up customers, OFAC's real list. The cost of 100 million customers is
*extrapolated* from the largest size measured, on cores like these; start-up and the index on each worker are in it.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.harness import DATA, Row, clock, shell
from convenio.core.program import program
from convenio.files.spark import frame_of, run_on_spark
from convenio.programs.finance.schema import Customer
from convenio.programs.finance.sources.ofac_sdn import read_sdn
from convenio.programs.finance.sources.tables import as_table
from convenio.world import World

LIST = DATA / "finance" / "ofac_sdn" / "sdn_2022-12-28.csv"
MANY = 100_000_000


def customers(size: int) -> pa.Table:
    people = World(seed=808, people=size).people()
    wanted = Customer.arrow_schema()
    held = {"customer_id": people.column("person_id")}
    for name in ("given", "paterno", "materno", "birth_date"):
        held[name] = people.column(name)
    return pa.table({f.name: held[f.name] if f.name in held else pa.nulls(size, f.type) for f in wanted})


def session() -> Any:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).resolve().parent.parent)])
    return (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "20000")
        .getOrCreate()
    )


def run(*, quick: bool) -> list[Row]:
    if not LIST.is_file():
        return [Row("screening on Spark", "not run", "", note="the real list is not here; set CONVENIO_DATA")]
    screen = program("finance").declared_methods()["screen"]
    listed = as_table(read_sdn(LIST).entries)
    sizes = (1_000, 2_000) if quick else (10_000, 40_000, 80_000)
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            spark = session()
        except Exception as error:  # noqa: BLE001 - without Java there is nothing to measure
            return [Row("screening on Spark", "not run", "", note=f"Spark does not start here: {str(error)[:100]}")]
        per = 0.0
        for size in sizes:
            table = customers(size)
            with clock() as memory:
                here = screen.run({"customers": table, "listed": listed})
            frame = frame_of(spark, table)
            with clock() as taken:
                there = run_on_spark(screen, frame, others={"listed": listed}).collect()
            pairs = zip(here.column("customer_id").to_pylist(), here.column("entry_id").to_pylist(), strict=True)
            same = set(pairs) == {(row["customer_id"], row["entry_id"]) for row in there}
            per = taken.wall / size
            rows.append(
                Row(
                    f"{size:,} customers on Spark, two cores",
                    round(taken.wall, 1),
                    "seconds",
                    peer=round(memory.wall, 1),
                    goal="the same hits",
                    met=same,
                    note=f"peer: the same method in one process; {here.num_rows} hits",
                )
            )
        spark.stop()
    hours = per * MANY / 3600
    rows.append(
        Row(
            "100 million customers, extrapolated", round(hours * 2, 0), "core hours", note=f"{hours:.0f} h on two cores"
        )
    )
    return rows


if __name__ == "__main__":
    shell(run)
