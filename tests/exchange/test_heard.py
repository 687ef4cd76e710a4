"""A peer that is heard from is called at once, however long its line was thought to be down."""

from __future__ import annotations

import datetime as dt

from convenio.core.errors import Unreachable
from convenio.core.words import _
from convenio.demo.cast import FIELDS, US
from convenio.stores.tables import Peer


def asked(pair):
    match = pair.match()
    person = pair.person(US, "analyst")
    return pair.us.requests.open(match.run, [match.hits[0].place], FIELDS, person, reason="joint designation")


def cut(*_anything, **_more):
    raise Unreachable(_("{party} did not answer in time", party="mx"))


def test_a_letter_goes_as_soon_as_the_peer_is_heard_from_though_it_was_heard_a_moment_ago(pair, monkeypatch):
    asked(pair)
    pair.us.peers.seen("mx")
    with monkeypatch.context() as broken:
        broken.setattr(pair.us.peers, "post", cut)
        for _time in range(5):
            assert pair.us.post.deliver() == 0
            pair.clock.forward(minutes=6)
        assert pair.us.post.deliver() == 0
    pair.us.peers.seen("mx")
    assert pair.us.post.called_at("mx") is None
    pair.us.post._pause("mx")
    assert pair.us.post.called_at("mx") is not None
    pair.clock.forward(seconds=2)
    pair.us.peers.seen("mx")
    assert pair.us.post.called_at("mx") is None
    assert pair.us.post.deliver() == 1


def test_a_clock_that_was_set_back_a_year_does_not_make_a_peer_unheard(pair):
    pair.us.peers.seen("mx")
    pair.clock.forward(days=-365)
    pair.us.post._pause("mx")
    pair.us.peers.seen("mx")
    assert pair.us.post.called_at("mx") is None
    with pair.us.store.reading() as session:
        assert session.get(Peer, "mx").last_seen - pair.clock() < dt.timedelta(seconds=1)
