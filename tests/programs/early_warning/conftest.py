from __future__ import annotations

import sys

import pytest

from convenio.cli.main import main


@pytest.fixture
def convenio(monkeypatch, capsys):
    """Runs a command line in English unless it says otherwise; exit code and all that it said."""
    for name in ("CONVENIO_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")

    def ran(*words):
        monkeypatch.setattr(sys, "argv", ["convenio", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out + said.err

    return ran
