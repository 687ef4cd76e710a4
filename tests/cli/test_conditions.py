"""Conditions that travel, from the command line: each act by a named person's own password and key."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from convenio.cli.peer import app
from convenio.core.errors import ConvenioError, NotFound, Refused
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import loosened

ANALYST, OFFICER = US.player("analyst").name, MX.player("releasing_officer").name
WHY = ("--reason", "they have the laboratory")


@pytest.fixture
def run(pair, tmp_path, monkeypatch):  # noqa: F811
    """Run a command of a node at the present time; what goes wrong is raised as it is."""
    pair.clock.at = dt.datetime.now(dt.UTC)
    loosened(pair, onward="consent")
    monkeypatch.setenv("CONVENIO_PASSWORD", PASSWORD)
    monkeypatch.setattr("convenio.people.accounts.People.__init__.__kwdefaults__", {"fast": True})
    for name, key in pair.keys.items():
        (tmp_path / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def call(node, *words):
        pair.clock.at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
        answer = CliRunner().invoke(app, [words[0], words[1], str(node.settings.home), *words[2:]])
        if isinstance(answer.exception, ConvenioError):
            raise answer.exception
        assert answer.exit_code == 0, answer.output
        return answer.stdout.strip()

    return call


def test_a_copy_is_used_as_its_conditions_allow_and_not_otherwise(pair, run):  # noqa: F811
    _request, copy = pair.released()
    told = ("--as", ANALYST, "--case", CASE)
    rows = json.loads(run(pair.us, "copy", "use", copy, *told, "--purpose", PURPOSE))
    assert rows[0]["institution"]
    assert copy in run(pair.us, "copy", "list", "--as", ANALYST)
    for more in (("--purpose", "tax"), ("--purpose", PURPOSE, "--use", "court"), ("--purpose", PURPOSE, "--use", "x")):
        with pytest.raises(ConvenioError):
            run(pair.us, "copy", "use", copy, *told, *more)
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    with pytest.raises(Refused):
        run(pair.us, "copy", "use", copy, *told, "--purpose", PURPOSE)


def test_consent_is_asked_signed_and_withdrawn(pair, run, tmp_path):  # noqa: F811
    _request, copy = pair.released()
    day = f"{pair.clock() + dt.timedelta(days=20):%Y-%m-%d}"
    asking = ("--as", ANALYST, "--to", "cdc", "--case", CASE, "--until", day, *WHY)
    number = run(pair.us, "consent", "ask", copy, *asking)
    pair.settle()
    assert number in run(pair.mx, "consent", "list")
    with pytest.raises(ConvenioError):
        run(pair.mx, "consent", "sign", number, "--as", OFFICER, "--key", str(tmp_path / "nothing.pem"))
    signed = run(pair.mx, "consent", "sign", number, "--as", OFFICER, "--key", str(tmp_path / f"{OFFICER}.pem"))
    assert signed.endswith("granted")
    assert f'"release": "{copy}"' in signed
    pair.settle()
    passing = ("--as", ANALYST, "--case", CASE, "--purpose", PURPOSE, "--use", "forward")
    assert json.loads(run(pair.us, "copy", "use", copy, *passing, "--to", "cdc"))
    run(pair.mx, "consent", "withdraw", number, "--as", OFFICER, "--reason", "done")
    pair.settle()
    with pytest.raises(Refused):
        run(pair.us, "copy", "use", copy, *passing, "--to", "cdc")


def test_a_finding_made_from_a_copy_is_gone_when_the_copy_is(pair, run):  # noqa: F811
    _request, copy = pair.released()
    told = ("--as", ANALYST, "--case", CASE, "--purpose", PURPOSE, "--claim", "one account", "--why", "one number")
    number = run(pair.us, "copy", "note", copy, *told)
    assert json.loads(run(pair.us, "copy", "finding", number, "--as", ANALYST))["claim"]["en"] == "one account"
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    with pytest.raises(Refused):
        run(pair.us, "copy", "finding", number, "--as", ANALYST)


def test_a_correction_is_proposed_and_signed_twice(pair, run, tmp_path):  # noqa: F811
    _request, copy = pair.released()
    told = ("--as", OFFICER, "--row", "1", "--field", "institution", "--value", "Banco Nuevo", "--reason", "wrong one")
    number = run(pair.mx, "correction", "propose", copy, *told)
    for each in (pair.person(MX, "releasing_officer", which).name for which in (0, 1)):
        run(pair.mx, "correction", "sign", number, "--as", each, "--key", str(tmp_path / f"{each}.pem"))
    assert run(pair.mx, "correction", "list").endswith("sent")
    pair.settle()
    assert run(pair.mx, "correction", "list").endswith("done")
    rows = pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    assert rows[0]["institution"] == "Banco Nuevo"


def test_nobody_acts_in_anothers_name(pair, run, monkeypatch):  # noqa: F811
    _request, copy = pair.released()
    monkeypatch.setenv("CONVENIO_PASSWORD", "not this one")
    with pytest.raises(Refused):
        run(pair.us, "copy", "use", copy, "--as", ANALYST, "--case", CASE, "--purpose", PURPOSE)
    monkeypatch.setenv("CONVENIO_PASSWORD", PASSWORD)
    with pytest.raises((NotFound, Refused)):
        run(pair.us, "copy", "use", copy, "--as", US.player("auditor").name, "--case", CASE, "--purpose", PURPOSE)
