"""A release that the other side refuses for good: it is withdrawn, its key erased, and the asker is told why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.words import _
from convenio.custody.keystore import KeyStore
from convenio.exchange.post import Post
from convenio.ledger.intents import border, remember
from convenio.stores.tables import Intent, OutboxMessage, Release, Request


class SentBack:
    """What becomes of a release that could not be delivered; without it both sides would wait for ever.

    Args:
        post: letters.
        vault: the key store.
        now: the clock.
    """

    def __init__(self, post: Post, vault: KeyStore, now: Callable[[], dt.datetime]) -> None:
        self._post = post
        self._vault = vault
        self._now = now
        post.when_refused("release", self._withdraw)

    def _withdraw(self, session: Session, message: OutboxMessage, why: str) -> None:
        wanted = select(Intent).where(Intent.kind == "released", Intent.log == border(message.peer))
        made = list(session.scalars(wanted.where(Intent.at == message.created_at)))
        name = next((each.subject for each in made if each.body.get("letter") == message.id), "")
        release = session.get(Release, name, with_for_update=True)
        request = session.get(Request, release.request, with_for_update=True) if release is not None else None
        if release is None or request is None or release.state != "offered":
            return
        release.state, release.key = "withdrawn", None
        self._vault.erase(f"release/{release.id}")
        reasons = _("the release was not taken: {why}", why=why[:500]).in_both()
        request.state, request.answer = "refused", {"reasons": reasons, "receipt": "", "release": release.id}
        remember(
            session,
            border(message.peer),
            "release-withdrawn",
            at=self._now(),
            actor="node",
            subject=release.id,
            content={"why": why},
            request=request.id,
            clause=release.clause,
        )
        self._post.write(
            session,
            message.peer,
            "refusal",
            {"request": request.id, "reasons": reasons, "receipt": ""},
            agreement=release.agreement,
            clause=release.clause,
        )
