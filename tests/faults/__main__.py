"""`python -m tests.faults --minutes N [--seed S]`: storm after storm until the time is over; a seed repeats one."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, help="only this storm")
    options.add_argument("--rounds", type=int, default=25)
    chosen = options.parse_args()
    until, seed, done = time.monotonic() + 60 * chosen.minutes, chosen.seed or 1000, 0
    while True:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "tests/faults/long.py",
            f"--storm={seed}:{chosen.rounds}",
        ]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print(f"this storm found a fault; repeat it with: python -m tests.faults --seed {seed}")
            return 1
        done, seed = done + 1, seed + 1
        if chosen.seed is not None or time.monotonic() > until:
            print(f"{done} storms, nothing lost, nothing twice")
            return 0


if __name__ == "__main__":
    sys.exit(main())
