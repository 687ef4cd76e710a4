"""Budgets: how much of a clause a party has used today (UTC), counted on both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from convenio.core.errors import Refused
from convenio.core.words import _
from convenio.stores.operational import Store
from convenio.stores.tables import Budget


class Budgets:
    """The counts of one node."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def used(self, peer: str, clause: str, side: str, what: str) -> int:
        """What was used today."""
        with self._store.reading() as session:
            held = session.get(Budget, (peer, clause, side, self._day(), what))
            return held.used if held is not None else 0

    def use(self, session: Session, peer: str, clause: str, side: str, what: str, count: int, most: int | None) -> None:
        """Count a use inside the transaction of the act, so that two acts at once cannot both fit.

        Raises:
            Refused: it would pass the bound; nothing is counted.
        """
        key = (peer, clause, side, self._day(), what)
        held = session.get(Budget, key, with_for_update=True)
        if held is None:
            held = Budget(peer=peer, clause=clause, side=side, day=key[3], what=what, used=0)
            session.add(held)
        if most is not None and held.used + count > most:
            raise Refused(
                _(
                    "today's budget is {most}; {used} are used and {count} more were asked",
                    most=most,
                    used=held.used,
                    count=count,
                ),
                where=clause,
                advice=_("ask again after midnight UTC, or ask about fewer"),
            )
        held.used += count

    def _day(self) -> str:
        return self._now().astimezone(dt.UTC).date().isoformat()
