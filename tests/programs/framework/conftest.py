from __future__ import annotations

import pytest

from convenio.programs.framework.scorecard import Scorecard
from tests.programs.framework.made_up import indicator


@pytest.fixture
def card(tmp_path):
    """A scorecard with one indicator that can tell of a result."""
    made = Scorecard(tmp_path / "card")
    made.register(indicator())
    return made
