"""Each of a node's own keys gives way to a new one, at a moment that both sides know; nothing is lost on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.canonical import unb64
from convenio.core.errors import Conflict, InputError, Refused
from convenio.demo.cast import CASE, MX, PURPOSE, US
from convenio.exchange.rotation import KINDS
from convenio.ledger.verify import verify
from convenio.node.node import bootstrap
from convenio.node.setup import rotate, take_into_use
from convenio.policy.roster import read_roster, sign_roster
from tests.exchange.conftest import Wire, pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import kinds


def take(pair, request):  # noqa: F811
    """Mexico's authority signs a roster request, and both nodes take it."""
    made = sign_roster(read_roster(request), pair.authorities["mx"].private)
    pair.mx.peers.adopt_own(made, pair.authorities["mx"].public)
    pair.us.peers.renew("mx", made)
    return made.roster


@pytest.fixture
def restarted(pair):  # noqa: F811
    """Have Mexico's node stopped, something done, and started again with the keys that lie in its folder then."""
    opened = []

    def restart(do):
        pair.mx.stop()
        request = do()
        node = bootstrap(pair.mx.settings, clock=pair.clock, fast=True)
        opened.append(node)
        pair.mx = node
        pair.to_us = Wire(unb64(node.keys.public()["tls"]), pair.us)
        pair.to_mx = Wire(unb64(pair.us.keys.public()["tls"]), node)
        node.peers._line = lambda _party, _patience: pair.to_us
        pair.us.peers._line = lambda _party, _patience: pair.to_mx
        node.logs.open()
        return request

    yield restart
    for node in opened:
        node.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_gives_way_while_letters_and_ledgers_go_on(pair, restarted, kind):  # noqa: F811
    _request, copy = pair.released()
    moment = pair.clock() + dt.timedelta(hours=2)
    before = pair.mx.keys.public()[kind]
    both = take(pair, rotate(pair.mx.settings.home, kind, moment, clock=pair.clock))
    new = next(each for each in both.keys if each.kind == kind and each.public != before)
    assert new.not_before == moment
    with pytest.raises(Refused, match="not good yet"):
        restarted(lambda: take_into_use(pair.mx.settings.home, kind, clock=pair.clock))
    pair.clock.forward(hours=2)
    restarted(lambda: None)
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "on its way while the key changes")
    request = restarted(lambda: take_into_use(pair.mx.settings.home, kind, clock=pair.clock))
    assert pair.mx.keys.public()[kind] == new.public
    pair.settle()
    assert [each.state for each in pair.mx.releases.all()] == ["recalled"]
    after = take(pair, request)
    assert [each.revoked_at for each in after.keys if each.public == before] == [pair.clock()]
    assert after.public_keys(kind, pair.clock()) == [new.public]
    for node in (pair.us, pair.mx):
        node.logs.step()
        node.logs.ask_witnesses()
    pair.us.clock.cosigned(pair.clock())
    assert {each["unwitnessed"] for each in pair.mx.logs.state() if "unwitnessed" in each} == {0}
    assert len(pair.released()) == 2
    assert pair.us.copies.open(newest(pair), pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    assert "key-rotated" in kinds(pair.mx, "border-us")
    for name in ("internal", "border-us"):
        assert verify(pair.mx.home.ledger / name).holds


def newest(pair):  # noqa: F811
    return next(each.id for each in pair.us.copies.all() if each.state == "open")


def test_what_was_sealed_to_the_old_envelope_key_is_still_opened(pair, restarted):  # noqa: F811
    take(pair, rotate(pair.mx.settings.home, "envelope", pair.clock(), clock=pair.clock))
    pair.us.peers._rosters.clear()
    with pair.us.store.transaction() as session:
        pair.us.post.write(session, "mx", "delivered", {"release": "0" * 32})
    new = pair.us.post.waiting()[0].envelope
    assert pair.mx.post._keys.other_envelopes == ()
    restarted(lambda: None)
    assert pair.mx.post.open(new).kind == "delivered"
    restarted(lambda: take_into_use(pair.mx.settings.home, "envelope", clock=pair.clock))
    assert pair.mx.post.open(new).kind == "delivered"
    assert len(pair.mx.keys.other_envelopes) == 1


def test_what_does_not_fit_changes_nothing(pair):  # noqa: F811
    home = pair.mx.settings.home
    with pytest.raises(InputError):
        rotate(home, "house", pair.clock(), clock=pair.clock)
    with pytest.raises(InputError):
        take_into_use(home, "node", clock=pair.clock)
    rotate(home, "node", pair.clock(), clock=pair.clock)
    with pytest.raises(Conflict):
        rotate(home, "node", pair.clock(), clock=pair.clock)
    with pytest.raises(Refused):
        take_into_use(home, "node", clock=pair.clock)
    with pair.mx.home.held(), pytest.raises(Conflict, match="serves"):
        take_into_use(home, "node", clock=pair.clock)
