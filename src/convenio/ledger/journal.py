"""What makes an append durable: one file, one sync a group, holding the newest entries with the checkpoint over them.

The tiles are derived from it and may lag behind it on the disk. It begins at a multiple of 256 entries, below which
every full tile is known to be on the disk; then it is begun anew.

A frame is `CJ01`, the length of its body in four bytes, the first 16 bytes of the body's SHA-256, and the body: the
index of its first entry (8 bytes), the length of its bundle (4 bytes), the bundle, the signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.ledger.tiles import pack, unpack

NAME = "journal"
MAGIC = b"CJ01"
HEAD = len(MAGIC) + 4 + 16


@dataclass(frozen=True)
class Frame:
    """One group of entries and the signed checkpoint that covers the ledger up to its last."""

    first: int
    entries: Sequence[bytes]
    note: str

    def encode(self) -> bytes:
        """The frame's bytes."""
        bundle = pack(self.entries)
        body = self.first.to_bytes(8, "big") + len(bundle).to_bytes(4, "big") + bundle + self.note.encode()
        return MAGIC + len(body).to_bytes(4, "big") + sha256(body).digest()[:16] + body


@dataclass(frozen=True)
class Journal:
    """What a journal holds.

    Args:
        base: index of its first entry, a multiple of 256.
        entries: from `base` on.
        note: the newest signed checkpoint; empty before the first.
        length: bytes of whole frames; what follows is a frame that was being written.
    """

    base: int
    entries: list[bytes]
    note: str
    length: int


def read_journal(folder: Path) -> Journal | None:
    """Read a ledger's journal; None where there is none.

    Raises:
        ConvenioError: a frame in the middle is damaged, so that entries may be missing.
    """
    path = folder / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    at, base, note, entries = 0, 0, "", list[bytes]()
    while (found := _frame(data, at)) is not None:
        frame, end = found
        if at == 0:
            base = frame.first
        if frame.first != base + len(entries):
            raise _damaged(path, at)
        entries += frame.entries
        note, at = frame.note, end
    later = data.find(MAGIC, at + 1)
    while later >= 0:
        if _frame(data, later) is not None:
            raise _damaged(path, at)
        later = data.find(MAGIC, later + 1)
    if data and not at:
        raise _damaged(path, 0)
    return Journal(base, entries, note, at)


def _frame(data: bytes, at: int) -> tuple[Frame, int] | None:
    start = at + HEAD
    if data[at : at + len(MAGIC)] != MAGIC or start > len(data):
        return None
    end = start + int.from_bytes(data[at + 4 : at + 8], "big")
    body = data[start:end]
    if end > len(data) or sha256(body).digest()[:16] != data[at + 8 : start]:
        return None
    cut = 12 + int.from_bytes(body[8:12], "big")
    try:
        return Frame(int.from_bytes(body[:8], "big"), unpack(body[12:cut]), body[cut:].decode()), end
    except (InputError, UnicodeDecodeError):
        return None


def _damaged(path: Path, at: int) -> ConvenioError:
    return ConvenioError(
        _("the journal is damaged at byte {at}, not at its end", at=at),
        where=str(path),
        advice=_("do not write to this ledger; bring the folder back from a backup, then recover the gap"),
        kept=_("nothing was changed"),
    )
