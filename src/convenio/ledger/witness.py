"""Cosigning another party's ledger (C2SP tlog-witness): a checkpoint is followed when it continues the last one seen.

What contradicts an earlier checkpoint is not cosigned, and both checkpoints are kept: two heads that the same key
signed and that no proof joins are evidence that a history was rewritten.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from convenio.core.canonical import unb64
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.ledger.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.merkle import EMPTY_ROOT, ProofError, verify_consistency
from convenio.ledger.note import Cosigner, NoteError, NoteVerifier, OpenedNote, parse_note

LONGEST_PROOF = 63
LONGEST_REQUEST = 64 * 1024
MOST_EVIDENCE = 1000
Answer = tuple[int, bytes]


@dataclass(frozen=True)
class _Asked:
    old: int
    proof: tuple[bytes, ...]
    note: str


class Witness:
    """Follows the ledgers it was told of, and cosigns what continues them.

    Args:
        folder: where the last checkpoint of each is kept, and evidence.
        cosigner: the key it cosigns with.
        logs: the verifier keys of the ledgers it follows; several of one origin where a key was rotated.
        disk: where it writes.
    """

    def __init__(self, folder: Path, cosigner: Cosigner, logs: list[NoteVerifier], *, disk: Disk = DISK) -> None:
        self.folder = folder
        self._cosigner = cosigner
        self._logs = logs
        self._disk = disk
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer an `add-checkpoint` request: HTTP status and body.

        200 with the cosignature; 400 for what has no right form; 403 where the ledger did not sign; 404 for a ledger
        it does not follow; 409 with the size it knows, where that is another than the asker thinks; 422 where the
        proof does not hold.
        """
        try:
            asked = _read(body)
            text, _signatures = parse_note(asked.note)
            origin = Checkpoint.parse(text).origin
            keys = [each for each in self._logs if each.name == origin]
            if not keys:
                return 404, b"unknown log\n"
            head = open_checkpoint(asked.note, keys, origin=origin)
        except NoteError as error:
            return (403, b"not signed by this log\n") if _well_formed(body) else (400, f"{error}\n".encode())
        except InputError as error:
            return 400, f"{error}\n".encode()
        if asked.old > head.size:
            return 400, b"the old size is above the checkpoint's\n"
        with self._one_at_a_time:
            return self._follow(asked, head)

    def latest(self, origin: str) -> SignedCheckpoint | None:
        """The last checkpoint of a ledger that it cosigned, with its cosignature; None before the first."""
        path = self._path(origin)
        if not path.exists():
            return None
        note = path.read_text(encoding="utf-8", errors="replace")
        known = [each for each in self._logs if each.name == origin]
        try:
            return open_checkpoint(note, [*known, self._cosigner.verifier], origin=origin)
        except NoteError:
            # Both keys were rotated since. What this witness wrote stays what it goes by.
            text, signatures = parse_note(note)
            return SignedCheckpoint(Checkpoint.parse(text), note, OpenedNote(text, (), tuple(signatures)))

    def evidence(self, origin: str) -> list[Path]:
        """The files that show what was refused of a ledger, oldest first."""
        return sorted(self._path(origin).with_suffix(".refused").glob("*"), key=lambda path: path.stat().st_mtime_ns)

    def _follow(self, asked: _Asked, head: SignedCheckpoint) -> Answer:
        last = self.latest(head.origin)
        known, root = (last.size, last.root) if last is not None else (0, EMPTY_ROOT)
        if head.size < known or (head.size == known and head.root != root):
            self._refuse(asked, last)
        if asked.old != known:
            return 409, b"%d\n" % known
        if head.size == known:
            if head.root != root:
                return 409, b"%d\n" % known
        elif known == 0:
            if asked.proof:
                return 422, b"a proof from the empty ledger is empty\n"
        else:
            try:
                verify_consistency(known, head.size, root, head.root, asked.proof)
            except ProofError as error:
                self._refuse(asked, last)
                return 422, f"{error}\n".encode()
        signature = self._cosigner.sign(head.checkpoint.text())
        lines = [*(each.signature for each in head.opened.verified), signature]
        note = f"{head.opened.text}\n{''.join(each.line() for each in lines)}"
        self._disk.replace(self._path(head.origin), note.encode())
        return 200, signature.line().encode()

    def _refuse(self, asked: _Asked, last: SignedCheckpoint | None) -> None:
        """Keep the two checkpoints that contradict each other; the same pair once."""
        before = last.note if last is not None else ""
        text = f"{before}\n{asked.note}"
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        path = self._path(Checkpoint.parse(parse_note(asked.note)[0]).origin).with_suffix(".refused") / name
        if not path.exists() and len(list(path.parent.glob("*"))) < MOST_EVIDENCE:
            self._disk.replace(path, text.encode())

    def _path(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def _read(body: bytes) -> _Asked:
    """Take a request apart.

    Raises:
        InputError: it has no right form.
    """
    wrong = InputError(_("this is no add-checkpoint request"))
    if len(body) > LONGEST_REQUEST:
        raise wrong
    try:
        head, blank, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise wrong from error
    first, *proof = head.split("\n")
    number = first.removeprefix("old ")
    right = first.startswith("old ") and number.isascii() and number.isdigit() and len(number) < 20
    if not blank or not right or (number[0] == "0" and number != "0") or len(proof) > LONGEST_PROOF:
        raise wrong
    return _Asked(int(number), tuple(unb64(each) for each in proof), note)


def _well_formed(body: bytes) -> bool:
    try:
        Checkpoint.parse(parse_note(_read(body).note)[0])
    except InputError:
        return False
    return True
