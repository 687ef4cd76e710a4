"""Passing on, also to another agency of the same party, and use in court: only with the originator's signed consent."""

from __future__ import annotations

import datetime as dt

import pytest
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.core.canonical import digest
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.demo.cast import CASE, MX, PURPOSE, US
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.people.credentials import sign_decision
from convenio.stores.tables import InboxMessage
from tests.exchange.travel import entries, kinds, loosened


@pytest.fixture
def pair(pair):
    loosened(pair, onward="consent", judicial_use="permission")
    pair.us.people.add("cara.cdc", "a long password", full_name="Cara Dale", agency="cdc", roles=["analyst"])
    return pair


def asked(pair, copy, to="cdc", act="forward", days=30):
    number = pair.us.onward.ask(
        copy,
        pair.person(US, "analyst"),
        act=act,
        to=to,
        case=CASE,
        reason="the other agency has the laboratory",
        until=pair.clock() + dt.timedelta(days=days),
    )
    pair.settle()
    return number


def signed(pair, consent, which=0):
    officer = pair.person(MX, "releasing_officer", which)
    told = digest(pair.mx.consenting.decision(consent))
    state = pair.mx.consenting.approve(consent, officer, sign_decision(pair.keys[officer.name], told))
    pair.settle()
    return state


def forward(pair, copy, to="cdc", **other):
    told = {"purpose": PURPOSE, "case": CASE, **other}
    return pair.us.copies.forward(copy, pair.person(US, "analyst"), to=to, **told)


def test_without_the_originators_consent_nothing_is_passed_on_to_nobody(pair):
    _request, copy = pair.released()
    for to in ("cdc", "ca", ""):
        with pytest.raises(Refused):
            forward(pair, copy, to=to)
    with pytest.raises(Refused):
        pair.us.copies.court(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE, to="Corte 3")
    consent = asked(pair, copy)
    with pytest.raises(Refused):
        forward(pair, copy)
    assert "forwarded" not in kinds(pair.us, "border-mx")
    assert pair.mx.consenting.all(state="waiting")[0].id == consent


def test_with_its_consent_another_agency_of_the_same_party_reads_it_and_nobody_else(pair):
    _request, copy = pair.released()
    cara = pair.us.people.person("cara.cdc")
    assert signed(pair, asked(pair, copy)) == "granted"
    with pytest.raises(NotFound):
        pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    assert forward(pair, copy)
    assert pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    assert [each.id for each in pair.us.copies.all(cara)] == [copy]
    for other in ({"to": "nij"}, {"to": "ca"}, {"case": "OTHER-1"}, {"purpose": "tax-collection"}):
        with pytest.raises(Refused):
            forward(pair, copy, **other)
    with pytest.raises(Refused):
        pair.us.copies.forward(copy, cara, to="nij", purpose=PURPOSE, case=CASE)
    with pytest.raises(NotFound):
        pair.us.onward.ask(copy, cara, to="nij", case=CASE, reason="further", until=pair.clock() + dt.timedelta(days=1))


def test_a_consent_ends_with_its_term_and_never_outlives_the_copy(pair):
    _request, copy = pair.released()
    consent = asked(pair, copy, days=3)
    signed(pair, consent)
    long = asked(pair, copy, to="nij", days=4000)
    assert pair.mx.consenting.decision(long)["until"] == pair.us.copies.all()[0].expires_at.isoformat()
    forward(pair, copy)
    cara = pair.us.people.person("cara.cdc")
    pair.clock.forward(days=4)
    with pytest.raises(Refused):
        pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    with pytest.raises(Refused):
        forward(pair, copy)
    assert pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    pair.us.clock.cosigned(pair.clock())
    pair.clock.forward(days=-30)
    with pytest.raises(Refused):
        pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    with pytest.raises(Refused):
        forward(pair, copy)


def test_a_recall_ends_every_consent_and_what_was_passed_on(pair):
    _request, copy = pair.released()
    signed(pair, asked(pair, copy))
    forward(pair, copy)
    cara = pair.us.people.person("cara.cdc")
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    with pytest.raises(Refused):
        pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    assert {each.state for each in pair.mx.consenting.all()} == {"withdrawn"}
    assert {each.state for each in pair.us.onward.all(copy, pair.person(US, "analyst"))} == {"withdrawn"}


def test_a_consent_that_is_withdrawn_alone_stops_the_other_agency_and_leaves_the_copy(pair):
    _request, copy = pair.released()
    consent = asked(pair, copy)
    signed(pair, consent)
    forward(pair, copy)
    cara = pair.us.people.person("cara.cdc")
    pair.mx.consenting.withdraw(consent, pair.person(MX, "supervisor"), "the laboratory is done")
    pair.settle()
    with pytest.raises(Refused, match="withdrew"):
        pair.us.copies.open(copy, cara, purpose=PURPOSE, case=CASE)
    with pytest.raises(Refused):
        forward(pair, copy)
    assert pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    with pytest.raises(Conflict):
        pair.mx.consenting.withdraw(consent, pair.person(MX, "supervisor"), "again")


