"""A node brought back from a backup fetches what its witness has seen before it appends anything."""

from __future__ import annotations

import shutil

from convenio.demo.cast import CASE, FIELDS, PURPOSE, US
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.ledger.recovery import mark_restored
from convenio.ledger.verify import verify
from convenio.node.node import bootstrap
from tests.exchange.conftest import pair, planted  # noqa: F401 - a fixture


def cosign(pair):  # noqa: F811
    for node in (pair.us, pair.mx):
        node.logs.step()
    for node in (pair.us, pair.mx):
        node.logs.ask_witnesses()
        node.logs.mirror_peers()


def test_what_was_lost_with_the_backup_comes_back_from_the_witness(pair, tmp_path):  # noqa: F811
    pair.released()
    cosign(pair)
    pair.us.logs.close()
    shutil.copytree(pair.us.settings.home, tmp_path / "backup", ignore=shutil.ignore_patterns("*.lock"))
    pair.us.logs.open()
    copy = pair.us.copies.all()[0].id
    pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    cosign(pair)
    size = pair.us.logs.get("border-mx").size
    pair.us.stop()
    shutil.rmtree(pair.us.settings.home)
    shutil.copytree(tmp_path / "backup", pair.us.settings.home)
    mark_restored(pair.us.settings.home / "ledger" / "border-mx")

    again = bootstrap(pair.us.settings, clock=pair.clock, fast=True)
    again.peers._line = lambda _party, _patience: pair.to_mx
    again.logs.open()
    log = again.logs.get("border-mx")
    assert log.held
    assert log.size < size
    again.copies.hold(copy, again.people.person(US.player("supervisor").name), "while it is looked into")
    again.logs.step()
    assert log.size < size
    again.logs.ask_witnesses()
    assert not log.held
    assert log.size == size
    again.logs.step()
    assert log.size > size
    again.logs.ask_witnesses()
    report = verify(log.folder)
    assert report.holds
    assert report.cosigned == report.size
    again.stop()


def test_two_ledgers_reconcile_and_the_mirror_is_enough(pair):  # noqa: F811
    pair.released()
    pair.settle()
    match = pair.match()
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    assert pair.mx.requests.get(request).state == "waiting"
    cosign(pair)
    from convenio.ledger.folders import read_ledger

    theirs, _head = read_ledger(pair.us.settings.home / "mirror" / "mx")
    found = reconcile(
        ("us", read_entries(pair.us.logs.get("border-mx"))), ("mx", read_entries(theirs)), now=pair.clock()
    )
    assert found.paired >= 8
    assert found.holds, [each.as_json() for each in found.orphans]
