from __future__ import annotations

import pytest

from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.faults.storm import blow


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_and_nothing_happens_twice_in_a_storm(pair, seed):  # noqa: F811
    assert blow(pair, seed, 6) >= 1
