"""A copy of another party's ledger, kept up to date tile by tile, and believed no further than its signatures reach.

A mirror is what two parties reconcile from, and what an owner who lost entries gets them back from. It holds what the
ledger holds: commitments and open facts, no content.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.ledger.checkpoint import SignedCheckpoint, open_checkpoint
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.edge import edge_at
from convenio.ledger.log import CHECKPOINT, VKEY
from convenio.ledger.note import NoteVerifier
from convenio.ledger.tiles import ENTRIES, WIDTH, tile_path, unpack

Fetch = Callable[[str], bytes]
AT_ONCE = 64 * WIDTH
SERVED = re.compile(
    rf"tile/(?:{ENTRIES}|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{{3}}/)*[0-9]{{3}}(?:\.p/[1-9][0-9]{{0,2}})?"
)


def served(folder: Path, path: str) -> bytes:
    """What another party may fetch of a ledger: its checkpoint, its tiles, its bundles.

    Args:
        folder: the ledger's folder.
        path: `checkpoint`, or a path as tlog-tiles has it; nothing else.

    Raises:
        NotFound: it is no such path, or there is no such file.
    """
    if path == CHECKPOINT or SERVED.fullmatch(path):
        try:
            return (folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            pass
    raise NotFound(_("there is no such file of this ledger"), where=path[:100])


def follow(folder: Path, logs: Sequence[NoteVerifier], fetch: Fetch, *, disk: Disk = DISK) -> SignedCheckpoint:
    """Bring the mirror in `folder` up to the ledger's newest checkpoint.

    Args:
        folder: the mirror's folder.
        logs: the ledger's verifier keys, the present one last.
        fetch: gets a file of the ledger by its path; raises NotFound where there is none.
        disk: where it writes.

    Returns:
        The checkpoint that the mirror now stands at.

    Raises:
        Conflict: what was fetched does not continue what the mirror holds, or does not lead to its signed checkpoint.
        InputError: the checkpoint is not signed by the ledger.
    """
    origin = logs[-1].name
    note = fetch(CHECKPOINT)
    head = open_checkpoint(note, logs, origin=origin)
    held = mirrored(folder, logs)
    if held is not None and held.size >= head.size:
        if (held.size, held.root) == (head.size, head.root):
            return held
        raise _contradicts(origin, held.size)
    start = held.size // WIDTH * WIDTH if held is not None else 0
    edge = edge_at(folder, start)
    while edge.size < head.size:
        entries = _fetched(fetch, edge.size, min(edge.size + AT_ONCE, head.size))
        if held is not None and edge.size == start:
            known, _made = edge.grown(entries[: held.size - start])
            if known.root() != held.root:
                raise _contradicts(origin, held.size)
        edge, made = edge.grown(entries)
        for path, data in made.full.items():
            disk.write(folder / path, data)
            shutil.rmtree(folder / f"{path}.p", ignore_errors=True)
    if edge.root() != head.root:
        raise _contradicts(origin, head.size)
    for path, data in edge.partial_files().items():
        disk.write(folder / path, data)
    disk.replace(folder / VKEY, "".join(f"{each.vkey()}\n" for each in logs).encode())
    disk.replace(folder / CHECKPOINT, note)
    return head


def mirrored(folder: Path, logs: Sequence[NoteVerifier]) -> SignedCheckpoint | None:
    """The checkpoint a mirror stands at; None where there is no mirror yet."""
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    return open_checkpoint(path.read_bytes(), logs, origin=logs[-1].name)


def _fetched(fetch: Fetch, start: int, until: int) -> list[bytes]:
    """Fetch the entries from `start`, a multiple of 256, to `until`, the ledger's size or another multiple."""
    entries: list[bytes] = []
    for index in range(start // WIDTH, -(-until // WIDTH)):
        width = min(WIDTH, until - index * WIDTH)
        found = unpack(_bundle(fetch, index, width))[:width]
        if len(found) != width:
            raise InputError(_("a file of the ledger is missing or cut"), where=tile_path(ENTRIES, index, width))
        entries += found
    return entries


def _bundle(fetch: Fetch, index: int, width: int) -> bytes:
    try:
        return fetch(tile_path(ENTRIES, index, width))
    except NotFound:
        if width == WIDTH:
            raise
        return fetch(tile_path(ENTRIES, index))


def _contradicts(origin: str, size: int) -> Conflict:
    return Conflict(
        _("the ledger contradicts itself: what it serves does not fit its checkpoint of {size} entries", size=size),
        where=origin,
        advice=_("keep both checkpoints, and ask the ledger's owner"),
        kept=_("the mirror stays as it was"),
    )
