"""What every bench shares: options, CPU and wall clocks, a printed table, a JSON file.

A bench is `bench/<claim>.py` with a function `run(*, quick: bool) -> list[Row]` and, at its end,
`if __name__ == "__main__": shell(run)`. It is called as `.venv/bin/python -m bench.<claim> [--quick] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

DATA = Path(os.environ.get("CONVENIO_DATA", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
OUT = Path(__file__).resolve().parent / "out"


@dataclass
class Row:
    """One figure of a claim.

    Args:
        what: what was measured.
        ours: our figure; a number, or words where it is none.
        peer: the peer's figure on the same work in the same run; None where there is no peer.
        unit: unit of both.
        goal: what we aimed at, in words.
        met: whether the goal was met; None where there is none.
        note: conditions, sizes, cause of a miss.
    """

    what: str
    ours: float | str
    unit: str
    peer: float | str | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""


@dataclass
class Clock:
    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def clock() -> Iterator[Clock]:
    """CPU seconds (this process and its children) and wall seconds of a block."""
    taken = Clock()
    wall, before = time.perf_counter(), os.times()
    yield taken
    after = os.times()
    taken.wall = time.perf_counter() - wall
    taken.cpu = sum(after[:4]) - sum(before[:4])


def shell(run: Callable[..., list[Row]]) -> None:
    """Run a bench from the command line, print its table and write `bench/out/<claim>.json`."""
    options = argparse.ArgumentParser(description=sys.modules[run.__module__].__doc__)
    options.add_argument("--quick", action="store_true", help="a smaller size that shows the bench works")
    options.add_argument("--json", metavar="FILE", help="write the figures here too; - for standard output")
    chosen = options.parse_args()
    rows = run(quick=chosen.quick)
    name = Path(str(sys.modules[run.__module__].__file__)).stem
    result = {
        "bench": name,
        "quick": chosen.quick,
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
        "rows": [asdict(row) for row in rows],
    }
    text = json.dumps(result, indent=2, ensure_ascii=False)
    OUT.mkdir(exist_ok=True)
    if not chosen.quick:
        (OUT / f"{name}.json").write_text(text, encoding="utf-8")
    if chosen.json == "-":
        print(text)
        return
    if chosen.json:
        Path(chosen.json).write_text(text, encoding="utf-8")
    print(f"{name}: {result['machine']}")
    for row in rows:
        show = [f"  {row.what}: {_figure(row.ours)} {row.unit}"]
        if row.peer is not None:
            show.append(f"peer {_figure(row.peer)}")
            if isinstance(row.peer, (int, float)) and isinstance(row.ours, (int, float)) and row.ours:
                show.append(f"ratio peer/ours {row.peer / row.ours:.3g}")
        if row.goal:
            show.append(f"goal {row.goal}: {'met' if row.met else 'missed' if row.met is False else 'no verdict'}")
        if row.note:
            show.append(row.note)
        print("; ".join(show))


def _figure(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"
