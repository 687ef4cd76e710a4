"""From intents to entries: one sequencer gives a log's waiting intents their places, each exactly once.

It may be killed after the log has taken entries and before the intents are told where they stand. So it begins by
reading the log's own tail: an intent whose entry stands there is marked, not appended again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from convenio.core.errors import Conflict
from convenio.core.words import _
from convenio.ledger.log import Log
from convenio.ledger.tiles import WIDTH
from convenio.ledger.tree import Tree

BATCH = 20_000
QUIET = 10_000


@dataclass(frozen=True)
class Intent:
    """One thing to be remembered: its number, and the canonical bytes of its entry, which name that number."""

    id: int
    entry: bytes


class Intents(Protocol):
    """Where intents wait."""

    def pending(self, after: int, limit: int) -> Sequence[Intent]:
        """Intents above `after` that have no position yet, oldest first."""
        ...

    def mark(self, positions: Mapping[int, int]) -> None:
        """Note where in the log intents have come to stand."""
        ...


class Sequencer:
    """Appends one log's intents to it; there is one per log.

    Args:
        log: the log.
        intents: what waits for it.
        batch: how many go in one group at most.
    """

    def __init__(self, log: Log, intents: Intents, *, batch: int = BATCH) -> None:
        self._log = log
        self._intents = intents
        self._batch = batch
        self._unmarked: dict[int, int] | None = None

    def step(self) -> int:
        """Append what waits, up to one batch; the number of entries appended.

        Raises:
            Conflict: an intent's number stands in the log with another content: the database is older than the log.
        """
        if self._unmarked is None:
            self._unmarked = self._appended_before()
        self._mark()
        waiting = self._intents.pending(0, self._batch)
        if not waiting:
            return 0
        first = self._log.append([each.entry for each in waiting])
        self._unmarked = {each.id: first + place for place, each in enumerate(waiting)}
        self._mark()
        return len(waiting)

    def _mark(self) -> None:
        if self._unmarked:
            self._intents.mark(self._unmarked)
        self._unmarked = {}

    def _appended_before(self) -> dict[int, int]:
        """Positions of waiting intents whose entries stand in the log already."""
        waiting: dict[int, bytes] = {}
        after = 0
        while more := self._intents.pending(after, self._batch):
            waiting |= {each.id: each.entry for each in more}
            after = more[-1].id
        if not waiting:
            return {}
        oldest, quiet, found = min(waiting), 0, dict[int, int]()
        for place, entry in backwards(self._log):
            number = intent_of(entry)
            quiet = quiet + 1 if number is None or number < oldest else 0
            if number in waiting:
                if waiting[number] != entry:
                    raise _older(number, place)
                found[number] = place
            if quiet >= QUIET:
                break
        return found


def backwards(tree: Tree) -> Iterator[tuple[int, bytes]]:
    """Every entry with its index, from the newest to the oldest."""
    for bundle in range(-(-tree.size // WIDTH) - 1, -1, -1):
        first = bundle * WIDTH
        yield from reversed(list(enumerate(tree.entries(first, first + WIDTH), first)))


def intent_of(entry: bytes) -> int | None:
    """The number of the intent an entry was made from; None where it names none."""
    try:
        number = json.loads(entry)["intent"]
    except (ValueError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None


def _older(number: int, place: int) -> Conflict:
    return Conflict(
        _("intent {number} stands in the ledger at {place} with another content", number=number, place=place),
        advice=_("the database is older than the ledger; see recovery in docs/en/ledger.md"),
        kept=_("nothing was appended"),
    )
