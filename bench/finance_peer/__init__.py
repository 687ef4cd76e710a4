"""nomenklatura 4.17.4 as a peer: its matchers score the same pairs, in an environment of their own.

It compiles PyICU where no wheel fits, for which libicu-dev and pkg-config have to be installed.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.peer import SECONDS, NoPeer, environment

PACKAGES = ("nomenklatura==4.17.4",)
ALGORITHMS = ("logic-v1", "logic-v2")
RUNNER = Path(__file__).resolve().parent / "runner.py"


def pair(schema: str, one: dict[str, str], two: dict[str, str]) -> dict[str, Any]:
    """One pair as the runner reads it; facts by FollowTheMoney's names (`name`, `birthDate`)."""
    return {"schema": schema, "one": one, "two": two}


def scored(algorithm: str, pairs: Sequence[dict[str, Any]]) -> tuple[list[float], float]:
    """The peer's scores of `pairs`, in their order, and the CPU seconds it took to score them.

    Raises:
        NoPeer: it cannot be installed or run.
    """
    interpreter = environment("nomenklatura", *PACKAGES)
    text = "\n".join(json.dumps(each, ensure_ascii=False) for each in pairs)
    try:
        done = subprocess.run(
            [str(interpreter), str(RUNNER), algorithm],
            input=text,
            check=True,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise NoPeer(said.strip().splitlines()[-1][:300]) from error
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[1:], float(lines[0]["seconds"])


def interval(values: Sequence[Any], statistic: Callable[[Iterable[Any]], float], *, draws: int = 2000) -> str:
    """The percentile bootstrap's 95 per cent interval of a statistic, as text."""
    chance = random.Random(20211006)
    found = sorted(statistic(chance.choices(values, k=len(values))) for _ in range(draws))
    return f"{found[int(0.025 * draws)]:.3f} to {found[int(0.975 * draws) - 1]:.3f}"


def wilson(hits: int, size: int) -> tuple[float, float]:
    """Wilson's 95 per cent interval of a share."""
    if not size:
        return 0.0, 1.0
    z, share = 1.96, hits / size
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * (share * (1 - share) / size + z * z / (4 * size * size)) ** 0.5 / (1 + z * z / size)
    return max(0.0, middle - half), min(1.0, middle + half)
