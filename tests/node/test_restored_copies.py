"""A node brought back from a backup, its key store too, shows nothing of what has ended since."""

from __future__ import annotations

import shutil

import pytest

from convenio.core.canonical import unb64
from convenio.core.errors import Refused
from convenio.demo.cast import CASE, MX, PURPOSE, US
from convenio.ledger.recovery import mark_restored
from convenio.node.node import bootstrap
from tests.exchange.conftest import Wire, pair, planted  # noqa: F401 - fixtures
from tests.exchange.test_corrections import corrected
from tests.exchange.test_onward import asked, forward, signed
from tests.exchange.travel import entries, loosened
from tests.node.test_restore import cosign


@pytest.fixture
def restored(pair, tmp_path):  # noqa: F811
    """Have the United States' node saved with its keys, something done, and brought back as it was."""
    opened = []

    def bring_back(do):
        cosign(pair)
        pair.us.logs.close()
        shutil.copytree(pair.us.settings.home, tmp_path / "backup", ignore=shutil.ignore_patterns("*.lock"))
        pair.us.logs.open()
        do()
        pair.settle()
        cosign(pair)
        pair.us.stop()
        shutil.rmtree(pair.us.settings.home)
        shutil.copytree(tmp_path / "backup", pair.us.settings.home)
        mark_restored(pair.us.settings.home / "ledger" / "border-mx")
        node = bootstrap(pair.us.settings, clock=pair.clock, fast=True)
        opened.append(node)
        node.peers._line = lambda _party, _patience: pair.to_mx
        node.logs.open()
        return node

    yield bring_back
    for node in opened:
        node.stop()


def read(node, copy):
    return node.copies.open(copy, node.people.person(US.player("analyst").name), purpose=PURPOSE, case=CASE)


def test_until_the_lost_entries_are_back_no_copy_is_read_and_then_it_is(pair, restored):  # noqa: F811
    _request, copy = pair.released()
    node = restored(lambda: read(pair.us, copy))
    with pytest.raises(Refused, match="restored"):
        read(node, copy)
    beside = bootstrap(node.settings, clock=pair.clock, fast=True)
    with pytest.raises(Refused, match="restored"):
        read(beside, copy)
    beside.close()
    node.logs.ask_witnesses()
    assert read(node, copy)


def test_a_recalled_copy_stays_recalled(pair, restored):  # noqa: F811
    _request, copy = pair.released()
    node = restored(lambda: pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error"))
    (held,) = node.copies.all()
    assert node.vault.has(held.key)
    node.logs.ask_witnesses()
    assert not node.vault.has(held.key)
    with pytest.raises(Refused, match="recalled"):
        read(node, copy)
    erased = [each for each in entries(node, "border-mx") if each.kind == "erased" and each.subject == copy]
    assert len(erased) == 1


def test_a_withdrawn_consent_stays_withdrawn(pair, restored):  # noqa: F811
    loosened(pair, onward="consent")
    pair.us.people.add("cara.cdc", "a long password", full_name="Cara Dale", agency="cdc", roles=["analyst"])
    _request, copy = pair.released()
    consent = asked(pair, copy)
    signed(pair, consent)
    forward(pair, copy)
    node = restored(lambda: pair.mx.consenting.withdraw(consent, pair.person(MX, "supervisor"), "done"))
    node.logs.ask_witnesses()
    cara = node.people.person("cara.cdc")
    with pytest.raises(Refused, match="withdrew"):
        node.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    assert read(node, copy)


def test_a_copy_that_was_corrected_since_is_not_read_until_it_is_corrected_again(pair, restored):  # noqa: F811
    _request, copy = pair.released()
    node = restored(lambda: corrected(pair, copy))
    node.logs.ask_witnesses()
    with pytest.raises(Refused, match="correcting"):
        read(node, copy)
    pair.clock.forward(minutes=1)
    corrected(pair, copy, changes=[(0, "institution", "Banco Tercero")])
    wire = Wire(unb64(pair.mx.keys.public()["tls"]), node)
    pair.mx.peers._line = lambda _party, _patience: wire
    for _round in range(6):
        pair.mx.post.deliver()
        node.post.deliver()
    wire.close()
    assert read(node, copy)[0]["institution"] == "Banco Tercero"
