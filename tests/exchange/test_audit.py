from __future__ import annotations

import numpy as np
import pytest

from convenio.core.errors import InputError
from convenio.demo.cast import CASE


def test_an_auditor_opens_a_sample_and_recomputes_byte_for_byte_what_was_sent(pair):
    match = pair.match()
    sent = pair.mx.answering.elements(match.run)
    found = pair.us.asking.audit(match.run, sent, [0, 1, 2], {CASE: "open"})
    assert [(each.element, each.case, each.trouble) for each in found] == [(i, CASE, None) for i in range(3)]


def test_an_element_that_was_not_committed_to_is_found(pair):
    match = pair.match()
    sent = pair.mx.answering.elements(match.run).copy()
    sent[1] = sent[2]
    found = pair.us.asking.audit(match.run, sent, [0, 1], {CASE: "open"})
    assert found[0].trouble is None
    assert "not what was committed to" in str(found[1].trouble)


def test_an_element_for_a_case_nobody_knows_fails(pair):
    match = pair.match()
    sent = pair.mx.answering.elements(match.run)
    assert all("not known" in str(each.trouble) for each in pair.us.asking.audit(match.run, sent, [0, 2], {"X": ""}))


def test_another_number_of_elements_than_was_committed_to_is_refused(pair):
    match = pair.match()
    sent = pair.mx.answering.elements(match.run)
    with pytest.raises(InputError):
        pair.us.asking.audit(match.run, np.concatenate([sent, sent[:1]]), [0], {CASE: "open"})


def test_openings_that_were_changed_do_not_give_the_commitment(pair):
    match = pair.match()
    sent = pair.mx.answering.elements(match.run)
    run = pair.us.asking.runs()[0]
    with pair.us.store.transaction() as session:
        held = session.get(type(run), match.run)
        held.openings = held.openings[:-1] + bytes([held.openings[-1] ^ 1])
    with pytest.raises(InputError):
        pair.us.asking.audit(match.run, sent, [0], {CASE: "open"})


def test_the_openings_lie_sealed(pair):
    match = pair.match()
    curp = pair.nominees.column("curp")[0].as_py().encode()
    run = next(each for each in pair.us.asking.runs() if each.id == match.run)
    assert curp not in run.openings


def test_a_snapshot_s_key_dies_with_it_and_an_old_answer_tests_no_newer_set(pair):
    match = pair.match()
    run = pair.mx.asking.runs()[0]
    assert pair.mx.vault.has(f"oprf/{run.snapshot}")
    pair.mx.snapshots.retire(run.snapshot)
    assert not pair.mx.vault.has(f"oprf/{run.snapshot}")
    again = pair.match()
    newer = next(each for each in pair.mx.asking.runs() if each.id == again.run)
    assert newer.snapshot != run.snapshot
    assert {each.reference for each in match.hits}.isdisjoint(each.reference for each in again.hits)


def test_an_envelope_replayed_gets_the_recorded_reply_and_has_no_second_effect(pair):
    pair.released()
    kinds = [path for path, _body in pair.to_mx.sent if path.endswith("/inbox")]
    assert kinds
    copies, requests = len(pair.us.copies.all()), len(pair.mx.requests.all())
    for path, body in [each for each in pair.to_mx.sent if each[0].endswith("/inbox")]:
        first, second = pair.to_mx.call(path, body), pair.to_mx.call(path, body)
        assert first == second
        assert first[0] == 200
    assert (len(pair.us.copies.all()), len(pair.mx.requests.all())) == (copies, requests)
