"""`python -m tests.faults --minutes N [--seed S] [--weather NAME]`: storm after storm until the time is over.

Each seed is one storm: in turn between two nodes in one process, and between two real ones that lose their power, whose
disk fills, whose clocks are wrong, whose certificate ends, whose database restarts. A seed repeats one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNS = ("a_storm", "power", "disk", "clocks", "certificate", "database")
ROUNDS = {"a_storm": 25}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, help="only this storm")
    options.add_argument("--weather", choices=TURNS, help="only this kind of storm")
    options.add_argument("--rounds", type=int, help="how long one storm blows")
    chosen = options.parse_args()
    until, seed, done = time.monotonic() + 60 * chosen.minutes, chosen.seed or 1000, 0
    while True:
        turn = chosen.weather or TURNS[seed % len(TURNS)]
        rounds = chosen.rounds or ROUNDS.get(turn, 12)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--timeout=900"]
        command += [f"tests/faults/long.py::test_{turn}", f"--storm={seed}:{rounds}"]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="convenio-faults-") as folder:
            failed = subprocess.run([*command, f"--basetemp={folder}/t"], cwd=ROOT, check=False).returncode
        if failed:
            print(f"this storm found a fault; repeat it with: python -m tests.faults --seed {seed} --weather {turn}")
            return 1
        print(f"seed {seed}, {turn}, {time.monotonic() - began:.0f} s: nothing lost, nothing twice", flush=True)
        done, seed = done + 1, seed + 1
        if chosen.seed is not None or time.monotonic() > until:
            print(f"{done} storms, nothing lost, nothing twice")
            return 0


if __name__ == "__main__":
    sys.exit(main())
