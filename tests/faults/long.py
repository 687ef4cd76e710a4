"""The long form, run by `python -m tests.faults`; pytest does not collect it by itself."""

from __future__ import annotations

from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.faults.storm import blow
from tests.faults.weathers import WEATHERS


def _told(request):
    seed, rounds = request.config.getoption("--storm").split(":")
    return int(seed), int(rounds)


def test_a_storm(pair, request):  # noqa: F811
    blow(pair, *_told(request))


def test_power(tmp_path, request):
    WEATHERS["power"](tmp_path, *_told(request), whole=True)


def test_disk(tmp_path, request):
    WEATHERS["disk"](tmp_path, *_told(request))


def test_clocks(tmp_path, request):
    WEATHERS["clocks"](tmp_path, *_told(request))


def test_certificate(tmp_path, request):
    WEATHERS["certificate"](tmp_path, *_told(request))


def test_database(tmp_path, request):
    WEATHERS["database"](tmp_path, *_told(request))
