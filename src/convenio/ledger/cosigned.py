"""What the witness last saw of a ledger: kept beside it, counted against it, and asked for anew.

The exchange is C2SP tlog-witness `add-checkpoint`: the old size, a consistency proof, the signed checkpoint; the answer
is a cosignature that says when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from convenio.core.canonical import b64
from convenio.core.errors import Conflict, ConvenioError, InputError, Unreachable
from convenio.core.words import _
from convenio.ledger.checkpoint import SignedCheckpoint, open_checkpoint
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.entry import Entry
from convenio.ledger.log import HOLD, VKEY, WITNESS_VKEY, Log
from convenio.ledger.note import CosignatureVerifier, NoteVerifier, add_signature, parse_signature, parse_vkeys
from convenio.ledger.tree import Tree

COSIGNED = "cosigned"
ALARM_AFTER = dt.timedelta(minutes=5)
ASKS = 3

Send = Callable[[bytes], tuple[int, bytes]]


def name_witness(folder: Path, witness: CosignatureVerifier, *, disk: Disk = DISK) -> None:
    """Note in a ledger's folder who witnesses it; earlier keys stay, so that what they cosigned can still be read."""
    known = witnesses_of(folder)
    if known and known[-1].vkey() == witness.vkey():
        return
    lines = [each.vkey() for each in known if each.vkey() != witness.vkey()] + [witness.vkey()]
    disk.replace(folder / WITNESS_VKEY, "".join(f"{line}\n" for line in lines).encode())


def witnesses_of(folder: Path) -> list[CosignatureVerifier]:
    """The keys of who witnesses the ledger in `folder`, the present one last; none where nobody does."""
    path = folder / WITNESS_VKEY
    lines = path.read_text(encoding="utf-8", errors="replace").split() if path.exists() else []
    return [CosignatureVerifier.parse(line) for line in lines]


def witness_of(folder: Path) -> CosignatureVerifier | None:
    """The present key of who witnesses the ledger in `folder`; None where nobody does."""
    return next(reversed(witnesses_of(folder)), None)


def last_cosigned(folder: Path) -> SignedCheckpoint | None:
    """The last checkpoint that the witness cosigned, as the ledger's folder keeps it; None before the first.

    Raises:
        InputError: what lies there is not signed by the ledger and its witness.
    """
    path = folder / COSIGNED
    witnesses = witnesses_of(folder)
    if not witnesses or not path.exists():
        return None
    logs = parse_vkeys((folder / VKEY).read_text(encoding="utf-8", errors="replace"))
    return open_cosigned(path.read_text(encoding="utf-8", errors="replace"), logs, witnesses)


def open_cosigned(
    note: str, logs: Sequence[NoteVerifier], witnesses: Sequence[CosignatureVerifier]
) -> SignedCheckpoint:
    """Read a checkpoint that both the ledger and its witness have signed, each with one of its keys.

    Raises:
        InputError: one of the two has not.
    """
    found = open_checkpoint(note, [*logs, *witnesses], origin=logs[-1].name)
    if not any(found.opened.by(each) for each in logs) or time_of(found, witnesses) is None:
        raise InputError(_("the checkpoint is not signed by both the ledger and its witness"), where=logs[-1].name)
    return found


def cosigned_at(folder: Path, seen: SignedCheckpoint | None) -> dt.datetime | None:
    """When the witness cosigned a checkpoint of the ledger in `folder`, by its own clock; None where it did not."""
    return time_of(seen, witnesses_of(folder))


def time_of(seen: SignedCheckpoint | None, witnesses: Sequence[CosignatureVerifier]) -> dt.datetime | None:
    """When one of `witnesses` cosigned a checkpoint; the latest time where several did, None where none did."""
    verified = [seen.opened.by(each) for each in witnesses] if seen is not None else []
    times = [each.time for each in verified if each is not None and each.time is not None]
    return dt.datetime.fromtimestamp(max(times), dt.UTC) if times else None


@dataclass(frozen=True)
class Standing:
    """How far the witness has followed a ledger.

    Args:
        size: entries in the ledger.
        cosigned: entries that the witness has seen; 0 before the first time.
        at: when it last cosigned.
        waiting_since: when the oldest entry that it has not seen was made.
    """

    size: int
    cosigned: int
    at: dt.datetime | None
    waiting_since: dt.datetime | None

    @property
    def unwitnessed(self) -> int:
        """Entries the witness has not seen."""
        return max(self.size - self.cosigned, 0)

    def alarm(self, now: dt.datetime, after: dt.timedelta = ALARM_AFTER) -> bool:
        """Whether entries have been waiting for the witness for longer than `after`."""
        if not self.unwitnessed:
            return False
        return self.waiting_since is None or now - self.waiting_since > after


