from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.errors import InputError
from convenio.ledger.cosigned import ask_for_cosignature, name_witness
from convenio.ledger.edge import Edge
from convenio.ledger.note import Cosigner, NoteSigner
from convenio.ledger.tiles import pack, spread, tile_path
from convenio.ledger.verify import verify
from convenio.ledger.witness import Witness
from tests.ledger.conftest import KEY, ORIGIN

SIZE = 1000
COSIGNED = 700
ENTRIES = [b'{"intent":%d}' % number for number in range(SIZE)]
PEER = Cosigner("mx/witness", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@pytest.fixture
def log(opened):
    return opened()


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", PEER, [NoteSigner(ORIGIN, KEY).verifier])


@pytest.fixture
def folder(log, witness) -> Path:
    """A ledger of 1,000 entries whose witness has cosigned 700, closed."""
    name_witness(log.folder, PEER.verifier)
    log.append(ENTRIES[:COSIGNED])
    ask_for_cosignature(log, witness.add_checkpoint)
    log.append(ENTRIES[COSIGNED:])
    log.close()
    return log.folder


def rebuild(folder: Path, entries: list[bytes]) -> None:
    """Write every tile and bundle as if these had always been the entries."""
    shutil.rmtree(folder / "tile")
    (folder / "journal").unlink()
    _edge, made = Edge().grown(entries)
    for path, data in (made.full | made.partial).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def kinds(report) -> set[str]:
    return {each.kind for each in report.problems}


def test_an_untouched_ledger_holds_from_a_copy_of_its_folder_alone(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    report = verify(tmp_path / "copy")
    assert report.holds
    assert (report.size, report.cosigned, report.holds_until, report.origin) == (SIZE, COSIGNED, SIZE, ORIGIN)
    assert report.cosigned_at is not None


@pytest.mark.parametrize("entry", [0, 255, 256, 700, 999])
def test_a_changed_byte_names_its_entry(folder, entry):
    bundle = entry // 256
    width = min(256, SIZE - bundle * 256)
    path = folder / tile_path("entries", bundle, width)
    data = path.read_bytes()
    at = data.index(b'{"intent":%d}' % entry) + 3
    path.write_bytes(data[:at] + b"X" + data[at + 1 :])
    report = verify(folder)
    assert report.first_bad == entry
    assert kinds(report) == {"entry"}
    assert report.holds_until == max(entry, COSIGNED if entry > COSIGNED else 0)


def test_every_byte_of_the_tree_counts(folder):
    """One bit changed in each file in turn, at a place that moves with the file: never unseen."""
    for number, (level, index, width) in enumerate([*spread(SIZE), *(("entries", n, 256) for n in range(3))]):
        path = folder / tile_path(level, index, width)
        data = path.read_bytes()
        at = number * 7919 % len(data)
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        assert not verify(folder).holds, path
        path.write_bytes(data)
    assert verify(folder).holds


def test_a_removed_entry_is_named_where_leaf_hashes_are_left(folder):
    path = folder / tile_path("entries", 1)
    path.write_bytes(pack([*ENTRIES[256:300], *ENTRIES[301:512]]))
    report = verify(folder)
    assert (report.first_bad, kinds(report)) == (300, {"entry"})


def test_an_entry_put_in_is_seen(folder):
    path = folder / tile_path("entries", 1)
    path.write_bytes(pack([*ENTRIES[256:512], b"more"]))
    assert kinds(verify(folder)) == {"entry"}


def test_a_changed_entry_with_its_leaf_hash_names_the_row_that_does_not_fit(folder):
    changed = [*ENTRIES[:300], b"changed", *ENTRIES[301:]]
    _edge, made = Edge().grown(changed)
    for path in (tile_path("entries", 1), tile_path(0, 1)):
        (folder / path).write_bytes(made.full[path])
    report = verify(folder)
    assert (report.first_bad, kinds(report)) == (256, {"entry"})
    assert "256 to 511" in str(report.problems[0].what)


def test_an_entry_removed_from_every_file_leaves_what_the_witness_cosigned(folder):
    rebuild(folder, [*ENTRIES[:800], *ENTRIES[801:]])
    report = verify(folder)
    assert not report.holds
    assert "root" in kinds(report)
    assert report.holds_until == COSIGNED


@pytest.mark.parametrize(("at", "found"), [(800, None), (600, "fork")])
def test_a_history_that_the_owner_signed_anew_is_seen_up_to_the_last_cosigned_size(folder, opened, at, found):
    """Whoever has the ledger's own key can rewrite what nobody has cosigned yet, and nothing before."""
    forged = opened("forged")
    forged.append([*ENTRIES[:at], b"another", *ENTRIES[at + 1 :]])
    forged.close()
    for name in ("cosigned", "witness.vkey"):
        shutil.copy(folder / name, forged.folder / name)
    report = verify(forged.folder)
    assert kinds(report) == ({found} if found else set())
    assert report.holds_until == (0 if found else SIZE)


def test_a_rolled_back_ledger_is_seen_by_its_cosigned_checkpoint(folder, opened):
    back = opened("back")
    back.append(ENTRIES[:500])
    back.close()
    for name in ("cosigned", "witness.vkey"):
        shutil.copy(folder / name, back.folder / name)
    report = verify(back.folder)
    assert kinds(report) == {"rolled-back"}
    assert (report.size, report.cosigned, report.first_bad) == (500, COSIGNED, 500)


def test_a_ledger_rolled_back_with_all_its_files_is_seen_with_the_witnesss_own_note(folder, opened, witness):
    back = opened("back")
    name_witness(back.folder, PEER.verifier)
    back.append(ENTRIES[:500])
    back.close()
    assert verify(back.folder).holds
    note = witness.latest(ORIGIN).note
    assert kinds(verify(back.folder, seen=[note])) == {"rolled-back"}
    assert verify(folder, seen=[note]).holds


def test_a_missing_bundle_and_a_missing_tile_are_said(folder):
    (folder / tile_path("entries", 2)).unlink()
    report = verify(folder)
    assert ("missing", 512) in [(each.kind, each.entry) for each in report.problems]
    (folder / tile_path("entries", 2)).write_bytes(pack(ENTRIES[512:768]))
    (folder / tile_path(0, 2)).unlink()
    report = verify(folder)
    assert (kinds(report), report.first_bad) == ({"tile"}, None)


@pytest.mark.parametrize("name", ["checkpoint", "cosigned"])
def test_a_signature_that_does_not_fit_is_said(folder, name):
    path = folder / name
    path.write_text(path.read_text().replace(f"{SIZE}\n", "999\n").replace(f"{COSIGNED}\n", "699\n"))
    assert kinds(verify(folder)) == {"signature"}


def test_a_key_from_elsewhere_is_believed_before_the_folders_own(folder, opened):
    with pytest.raises(InputError):
        verify(folder, "no key")
    stranger = NoteSigner(ORIGIN, Ed25519PrivateKey.generate()).verifier.vkey()
    assert kinds(verify(folder, stranger)) == {"signature"}
    assert verify(folder, NoteSigner(ORIGIN, KEY).verifier.vkey(), PEER.verifier.vkey()).holds


def test_a_folder_without_a_ledger_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no ledger"):
        verify(tmp_path)


def test_a_ledger_that_was_killed_verifies_and_says_what_waits(log):
    log.append(ENTRIES[:600])
    note = (log.folder / "checkpoint").read_bytes()
    log.append(ENTRIES[600:])
    (log.folder / "checkpoint").write_bytes(note)
    for path in ("entries/003.p", "0/003.p"):
        shutil.rmtree(log.folder / "tile" / path)
    report = verify(log.folder)
    assert report.holds
    assert (report.size, report.waiting) == (600, 400)


def test_two_processes_find_the_same_as_one(folder):
    path = folder / tile_path("entries", 3, 232)
    path.write_bytes(pack([b"x", *ENTRIES[769:]]))
    assert verify(folder, processes=2).as_json() == verify(folder, processes=1).as_json()
    assert verify(folder).first_bad == 768
