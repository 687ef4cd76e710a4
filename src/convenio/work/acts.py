"""Acts of programs that leave an entry: who did what to which thing; of what was entered only the salted commitment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from convenio.ledger.intents import INTERNAL, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store


class Acts:
    """Entries of one program in the internal ledger of a node.

    Args:
        store: the operational store.
        now: the clock.
        program: the program's name; it begins the word of each entry.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime], program: str) -> None:
        self._store = store
        self._now = now
        self._program = program.replace("_", "-")

    def note(self, person: Person, act: str, subject: str, content: Mapping[str, Any]) -> None:
        """Leave the entry of an act that was done.

        Args:
            person: who did it.
            act: a word for it, e.g. `rated`.
            subject: what it was done to.
            content: what was entered; the ledger keeps its salted commitment alone.
        """
        with self._store.transaction() as session:
            remember(
                session,
                INTERNAL,
                f"{self._program}-{act}",
                at=self._now(),
                actor=person.name,
                subject=subject,
                content=dict(content),
                agency=person.agency,
                program=self._program,
            )
