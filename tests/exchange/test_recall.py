"""A recall is pending until the other side can be reached, then done within a minute; a legal hold keeps and blocks."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import Conflict, ConvenioError, NotFound, Refused
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.stores.tables import OutboxMessage
from tests.exchange.travel import entries, kinds


def recalled(pair, release):
    pair.mx.releases.recall(release, pair.person(MX, "supervisor"), "released in error")


def read(pair, copy):
    return pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)


def orphans(pair):
    for node in (pair.us, pair.mx):
        node.logs.step()
    sides = ("us", read_entries(pair.us.logs.get("border-mx"))), ("mx", read_entries(pair.mx.logs.get("border-us")))
    return reconcile(*sides, now=pair.clock() + dt.timedelta(hours=1)).orphans


def test_after_a_long_silence_it_is_done_within_a_minute_of_the_peer_being_heard_from(pair):
    _request, copy = pair.released()
    pair.to_us.cut = True
    recalled(pair, copy)
    for _try in range(12):
        pair.mx.post.deliver()
        pair.clock.forward(minutes=5, seconds=1)
    pair.mx.post.deliver()
    assert [each.kind for each in pair.mx.post.waiting()] == ["recall"]
    assert pair.mx.post.called_at("us") - pair.clock() > dt.timedelta(minutes=4)
    assert pair.mx.releases.all()[0].state == "recall-pending"
    assert read(pair, copy)
    pair.to_us.cut = False
    pair.mx.logs.step()
    pair.mx.logs.ask_witnesses()
    pair.clock.forward(seconds=1)
    pair.settle()
    assert pair.mx.releases.all()[0].state == "recalled"
    with pytest.raises(Refused):
        read(pair, copy)


def test_it_is_hurried_too_when_the_peer_calls(pair):
    _request, copy = pair.released()
    pair.to_us.cut = True
    recalled(pair, copy)
    for _try in range(10):
        pair.mx.post.deliver()
        pair.clock.forward(minutes=5, seconds=1)
    pair.mx.post.deliver()
    pair.to_us.cut = False
    assert pair.mx.post.deliver() == 0
    pair.to_mx.call("/exchange/v1/status", b"")
    assert pair.mx.post.deliver() == 1


def test_each_side_enters_it_once_and_the_refused_use_leaves_a_receipt(pair):
    _request, copy = pair.released()
    recalled(pair, copy)
    pair.settle()
    with pytest.raises(Refused) as refused:
        read(pair, copy)
    receipt = pair.us.receipts.get(refused.value.advice.values["receipt"])
    assert (receipt.receipt.allowed, receipt.receipt.subject) == (False, copy)
    us, mx = kinds(pair.us, "border-mx"), kinds(pair.mx, "border-us")
    assert (us.count("recall-received"), us.count("erased")) == (1, 1)
    assert (mx.count("recalled"), mx.count("recall-acknowledged")) == (1, 1)
    assert orphans(pair) == []
    with pytest.raises(Conflict):
        recalled(pair, copy)


def test_a_recall_of_what_is_held_blocks_at_once_and_erases_when_the_hold_is_lifted(pair):
    _request, copy = pair.released()
    supervisor = pair.person(US, "supervisor")
    pair.us.copies.hold(copy, supervisor, "a court asked to keep it")
    key = pair.us.copies.all()[0].key
    recalled(pair, copy)
    pair.settle()
    with pytest.raises(Refused, match="recalled"):
        read(pair, copy)
    assert pair.us.vault.has(key)
    assert pair.mx.releases.all()[0].state == "recall-held"
    assert "recall-blocked" in kinds(pair.mx, "border-us")
    assert orphans(pair) == []
    pair.us.copies.lift_hold(copy, supervisor)
    pair.settle()
    assert not pair.us.vault.has(key)
    assert pair.mx.releases.all()[0].state == "recalled"
    assert orphans(pair) == []


def test_only_a_supervisor_of_the_agency_holds_and_names_why(pair):
    _request, copy = pair.released()
    for role in ("analyst", "auditor", "administrator", "releasing_officer"):
        with pytest.raises(Refused):
            pair.us.copies.hold(copy, pair.person(US, role), "because")
    with pytest.raises(ConvenioError):
        pair.us.copies.hold(copy, pair.person(US, "supervisor"), " ")
    pair.us.people.add("carl.cdc", "a long password", full_name="Carl Dale", agency="cdc", roles=["supervisor"])
    with pytest.raises(NotFound):
        pair.us.copies.hold(copy, pair.us.people.person("carl.cdc"), "because")
    with pytest.raises(Conflict):
        pair.us.copies.lift_hold(copy, pair.person(US, "supervisor"))
    recalled(pair, copy)
    pair.settle()
    with pytest.raises(Conflict):
        pair.us.copies.hold(copy, pair.person(US, "supervisor"), "too late")
    held = [each for each in entries(pair.us, "border-mx") if each.kind == "held"]
    assert held == []


def test_an_officer_of_another_agency_recalls_nothing(pair):
    """A number that was overheard is no reason to take another agency's release back."""
    _request, copy = pair.released()
    pair.mx.people.add_agency("salud", en="Health", es="Salud")
    other = pair.mx.people.add(
        "otto.salud", PASSWORD, full_name="Otto Salas", agency="salud", roles=["releasing_officer", "supervisor"]
    )
    with pytest.raises(NotFound):
        pair.mx.releases.recall(copy, other, "it is not mine")
    pair.settle()
    assert read(pair, copy)
    recalled(pair, copy)
    pair.settle()
    assert pair.mx.releases.all()[0].state == "recalled"


def test_a_release_of_records_that_were_erased_since_is_recalled_all_the_same(pair):
    _request, copy = pair.released()
    for each in pair.mx.holdings.all():
        pair.mx.holdings.erase(each.id, actor=pair.person(MX, "analyst"), reason="their term is over")
    recalled(pair, copy)
    pair.settle()
    assert pair.mx.releases.all()[0].state == "recalled"


def test_no_envelope_is_kept_once_the_other_side_has_taken_it(pair):
    """A sender's database and a recipient's keys together would else open what was recalled."""
    _request, copy = pair.released()
    recalled(pair, copy)
    pair.settle()
    for node in (pair.us, pair.mx):
        with node.store.reading() as session:
            assert {each.envelope for each in session.query(OutboxMessage)} == {b""}
