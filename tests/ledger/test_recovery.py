from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.ledger.cosigned import ask_for_cosignature, last_cosigned, name_witness
from convenio.ledger.log import renew_key
from convenio.ledger.mirror import follow, mirrored, served
from convenio.ledger.note import Cosigner, NoteSigner
from convenio.ledger.recovery import compare, highest_intent, mark_restored, recover
from convenio.ledger.successor import Successor, draft, origin_of, succeed
from convenio.ledger.tree import Tree
from convenio.ledger.verify import verify
from convenio.ledger.witness import Witness
from tests.ledger.conftest import KEY, ORIGIN

PEER = Cosigner("mx/witness", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
LOGS = [NoteSigner(ORIGIN, KEY).verifier]
ENTRIES = [canonical({"intent": number, "kind": "asked"}) for number in range(900)]
AUTHORITIES = {"us": Ed25519PrivateKey.generate(), "mx": Ed25519PrivateKey.generate()}
PUBLIC = {party: key.public_key() for party, key in AUTHORITIES.items()}
REASON = {
    "en": "The disk and its backup of that day were lost.",
    "es": "Se perdieron el disco y su respaldo de ese día.",
}
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", PEER, LOGS)


@pytest.fixture
def restored(opened, witness, tmp_path):
    """A ledger of 900 entries, all cosigned, that is brought back as it was at 500; and a mirror of all."""
    log = opened()
    name_witness(log.folder, PEER.verifier)
    log.append(ENTRIES[:500])
    ask_for_cosignature(log, witness.add_checkpoint)
    log.settle()
    shutil.copytree(log.folder, tmp_path / "backup")
    log.append(ENTRIES[500:])
    ask_for_cosignature(log, witness.add_checkpoint)
    follow(tmp_path / "mirror", LOGS, lambda path: served(log.folder, path))
    log.close()
    shutil.rmtree(log.folder)
    (tmp_path / "backup").rename(log.folder)
    mark_restored(log.folder)
    return opened()


def test_a_restored_ledger_takes_nothing_until_its_gap_is_recovered(restored, witness, tmp_path):
    with pytest.raises(Conflict, match="gap is recovered"):
        restored.append([b"x"])
    gap = compare(restored, witness.latest(ORIGIN).note)
    assert (gap.have, gap.wanted, gap.missing) == (500, 900, 400)
    with pytest.raises(Conflict, match="gap is recovered"):
        restored.append([b"x"])
    mirror = Tree(tmp_path / "mirror", mirrored(tmp_path / "mirror", LOGS).size)
    recover(restored, gap, mirror.entries(gap.have, gap.wanted))
    assert restored.append([b"x"]) == 900
    assert list(restored.entries(0, 900)) == ENTRIES
    assert ask_for_cosignature(restored, witness.add_checkpoint).size == 901
    restored.close()
    report = verify(restored.folder, seen=[witness.latest(ORIGIN).note])
    assert report.holds
    assert report.cosigned == 901


@pytest.mark.parametrize("brought", [[], ENTRIES[500:899], [*ENTRIES[500:899], b"other"], ENTRIES[500:] * 2])
def test_other_entries_are_not_taken_for_the_missing_ones(restored, witness, brought):
    gap = compare(restored, witness.latest(ORIGIN).note)
    with pytest.raises(Conflict):
        recover(restored, gap, brought)
    assert restored.size == 500
    assert restored.held


def test_a_restored_ledger_that_lacks_nothing_goes_on(restored, witness, tmp_path):
    empty = Witness(tmp_path / "another", PEER, LOGS)
    assert compare(restored, None) is None
    restored.append([b"x"])
    mark_restored(restored.folder)
    ask_for_cosignature(restored, empty.add_checkpoint)
    assert compare(restored, empty.latest(ORIGIN).note) is None
    restored.append([b"y"])


def test_a_ledger_that_nobody_marked_is_held_when_the_witness_has_seen_more(restored, witness):
    (restored.folder / "hold").unlink()
    with pytest.raises(Conflict, match="has seen 900 entries"):
        ask_for_cosignature(restored, witness.add_checkpoint)
    with pytest.raises(Conflict, match="gap is recovered"):
        restored.append([b"x"])


def test_one_that_went_on_writing_before_it_asked_has_another_history(restored, witness):
    (restored.folder / "hold").unlink()
    restored.append([b"other"] * 400)
    with pytest.raises(Conflict, match="another history"):
        compare(restored, witness.latest(ORIGIN).note)
    assert restored.held


def test_a_note_that_the_witness_did_not_sign_recovers_nothing(restored, opened):
    forged = opened("forged")
    forged.append(ENTRIES)
    with pytest.raises(InputError, match="both the ledger and its witness"):
        compare(restored, forged.checkpoint().note)
    assert restored.held


def test_a_restored_database_goes_on_above_every_number_in_the_ledger(restored):
    assert highest_intent(restored) == 499


def test_where_no_copy_has_them_both_authorities_sign_a_successor(restored, witness, opened):
    gap = compare(restored, witness.latest(ORIGIN).note)
    told = draft(restored, gap, REASON, AT)
    restored.close()
    told.sign("us", AUTHORITIES["us"])
    told = Successor.from_json(told.as_json())
    with pytest.raises(Refused, match="mx"):
        succeed(restored.folder, KEY, told, PUBLIC)
    told.sign("mx", AUTHORITIES["mx"])
    old = succeed(restored.folder, KEY, told, PUBLIC)
    assert origin_of(restored.folder, ORIGIN) == f"{ORIGIN}/r2"
    new = opened(origin=f"{ORIGIN}/r2")
    assert new.append([b"x"]) == 1
    assert b'"size":900' in new.entry(0)
    follower = Witness(witness.folder, PEER, [*LOGS, new.signer.verifier])
    assert ask_for_cosignature(new, follower.add_checkpoint).size == 2
    new.close()
    assert verify(new.folder).holds
    assert verify(old).size == 500
    with pytest.raises(Conflict, match="for another ledger"):
        succeed(restored.folder, KEY, told, PUBLIC)


def test_a_successor_needs_its_reason_in_both_languages_and_its_form(restored, witness):
    gap = compare(restored, witness.latest(ORIGIN).note)
    with pytest.raises(InputError, match="both languages"):
        draft(restored, gap, {"en": "lost"}, AT)
    for wrong in (None, [], {}, {"successor": {}, "signatures": {}}):
        with pytest.raises(InputError):
            Successor.from_json(wrong)


def test_a_mirror_follows_and_refuses_what_contradicts_it(opened, tmp_path):
    log, mirror = opened(), tmp_path / "mirror"

    def fetch(path):
        return served(log.folder, path)

    for size in (1, 300, 300, 900):
        log.append(ENTRIES[log.size : size])
        assert follow(mirror, LOGS, fetch).size == size
        assert list(Tree(mirror, size).entries()) == ENTRIES[:size]
        assert verify(mirror).holds
    log.append([b"x"] * 20_000)
    assert follow(mirror, LOGS, fetch).size == 20_900
    log = opened("other")
    log.append([*ENTRIES[:800], *[b"x"] * 30_000])
    with pytest.raises(Conflict, match="contradicts itself"):
        follow(mirror, LOGS, fetch)
    log = opened("shorter")
    log.append(ENTRIES[:10])
    with pytest.raises(Conflict, match="contradicts itself"):
        follow(mirror, LOGS, fetch)
    assert mirrored(mirror, LOGS).size == 20_900
    assert verify(mirror).holds


@pytest.mark.parametrize(
    "path",
    ["../log.vkey", "tile/../log.vkey", "journal", "log.vkey", "tile/0", "tile/0/000.p", "/etc/passwd", "tile/64/000"],
)
def test_nothing_but_the_ledgers_public_files_is_served(opened, path):
    log = opened()
    log.append(ENTRIES)
    assert len(served(log.folder, "tile/0/000")) == 8192
    with pytest.raises(NotFound):
        served(log.folder, path)


def test_a_rotated_key_signs_what_follows_and_what_was_signed_stays_good(opened, witness):
    log = opened()
    name_witness(log.folder, PEER.verifier)
    log.append(ENTRIES[:300])
    ask_for_cosignature(log, witness.add_checkpoint)
    log.close()
    new, cosigner = Ed25519PrivateKey.generate(), Cosigner("mx/witness", Ed25519PrivateKey.generate())
    with pytest.raises(Conflict, match="another name or key"):
        opened(key=new)
    renew_key(log.folder, ORIGIN, new)
    log = opened(key=new)
    name_witness(log.folder, cosigner.verifier)
    assert last_cosigned(log.folder).size == 300
    follower = Witness(witness.folder, cosigner, [log.signer.verifier])
    log.append(ENTRIES[300:])
    assert ask_for_cosignature(log, follower.add_checkpoint).size == 900
    log.close()
    assert verify(log.folder).holds
