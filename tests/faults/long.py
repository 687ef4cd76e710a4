"""The long form, run by `python -m tests.faults`; pytest does not collect it by itself."""

from __future__ import annotations

from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.faults.storm import blow


def test_a_storm(pair, request):  # noqa: F811
    seed, rounds = map(int, request.config.getoption("--storm").split(":"))
    blow(pair, seed, rounds)
