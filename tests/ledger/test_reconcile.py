from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from convenio.ledger.example import Story, tell
from convenio.ledger.reconcile import GRACE, reconcile
from tests.ledger.conftest import START


def pair(story):
    return ("us", enumerate(story.us)), ("mx", enumerate(story.mx))


LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def test_two_ledgers_of_whole_exchanges_reconcile():
    sides, ends = tell(60, 1, START)
    found = reconcile(*pair(sides), now=LATER)
    assert len(ends) == 60
    assert found.orphans == []
    assert found.holds
    assert found.entries == {"us": len(sides.us), "mx": len(sides.mx)}
    assert found.paired > 100


NEEDED = {"asked", "answered", "requested", "request-received", "request-answered", "released", "accepted"}
NEEDED |= {"acceptance-received", "received", "delivered", "erased"}


def test_any_entry_that_is_left_out_is_noticed_on_the_other_side():
    """Each entry that has a counterpart is removed in turn: its exchange is then named, and no other."""
    sides, _ends = tell(12, 2, START)
    tried = 0
    for side in ("us", "mx"):
        entries = getattr(sides, side)
        for place, entry in enumerate(entries):
            if entry.kind not in NEEDED:
                continue
            cut = Story(START)
            cut.us, cut.mx = list(sides.us), list(sides.mx)
            getattr(cut, side).pop(place)
            found = reconcile(*pair(cut), now=LATER)
            assert not found.holds, entry
            told = {each.entry.subject.removeprefix("release-of-") for each in found.orphans}
            assert told == {entry.subject.removeprefix("release-of-")}
            tried += 1
    assert tried > 40


def test_a_disclosure_without_its_reception_is_named_with_party_and_place():
    sides = Story(START)
    sides.request("r1", "released")
    sides.us = [each for each in sides.us if each.kind not in {"accepted", "received", "opened"}]
    found = reconcile(*pair(sides), now=LATER)
    orphan = next(each for each in found.orphans if each.entry.kind == "released")
    assert (orphan.state, orphan.party, orphan.wanted) == ("missing", "mx", "accepted")
    assert sides.mx[orphan.index].kind == "released"


def test_what_is_young_may_still_be_on_its_way():
    sides = Story(START)
    sides.match("run")
    sides.mx.clear()
    soon = sides.us[0].at + GRACE / 2
    assert reconcile(*pair(sides), now=soon).holds
    assert [each.state for each in reconcile(*pair(sides), now=soon).orphans] == ["open"]
    assert not reconcile(*pair(sides), now=soon + GRACE).holds


def test_a_request_that_nobody_has_decided_is_open_not_lost():
    sides = Story(START)
    sides.request("r1", "open")
    found = reconcile(*pair(sides), now=LATER)
    assert found.holds
    assert [(each.state, each.entry.subject) for each in found.orphans] == [("open", "r1")]


@pytest.mark.parametrize(("kind", "name"), [("accepted", "content_digest"), ("answered", "commitment")])
def test_two_sides_that_say_different_things_are_named(kind, name):
    sides = Story(START)
    sides.match("run")
    sides.request("r1", "released")
    for entries in (sides.us, sides.mx):
        for place, entry in enumerate(entries):
            if entry.kind == kind:
                entries[place] = dataclasses.replace(entry, body={**entry.body, name: "other"})
    found = reconcile(*pair(sides), now=LATER)
    assert [each.state for each in found.orphans] == ["differs"]
    assert name in str(found.orphans[0].what)
    assert not found.holds


def test_an_effect_that_stands_twice_is_named():
    sides = Story(START)
    sides.request("r1", "released")
    sides.us.append(next(each for each in sides.us if each.kind == "received"))
    found = reconcile(*pair(sides), now=LATER)
    assert [(each.state, each.party, each.entry.kind) for each in found.orphans] == [("twice", "us", "received")]


def test_a_match_that_failed_here_needs_no_answer_there():
    sides = Story(START)
    sides.match("run")
    sides.mx.clear()
    sides.add("us", "match-failed", "run")
    assert reconcile(*pair(sides), now=LATER).orphans == []
