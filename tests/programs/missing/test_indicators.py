"""Numbers for the scorecard: counted, and not told where they are small."""

from __future__ import annotations

from convenio.programs.missing.indicators import INDICATORS

BY_NAME = {each.name: each for each in INDICATORS}
CASES = [{"compared": True, "proposed": i < 6, "identified": i < 4, "days": 10 * i} for i in range(9)]


def test_counts_and_the_median_are_told():
    assert BY_NAME["remains_compared"].compute(CASES) == 9
    assert BY_NAME["remains_proposed"].compute(CASES) == 6
    assert BY_NAME["days_to_answer"].compute(CASES) == 40
    assert BY_NAME["days_to_answer"].compute(CASES[:8]) == 35


def test_a_small_number_is_not_told():
    assert BY_NAME["remains_identified"].compute(CASES) is None
    assert BY_NAME["days_to_answer"].compute(CASES[:4]) is None
