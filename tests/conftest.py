"""What all tests share: where the real public data lies, and how property tests draw their examples.

`make test` draws the same examples every time; `make explore` draws new ones, and more of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", parent=settings.get_profile("steady"), derandomize=False, max_examples=1000)
settings.load_profile("steady")

DATA = Path(os.environ.get("CONVENIO_DATA", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real public data; a test that needs it skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"the public data is not at {DATA}; set CONVENIO_DATA")
    return DATA


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--storm SEED:ROUNDS` for the long form of the fault tests (python -m tests.faults)."""
    parser.addoption("--storm", default="1:6", help="seed and rounds of one storm")
