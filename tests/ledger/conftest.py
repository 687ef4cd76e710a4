from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.cli.main import main
from convenio.ledger.log import Log

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "us/border-mx"
START = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


@pytest.fixture
def convenio(monkeypatch, capsys):
    """Runs a command line in this process: its exit code and what it said."""

    def run(*words) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["convenio", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code), said.out, said.err

    return run


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Log]]:
    """Opens ledgers in folders of this test, and closes what is still open at its end."""
    logs: list[Log] = []

    def make(name: str = "log", *, origin: str = ORIGIN, key: Ed25519PrivateKey = KEY, **options) -> Log:
        logs.append(Log(tmp_path / name, origin, key, **options))
        return logs[-1]

    yield make
    for each in logs:
        each.close()
