"""A ledger read from its files: entries, roots and proofs of any size it has had.

Proofs follow RFC 6962 (2.1.1 and 2.1.2). A hash that a proof needs is the root of a complete subtree, which one tile
answers, or of a ragged right edge, which a few do; tiles that were read are kept as pyramids.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import _
from convenio.ledger.merkle import EMPTY_ROOT, ProofError, node_hash
from convenio.ledger.tiles import ENTRIES, HEIGHT, WIDTH, hashes_of, pyramid, read_tile, tile_path, unpack

KEPT_PYRAMIDS = 512
LONGEST_PROOF = 63


class Tree:
    """A ledger of `size` entries, read from its folder.

    Args:
        folder: where `tile/` stands.
        size: number of entries; what lies beyond is not looked at.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._size = size
        self._keeping = threading.Lock()
        self._pyramids: OrderedDict[tuple[int, int, int], list[list[bytes]]] = OrderedDict()

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._size

    def entry(self, index: int) -> bytes:
        """One entry.

        Raises:
            NotFound: the ledger has no such entry.
            ConvenioError: its bundle is missing or damaged.
        """
        if not 0 <= index < self.size:
            raise NotFound(_("there is no entry {index} in a ledger of {size} entries", index=index, size=self.size))
        bundle, place = divmod(index, WIDTH)
        return self._bundle(bundle, self.size)[place]

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries from `start` to `end` (exclusive; all where None), in order."""
        size = self.size
        end = size if end is None else min(end, size)
        for bundle in range(start // WIDTH, -(-end // WIDTH)):
            first = bundle * WIDTH
            yield from self._bundle(bundle, size)[max(start - first, 0) : end - first]

    def leaf(self, index: int) -> bytes:
        """The leaf hash of an entry, from its tile."""
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """The root of the tree as it was at `size` entries; as it is where None."""
        size = self.size if size is None else size
        self._check(size, self.size)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that show that an entry stands at `index` in the tree of `size` entries.

        Raises:
            ProofError: there is no such entry or size.
        """
        size = self.size if size is None else size
        self._check(size, self.size)
        if not 0 <= index < size:
            raise ProofError(_("entry {index} lies beyond a ledger of {size} entries", index=index, size=size))
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        return proof[::-1]

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The hashes that show that the tree of `new` entries only added to the tree of `old`.

        Raises:
            ProofError: the ledger has had no such sizes.
        """
        new = self.size if new is None else new
        self._check(new, self.size)
        self._check(old, new)
        if old in {0, new}:
            return []
        proof: list[bytes] = []
        start, end = 0, new
        while end != old:
            middle = start + _split(end - start)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        if start:
            proof.append(self._range(start, end))
        return proof[::-1]

    def _range(self, start: int, end: int) -> bytes:
        """The hash over leaves `start` to `end`, where `start` is a multiple of every power of two it needs."""
        parts: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            parts.append(self._node(height, start >> height))
            start += 1 << height
        found = parts.pop()
        while parts:
            found = node_hash(parts.pop(), found)
        return found

    def _node(self, height: int, index: int) -> bytes:
        """The root of the complete subtree of 2**height leaves at `index` in its row."""
        level, inner = divmod(height, HEIGHT)
        at = index << inner
        tile, place = divmod(at, WIDTH)
        width = min(WIDTH, (self.size >> (HEIGHT * level)) - tile * WIDTH)
        return self._pyramid(level, tile, width)[inner][place >> inner]

    def _pyramid(self, level: int, tile: int, width: int) -> list[list[bytes]]:
        key = (level, tile, width)
        with self._keeping:
            found = self._pyramids.get(key)
            if found is not None:
                self._pyramids.move_to_end(key)
                return found
        found = pyramid(self._hashes(level, tile, width))
        with self._keeping:
            self._pyramids[key] = found
            if len(self._pyramids) > KEPT_PYRAMIDS:
                self._pyramids.popitem(last=False)
        return found

    def _hashes(self, level: int, tile: int, width: int) -> list[bytes]:
        data = read_tile(self.folder, level, tile, width)
        found = [] if data is None else hashes_of(data)
        if len(found) != width:
            raise _missing(self.folder / tile_path(level, tile, width))
        return found

    def _bundle(self, index: int, size: int) -> list[bytes]:
        width = min(WIDTH, size - index * WIDTH)
        data = read_tile(self.folder, ENTRIES, index, width)
        found = [] if data is None else unpack(data)
        if len(found) != width:
            raise _missing(self.folder / tile_path(ENTRIES, index, width))
        return found

    @staticmethod
    def _check(size: int, limit: int) -> None:
        if not 0 <= size <= limit:
            raise ProofError(_("this ledger has had no size {size}: it goes up to {limit}", size=size, limit=limit))


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _missing(path: Path) -> ConvenioError:
    return InputError(
        _("a file of the ledger is missing or cut"),
        where=str(path),
        advice=_("convenio ledger verify says what still holds"),
    )
