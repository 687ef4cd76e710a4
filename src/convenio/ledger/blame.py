"""Which entries are to blame when a ledger does not lead to its signed root.

Stored hashes that do lead to it are as good as signed. The lowest level at which they do names the trouble: leaf hashes
name the entry, hashes above them a row of entries.
"""

from __future__ import annotations

from pathlib import Path

from convenio.core.words import _
from convenio.ledger.checkpoint import SignedCheckpoint
from convenio.ledger.edge import Edge
from convenio.ledger.tiles import HEIGHT, WIDTH
from convenio.ledger.verdict import Problem
from convenio.ledger.walk import Walked, count_at, folded, partials, stored_level, stored_partial


def blame(folder: Path, head: SignedCheckpoint, found: Walked, *, whole: bool) -> tuple[list[Problem], int]:
    """What does not hold between the entries, the tiles and the signed checkpoint, and how many entries surely do.

    Args:
        folder: the ledger's folder.
        head: its signed checkpoint.
        found: its entries, hashed again.
        whole: whether they lead to the checkpoint's root.
    """
    if found.stopped:
        first = found.missing[0]
        what = _("bundles are missing, from entry {entry} on; the rest was not looked for", entry=first)
        return [
            Problem("missing", what, first),
            Problem("root", _("the entries do not lead to the signed checkpoint of {size} entries", size=head.size)),
        ], 0
    problems = [
        Problem("missing", _("a bundle is missing, from entry {entry} on", entry=entry), entry)
        for entry in found.missing
    ]
    if whole:
        return problems + _tiles(folder, found, head.size), head.size
    known = _trusted_level(folder, head, found)
    if known == 0:
        problems += [
            Problem("entry", _("entry {entry} was changed, or one before it removed or put in", entry=entry), entry)
            for entry in found.bad[:1]
        ]
    elif known is not None:
        problems += _range(folder, head.size, found, known)
    if known is None or not problems:
        what = _("the entries do not lead to the signed checkpoint of {size} entries", size=head.size)
        problems.append(Problem("root", what))
    if known is None:
        return problems, 0
    return problems, min((each.entry for each in problems if each.entry is not None), default=0)


def _tiles(folder: Path, found: Walked, size: int) -> list[Problem]:
    """The entries hold; say which of the files derived from them do not."""
    for index, (now, stored) in enumerate(zip(found.roots, found.stored, strict=True)):
        if now != stored:
            what = _("the leaf hashes from entry {entry} on were changed; the entries hold", entry=index * WIDTH)
            return [Problem("tile", what)]
    hashes, level = found.roots[: size // WIDTH], 1
    while hashes:
        if stored_level(folder, level, size) != hashes:
            return [Problem("tile", _("hashes of level {level} were changed; the entries hold", level=level))]
        hashes, level = folded(hashes), level + 1
    return []


def _trusted_level(folder: Path, head: SignedCheckpoint, found: Walked) -> int | None:
    """The lowest level whose stored hashes lead to the signed root; None where none does."""
    below = [stored_partial(folder, 0, head.size)]
    above = partials(found.stored[: head.size // WIDTH])
    level = 0
    while True:
        levels = [*below, *above]
        if all(each for row in levels for each in row) and Edge(head.size, [], levels).root() == head.root:
            return level
        level += 1
        if not count_at(level, head.size):
            return None
        above = partials(stored_level(folder, level, head.size))
        if level > 1:
            below.append(stored_partial(folder, level - 1, head.size))


def _range(folder: Path, size: int, found: Walked, level: int) -> list[Problem]:
    """The first subtree whose entries do not lead to a trusted hash of `level`."""
    now = found.roots[: size // WIDTH]
    for _below in range(1, level):
        now = folded(now)
    for index, (one, other) in enumerate(zip(now, stored_level(folder, level, size), strict=True)):
        if one != other:
            first, last = index << (HEIGHT * level), ((index + 1) << (HEIGHT * level)) - 1
            what = _("entries {first} to {last} do not lead to the hash that stands over them", first=first, last=last)
            return [Problem("entry", what, first)]
    return []
