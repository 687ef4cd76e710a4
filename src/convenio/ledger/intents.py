"""What is to be remembered, written in the transaction of the act itself.

An entry holds no content: what it is about stands in it as a salted commitment, and the content that the commitment
hides stays in the intent's row on this node.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from convenio.core.canonical import canonical
from convenio.ledger.sequencer import Intent
from convenio.stores.operational import Store
from convenio.stores.tables import Intent as Row

INTERNAL = "internal"


def border(peer: str) -> str:
    """The name of the log that is shared with a peer."""
    return f"border-{peer}"


def commit_to(content: Mapping[str, Any], salt: bytes) -> str:
    """The salted commitment to a content: SHA-256 of salt and canonical form."""
    return hashlib.sha256(salt + canonical(dict(content))).hexdigest()


def remember(
    session: Session,
    log: str,
    kind: str,
    *,
    at: dt.datetime,
    actor: str,
    subject: str = "",
    content: Mapping[str, Any] | None = None,
    **body: Any,
) -> Row:
    """Write the intent of one entry into the act's own transaction.

    Args:
        session: the transaction that does the act.
        log: `internal`, or `border(peer)`.
        kind: what happened, one of the kinds of `ledger.entry`.
        at: when.
        actor: the account, or `node`.
        subject: the request, release, run or dataset it is about.
        content: what the entry commits to without showing it.
        **body: facts that may stand in the entry openly: identifiers, counts, digests; never content.
    """
    salt = os.urandom(16)
    row = Row(
        log=log,
        kind=kind,
        at=at,
        actor=actor,
        subject=subject,
        body=body,
        content=dict(content or {}),
        salt=salt,
    )
    session.add(row)
    session.flush()
    return row


def entry_of(row: Row) -> bytes:
    """The canonical bytes that are appended to the log for an intent."""
    return canonical(
        {
            "v": 1,
            "intent": row.id,
            "kind": row.kind,
            "at": row.at.isoformat(),
            "actor": row.actor,
            "subject": row.subject,
            "commitment": commit_to(row.content, row.salt),
            **({"body": row.body} if row.body else {}),
        }
    )


class StoredIntents:
    """The intents of one log, as the sequencer wants them."""

    def __init__(self, store: Store, log: str) -> None:
        self._store = store
        self._log = log

    def pending(self, after: int, limit: int) -> list[Intent]:
        """Intents above `after` that have no position yet, oldest first."""
        wanted = (
            select(Row)
            .where(Row.log == self._log, Row.position.is_(None), Row.id > after)
            .order_by(Row.id)
            .limit(limit)
        )
        with self._store.reading() as session:
            return [Intent(row.id, entry_of(row)) for row in session.scalars(wanted)]

    def count(self) -> int:
        """How many intents have no position yet."""
        wanted = select(func.count()).select_from(Row).where(Row.log == self._log, Row.position.is_(None))
        with self._store.reading() as session:
            return int(session.scalar(wanted) or 0)

    def mark(self, positions: Mapping[int, int]) -> None:
        """Note where in the log intents have come to stand."""
        with self._store.transaction() as session:
            session.execute(update(Row), [{"id": one, "position": at} for one, at in positions.items()])