def test_two_sign_where_the_clause_says_so(pair):
    loosened(pair, onward="consent", onward_approvals=2)
    _request, copy = pair.released()
    consent = asked(pair, copy)
    assert signed(pair, consent, 0) == "waiting"
    with pytest.raises(Conflict):
        signed(pair, consent, 0)
    with pytest.raises(Refused):
        forward(pair, copy)
    assert signed(pair, consent, 1) == "granted"
    assert forward(pair, copy)


def test_a_node_cannot_give_the_consent_that_its_officers_have_not_signed(pair):
    _request, copy = pair.released()
    consent = asked(pair, copy)
    officer = pair.person(MX, "releasing_officer")
    other = digest({**pair.mx.consenting.decision(consent), "to": "nij"})
    forged = {
        "credential": pair.mx.credentials.of(officer.name)[0].id,
        "at": pair.clock().isoformat(),
        "signature": sign_decision(pair.keys[officer.name], other),
    }
    for approvals in ([], [forged]):
        with pair.mx.store.transaction() as session:
            pair.mx.post.write(session, "us", "consent", {"consent": consent, "release": copy, "approvals": approvals})
        pair.settle()
        with pytest.raises(Refused):
            forward(pair, copy)
    assert kinds(pair.mx, "border-us").count("undeliverable") == 2
    with pair.us.store.reading() as session:
        assert not any(each.kind == "consent" for each in session.query(InboxMessage))


def test_who_may_not_consent_does_not_and_a_refusal_is_told(pair):
    _request, copy = pair.released()
    consent = asked(pair, copy)
    for role in ("analyst", "administrator", "auditor", "supervisor"):
        with pytest.raises(Refused):
            pair.mx.consenting.approve(consent, pair.person(MX, role), {"kind": "ed25519", "signature": ""})
    with pytest.raises(InputError):
        pair.mx.consenting.refuse(consent, pair.person(MX, "releasing_officer"), " ")
    pair.mx.consenting.refuse(consent, pair.person(MX, "releasing_officer"), "ask for it yourself")
    pair.settle()
    held = pair.us.onward.all(copy, pair.person(US, "analyst"))[0]
    assert (held.state, held.answer["reasons"]["en"]) == ("refused", "ask for it yourself")
    with pytest.raises(Refused):
        forward(pair, copy)


def test_where_the_clause_forbids_it_no_consent_is_even_asked_for_and_a_receipt_is_kept(pair):
    loosened(pair, onward="none", judicial_use="forbidden")
    _request, copy = pair.released()
    before = len(pair.to_mx.sent)
    for act in ("forward", "court"):
        with pytest.raises(Refused) as refused:
            asked(pair, copy, act=act)
        receipt = pair.us.receipts.get(refused.value.advice.values["receipt"])
        assert (receipt.receipt.act, receipt.receipt.allowed) == ("consent", False)
    assert len(pair.to_mx.sent) == before


def test_a_permission_for_one_court_is_for_no_other(pair):
    _request, copy = pair.released()
    signed(pair, asked(pair, copy, act="court", to="Juzgado 3"))
    analyst = pair.person(US, "analyst")
    assert pair.us.copies.court(copy, analyst, purpose=PURPOSE, case=CASE, to="Juzgado 3")
    with pytest.raises(Refused):
        pair.us.copies.court(copy, analyst, purpose=PURPOSE, case=CASE, to="Juzgado 4")
    with pytest.raises(Refused):
        forward(pair, copy, to="Juzgado 3")
    held = {"authorization": f"Bearer {pair.us.people.token(analyst.name, ())}"}
    calls, sent = TestClient(api(pair.us, programs={})), {"purpose": PURPOSE, "case": CASE}
    assert calls.post(f"/copies/{copy}/court", json={**sent, "to": "Juzgado 3"}, headers=held).status_code == 200
    for other in ({}, {"to": "Juzgado 4"}):
        assert calls.post(f"/copies/{copy}/court", json={**sent, **other}, headers=held).status_code == 403


def test_every_step_is_an_entry_on_both_sides_without_content_and_reconciles(pair):
    _request, copy = pair.released()
    consent = asked(pair, copy)
    signed(pair, consent)
    forward(pair, copy)
    pair.mx.consenting.withdraw(consent, pair.person(MX, "supervisor"), "done")
    pair.settle()
    us, mx = entries(pair.us, "border-mx"), entries(pair.mx, "border-us")
    steps = [each.kind for each in us if each.subject == consent]
    assert steps == ["consent-asked", "consent-received", "consent-withdrawal-received"]
    steps = [each.kind for each in mx if each.subject == consent]
    assert steps == ["consent-asked-received", "approved", "consented", "consent-withdrawn"]
    passed = next(each for each in us if each.kind == "forwarded")
    assert (passed.body["to"], passed.body["consent"]) == ("cdc", consent)
    assert not any("laboratory" in repr(each.body) or CASE in repr(each.body) for each in us + mx)
    later = pair.clock() + dt.timedelta(hours=1)
    sides = [
        (party, read_entries(node.logs.get(log)))
        for party, node, log in (("us", pair.us, "border-mx"), ("mx", pair.mx, "border-us"))
    ]
    found = reconcile(*sides, now=later)
    assert found.orphans == []
