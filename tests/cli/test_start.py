"""`convenio start`: the first day, and every day after it."""

import pytest

from convenio.cli import node as commands
from convenio.cli.start import start
from convenio.core.errors import Conflict
from convenio.node.settings import read_settings


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("first") / "home"


@pytest.fixture(autouse=True)
def served(monkeypatch):
    """The folders that would be served."""
    told = []
    monkeypatch.setattr(commands, "serve", told.append)
    return told


def test_the_first_day_makes_a_node_and_tells_the_password_once(home, served, capsys):
    start(home, party="mx", port=18_751, exchange_port=18_752)
    first = capsys.readouterr().out
    assert "administrator with the password" in first
    assert "http://localhost:18751" in first
    start(home)
    assert "password" not in capsys.readouterr().out
    assert served == [home, home]
    assert read_settings(home).party == "mx"


@pytest.mark.parametrize(
    ("name", "said"), [("party", {"party": "us"}), ("port", {"port": 18_760}), ("exchange-port", {"exchange_port": 1})]
)
def test_what_a_node_has_already_is_not_passed_over_in_silence(home, served, name, said):
    if not home.exists():
        start(home, party="mx", port=18_751, exchange_port=18_752)
        served.clear()
    with pytest.raises(Conflict, match=f"as its {name}") as told:
        start(home, **said)
    assert "node.toml" in str(told.value.advice)
    assert served == []
