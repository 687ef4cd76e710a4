"""The growing right edge of a tree: what a writer keeps in memory, and the files that an append makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.ledger.merkle import EMPTY_ROOT, fold, leaf_hashes
from convenio.ledger.tiles import ENTRIES, HEIGHT, WIDTH, hashes_of, pack, read_tile, tile_path


@dataclass
class Growth:
    """The files that an append makes.

    Args:
        full: those of full tiles and bundles, by path below the folder; they never change again.
        partial: those of partial ones, replaced by wider ones later.
        outgrown: partial folders that a full file has made needless.
    """

    full: dict[str, bytes] = field(default_factory=dict)
    partial: dict[str, bytes] = field(default_factory=dict)
    outgrown: list[str] = field(default_factory=list)


@dataclass
class Edge:
    """The entries of the last bundle and, per level, the hashes of the last tile.

    Args:
        size: number of entries.
        bundle: the entries beyond the last multiple of 256.
        levels: per level the hashes of its partial tile.
    """

    size: int = 0
    bundle: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    def root(self) -> bytes:
        """The root hash of the whole tree."""
        ragged: list[bytes] = []
        for hashes in self.levels:
            level = hashes + ragged
            ragged = [fold(level)] if level else []
        return ragged[0] if ragged else EMPTY_ROOT

    def partial_files(self) -> dict[str, bytes]:
        """Every partial tile and the partial bundle, by path below the folder."""
        made = {}
        if self.bundle:
            made[tile_path(ENTRIES, self.size // WIDTH, len(self.bundle))] = pack(self.bundle)
        for level, hashes in enumerate(self.levels):
            if hashes:
                made[tile_path(level, self.size >> (HEIGHT * (level + 1)), len(hashes))] = b"".join(hashes)
        return made

    def grown(self, entries: Sequence[bytes]) -> tuple[Edge, Growth]:
        """The edge after an append, and the files it makes; this edge stays as it is."""
        made = Growth()
        bundle = [*self.bundle, *entries]
        first = self.size // WIDTH
        whole = len(bundle) // WIDTH
        for at in range(whole):
            made.full[tile_path(ENTRIES, first + at)] = pack(bundle[at * WIDTH : (at + 1) * WIDTH])
        if whole and self.bundle:
            made.outgrown.append(f"{tile_path(ENTRIES, first)}.p")
        bundle = bundle[whole * WIDTH :]
        if bundle and entries:
            made.partial[tile_path(ENTRIES, first + whole, len(bundle))] = pack(bundle)
        levels = self._levels(leaf_hashes(entries), made)
        return Edge(self.size + len(entries), bundle, levels), made

    def _levels(self, new: list[bytes], made: Growth) -> list[list[bytes]]:
        levels, level = [], 0
        while new or level < len(self.levels):
            before = self.levels[level] if level < len(self.levels) else []
            hashes = before + new
            first = self.size >> (HEIGHT * (level + 1))
            roots = []
            for at in range(len(hashes) // WIDTH):
                tile = hashes[at * WIDTH : (at + 1) * WIDTH]
                made.full[tile_path(level, first + at)] = b"".join(tile)
                roots.append(fold(tile))
            if roots and before:
                made.outgrown.append(f"{tile_path(level, first)}.p")
            rest = hashes[len(roots) * WIDTH :]
            if rest and new:
                made.partial[tile_path(level, first + len(roots), len(rest))] = b"".join(rest)
            levels.append(rest)
            new, level = roots, level + 1
        return levels or [[]]


def edge_at(folder: Path, base: int) -> Edge:
    """The edge of the ledger in `folder` at `base` entries, a multiple of 256, from its full tiles.

    Raises:
        InputError: a full tile is missing or cut.
    """
    levels: list[list[bytes]] = [[]]
    level = 1
    while base >> (HEIGHT * level):
        count = base >> (HEIGHT * level)
        levels.append([_root_of_tile(folder, level - 1, at) for at in range(count // WIDTH * WIDTH, count)])
        level += 1
    return Edge(base, [], levels)


def _root_of_tile(folder: Path, level: int, index: int) -> bytes:
    data = read_tile(folder, level, index, WIDTH)
    hashes = [] if data is None else hashes_of(data)
    if len(hashes) != WIDTH:
        raise InputError(
            _("a file of the ledger is missing or cut"),
            where=str(folder / tile_path(level, index)),
            advice=_("convenio ledger verify says what still holds"),
        )
    return fold(hashes)
