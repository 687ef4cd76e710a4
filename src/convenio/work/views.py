"""Saved views: a table as somebody wants to see it again."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.work.tables import SavedView

MOST = 100


class Views:
    """The saved views of one node's people.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def save(self, person: Person, *, title: str, path: str, query: str) -> None:
        """Keep a view under a title."""
        if not title.strip():
            raise InputError(_("a view needs a title"), kept=_("nothing was saved"))
        with self._store.transaction() as session:
            session.add(
                SavedView(
                    id=secrets.token_hex(8),
                    account=person.name,
                    path=path[:200],
                    query=query[:4_000],
                    title=title.strip()[:120],
                    saved_at=self._now(),
                )
            )

    def all(self, person: Person) -> list[dict[str, Any]]:
        """The person's views, by title."""
        with self._store.reading() as session:
            wanted = select(SavedView).where(SavedView.account == person.name).order_by(SavedView.title).limit(MOST)
            return [
                {
                    "id": each.id,
                    "title": each.title,
                    "address": each.path + (f"?{each.query}" if each.query else ""),
                }
                for each in session.scalars(wanted)
            ]

    def drop(self, person: Person, number: str) -> None:
        """Forget a view."""
        with self._store.transaction() as session:
            held = session.get(SavedView, number)
            if held is not None and held.account == person.name:
                session.delete(held)
