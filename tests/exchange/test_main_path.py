from __future__ import annotations

import datetime as dt
import json

import pytest

from convenio.core.canonical import digest
from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound, Refused, Unreachable
from convenio.demo.cast import CASE, FIELDS, MX, PURPOSE, US
from convenio.exchange.asking import Subject
from convenio.exchange.transport import PeerSaysNo
from convenio.people.credentials import sign_decision


def kinds(node, log):
    node.logs.step()
    held = node.logs.get(log)
    return [json.loads(held.entry(i))["kind"] for i in range(held.size)]


def test_exactly_the_shared_people_hit(pair):
    match = pair.match()
    shared = [row["shared"] for row in pair.truth.to_pylist()]
    assert [each.place for each in match.hits] == [i for i, one in enumerate(shared) if one]
    assert match.padded_size == 300
    assert match.asked == 3


def test_the_answerer_learns_how_many_and_nothing_else(pair):
    match = pair.match()
    (run,) = [each for each in pair.mx.asking.runs() if each.id == match.run]
    assert (run.side, run.asked, run.hits, run.openings) == ("answer", 3, None, None)
    curps = [value.encode() for value in pair.nominees.column("curp").to_pylist()]
    for _path, sent in pair.to_mx.sent:
        assert not any(each in sent for each in curps)


def test_the_asker_commits_in_its_ledger_before_it_sends(pair):
    pair.to_mx.cut = True
    with pytest.raises(Unreachable):
        pair.match()
    assert kinds(pair.us, "border-mx")[-2:] == ["asked", "match-failed"]


def test_a_release_needs_two_officers_and_opens_for_its_purpose_only(pair):
    request, copy = pair.released()
    analyst = pair.person(US, "analyst")
    rows = pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)
    assert len(rows) == 1
    assert set(rows[0]) == set(FIELDS)
    for act in (
        lambda: pair.us.copies.open(copy, analyst, purpose="tax-collection", case=CASE),
        lambda: pair.us.copies.forward(copy, analyst, to="ca", purpose=PURPOSE, case=CASE),
        lambda: pair.us.copies.forward(copy, analyst, to="cdc", purpose=PURPOSE, case=CASE),
        lambda: pair.us.copies.court(copy, analyst, purpose=PURPOSE, case=CASE),
    ):
        with pytest.raises(Refused) as refused:
            act()
        receipt = refused.value.advice.values["receipt"]
        assert any(each.id == receipt and not each.allowed for each in pair.us.receipts.all())
    assert pair.us.requests.get(request).state == "released"
    assert pair.mx.releases.all()[0].state == "delivered"


def test_after_its_expiry_a_copy_cannot_be_opened_and_its_key_is_gone(pair):
    _request, copy = pair.released()
    analyst = pair.person(US, "analyst")
    key = pair.us.copies.all()[0].key
    pair.clock.forward(days=91)
    with pytest.raises(Refused):
        pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)
    pair.us.clock.cosigned(pair.clock())
    assert pair.us.copies.expire() == 1
    assert not pair.us.vault.has(key)
    assert [each.id for each in pair.us.copies.tombstones()] == [copy]
    assert pair.us.copies.all()[0].content == b""


def test_a_clock_set_back_revives_nothing_and_one_that_jumps_ahead_deletes_nothing(pair):
    _request, copy = pair.released()
    analyst = pair.person(US, "analyst")
    pair.us.clock.cosigned(pair.clock() + dt.timedelta(days=91))
    pair.clock.forward(days=-400)
    with pytest.raises(Refused):
        pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)
    pair.clock.forward(days=900)
    assert pair.us.clock.state().jumped_ahead
    assert pair.us.copies.expire() == 0
    assert pair.us.vault.has(pair.us.copies.all()[0].key)


def test_a_shorter_life_than_the_clause_allows_can_be_asked(pair):
    until = pair.clock() + dt.timedelta(minutes=5)
    _request, copy = pair.released(until=until)
    assert pair.us.copies.all()[0].expires_at == until
    pair.clock.forward(minutes=6)
    with pytest.raises(Refused):
        pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)


def test_one_officer_cannot_approve_twice_and_an_analyst_not_at_all(pair):
    match = pair.match()
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    assert pair.approve(request, 0) == "waiting"
    with pytest.raises(Conflict):
        pair.approve(request, 0)
    for role in ("analyst", "administrator", "auditor"):
        person = pair.person(MX, role)
        with pytest.raises(Refused):
            pair.mx.deciding.approve(request, person, {"kind": "ed25519", "signature": ""})
    assert pair.mx.releases.all() == []


def test_a_signature_over_another_decision_is_refused(pair):
    match = pair.match()
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    officer = pair.person(MX, "releasing_officer")
    other = digest({**pair.mx.deciding.decision(request), "fields": ["name"]})
    with pytest.raises(Refused):
        pair.mx.deciding.approve(request, officer, sign_decision(pair.keys[officer.name], other))
    assert pair.mx.requests.approvals(request) == []


def test_a_refusal_reaches_the_asker_with_its_reason(pair):
    match = pair.match()
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    pair.mx.deciding.refuse(request, pair.person(MX, "releasing_officer"), "not while a court looks into it")
    pair.settle()
    held = pair.us.requests.get(request)
    assert held.state == "refused"
    assert held.answer["reasons"]["en"] == "not while a court looks into it"
    assert "refused" in kinds(pair.mx, "border-us")
    assert "request-answered" in kinds(pair.us, "border-mx")


