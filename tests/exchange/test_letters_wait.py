"""A letter that cannot be taken now is not lost: it waits while a clock is wrong or a roster is on its way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from convenio.core.canonical import b64, unb64
from convenio.core.errors import Unreachable
from convenio.demo.cast import FIELDS, US
from convenio.exchange.keys import TLS_DAYS
from convenio.exchange.peers import Peers
from convenio.exchange.transport import Line
from convenio.policy.roster import sign_roster
from convenio.stores.tables import Intent, OutboxMessage


def ask(pair):
    match = pair.match()
    return pair.us.requests.open(match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="why")


def kinds(node):
    with node.store.reading() as session:
        return [each.kind for each in session.query(Intent)]


def test_a_letter_from_a_clock_that_is_ahead_waits_until_the_other_has_come_so_far(pair):
    ask(pair)
    behind = pair.clock.at - dt.timedelta(minutes=30)
    pair.mx.clock._local = lambda: behind
    pair.mx.post._now = lambda: behind
    pair.settle()
    assert [each.kind for each in pair.us.post.waiting()] == ["request"]
    assert "undeliverable" not in kinds(pair.us)
    pair.mx.post._now = pair.mx.clock
    pair.mx.clock._local = pair.clock
    pair.clock.forward(minutes=6)
    pair.settle()
    assert pair.us.post.waiting() == []
    assert [each.state for each in pair.mx.requests.all()] == ["waiting"]


def test_a_letter_signed_by_a_key_of_a_roster_that_is_still_on_its_way_waits_for_it(pair):
    new = ed25519.Ed25519PrivateKey.generate()
    pair.us.post._keys = replace(pair.us.keys, node=new)
    request = ask(pair)
    pair.settle()
    assert [each.kind for each in pair.us.post.waiting()] == ["request"]
    before = pair.mx.peers.roster("us")
    key = next(each for each in before.keys if each.kind == "node")
    added = key.model_copy(update={"public": b64(new.public_key().public_bytes_raw())})
    newer = before.model_copy(update={"version": 2, "keys": (*before.keys, added)})
    pair.mx.peers.renew("us", sign_roster(newer, pair.authorities["us"].private))
    pair.clock.forward(minutes=6)
    pair.settle()
    assert pair.mx.requests.get(request).state == "waiting"


def test_a_letter_that_the_other_side_will_never_take_is_not_sent_for_ever_and_blocks_none(pair):
    with pair.us.store.transaction() as session:
        pair.us.post.write(session, "mx", "delivered", {"release": "0" * 32})
    request = ask(pair)
    pair.settle()
    assert pair.us.post.waiting() == []
    assert kinds(pair.us).count("undeliverable") == 1
    assert pair.mx.requests.get(request).state == "waiting"
    with pair.us.store.reading() as session:
        assert [each.tries for each in session.query(OutboxMessage) if each.kind == "delivered"] == [1]


def test_a_certificate_that_has_ended_is_nobodys_also_on_a_line_that_stands(pair):
    """A line that was made before it ended would else serve on."""
    request = ask(pair)
    certificate = unb64(pair.us.keys.public()["tls"])
    assert pair.mx.peers.by_certificate(certificate) == "us"
    assert isinstance(Peers._line(pair.us.peers, "mx", 5.0), Line)
    pair.clock.forward(days=TLS_DAYS + 1)
    assert pair.mx.peers.by_certificate(certificate) is None
    with pytest.raises(Unreachable, match="certificate"):
        Peers._line(pair.us.peers, "mx", 5.0)
    pair.clock.forward(days=-TLS_DAYS)
    pair.settle()
    assert pair.mx.requests.get(request).state == "waiting"
