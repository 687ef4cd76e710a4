"""A border ledger whose lost entries no copy has: closed, and succeeded under both authorities' signatures, by files."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from typer.testing import CliRunner

from convenio.cli.authority import app as authority_app
from convenio.cli.ledger import app as ledger_app
from convenio.core.canonical import unb64
from convenio.core.errors import Conflict, ConvenioError, Refused
from convenio.ledger.recovery import mark_restored
from convenio.ledger.verify import verify
from convenio.node.node import bootstrap
from tests.exchange.conftest import Wire, pair, planted  # noqa: F401 - fixtures
from tests.node.test_restore import cosign

WHY = ("--en", "the disk and the mirror burned", "--es", "se quemaron el disco y el espejo")


def run(app, *words):
    answer = CliRunner().invoke(app, [str(each) for each in words])
    if isinstance(answer.exception, ConvenioError):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.fixture
def lost(pair, tmp_path):  # noqa: F811
    """The United States' node has lost entries, and so has the mirror that it could fetch them from."""
    pair.clock.at = dt.datetime.now(dt.UTC)
    pair.released()
    cosign(pair)
    pair.us.logs.close()
    shutil.copytree(pair.us.settings.home / "ledger", tmp_path / "ledger", ignore=shutil.ignore_patterns("*.lock"))
    pair.us.logs.open()
    pair.match()
    cosign(pair)
    pair.us.stop()
    shutil.rmtree(pair.us.settings.home / "ledger")
    shutil.copytree(tmp_path / "ledger", pair.us.settings.home / "ledger")
    mark_restored(pair.us.settings.home / "ledger" / "border-mx")
    shutil.rmtree(pair.mx.settings.home / "mirror" / "us")
    return pair


def test_the_ceremony_by_files_and_both_nodes_go_on(lost, tmp_path):
    us, mx = lost.us.settings.home, lost.mx.settings.home
    note, document = tmp_path / "seen.note", tmp_path / "successor.json"
    run(ledger_app, "seen", mx, "us", note)
    assert "burned" not in run(ledger_app, "draft-successor", us, "mx", note, document, *WHY)
    for act in (
        lambda: run(ledger_app, "succeed", us, "mx", document),
        lambda: run(ledger_app, "accept-successor", mx, "us", document),
    ):
        with pytest.raises(Refused):
            act()
    for party in ("us", "mx"):
        assert "burned" in run(authority_app, "sign-successor", tmp_path / f"{party}-authority", document)
    assert "closed-" in run(ledger_app, "succeed", us, "mx", document)
    run(ledger_app, "accept-successor", mx, "us", document)
    with pytest.raises(Conflict):
        run(ledger_app, "accept-successor", mx, "us", document)
    again = bootstrap(lost.us.settings, clock=lost.clock, fast=True)
    again.peers._line = lambda _party, _patience: lost.to_mx
    again.logs.open()
    log = again.logs.get("border-mx")
    assert log.origin.endswith("/r2")
    again.logs.step()
    again.logs.ask_witnesses()
    report = verify(log.folder)
    assert report.holds
    assert report.cosigned == report.size > 0
    wire = Wire(unb64(lost.mx.keys.public()["tls"]), again)
    lost.mx.peers._line = lambda _party, _patience: wire
    lost.mx.logs.mirror_peers()
    assert (mx / "mirror" / "us").is_dir()
    wire.close()
    again.stop()


def test_a_document_that_says_something_else_than_was_seen_is_not_accepted(lost, tmp_path):
    note, document = tmp_path / "seen.note", tmp_path / "successor.json"
    run(ledger_app, "seen", lost.mx.settings.home, "us", note)
    run(ledger_app, "draft-successor", lost.us.settings.home, "mx", note, document, *WHY)
    text = document.read_text(encoding="utf-8")
    size = next(line for line in text.splitlines() if '"size"' in line)
    document.write_text(text.replace(size, '      "size": 3,', 1), encoding="utf-8")
    for party in ("us", "mx"):
        run(authority_app, "sign-successor", tmp_path / f"{party}-authority", document)
    with pytest.raises(Conflict):
        run(ledger_app, "accept-successor", lost.mx.settings.home, "us", document)
    assert not (lost.mx.settings.home / "witness" / "us" / "successor.json").exists()


def test_where_nothing_is_missing_there_is_no_successor(pair, tmp_path):  # noqa: F811
    pair.clock.at = dt.datetime.now(dt.UTC)
    pair.match()
    cosign(pair)
    pair.us.stop()
    note = tmp_path / "seen.note"
    run(ledger_app, "seen", pair.mx.settings.home, "us", note)
    with pytest.raises(Conflict, match="nothing is missing"):
        run(ledger_app, "draft-successor", pair.us.settings.home, "mx", note, tmp_path / "d.json", *WHY)