def test_an_invented_hit_is_refused_by_the_other_side(pair):
    match = pair.match()
    honest = pair.us.asking.hits
    pair.us.asking.hits = lambda run, actor: [
        type(each)(each.place, each.label, "0" * 64) for each in honest(run, actor)
    ]
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    assert pair.us.requests.get(request).state == "refused"
    assert pair.mx.requests.get(request).state == "refused"


def test_a_place_that_did_not_hit_cannot_be_requested(pair):
    match = pair.match()
    missed = next(i for i in range(3) if i not in {each.place for each in match.hits})
    with pytest.raises(InputError):
        pair.us.requests.open(match.run, [missed], FIELDS, pair.person(US, "analyst"), reason="because")


def test_a_recall_erases_the_copy_and_is_pending_until_the_other_side_has_said_so(pair):
    _request, copy = pair.released()
    release = pair.mx.releases.all()[0].id
    pair.to_us.cut = True
    pair.mx.releases.recall(release, pair.person(MX, "supervisor"), "released in error")
    pair.mx.post.deliver()
    assert pair.mx.releases.all()[0].state == "recall-pending"
    pair.to_us.cut = False
    pair.clock.forward(minutes=10)
    pair.settle()
    assert pair.mx.releases.all()[0].state == "recalled"
    with pytest.raises(Refused):
        pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)


def test_a_hold_stops_the_deletion_but_not_the_block(pair):
    _request, copy = pair.released()
    pair.us.copies.hold(copy, pair.person(US, "supervisor"), "a court asked to keep it")
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())
    assert pair.us.copies.expire() == 0
    with pytest.raises(Refused):
        pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    assert pair.us.vault.has(pair.us.copies.all()[0].key)


def test_another_agency_of_the_same_party_cannot_even_see_that_a_copy_is_there(pair):
    _request, copy = pair.released()
    pair.us.people.add("cara.cdc", "a long password", full_name="Cara Dale", agency="cdc", roles=["analyst"])
    other = pair.us.people.person("cara.cdc")
    assert pair.us.copies.all(other) == []
    with pytest.raises(NotFound):
        pair.us.copies.open(copy, other, purpose=PURPOSE, case=CASE)


def test_nobody_reads_a_copy_with_the_backup_and_without_the_key_store(pair, tmp_path):
    _request, copy = pair.released()
    name = pair.nominees.column("name")[0].as_py().encode()
    pair.us.store.close()
    for path in (tmp_path / "us").rglob("*"):
        if path.is_file() and "keys" not in path.parts:
            assert name.title() not in path.read_bytes()
    assert copy


def test_what_the_agreement_does_not_permit_is_not_asked(pair):
    for other, error in (
        ({"purpose": "tax-collection"}, Refused),
        ({"case": ""}, Refused),
        ({"clause": "health-aggregates"}, Refused),
        ({"clause": "no-such-clause"}, NotFound),
        ({"subject_role": "witness"}, Refused),
        ({"kind": "shoe-size"}, InputError),
        ({"subjects": [Subject("nobody", {"curp": "nothing"})]}, InputError),
        ({"subjects": []}, ConvenioError),
    ):
        with pytest.raises(error):
            pair.us.asking.ask(pair.order(**other), pair.person(US, "analyst"))
    assert pair.to_mx.sent == []


def test_who_is_not_an_analyst_asks_nothing(pair):
    for role in ("releasing_officer", "administrator", "auditor"):
        with pytest.raises(Refused):
            pair.us.asking.ask(pair.order(), pair.person(US, role))
    assert pair.to_mx.sent == []


def test_the_budget_is_counted_on_both_sides_and_holds(pair):
    pair.match()
    from convenio.exchange.budgets import Budgets

    assert Budgets(pair.us.store, pair.clock).used("mx", "finance-designation", "ask", "keys") == 3
    assert Budgets(pair.mx.store, pair.clock).used("us", "finance-designation", "answer", "keys") == 3
    with pair.mx.store.transaction() as session:
        Budgets(pair.mx.store, pair.clock).use(session, "us", "finance-designation", "answer", "keys", 49_996, None)
    with pytest.raises(PeerSaysNo):
        pair.match()
    assert "refused" in kinds(pair.mx, "border-us")


@pytest.mark.parametrize("where", ["/open", "/evaluate", "/set"])
def test_a_peer_that_answers_garbage_ends_the_match_with_a_clear_error(pair, where):
    for garbage in (b"", b"not json", b"{}", b"\x00" * 96, b"\xff" * 96):
        pair.to_mx.instead = {where: garbage}
        with pytest.raises(Unreachable):
            pair.match()
    pair.to_mx.instead = {}
    assert len(pair.match().hits) == 2


def test_a_match_element_that_is_no_group_element_is_refused_and_nothing_is_computed(pair):
    pair.match()
    run = pair.mx.asking.runs()[0]
    with pair.mx.store.transaction() as session:
        held = session.get(type(run), run.id)
        held.state, held.details = "open", {**held.details, "elements": None}
    for bad in (bytes(32), b"\xff" * 32, b"\x01" + bytes(31)):
        status, body = pair.to_mx.call(f"/exchange/v1/match/{run.id}/evaluate", bad + bad + bad)
        assert status == 400
        assert b"group element" in body
    assert len(pair.match().hits) == 2
