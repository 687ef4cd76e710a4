"""Reading every entry of a ledger and hashing it again, in several processes where there is much to do."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from convenio.core.errors import ConvenioError, InputError
from convenio.ledger.edge import Edge
from convenio.ledger.journal import Journal, read_journal
from convenio.ledger.merkle import HASH_SIZE, fold, leaf_hashes
from convenio.ledger.tiles import ENTRIES, HEIGHT, WIDTH, hashes_of, read_tile, unpack

ALONE_BELOW = 200_000
BUNDLES_A_PART = 1024
MOST_IN_JOURNAL = 1 << 18


@dataclass
class Walked:
    """What was found in a row of bundles.

    Args:
        roots: the root over each bundle's entries, as they are now.
        stored: the root over each stored tile of leaf hashes; empty where the tile is missing or cut.
        bad: the first entry of each bundle that does not fit its stored leaf hash.
        missing: indexes of the first entries of missing bundles.
        stopped: whether so many bundles in a row were missing that the rest was not looked for.
    """

    roots: list[bytes] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    stopped: bool = False

    def join(self, other: Walked) -> None:
        """Add what was found in the bundles that follow."""
        self.roots += other.roots
        self.stored += other.stored
        self.bad += other.bad
        self.missing += other.missing

    def follow(self, parts: Iterable[Walked]) -> None:
        """Add one part after the other, until one is there of which nothing is left."""
        for part in parts:
            self.join(part)
            if len(part.missing) == BUNDLES_A_PART:
                self.stopped = True
                return

    def edge(self, size: int, ragged: Sequence[bytes]) -> Edge:
        """The edge at `size` entries: `ragged` are the leaf hashes beyond its last multiple of 256."""
        return edge_of(self.roots, size, ragged)


def edge_of(roots: Sequence[bytes], size: int, ragged: Sequence[bytes]) -> Edge:
    """The edge of a tree from the roots of its tiles of leaf hashes.

    Args:
        roots: one a tile; more than `size` needs is fine.
        size: number of entries.
        ragged: leaf hashes beyond the last multiple of 256.
    """
    return Edge(size, [], [list(ragged), *partials(roots[: size // WIDTH])])


def partials(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """The hashes of the last, partial tile of a level and of each above, from all hashes of that level."""
    levels = []
    while hashes:
        levels.append(list(hashes[len(hashes) // WIDTH * WIDTH :]))
        hashes = folded(hashes)
    return levels


def folded(hashes: Sequence[bytes]) -> list[bytes]:
    """The hashes of the level above: the roots of the full tiles."""
    return [fold(hashes[at : at + WIDTH]) for at in range(0, len(hashes) // WIDTH * WIDTH, WIDTH)]


def walk(folder: Path, size: int, *, processes: int | None = None) -> Walked:
    """Hash every entry again and compare it with the stored leaf hashes.

    Args:
        folder: the ledger's folder.
        size: number of entries to look at.
        processes: how many read at once; as many as there are cores where None, and one for a small ledger.
    """
    processes = processes or (os.cpu_count() or 1 if size > ALONE_BELOW else 1)
    bundles = -(-size // WIDTH)
    parts = ((folder, start, min(start + BUNDLES_A_PART, bundles), size) for start in range(0, bundles, BUNDLES_A_PART))
    found = Walked()
    if processes == 1:
        found.follow(map(_walk_part, parts))
        return found
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        while not found.stopped and (some := list(islice(parts, 8 * processes))):
            found.follow(pool.map(_walk_part, some))
    return found


def bundle_of(folder: Path, journal: Journal | None, index: int, width: int) -> list[bytes] | None:
    """The entries of a bundle as far as they can be read; from the journal where the file was not yet written."""
    data = read_tile_plainly(folder, ENTRIES, index, width)
    if data is not None:
        return list(_until_cut(data))
    if journal is not None and index * WIDTH >= journal.base:
        start = index * WIDTH - journal.base
        return journal.entries[start : start + width] or None
    return None


def read_tile_plainly(folder: Path, level: int | str, index: int, width: int) -> bytes | None:
    """`read_tile`, with a damaged wider bundle taken as missing."""
    try:
        return read_tile(folder, level, index, width)
    except InputError:
        return None


def stored_level(folder: Path, level: int, size: int) -> list[bytes]:
    """All stored hashes of a level; empty bytes where they are missing or cut."""
    return [each for index in range(-(-count_at(level, size) // WIDTH)) for each in _stored(folder, level, index, size)]


def stored_partial(folder: Path, level: int, size: int) -> list[bytes]:
    """The stored hashes of the last, partial tile of a level; empty bytes where they are missing or cut."""
    count = count_at(level, size)
    return _stored(folder, level, count // WIDTH, size) if count % WIDTH else []


def count_at(level: int, size: int) -> int:
    """How many hashes a level has in a ledger of `size` entries."""
    return size >> (HEIGHT * level)


def _stored(folder: Path, level: int, index: int, size: int) -> list[bytes]:
    width = min(WIDTH, count_at(level, size) - index * WIDTH)
    data = read_tile_plainly(folder, level, index, width) or b""
    hashes = hashes_of(data[: len(data) // HASH_SIZE * HASH_SIZE])[:width]
    return hashes + [b""] * (width - len(hashes))


def _walk_part(part: tuple[Path, int, int, int]) -> Walked:
    folder, start, end, size = part
    journal = None
    with suppress(ConvenioError):
        journal = read_journal(folder) if end * WIDTH + MOST_IN_JOURNAL >= size else None
    found = Walked()
    for index in range(start, end):
        width = min(WIDTH, size - index * WIDTH)
        entries = bundle_of(folder, journal, index, width)
        tile = read_tile_plainly(folder, 0, index, width) or b""
        if entries is not None and len(entries) == width:
            hashes = leaf_hashes(entries)
            if b"".join(hashes) == tile:
                root = fold(hashes)
                found.roots.append(root)
                found.stored.append(root)
                continue
        else:
            hashes = leaf_hashes(entries or [])
        _note_trouble(found, index, width, entries, hashes, tile)
    return found


def _note_trouble(
    found: Walked, index: int, width: int, entries: list[bytes] | None, hashes: list[bytes], tile: bytes
) -> None:
    stored = hashes_of(tile) if len(tile) == width * HASH_SIZE else []
    found.stored.append(fold(stored) if stored else b"")
    found.roots.append(fold(hashes) if hashes else b"")
    if entries is None:
        found.missing.append(index * WIDTH)
    elif stored:
        same = (place for place in range(width) if place >= len(hashes) or hashes[place] != stored[place])
        found.bad.append(index * WIDTH + next(same, width - 1))
    elif len(hashes) < width:
        found.bad.append(index * WIDTH + len(hashes))


def _until_cut(bundle: bytes) -> Iterator[bytes]:
    try:
        yield from unpack(bundle)
    except InputError:
        at = 0
        while at + 2 <= len(bundle):
            end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
            if end > len(bundle):
                return
            yield bundle[at + 2 : end]
            at = end
