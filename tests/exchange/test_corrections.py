"""A correction of a released record: signed, replaces the copy, acknowledged on both sides, pending until then."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from convenio.core.canonical import b64, digest
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.custody.holdings import Purpose
from convenio.custody.sealing import sealed
from convenio.demo.cast import CASE, MX, PURPOSE, US
from convenio.ledger.reconcile import read_entries, reconcile
from convenio.people.credentials import sign_decision
from tests.exchange.travel import entries, kinds, loosened

NEW = [(0, "institution", "Banco Corregido")]


def proposed(pair, release, changes=NEW):
    return pair.mx.corrections.propose(
        release, pair.person(MX, "releasing_officer"), reason="the institution was another", changes=changes
    )


def signed(pair, correction, which):
    officer = pair.person(MX, "releasing_officer", which)
    told = digest(pair.mx.corrections.decision(correction))
    return pair.mx.corrections.approve(correction, officer, sign_decision(pair.keys[officer.name], told))


def corrected(pair, release, changes=NEW):
    number = proposed(pair, release, changes)
    assert [signed(pair, number, 0), signed(pair, number, 1)] == ["waiting", "sent"]
    return number


def read(pair, copy):
    return pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)


def reconciled(pair, **later):
    sides = (("us", pair.us, "border-mx"), ("mx", pair.mx, "border-us"))
    for _party, node, _log in sides:
        node.logs.step()
    told = [(party, read_entries(node.logs.get(log))) for party, node, log in sides]
    return reconcile(*told, now=pair.clock() + dt.timedelta(**later))


def test_a_correction_replaces_the_copy_and_both_sides_say_so(pair):
    _request, copy = pair.released()
    before, old_key = read(pair, copy), pair.us.copies.all()[0].key
    number = corrected(pair, copy)
    pair.settle()
    after = read(pair, copy)
    assert after == [{**before[0], "institution": "Banco Corregido"}]
    assert not pair.us.vault.has(old_key)
    assert [each.id for each in pair.us.copies.tombstones()] == [number]
    assert pair.us.copies.all()[0].expires_at == pair.mx.releases.all()[0].expires_at
    assert [each.state for each in pair.mx.corrections.all()] == ["done"]
    assert [each.state for each in pair.us.corrected.of(copy)] == ["in-place"]
    us, mx = kinds(pair.us, "border-mx"), kinds(pair.mx, "border-us")
    assert us.count("correction-received") == us.count("correction-accepted") == 1
    assert mx.count("corrected") == mx.count("correction-acknowledged") == 1
    for each in entries(pair.us, "border-mx") + entries(pair.mx, "border-us"):
        assert "Banco Corregido" not in repr(each)
    assert reconciled(pair, hours=1).orphans == []


def test_it_is_pending_and_stands_open_in_reconcile_until_the_other_side_has_said_so(pair):
    _request, copy = pair.released()
    pair.to_us.cut = True
    corrected(pair, copy)
    pair.mx.post.deliver()
    assert [each.state for each in pair.mx.corrections.all(pending=True)] == ["sent"]
    assert [(each.state, each.wanted) for each in reconciled(pair, minutes=1).orphans] == [
        ("open", "correction-received")
    ]
    assert [each.state for each in reconciled(pair, hours=1).orphans] == ["missing"]
    pair.to_us.cut = False
    pair.clock.forward(minutes=6)
    pair.settle()
    assert pair.mx.corrections.all(pending=True) == []
    assert reconciled(pair, hours=1).orphans == []


def test_between_acceptance_and_key_the_wrong_version_is_not_read(pair):
    _request, copy = pair.released()
    corrected(pair, copy)
    pair.mx.post.deliver()
    with pytest.raises(Refused, match="correcting"):
        read(pair, copy)
    pair.settle()
    assert read(pair, copy)[0]["institution"] == "Banco Corregido"


def test_where_the_clause_says_so_the_old_version_stays_blocked_till_its_term(pair):
    loosened(pair, superseded="block")
    _request, copy = pair.released()
    old_key = pair.us.copies.all()[0].key
    corrected(pair, copy)
    pair.settle()
    assert [each.key for each in pair.us.copies.superseded(copy)] == [old_key]
    assert pair.us.vault.has(old_key)
    assert read(pair, copy)[0]["institution"] == "Banco Corregido"
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())
    assert pair.us.copies.expire() == 1
    assert not pair.us.vault.has(old_key)
    assert [each.content for each in pair.us.copies.superseded(copy)] == [b""]


def test_a_legal_hold_keeps_the_old_version_until_it_is_lifted_and_not_longer(pair):
    _request, copy = pair.released()
    supervisor = pair.person(US, "supervisor")
    pair.us.copies.hold(copy, supervisor, "a court asked to keep it")
    corrected(pair, copy)
    pair.settle()
    (kept,) = pair.us.copies.superseded(copy)
    assert pair.us.vault.has(kept.key)
    pair.us.copies.lift_hold(copy, supervisor)
    assert not pair.us.vault.has(kept.key)
    assert read(pair, copy)[0]["institution"] == "Banco Corregido"


def test_the_record_here_is_corrected_too_with_one_entry_and_its_old_key_gone(pair):
    _request, copy = pair.released()
    (before,) = pair.mx.holdings.all()
    old = next(iter(pair.mx.home.tables.glob("*.parquet")))
    proposed(pair, copy)
    (after,) = pair.mx.holdings.all()
    assert after.digest != before.digest
    assert kinds(pair.mx, "internal").count("altered") == 1
    assert not old.exists()
    rows = pair.mx.holdings.pick(pair_places(pair), ["institution"])
    assert rows == [{"institution": "Banco Corregido"}]


def test_a_corrected_identifier_is_what_the_next_blind_match_finds(pair):
    match = pair.match()
    place = match.hits[0].place
    (held,) = pair.mx.holdings.all()
    curp = pair.nominees.column("curp")[place].as_py()
    actor = pair.person(MX, "analyst")
    row = pair.mx.holdings.rows(held.id, actor=actor, purpose=Purpose("correction", "C-1")).column("curp").to_pylist()
    at = row.index(curp)
    missed = next(i for i in range(3) if i not in {each.place for each in match.hits})
    other = pair.nominees.column("curp")[missed].as_py()
    pair.mx.holdings.alter(held.id, at, {"curp": other}, actor=actor, reason="two people were confused")
    after = {each.place for each in pair.match().hits}
    assert missed in after
    assert place not in after


def pair_places(pair):
    (request,) = pair.mx.requests.all(side="answer")
    return [tuple(each) for each in request.answer["places"]]


def test_as_many_officers_sign_a_correction_as_signed_the_release(pair):
    _request, copy = pair.released()
    number = proposed(pair, copy)
    signed(pair, number, 0)
    with pytest.raises(Conflict):
        signed(pair, number, 0)
    pair.settle()
    assert read(pair, copy)[0]["institution"] != "Banco Corregido"
    for role in ("analyst", "administrator", "supervisor"):
        with pytest.raises(Refused):
            pair.mx.corrections.approve(number, pair.person(MX, role), {"kind": "ed25519", "signature": ""})


def test_a_node_cannot_correct_what_its_officers_have_not_signed(pair):
    _request, copy = pair.released()
    number = proposed(pair, copy)
    signed(pair, number, 0)
    given = pair.mx.corrections.signatures(number)
    one = [{"credential": each.credential, "at": each.at.isoformat(), "signature": each.signature} for each in given]
    false = sealed(b'[{"name":"nobody"}]', bytes(32), copy)
    with pair.mx.store.transaction() as session:
        body = {"correction": number, "release": copy, "reason": "because", "content": b64(false)}
        pair.mx.post.write(session, "us", "correction", {**body, "approvals": one + one})
    pair.settle()
    assert "undeliverable" in kinds(pair.mx, "border-us")
    assert pair.us.corrected.of(copy) == []
    assert read(pair, copy)


def test_what_was_recalled_or_is_past_its_term_is_not_corrected(pair):
    _request, copy = pair.released()
    number = proposed(pair, copy)
    signed(pair, number, 0)
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    assert [each.state for each in pair.mx.corrections.all()] == ["moot"]
    with pytest.raises(Conflict):
        signed(pair, number, 1)
    with pytest.raises(Conflict):
        proposed(pair, copy)
    assert not list(pair.mx.vault._held.execute("select 1 from held where name like 'correction/%'"))


def test_a_correction_that_comes_after_the_term_is_told_to_be_moot(pair):
    _request, copy = pair.released(until=pair.clock() + dt.timedelta(hours=1))
    corrected(pair, copy)
    pair.clock.forward(hours=2)
    pair.us.clock.cosigned(pair.clock())
    pair.us.copies.expire()
    pair.settle()
    assert [each.state for each in pair.mx.corrections.all()] == ["moot"]
    assert reconciled(pair, hours=1).orphans == []
    with pytest.raises(Refused):
        read(pair, copy)


def test_a_change_that_fits_nothing_changes_nothing(pair):
    _request, copy = pair.released()
    (before,) = pair.mx.holdings.all()
    for changes in ([(7, "institution", "x")], [(0, "curp", "x")], [(0, "birth_date", "yesterday")]):
        with pytest.raises(InputError):
            proposed(pair, copy, changes)
    with pytest.raises(InputError):
        pair.mx.corrections.propose(copy, pair.person(MX, "releasing_officer"), reason=" ")
    with pytest.raises(Refused):
        pair.mx.corrections.propose(copy, pair.person(MX, "administrator"), reason="because")
    with pytest.raises(NotFound):
        pair.mx.corrections.propose("0" * 32, pair.person(MX, "analyst"), reason="because")
    assert pair.mx.holdings.all() == [before]
    proposed(pair, copy)
    with pytest.raises(Conflict, match="under way"):
        proposed(pair, copy)


def test_a_value_is_put_in_its_place_and_nothing_else_moves():
    from convenio.custody.altering import altered

    table = pa.table({"name": ["a", "b"], "born": pa.array([dt.date(1990, 1, 1), None]), "n": [1, 2]})
    made = altered(table, 1, {"born": "1991-02-03", "n": None}, where="t")
    assert made.to_pylist() == [
        {"name": "a", "born": dt.date(1990, 1, 1), "n": 1},
        {"name": "b", "born": dt.date(1991, 2, 3), "n": None},
    ]
    assert made.schema == table.schema
