from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.program import discover
from convenio.programs.framework.scorecard import Scorecard
from tests.console.conftest import small_node
from tests.programs.framework.made_up import indicator

TODAY = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A node whose clock stands at `TODAY`, for the pages or the interface of one module."""
    discover()
    made = small_node(tmp_path_factory.mktemp("node"))
    made.clock.at = TODAY
    yield made
    made.store.close()


@pytest.fixture
def card(tmp_path):
    """A scorecard with one indicator that can tell of a result."""
    made = Scorecard(tmp_path / "card")
    made.register(indicator())
    return made
