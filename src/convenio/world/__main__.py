"""Write a made-up world into a folder: `python -m convenio.world FOLDER [--people N] [--seed N] [--csv]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from convenio.core.errors import ConvenioError
from convenio.world.world import World


def main(arguments: list[str] | None = None) -> int:
    """Write the tables and say how many rows each has; 0 when it went well."""
    options = argparse.ArgumentParser(prog="python -m convenio.world", description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=20211008)
    options.add_argument("--csv", action="store_true", help="also write each table as CSV")
    chosen = options.parse_args(arguments)
    try:
        counts = World(chosen.seed, chosen.people).write(chosen.folder)
    except ConvenioError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a command
        return error.exit_code
    if chosen.csv:
        import pyarrow.parquet as pq
        from pyarrow import csv

        for path in sorted(chosen.folder.rglob("*.parquet")):
            csv.write_csv(pq.read_table(path), path.with_suffix(".csv"))
    for name, rows in counts.items():
        print(f"{name}\t{rows}")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
