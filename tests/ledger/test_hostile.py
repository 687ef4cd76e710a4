"""What another party sends or hands over is read with care: a wrong byte gives an error of ours, or changes nothing."""

from __future__ import annotations

import random
import shutil
import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenio.core.errors import ConvenioError, InputError
from convenio.ledger import merkle
from convenio.ledger.checkpoint import Checkpoint
from convenio.ledger.mirror import follow, mirrored, served
from convenio.ledger.note import NoteSigner, sign_note
from convenio.ledger.proof import Proof, prove
from convenio.ledger.verify import verify
from tests.ledger.conftest import KEY, ORIGIN

SIGNER = NoteSigner(ORIGIN, KEY)


def test_a_mirror_takes_nothing_from_a_peer_that_serves_wrong_bytes(opened, tmp_path):
    log = opened()
    log.append([b"%d" % number for number in range(700)])
    pick, refused = random.Random(3), 0
    for number in range(60):
        folder = tmp_path / f"mirror-{number}"

        def fetch(path):
            data = bytearray(served(log.folder, path))
            if pick.random() < 0.4:
                at = pick.randrange(len(data))
                data = pick.choice(
                    [data[:at], data[:at] + b"x" + data[at:], data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]]
                )
            return bytes(data)

        try:
            follow(folder, [SIGNER.verifier], fetch)
        except ConvenioError:
            refused += 1
            assert mirrored(folder, [SIGNER.verifier]) is None
        else:
            assert verify(folder).holds
    assert 20 < refused < 60


@given(st.one_of(st.text(max_size=300), st.text("c2sp.org/tlog-proof@v1\nextra index 0123=+\n—", max_size=200)))
def test_garbage_is_refused_as_a_proof(text):
    with suppress(InputError):
        Proof.parse(text)
        raise AssertionError


def test_every_changed_byte_of_a_proof_is_refused(opened):
    log = opened()
    log.append([b'{"intent":%d}' % number for number in range(40)])
    text, vkey = prove(log, log.checkpoint(), 17).text(), SIGNER.verifier.vkey()
    assert Proof.parse(text).check(vkey).size == 40
    for at, letter in enumerate(text):
        changed = text[:at] + ("A" if letter != "A" else "B") + text[at + 1 :]
        with suppress(ConvenioError):
            found = Proof.parse(changed)
            found.check(vkey)
            assert (found.index, found.entry) == (17, b'{"intent":17}'), at


@given(st.binary(max_size=300))
def test_a_journal_of_garbage_never_breaks_a_verification(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("journal")
    (folder / "log.vkey").write_text(SIGNER.verifier.vkey())
    (folder / "journal").write_bytes(data)
    assert not verify(folder).holds


def test_a_checkpoint_of_a_size_that_nobody_has_does_not_keep_a_verifier_busy(opened):
    log = opened()
    log.append([b"x"] * 300)
    log.close()
    note = sign_note(Checkpoint(ORIGIN, 1 << 62, merkle.EMPTY_ROOT).text(), SIGNER)
    (log.folder / "checkpoint").write_text(note)
    report = verify(log.folder, processes=1)
    assert {each.kind for each in report.problems} == {"missing", "root"}
    assert report.first_bad == 256


@pytest.mark.parametrize("victim", ["checkpoint", "cosigned", "log.vkey", "witness.vkey"])
def test_small_files_of_garbage_are_reported_or_refused(opened, tmp_path, victim):
    log = opened()
    log.append([b"x"] * 300)
    log.close()
    pick = random.Random(4)
    for number in range(30):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(log.folder, copy)
        (copy / victim).write_bytes(pick.randbytes(pick.randint(0, 100)))
        with suppress(ConvenioError):
            verify(copy)


def test_proofs_are_right_while_entries_are_appended(opened):
    log, stop, failures = opened(), threading.Event(), []
    log.append([b"first"])

    def read() -> None:
        pick = random.Random(threading.get_ident())
        while not stop.is_set():
            size = log.size
            index = pick.randrange(size)
            try:
                merkle.verify_inclusion(index, size, log.leaf(index), log.inclusion_proof(index, size), log.root(size))
                assert len(log.entry(index)) > 0
            except Exception as error:  # noqa: BLE001 - shown below
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _each in range(3)]
    for each in readers:
        each.start()
    for number in range(150):
        log.append([b"%d" % number] * (1 + number % 9))
    stop.set()
    for each in readers:
        each.join()
    assert failures == []
