"""Marks: what is shown of persons leaves a ledger entry and bears its number: a leaked copy names who had it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from convenio.ledger.intents import INTERNAL, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Intent

CODE = re.compile(r"\bM-(\d{1,18})\b")


@dataclass(frozen=True)
class Showing:
    """What a mark stands for: its entry in the internal ledger; no position as long as it waits for one."""

    code: str
    who: str
    at: dt.datetime
    subject: str
    position: int | None


class Marks:
    """The marks of one node.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def show(self, person: Person, subject: str, *, form: str = "page") -> str:
        """Note that a person is shown something of persons; the mark that it bears.

        Args:
            person: who looks.
            subject: the finding, case file, result or record.
            form: `page`, `pdf`, `csv`, `xlsx` or `parquet`.
        """
        now = self._now()
        with self._store.transaction() as session:
            row = remember(
                session,
                INTERNAL,
                "exported" if form != "page" else "shown",
                at=now,
                actor=person.name,
                subject=subject,
                agency=person.agency,
                form=form,
            )
            number = row.id
        return f"{person.name} · {now:%Y-%m-%d %H:%M:%S} UTC · M-{number}"

    def find(self, text: str) -> Showing | None:
        """What a mark stands for, from any text that holds its code."""
        code = CODE.search(text)
        if code is None:
            return None
        wanted = select(Intent).where(Intent.id == int(code[1]), Intent.log == INTERNAL)
        with self._store.reading() as session:
            row = session.scalars(wanted.where(Intent.kind.in_(["shown", "exported"]))).first()
            if row is None or "form" not in row.body:
                return None
            return Showing(code[0], row.actor, row.at, row.subject, row.position)
