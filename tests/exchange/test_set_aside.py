"""A letter that the peer cannot take is set aside with what follows it; letters about other things pass it by."""

from __future__ import annotations

from convenio.core.errors import Unreachable
from convenio.core.words import _
from convenio.demo.cast import FIELDS, MX, US
from convenio.stores.tables import OutboxMessage


class Breaking:
    """A kind of letter whose handler fails on the other node, for those about one thing."""

    def __init__(self, node, kind, about):
        self.handler, self.about, self.broken, self.calls = node.post._handlers[kind], about, True, 0
        node.post.handle(kind, self)

    def __call__(self, session, letter):
        if self.broken and self.about in letter.body.values():
            self.calls += 1
            raise ZeroDivisionError("a fault that nobody foresaw")
        return self.handler(session, letter)


def ask(pair, which=0):
    match = pair.match()
    return pair.us.requests.open(
        match.run, [match.hits[which].place], FIELDS, pair.person(US, "analyst"), reason="joint designation"
    )


def test_letters_about_other_things_pass_one_that_the_peer_answers_with_500(pair):
    stuck = ask(pair)
    breaking = Breaking(pair.mx, "request", stuck)
    passing = ask(pair, 1)
    pair.settle()
    assert [each.kind for each in pair.us.post.waiting()] == ["request"]
    assert pair.mx.requests.get(passing).state == "waiting"
    for which in (0, 1):
        pair.approve(passing, which)
    pair.settle()
    assert pair.us.requests.get(passing).state == "released"
    assert pair.us.requests.get(stuck).state == "sent"
    assert breaking.calls == 1, "it waits before it is tried again"


def test_it_is_told_to_the_nodes_people_and_is_tried_until_it_is_taken(pair):
    stuck = ask(pair)
    breaking = Breaking(pair.mx, "request", stuck)
    for tries in range(1, 5):
        pair.settle()
        assert breaking.calls == tries
        assert len(pair.us.status()["set_aside"]) == (tries >= 3)
        pair.clock.forward(minutes=5, seconds=1)
    (told,) = pair.us.status()["set_aside"]
    assert (told["peer"], told["kind"], told["tries"]) == ("mx", "request", 4)
    assert "went wrong inside this node" in told["trouble"]
    breaking.broken = False
    pair.settle()
    assert pair.mx.requests.get(stuck).state == "waiting"
    assert pair.us.status()["set_aside"] == pair.us.status()["waiting"] == []


def test_what_follows_it_about_the_same_thing_stays_behind_it(pair):
    """A recall that overtook its release would be refused for good, and the release would stand."""
    stuck = ask(pair)
    pair.settle()
    for which in (0, 1):
        pair.approve(stuck, which)
    (release,) = pair.mx.releases.all()
    breaking = Breaking(pair.us, "release", release.id)
    pair.mx.post.deliver()
    pair.mx.releases.recall(release.id, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    assert [each.kind for each in pair.mx.post.waiting()] == ["release", "recall"]
    assert pair.us.copies.all() == []
    breaking.broken = False
    pair.clock.forward(minutes=6)
    pair.settle()
    assert pair.mx.post.waiting() == []
    assert [each.state for each in pair.us.copies.all()] == ["recalled"]
    assert pair.mx.releases.all()[0].state == "recalled"


def test_many_that_fail_in_a_row_are_not_hammered_and_the_next_still_gets_through(pair):
    def broken(_session, _letter):
        raise ZeroDivisionError

    pair.mx.post.handle("test-broken", broken)
    with pair.us.store.transaction() as session:
        for number in range(7):
            pair.us.post.write(session, "mx", "test-broken", {"release": f"{number:032}"})
    request = ask(pair)
    calls = len(pair.to_mx.sent)
    assert pair.us.post.deliver() == 0
    assert len(pair.to_mx.sent) - calls == 3
    assert pair.us.post.called_at("mx") is not None
    for _round in range(3):
        assert len(pair.to_mx.sent) - calls < 12
        pair.clock.forward(seconds=11)
        pair.us.post.deliver()
    assert pair.mx.requests.get(request).state == "waiting"


def test_a_line_that_fails_is_not_called_for_each_letter(pair, monkeypatch):
    ask(pair)
    ask(pair, 1)
    called = []

    def cut(_party, _path, _content):
        called.append(1)
        raise Unreachable(_("{party} did not answer in time", party="mx"))

    monkeypatch.setattr(pair.us.post._peers, "post", cut)
    assert pair.us.post.deliver() == 0
    assert pair.us.post.deliver() == 0
    assert called == [1]
    assert pair.us.status()["set_aside"] == []


def test_a_letter_of_an_older_version_that_does_not_say_what_it_is_about_is_passed_by_none(pair):
    stuck = ask(pair)
    Breaking(pair.mx, "request", stuck)
    ask(pair, 1)
    with pair.us.store.transaction() as session:
        session.query(OutboxMessage).filter(OutboxMessage.sequence == 1).one().about = None
    pair.settle()
    assert [each.kind for each in pair.us.post.waiting()] == ["request", "request"]


def test_a_kind_of_letter_that_the_peer_does_not_know_yet_waits_until_it_does(pair):
    with pair.us.store.transaction() as session:
        pair.us.post.write(session, "mx", "of-a-newer-version", {"release": "0" * 32})
    pair.settle()
    assert [each.kind for each in pair.us.post.waiting()] == ["of-a-newer-version"]
    taken = []
    pair.mx.post.handle("of-a-newer-version", lambda _session, letter: taken.append(letter.id))
    pair.clock.forward(minutes=6)
    pair.settle()
    assert len(taken) == 1
    assert pair.us.post.waiting() == []


def test_every_letter_of_the_main_path_says_what_it_is_about(pair):
    pair.released()
    about = {}
    for node in (pair.us, pair.mx):
        with node.store.reading() as session:
            about |= {each.kind: each.about for each in session.query(OutboxMessage)}
    assert set(about) == {"request", "release", "acceptance", "content-key", "delivered"}
    assert all(about.values()), about