def standing(tree: Tree) -> Standing:
    """How far the witness has followed a ledger."""
    seen = last_cosigned(tree.folder)
    cosigned = seen.size if seen is not None else 0
    since = None
    if cosigned < tree.size:
        with suppress(InputError):
            since = Entry.parse(tree.entry(cosigned)).at
    return Standing(tree.size, cosigned, cosigned_at(tree.folder, seen), since)


def ask_for_cosignature(log: Log, send: Send, *, disk: Disk = DISK) -> SignedCheckpoint:
    """Have the witness cosign the ledger's newest checkpoint, and keep what it signed.

    Args:
        log: the ledger; its folder names the witness.
        send: posts the body to the witness's `add-checkpoint`; status and body of its answer.
        disk: where the cosigned checkpoint is written.

    Raises:
        Conflict: the witness has seen another history of this ledger, or more of it than is here; the ledger is held
            until `recovery.compare` finds that it is not so, or a successor is signed.
        Unreachable: it answered with something else.
    """
    witnesses = witnesses_of(log.folder)
    if not witnesses:
        raise Conflict(_("nobody witnesses this ledger"), where=str(log.folder))
    seen = last_cosigned(log.folder)
    old = seen.size if seen is not None else 0
    for _ask in range(ASKS):
        head = log.checkpoint()
        if old > head.size:
            raise _rolled_back(log, old, head.size, disk)
        status, answer = send(request_body(log, old, head))
        if status == 200:
            return _keep(log, head, answer, witnesses[-1], disk)
        if status != 409:
            break
        known = _size(answer)
        if known > log.size:
            raise _rolled_back(log, known, log.size, disk)
        if known == old == head.size:
            raise _refused(log, old, disk)
        old = known
    if status == 422:
        raise _refused(log, old, disk)
    raise Unreachable(
        _("the witness did not cosign: it answered {status}", status=status),
        where=witnesses[-1].name,
        kept=_("the entries stay, marked as unwitnessed"),
    )


def request_body(tree: Tree, old: int, head: SignedCheckpoint) -> bytes:
    """The body of an `add-checkpoint` request."""
    proof = "".join(f"{b64(each)}\n" for each in tree.consistency_proof(old, head.size))
    return f"old {old}\n{proof}\n{head.note}".encode()


def _keep(
    log: Log, head: SignedCheckpoint, answer: bytes, witness: CosignatureVerifier, disk: Disk
) -> SignedCheckpoint:
    try:
        note = head.note
        for line in answer.decode("utf-8").splitlines(keepends=True):
            signature = parse_signature(line)
            if (signature.name, signature.key_id) == (witness.name, witness.key_id):
                note = add_signature(note, signature)
        cosigned = open_cosigned(note, [log.signer.verifier], [witness])
    except (ConvenioError, UnicodeDecodeError) as error:
        raise Unreachable(
            _("the witness's answer is no cosignature of this checkpoint"),
            where=witness.name,
            kept=_("the entries stay, marked as unwitnessed"),
        ) from error
    before = last_cosigned(log.folder)
    if before is None or before.size <= cosigned.size:
        disk.replace(log.folder / COSIGNED, note.encode())
    return cosigned


def _size(answer: bytes) -> int:
    text = answer[:40].strip()
    if not (text.isdigit() and answer.endswith(b"\n")):
        raise Unreachable(_("the witness did not say which size it knows"))
    return int(text)


def _rolled_back(log: Log, known: int, size: int, disk: Disk) -> Conflict:
    disk.replace(log.folder / HOLD, b"the witness has seen more\n")
    return Conflict(
        _("the witness has seen {known} entries of this ledger, which has {size}", known=known, size=size),
        where=log.origin,
        advice=_("it was brought back from a backup; see recovery in docs/en/ledger.md"),
        kept=_("nothing was appended"),
    )


def _refused(log: Log, old: int, disk: Disk) -> Conflict:
    disk.replace(log.folder / HOLD, b"the witness has seen another history\n")
    return Conflict(
        _("the witness has seen another history of this ledger up to entry {size}", size=old),
        where=log.origin,
        advice=_("convenio ledger verify with the witness's checkpoint says from where on"),
        kept=_("nothing was appended"),
    )
