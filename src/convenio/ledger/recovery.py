"""A ledger that was brought back from a backup: it takes no entries until what the witness has seen is there again.

The rule is: whoever restores marks the ledger (`mark_restored`); the node fetches the last checkpoint that the witness
cosigned and calls `compare`; entries that are missing come back from a mirror or another copy by `recover`. Where no
copy has them, both authorities sign a successor (see `ledger.successor`). A ledger that nobody marked is held as soon
as the witness says that it has seen more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from convenio.core.errors import Conflict
from convenio.core.words import _
from convenio.ledger.cosigned import COSIGNED, open_cosigned, witnesses_of
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.log import HOLD, VKEY, Log
from convenio.ledger.note import parse_vkeys
from convenio.ledger.sequencer import backwards, intent_of
from convenio.ledger.tree import Tree

NUMBERS_LOOKED_AT = 10_000


@dataclass(frozen=True)
class Gap:
    """What is missing of a ledger: the entries from `have` to `wanted` (exclusive), and the root they lead to."""

    have: int
    wanted: int
    root: bytes

    @property
    def missing(self) -> int:
        """How many entries are missing."""
        return self.wanted - self.have


def mark_restored(folder: Path, *, disk: Disk = DISK) -> None:
    """Hold a ledger: it was brought back from a backup and takes no entries until `compare` finds nothing missing."""
    disk.replace(folder / HOLD, b"restored\n")


def compare(log: Log, cosigned: str | None, *, disk: Disk = DISK) -> Gap | None:
    """Hold a ledger against the last checkpoint that its witness cosigned, as the witness keeps it.

    Args:
        log: the ledger.
        cosigned: the signed note, fetched from the witness; None where the witness has never seen the ledger.
        disk: where a hold is written or lifted.

    Returns:
        What is missing, the ledger now being held; None where nothing is, any hold being lifted.

    Raises:
        Conflict: the witness has seen another history; the ledger is held until a successor is signed.
        InputError: the note is not signed by the ledger and its witness.
    """
    if cosigned is not None:
        logs = parse_vkeys((log.folder / VKEY).read_text(encoding="utf-8", errors="replace"))
        seen = open_cosigned(cosigned, logs, witnesses_of(log.folder))
        if seen.size > log.size:
            disk.replace(log.folder / HOLD, seen.note.encode())
            return Gap(log.size, seen.size, seen.root)
        if log.root(seen.size) != seen.root:
            disk.replace(log.folder / HOLD, seen.note.encode())
            raise Conflict(
                _("the witness has seen another history of this ledger up to entry {size}", size=seen.size),
                where=log.origin,
                advice=_("both authorities can sign a successor; see recovery in docs/en/ledger.md"),
                kept=_("the ledger takes no entries"),
            )
        disk.replace(log.folder / COSIGNED, seen.note.encode())
    _lift(log.folder, disk)
    return None


def recover(log: Log, gap: Gap, entries: Iterable[bytes], *, disk: Disk = DISK) -> None:
    """Append what is missing, and lift the hold.

    Args:
        log: the ledger, as `compare` left it.
        gap: what is missing.
        entries: the missing entries in order, from a mirror or another copy (`Tree.entries(gap.have, gap.wanted)`).
        disk: where the hold is lifted.

    Raises:
        Conflict: these are not the entries that the witness has seen; nothing was appended.
    """
    found = list(islice(entries, gap.missing + 1))
    if log.size != gap.have or len(found) != gap.missing:
        raise Conflict(
            _("{wanted} entries are missing, and {found} were brought", wanted=gap.missing, found=len(found)),
            where=log.origin,
            kept=_("nothing was appended"),
        )
    note = (log.folder / HOLD).read_bytes()
    log.append_recovered(found, gap.root)
    disk.replace(log.folder / COSIGNED, note)
    _lift(log.folder, disk)


def highest_intent(tree: Tree) -> int:
    """The highest number of an intent among the newest entries; a restored database goes on above it."""
    newest = islice(backwards(tree), NUMBERS_LOOKED_AT)
    return max((intent_of(entry) or 0 for _place, entry in newest), default=0)


def _lift(folder: Path, disk: Disk) -> None:
    disk.remove(folder / HOLD)
    disk.sync(folder)
