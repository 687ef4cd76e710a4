from __future__ import annotations

import base64
import datetime as dt
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict, Unreachable
from convenio.ledger.checkpoint import Checkpoint
from convenio.ledger.cosigned import ask_for_cosignature, last_cosigned, name_witness, request_body, standing
from convenio.ledger.note import Cosigner, NoteSigner, open_note, sign_note
from convenio.ledger.witness import Witness
from tests.ledger.conftest import KEY, ORIGIN

PEER = Cosigner("mx/witness", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), clock=lambda: 1_790_000_000)
SIGNER = NoteSigner(ORIGIN, KEY)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", PEER, [SIGNER.verifier])


@pytest.fixture
def log(opened):
    found = opened()
    name_witness(found.folder, PEER.verifier)
    return found


def entries(first: int, count: int) -> list[bytes]:
    return [
        canonical({"intent": n, "kind": "asked", "at": "2026-01-01T00:00:00+00:00", "actor": "a", "subject": ""}
                  | {"commitment": "0"})
        for n in range(first, first + count)
    ]  # fmt: skip


def test_the_witness_follows_a_growing_ledger_and_says_when(log, witness):
    for size in (3, 700, 701):
        log.append(entries(log.size, size - log.size))
        cosigned = ask_for_cosignature(log, witness.add_checkpoint)
        assert cosigned.size == size
        assert cosigned.opened.by(PEER.verifier).time == 1_790_000_000
        assert last_cosigned(log.folder).root == log.root()
        assert witness.latest(ORIGIN).size == size
    assert ask_for_cosignature(log, witness.add_checkpoint).size == 701


def test_what_the_witness_has_not_seen_is_counted_and_alarmed(log, witness):
    log.append(entries(0, 3))
    ask_for_cosignature(log, witness.add_checkpoint)
    assert standing(log).unwitnessed == 0
    log.append(entries(3, 2))
    state = standing(log)
    made = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert (state.unwitnessed, state.cosigned, state.waiting_since) == (2, 3, made)
    assert not state.alarm(made + dt.timedelta(minutes=4))
    assert state.alarm(made + dt.timedelta(minutes=6))


def test_a_ledger_that_lost_its_cosigned_note_learns_the_size_from_the_witness(log, witness):
    log.append(entries(0, 300))
    ask_for_cosignature(log, witness.add_checkpoint)
    (log.folder / "cosigned").unlink()
    log.append(entries(300, 5))
    assert ask_for_cosignature(log, witness.add_checkpoint).size == 305


def test_a_rolled_back_ledger_is_refused_and_told_what_the_witness_has_seen(opened, log, witness):
    log.append(entries(0, 300))
    ask_for_cosignature(log, witness.add_checkpoint)
    younger = opened("younger")
    name_witness(younger.folder, PEER.verifier)
    younger.append(entries(0, 200))
    with pytest.raises(Conflict, match="has seen 300 entries"):
        ask_for_cosignature(younger, witness.add_checkpoint)
    assert witness.latest(ORIGIN).size == 300
    assert len(witness.evidence(ORIGIN)) == 1


@pytest.mark.parametrize("size", [300, 400])
def test_another_history_is_refused_and_both_heads_are_kept(opened, log, witness, size):
    log.append(entries(0, 300))
    ask_for_cosignature(log, witness.add_checkpoint)
    other = opened("other")
    name_witness(other.folder, PEER.verifier)
    other.append([b"changed", *entries(1, size - 1)])
    with pytest.raises(Conflict, match="another history"):
        ask_for_cosignature(other, witness.add_checkpoint)
    assert other.held
    assert not log.held
    assert witness.latest(ORIGIN).root == log.root()
    kept = witness.evidence(ORIGIN)[0].read_text()
    for root in (log.root(), other.root()):
        assert base64.b64encode(root).decode() in kept


def test_a_ledger_that_lies_behind_its_own_cosigned_note_is_held_without_asking(opened, log, witness):
    log.append(entries(0, 300))
    ask_for_cosignature(log, witness.add_checkpoint)
    younger = opened("younger")
    for name in ("cosigned", "witness.vkey"):
        shutil.copy(log.folder / name, younger.folder / name)
    with pytest.raises(Conflict, match="has seen 300 entries"):
        ask_for_cosignature(younger, lambda body: pytest.fail("asked"))
    assert younger.held


def test_two_who_ask_at_once_are_not_taken_for_a_ledger_that_was_rolled_back(log, witness):
    log.append(entries(0, 3))

    def overtaken(body: bytes) -> tuple[int, bytes]:
        if log.size == 3:
            log.append(entries(3, 4))
            assert ask_for_cosignature(log, witness.add_checkpoint).size == 7
        return witness.add_checkpoint(body)

    assert ask_for_cosignature(log, overtaken).size == 7
    assert not log.held


def test_statuses_are_those_of_the_specification(log, witness):
    log.append(entries(0, 5))
    head = log.checkpoint()
    good = request_body(log, 0, head)
    stranger = sign_note(Checkpoint("us/other", 5, head.root).text(), NoteSigner("us/other", KEY))
    forged = sign_note(head.checkpoint.text(), NoteSigner(ORIGIN, Ed25519PrivateKey.generate()))
    assert witness.add_checkpoint(b"old 0\n\n" + stranger.encode())[0] == 404
    assert witness.add_checkpoint(b"old 0\n\n" + forged.encode())[0] == 403
    assert witness.add_checkpoint(good.replace(b"old 0", b"old 6"))[0] == 400
    assert witness.add_checkpoint(good.replace(b"old 0", b"old 3"))[:2] == (409, b"0\n")
    assert witness.add_checkpoint(good.replace(b"old 0\n", b"old 0\n" + base64.b64encode(bytes(32)) + b"\n"))[0] == 422
    status, lines = witness.add_checkpoint(good)
    assert status == 200
    open_note(head.checkpoint.text() + "\n" + lines.decode(), [PEER.verifier])
    log.append(entries(5, 5))
    wrong = request_body(log, 5, log.checkpoint()).replace(b"\n", b"\n" + base64.b64encode(bytes(32)) + b"\n", 1)
    assert witness.add_checkpoint(wrong)[0] == 422


@given(st.one_of(st.binary(max_size=200), st.text("old 0123\n—+=ab", max_size=120).map(str.encode)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_answered_with_a_status_and_leaves_nothing(witness, garbage):
    assert witness.add_checkpoint(garbage)[0] in {400, 403, 404}
    assert not witness.folder.exists()


@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b""), (200, b"\xff"), (200, b"\xe2\x80\x94 mx/witness AAAAAAAAAAA=\n"), (409, b"many")]
)
def test_a_witness_that_answers_garbage_leaves_the_entries_unwitnessed(log, answer):
    log.append(entries(0, 5))
    with pytest.raises(Unreachable):
        ask_for_cosignature(log, lambda body: answer)
    assert last_cosigned(log.folder) is None
    assert log.size == 5
