"""What custody costs: a read of 1, 1,000 and 1,000,000 rows through the door, beside the same file without it.

Through the door means: who, purpose and case are checked, the table is decrypted, and one ledger entry is durable
before the rows are handed out.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.harness import Row, clock, shell
from convenio.custody.clock import TrustedClock
from convenio.custody.holdings import Holdings, Purpose
from convenio.custody.keystore import KeyStore
from convenio.people.accounts import People
from convenio.stores.operational import Store

READS = {1: 50, 1_000: 50, 1_000_000: 3}


def run(*, quick: bool) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'node.db'}")
        store.migrate()
        clock_ = TrustedClock(store, lambda: dt.datetime.now(dt.UTC))
        vault = KeyStore(folder / "keys.db")
        people = People(store, clock_, fast=True)
        people.add_agency("uif", en="Unit", es="Unidad")
        analyst = people.add("ana", "a long password", full_name="Ana", agency="uif", roles=["analyst"])
        holdings = Holdings(store, vault, folder / "tables", clock_)
        for size, times in READS.items():
            if quick and size > 1_000:
                continue
            table = pa.table({"name": [f"person {i}" for i in range(size)], "number": list(range(size))})
            held = holdings.collect(table, actor=analyst, record_type="x", category="x", title="x")
            plain = folder / f"{size}.parquet"
            pq.write_table(table, plain, compression="zstd")
            with clock() as ours:
                for _each in range(times):
                    holdings.rows(held.id, actor=analyst, purpose=Purpose("audit", "C-1"))
            with clock() as theirs:
                for _each in range(times):
                    pq.read_table(plain)
            rows.append(
                Row(
                    f"one read of {size:,} rows",
                    1000 * ours.wall / times,
                    "ms",
                    1000 * theirs.wall / times,
                    note=f"peer: the same Parquet file, unsealed and unentered; {1000 * ours.cpu / times:.2f} CPU-ms",
                )
            )
        vault.close()
        store.close()
    return rows


if __name__ == "__main__":
    shell(run)
