"""One finding of a batch is recalled: it is gone on the other side, with what rested on it; the rest of it stays."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.custody.sealing import unsealed
from convenio.demo.cast import MX, PURPOSE, US
from convenio.exchange.standing import leaf_of, salt_of
from convenio.ledger.merkle import verify_inclusion
from convenio.stores.tables import ReceivedCopy, Tombstone
from tests.exchange import standing
from tests.exchange.test_standing import give, ledgers
from tests.exchange.travel import kinds

USE = {"purpose": PURPOSE, "case": "OFAC-2021-1006"}


@pytest.fixture
def given(pair):
    """An order, a batch of five findings that the other side has received, and the copy it is there."""
    standing.adopt(pair)
    order = standing.ordered(pair)
    made = give(pair, order, standing.items(0, 5))
    pair.settle()
    return order, made.releases[0]


def recall(pair, order, reference="f-2", person=None, reason="it was about another"):
    return pair.mx.recalling.recall(order, reference, person or pair.person(MX, "supervisor"), reason)


def read(pair, copy):
    return pair.us.copies.open(copy, pair.person(US, "analyst"), **USE)


def state(pair, order):
    return [(each.reference, each.recall_state) for each in pair.mx.recalling.recalled(order)]


def test_it_is_gone_and_the_other_findings_stay_where_they_were(pair, given):
    order, copy = given
    with pair.us.store.reading() as session:
        before = session.get(ReceivedCopy, copy)
    old, key = before.content, pair.us.vault.get(before.key)
    number = recall(pair, order)
    assert state(pair, order) == [("f-2", "pending")]
    assert len(read(pair, copy)) == 5, "pending until the other side is reached"
    pair.settle()
    assert state(pair, order) == [("f-2", "erased")]
    assert read(pair, copy) == [standing.finding(each) for each in (0, 1, 3, 4)]
    with pair.us.store.reading() as session:
        after = session.get(ReceivedCopy, copy)
        assert session.get(Tombstone, number).reason == "corrected"
    assert not pair.us.vault.has(before.key)
    assert canonical(standing.finding(2)) not in canonical(unsealed(after.content, pair.us.vault.get(after.key), copy))
    with pytest.raises(InvalidTag):
        unsealed(old, pair.us.vault.get(after.key), copy)
    assert after.expires_at == before.expires_at
    proof = pair.mx.batches.proof(order, "f-3", pair.person(MX, "auditor"))
    path = [bytes.fromhex(each) for each in proof["proof"]]
    leaf = leaf_of(salt_of(key), 3, canonical(standing.finding(3)))
    verify_inclusion(3, 5, leaf, path, bytes.fromhex(proof["root"]))
    assert ledgers(pair)[1].holds
    for node, log in ((pair.us, "border-mx"), (pair.mx, "border-us")):
        assert sum("finding-recall" in each for each in kinds(node, log)) == (1 if node is pair.us else 2)


def test_what_was_made_from_the_batch_goes_and_it_does_not_go_out_again(pair, given):
    order, copy = given
    analyst = pair.person(US, "analyst")

    def build(rows, _marking):
        return "made-of-it", {"claim": {"en": str(len(rows)), "es": str(len(rows))}}

    pair.us.derived.make([copy], analyst, kind="finding", build=build, **USE)
    recall(pair, order)
    pair.settle()
    with pytest.raises(Refused, match="corrected"):
        pair.us.derived.read("made-of-it", analyst)
    assert give(pair, order, standing.items(2, 1)).given == 0


def test_several_are_recalled_one_by_one_and_a_batch_may_end_empty(pair, given):
    order, copy = given
    for number in range(5):
        recall(pair, order, f"f-{number}")
    pair.settle()
    assert {each for _reference, each in state(pair, order)} == {"erased"}
    assert read(pair, copy) == []
    assert ledgers(pair)[1].holds


def test_a_legal_hold_keeps_the_old_batch_blocked_and_lifting_it_erases_it(pair, given):
    order, copy = given
    supervisor = pair.person(US, "supervisor")
    pair.us.copies.hold(copy, supervisor, "a court asked for it")
    recall(pair, order)
    pair.settle()
    assert state(pair, order) == [("f-2", "held")]
    assert len(read(pair, copy)) == 4
    (old,) = pair.us.copies.superseded(copy)
    assert pair.us.vault.has(old.key)
    pair.us.copies.lift_hold(copy, supervisor)
    assert not pair.us.vault.has(old.key)


def test_a_batch_that_is_gone_there_already_makes_it_moot(pair, given):
    order, copy = given
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())
    pair.us.copies.expire()
    recall(pair, order)
    pair.settle()
    assert state(pair, order) == [("f-2", "moot")]
    assert "finding-recall-moot" in kinds(pair.us, "border-mx")
    assert ledgers(pair)[1].holds
    with pytest.raises(Refused):
        read(pair, copy)


def test_it_is_recalled_once_with_a_reason_by_the_holders_officers_alone(pair, given):
    order, _copy = given
    for role in ("analyst", "auditor", "administrator"):
        with pytest.raises(Refused):
            recall(pair, order, person=pair.person(MX, role))
    with pytest.raises(InputError, match="reason"):
        recall(pair, order, reason=" ")
    for number, reference in (("0" * 32, "f-2"), (order, "f-77")):
        with pytest.raises(NotFound):
            recall(pair, number, reference)
    recall(pair, order)
    with pytest.raises(Conflict, match="already"):
        recall(pair, order)


def test_before_the_other_side_has_the_batch_and_after_its_recall_the_whole_is_recalled(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    made = give(pair, order, standing.items(0, 3))
    with pytest.raises(Conflict, match="not confirmed"):
        recall(pair, order, "f-1")
    pair.settle()
    pair.mx.releases.recall(made.releases[0], pair.person(MX, "supervisor"), "all wrong")
    with pytest.raises(Conflict, match="whole batch"):
        recall(pair, order, "f-1")


@pytest.mark.parametrize(
    "change",
    [{"place": 5}, {"place": -1}, {"place": "x"}, {"recall": "x"}, {"release": "0" * 32}, {"place": None}],
)
def test_a_hostile_recall_takes_nothing_out(pair, given, change):
    order, copy = given
    write = pair.mx.post.write

    def spoilt(session, peer, kind, body, **more):
        return write(session, peer, kind, {**body, **change} if kind == "finding-recall" else body, **more)

    pair.mx.post.write = spoilt
    recall(pair, order)
    pair.settle()
    assert len(read(pair, copy)) == 5
    assert pair.mx.post.waiting() == []
    assert "undeliverable" in kinds(pair.mx, "border-us")
    pair.mx.post.write = write
    if change.keys() == {"place"}:
        recall(pair, order)
        pair.settle()
        assert len(read(pair, copy)) == 4


def test_an_answer_of_a_peer_to_what_nobody_recalled_changes_nothing(pair, given):
    order, copy = given
    number = recall(pair, order)
    with pair.us.store.transaction() as session:
        for told in ({"recall": "0" * 32}, {"recall": number, "outcome": "forgotten"}):
            body = {"recall": number, "release": copy, "outcome": "erased", **told}
            pair.us.post.write(session, "mx", "finding-recalled", body)
    pair.us.post.deliver()
    assert state(pair, order) == [("f-2", "pending")]


def test_after_a_restore_the_batch_does_not_come_back_with_the_finding(pair, given):
    order, copy = given
    with pair.us.store.reading() as session:
        before = session.get(ReceivedCopy, copy)
        kept = (before.key, before.content, before.state)
        key = pair.us.vault.get(before.key)
    recall(pair, order)
    pair.settle()
    pair.us.logs.step()
    entries = [each for each in ledgers(pair)[0]["us"] if each[1].kind == "finding-recall-received"]
    with pair.us.store.transaction() as session:
        held = session.get(ReceivedCopy, copy)
        held.key, held.content, held.state = kept
    pair.us.vault.put(kept[0], key)
    assert len(read(pair, copy)) == 5, "a database and key store of before"
    assert pair.us.copies.replay([entry for _at, entry in entries]) == 1
    assert not pair.us.vault.has(kept[0])
    with pytest.raises(Refused):
        read(pair, copy)
