"""A ledger's files as C2SP tlog-tiles has them: tiles of 256 hashes, and bundles of 256 entries.

`tile/<level>/<index>` holds hashes of 32 bytes, `tile/entries/<index>` holds entries, each behind its length in two
bytes. The last file of a row is partial: it stands at `<index>.p/<width>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.ledger.merkle import HASH_SIZE, level_up

WIDTH = 256
HEIGHT = 8
MAX_ENTRY = 65_535
ENTRIES = "entries"


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile (or, at level `entries`, a bundle) stands below the ledger's folder.

    Args:
        level: 0 for leaf hashes; each level above holds the roots of the full tiles below.
        index: of the tile in its level.
        width: how many hashes or entries it holds.
    """
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def spread(size: int) -> Iterator[tuple[int, int, int]]:
    """Every tile of a ledger of `size` entries that is full or last: level, index, width."""
    level, count = 0, size
    while count:
        full, rest = divmod(count, WIDTH)
        yield from ((level, index, WIDTH) for index in range(full))
        if rest:
            yield level, full, rest
        level, count = level + 1, full


def pack(entries: Sequence[bytes]) -> bytes:
    """A bundle of entries.

    Raises:
        InputError: an entry is longer than 65,535 bytes.
    """
    parts: list[bytes] = []
    for each in entries:
        if len(each) > MAX_ENTRY:
            raise InputError(
                _("an entry of {size} bytes is too long: {limit} at most", size=len(each), limit=MAX_ENTRY),
                kept=_("nothing was appended"),
            )
        parts += (len(each).to_bytes(2, "big"), each)
    return b"".join(parts)


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        InputError: the bundle ends in the middle of an entry.
    """
    entries, at, end = [], 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + (bundle[at] << 8) + bundle[at + 1] if start <= end else end + 1
        if at > end:
            raise InputError(_("a bundle ends in the middle of an entry"))
        entries.append(bundle[start:at])
    return entries


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile.

    Raises:
        InputError: its length is no whole number of hashes.
    """
    if len(tile) % HASH_SIZE:
        raise InputError(_("a tile's length is no whole number of hashes"))
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]


def pyramid(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """The rows of complete subtrees above up to 256 hashes: row 0 is the hashes, row 8 the root of a full tile."""
    rows = [list(hashes)]
    while len(rows[-1]) > 1:
        below = rows[-1]
        rows.append(level_up(below[: len(below) // 2 * 2]))
    return rows


def read_tile(folder: Path, level: int | str, index: int, width: int) -> bytes | None:
    """A tile's or bundle's bytes, cut to `width` where only a wider one is left; None where there is none.

    A partial file may be removed once a wider one is there, so that is looked for too.
    """
    exact = folder / tile_path(level, index, width)
    try:
        return exact.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        pass
    full = folder / tile_path(level, index)
    partial = full.with_name(f"{full.name}.p")
    for path in (*_wider(partial, width), full):
        try:
            return narrowed(path.read_bytes(), level, width)
        except (FileNotFoundError, NotADirectoryError):
            continue
    return None


def _wider(partial: Path, width: int) -> list[Path]:
    """The files of a partial tile that are wider than `width`, the narrowest first."""
    try:
        names = [each.name for each in partial.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    widths = sorted(int(name) for name in names if re.fullmatch("[1-9][0-9]{0,2}", name))
    return [partial / str(each) for each in widths if each > width]


def narrowed(data: bytes, level: int | str, width: int) -> bytes:
    """The first `width` hashes or entries of a tile or bundle."""
    return data[: width * HASH_SIZE] if level != ENTRIES else pack(unpack(data)[:width])
