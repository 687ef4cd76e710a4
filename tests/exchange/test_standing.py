"""Standing orders: asked once, approved once by two, given in batches, each finding once, all of it in the ledgers."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.canonical import canonical, digest, unb64
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.demo.cast import MX, US
from convenio.exchange.batches import Item
from convenio.exchange.standing import leaf_of
from convenio.ledger.folders import read_ledger
from convenio.ledger.merkle import verify_inclusion
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.ledger.verify import verify
from convenio.people.credentials import sign_decision
from convenio.policy.roster import revoked, sign_roster
from convenio.stores.tables import OutboxMessage, StandingBatch
from tests.exchange import standing


def give(pair, order, items, **more):
    return pair.mx.batches.give(order, items, pair.person(MX, "analyst"), **more)


def ledgers(pair):
    """Both border ledgers, verified, and held against each other."""
    entries = {}
    for party, node, name in (("us", pair.us, "border-mx"), ("mx", pair.mx, "border-us")):
        node.logs.step()
        node.logs.ask_witnesses()
        folder = node.settings.home / "ledger" / name
        assert verify(folder).holds
        entries[party] = list(read_entries(read_ledger(folder)[0]))
    found = reconcile(("us", entries["us"]), ("mx", entries["mx"]), now=pair.clock() + dt.timedelta(hours=1))
    return entries, found


def test_findings_go_out_in_batches_once_two_have_approved(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    made = give(pair, order, standing.items(0, 25), most=10)
    assert (made.given, made.before, len(made.releases)) == (25, 0, 3)
    pair.settle()
    copies = pair.us.copies.all()
    assert sorted(each.state for each in copies) == ["open"] * 3
    analyst = pair.person(US, "analyst")
    seen = [
        row
        for each in copies
        for row in pair.us.copies.open(each.id, analyst, purpose="joint-designation", case="OFAC-2021-1006")
    ]
    assert sorted(map(canonical, seen)) == sorted(canonical(standing.finding(number)) for number in range(25))
    assert {each.state for each in pair.mx.releases.all()} == {"delivered"}
    entries, found = ledgers(pair)
    assert found.holds, [each.as_json() for each in found.orphans]
    released = [each.body for _at, each in entries["mx"] if each.kind == "released"]
    assert [each["subjects"] for each in released] == [10, 10, 5]
    assert {each["request"] for each in released} == {order}
    assert not any("Customer" in str(each) for _at, each in entries["mx"])


def test_a_finding_goes_once_however_often_it_is_handed_in(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    give(pair, order, standing.items(0, 7), most=5)
    again = give(pair, order, standing.items(3, 8) + standing.items(3, 8), most=5)
    assert (again.given, again.before) == (4, 12)
    pair.settle()
    counts = [each.count for each in pair.us.taking.all(order)]
    assert sum(counts) == 11


def test_nothing_goes_before_the_second_officer(pair):
    standing.adopt(pair)
    order = pair.us.orders.open(standing.wanted(pair.clock()), pair.person(US, "analyst"))
    pair.settle()
    assert standing.approve(pair, order, 0) == "waiting"
    with pytest.raises(Conflict):
        standing.approve(pair, order, 0)
    with pytest.raises(Refused, match="waiting"):
        give(pair, order, standing.items(0, 1))
    assert pair.mx.post.waiting() == []


UNFIT = [
    ({"purpose": "curiosity"}, Refused),
    ({"fields": ("home_address",)}, Refused),
    ({"subject_roles": ("suspect", "victim")}, Refused),
    ({"case": " "}, Refused),
    ({"per_day": 0}, InputError),
    ({"until": dt.datetime(2031, 1, 1, tzinfo=dt.UTC)}, InputError),
    ({"clause": "finance-designation", "agreement": "us-mx-joint-action"}, InputError),
]


def test_an_order_that_does_not_fit_is_not_sent(pair):
    standing.adopt(pair)
    for other, error in UNFIT:
        with pytest.raises(error):
            pair.us.orders.open(standing.wanted(pair.clock(), **other), pair.person(US, "analyst"))
    assert pair.us.post.waiting() == []


def test_what_the_asking_node_lets_through_the_giving_node_refuses(pair):
    """A node that skips its own policy gets a refusal with a receipt, and no officer is asked."""
    standing.adopt(pair)
    pair.us.desk.require = lambda _question, *, log: None
    order = pair.us.orders.open(standing.wanted(pair.clock(), purpose="curiosity"), pair.person(US, "analyst"))
    pair.settle()
    assert pair.mx.orders.get(order).state == "refused"
    assert "purpose" in pair.us.orders.get(order).answer["reasons"]["en"]
    assert ledgers(pair)[1].holds


def test_an_ended_order_gives_nothing_more_and_takes_nothing_more(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    give(pair, order, standing.items(0, 3))
    pair.us.orders.end(order, pair.person(US, "analyst"), "the case is closed")
    pair.settle()
    assert pair.mx.orders.get(order).state == "ended"
    with pytest.raises(Refused, match="ended"):
        give(pair, order, standing.items(3, 1))
    assert [each.state for each in pair.mx.releases.all()] == ["withdrawn"]
    assert pair.us.copies.all() == []
    _entries, found = ledgers(pair)
    assert found.holds, [each.as_json() for each in found.orphans]


def test_a_batch_that_the_other_side_refuses_may_go_again_and_the_order_waits(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    honest = pair.us.orders.alive
    pair.us.orders.alive = lambda *_each: (_ for _ in ()).throw(Refused(standing_words()))
    give(pair, order, standing.items(0, 4))
    pair.settle()
    pair.us.orders.alive = honest
    with pytest.raises(Refused, match="refused the last batch"):
        give(pair, order, standing.items(0, 4))
    pair.mx.orders.go_on(order, pair.person(MX, "releasing_officer"))
    assert give(pair, order, standing.items(0, 4)).given == 4
    pair.settle()
    assert [each.state for each in pair.us.copies.all()] == ["open"]
    assert ledgers(pair)[1].holds


def standing_words():
    from convenio.core.words import _

    return _("this order is {state}", state="held")


def test_an_order_dies_with_the_key_of_an_officer_who_approved_it(pair, tmp_path):
    standing.adopt(pair)
    order = standing.ordered(pair)
    officer = pair.person(MX, "releasing_officer")
    roster, _told = revoked(
        pair.us.peers.roster("mx"), [pair.mx.credentials.of(officer.name)[0].id], pair.clock() - dt.timedelta(hours=1)
    )
    newer = sign_roster(roster, pair.authorities["mx"].private)
    give(pair, order, standing.items(0, 1))
    pair.us.peers.renew("mx", newer)
    pair.settle()
    assert pair.us.copies.all() == []
    pair.mx.peers.adopt_own(newer, pair.authorities["mx"].public)
    pair.mx.orders.go_on(order, pair.person(MX, "releasing_officer", 1))
    with pytest.raises(Refused, match="revoked"):
        give(pair, order, standing.items(0, 1))


def test_an_amended_agreement_ends_what_was_approved_under_the_one_before(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    before = standing.signed(pair.authorities, standing.agreement())
    amended = standing.agreement().model_copy(
        update={
            "version": 2,
            "amends": {
                "version": 1,
                "digest": before.digest,
                "reason": {"en": "Shorter.", "es": "Más corto."},
                "agreed_on": "2026-03-01",
            },
        }
    )
    document = type(amended).model_validate(amended.model_dump(mode="json", exclude_unset=True, warnings=False))
    pair.mx.agreements.adopt(standing.signed(pair.authorities, document))
    with pytest.raises(Refused, match="amended"):
        give(pair, order, standing.items(0, 1))


def test_the_days_number_is_kept_on_both_sides(pair):
    standing.adopt(pair)
    order = standing.ordered(pair, per_day=10)
    with pytest.raises(Refused, match="budget"):
        give(pair, order, standing.items(0, 12), most=5)
    pair.settle()
    assert sum(each.count for each in pair.us.taking.all(order)) == 10
    pair.clock.forward(days=1)
    assert give(pair, order, standing.items(0, 12), most=5).given == 2
    pair.settle()
    pair.mx.batches._budgets.use = lambda *_each: None
    give(pair, order, standing.items(20, 9), most=9)
    pair.settle()
    assert sum(each.count for each in pair.us.taking.all(order)) == 12


def test_the_clause_and_the_law_bound_a_batch(pair):
    standing.adopt(pair, budgets={"subjects_per_request": 4})
    order = standing.ordered(pair)
    made = give(pair, order, standing.items(0, 9))
    assert [each.count for each in pair.mx.taking.all(order)] == [4, 4, 1]
    assert len(made.releases) == 3


def test_only_the_holding_agency_hands_in_and_only_for_the_roles_of_the_order(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    with pytest.raises(InputError, match="convicted"):
        give(pair, order, standing.items(0, 2, role="convicted"))
    stranger = pair.mx.people.add("x.analista", "a long password", full_name="X", agency="cnb", roles=("analyst",))
    with pytest.raises(NotFound):
        pair.mx.batches.give(order, standing.items(0, 1), stranger)
    with pytest.raises(Refused):
        pair.mx.batches.give(order, standing.items(0, 1), pair.person(MX, "auditor"))
    assert pair.mx.taking.all(order) == []


def test_what_rests_on_another_partys_release_goes_nowhere_by_itself(pair):
    """Neither by what its marking says, nor by evidence or number of what was made from a received copy here."""
    _request, copy = pair.released()
    standing.adopt(pair, askers={"roles": ["analyst"], "agencies": ["uif", "ofac"]})
    pair.us, pair.mx = pair.mx, pair.us  # the recipient of that release now gives findings
    wanted = standing.wanted(pair.clock(), peer="us", holder="ofac")
    order = pair.us.orders.open(wanted, pair.us.people.person(MX.player("analyst").name))
    pair.settle()
    analyst = pair.mx.people.person(US.player("analyst").name)
    for officer in [each for each in US.players if each.officer]:
        told = digest(pair.mx.orders.decision(order))
        pair.mx.orders.approve(order, pair.mx.people.person(officer.name), sign_decision(pair.keys[officer.name], told))
    pair.settle()
    ours = {**standing.finding(1), "marking": {**standing.MARKING, "originators": ["us"]}}
    for spoilt, error in (
        (Item("one", "suspect", standing.finding(1)), Refused),
        (Item("two", "suspect", {**ours, "marking": {**ours["marking"], "originators": ["mx", "us"]}}), Refused),
        (Item("three", "suspect", {**ours, "evidence": [{"kind": "record", "reference": copy}]}), Refused),
        (Item(copy, "suspect", ours), Refused),
        (Item("four", "suspect", {"claim": ours["claim"]}), InputError),
        (Item("five", "suspect", {**ours, "marking": {"originators": []}}), InputError),
    ):
        with pytest.raises(error):
            pair.mx.batches.give(order, [Item("good", "suspect", ours), spoilt], analyst)
    assert pair.mx.taking.all(order) == []
    assert pair.mx.batches.give(order, [Item("good", "suspect", ours)], analyst).given == 1


def test_an_officer_of_another_agency_does_not_approve(pair):
    standing.adopt(pair)
    order = pair.us.orders.open(standing.wanted(pair.clock(), holder="cnb"), pair.person(US, "analyst"))
    pair.settle()
    with pytest.raises(Refused, match="cnb"):
        standing.approve(pair, order, 0)


def test_one_finding_is_shown_to_have_been_in_a_batch_and_another_is_not(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    give(pair, order, standing.items(0, 13))
    told = pair.mx.batches.proof(order, "f-11", pair.person(MX, "auditor"))
    entries, _found = ledgers(pair)
    root = next(each.body["root"] for _at, each in entries["mx"] if each.kind == "released")
    proof = [bytes.fromhex(each) for each in told["proof"]]
    leaf = leaf_of(unb64(told["salt"]), told["place"], canonical(standing.finding(11)))
    verify_inclusion(told["place"], told["count"], leaf, proof, bytes.fromhex(root))
    other = leaf_of(unb64(told["salt"]), told["place"], canonical(standing.finding(12)))
    with pytest.raises(InputError):
        verify_inclusion(told["place"], told["count"], other, proof, bytes.fromhex(root))
    with pytest.raises(NotFound):
        pair.mx.batches.proof(order, "f-99", pair.person(MX, "auditor"))
    pair.mx.vault.erase(f"standing/{told['release']}")
    with pytest.raises(NotFound):
        pair.mx.batches.proof(order, "f-11", pair.person(MX, "auditor"))


@pytest.mark.parametrize("change", ["root", "count"])
def test_a_batch_whose_findings_are_not_those_of_its_root_stays_shut(pair, change):
    standing.adopt(pair)
    order = standing.ordered(pair)
    honest = pair.mx.post.write

    def spoilt(session, peer, kind, body, **more):
        if kind == "batch":
            body = {**body, change: "0" * 64 if change == "root" else body["count"] - 1}
        return honest(session, peer, kind, body, **more)

    pair.mx.post.write = spoilt
    give(pair, order, standing.items(0, 3))
    pair.settle()
    assert [each.state for each in pair.us.copies.all()] == ["accepted"]
    assert not ledgers(pair)[1].holds


def test_conditions_looser_than_the_clause_are_not_taken(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    honest = pair.mx.post.write

    def looser(session, peer, kind, body, **more):
        if kind == "batch":
            body = {**body, "conditions": {**body["conditions"], "judicial_use": "allowed"}}
        return honest(session, peer, kind, body, **more)

    pair.mx.post.write = looser
    give(pair, order, standing.items(0, 3))
    pair.settle()
    assert pair.us.copies.all() == []


def test_a_batch_that_comes_twice_has_one_effect(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    give(pair, order, standing.items(0, 3))
    with pair.mx.store.reading() as session:
        letter = next(each for each in session.query(OutboxMessage) if each.kind == "batch")
    first = pair.us.post.receive(letter.envelope, wire="mx")
    assert pair.us.post.receive(letter.envelope, wire="mx") == first
    with pair.us.store.reading() as session:
        assert session.query(StandingBatch).count() == 1


def test_a_recalled_batch_is_gone_and_reconciles(pair):
    standing.adopt(pair)
    order = standing.ordered(pair)
    made = give(pair, order, standing.items(0, 3))
    pair.settle()
    pair.mx.releases.recall(made.releases[0], pair.person(MX, "supervisor"), "the list was wrong")
    pair.settle()
    assert [each.state for each in pair.us.copies.all()] == ["recalled"]
    assert ledgers(pair)[1].holds


def test_a_signature_over_another_order_opens_nothing(pair):
    standing.adopt(pair)
    one = pair.us.orders.open(standing.wanted(pair.clock()), pair.person(US, "analyst"))
    two = pair.us.orders.open(standing.wanted(pair.clock(), per_day=5), pair.person(US, "analyst"))
    pair.settle()
    officer = pair.person(MX, "releasing_officer")
    told = digest(pair.mx.orders.decision(one))
    with pytest.raises(Refused, match="does not fit"):
        pair.mx.orders.approve(two, officer, sign_decision(pair.keys[officer.name], told))
