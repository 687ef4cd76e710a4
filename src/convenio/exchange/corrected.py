"""A peer corrects what it released: its officers' signatures are checked, and the copy here is replaced."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import unb64
from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.custody.copies import Copies
from convenio.exchange.corrections import correction_document, enter
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.peers import Peers
from convenio.exchange.post import Post
from convenio.exchange.signatures import check
from convenio.stores.operational import Store
from convenio.stores.tables import Correction

RECEIVED = "received"


class Corrected:
    """The corrections that peers send.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where clauses are looked up.
        peers: whose officers may correct.
        copies: what is corrected.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        peers: Peers,
        copies: Copies,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._peers = peers
        self._copies = copies
        self._now = now
        post.handle("correction", self._sent)
        post.handle("correction-key", self._keyed)

    def of(self, copy: str) -> list[Correction]:
        """The corrections that came for a copy, the newest first, without content."""
        with self._store.reading() as session:
            wanted = select(Correction).where(Correction.release == copy, Correction.side == RECEIVED)
            return list(session.scalars(wanted.order_by(Correction.made_at.desc())))

    def _sent(self, session: Session, letter: Letter) -> None:
        body = letter.body
        try:
            number, release, reason = str(body["correction"]), str(body["release"]), str(body["reason"])[:2000]
            content, approvals = unb64(str(body["content"])), [dict(each) for each in body["approvals"]]
            if len(number) != 32:
                raise ValueError(number)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no correction")) from error
        copied = self._copies.from_peer(session, release, letter.sender)
        if session.get(Correction, number) is not None:
            raise Conflict(_("a correction with this number is here already"), where=number[:16])
        held = Correction(
            id=number,
            side=RECEIVED,
            peer=letter.sender,
            release=release,
            request=copied.request,
            agreement=copied.agreement,
            clause=copied.clause,
            reason=reason,
            by=letter.sender,
            content=content,
            content_digest=hashlib.sha256(content).hexdigest(),
            key=None,
            state="accepted",
            made_at=self._now(),
            done_at=None,
        )
        _agreement, clause = self._desk.clause(held.agreement, held.clause)
        check(self._peers, held.peer, correction_document(held, held.peer, self._party), approvals, clause.approvals)
        session.add(held)
        if copied.state in {"expired", "recalled"}:
            self._finish(session, held, letter, "moot")
            return
        self._copies.begin_correction(session, release, letter.sender)
        told = {"correction": number, "content_digest": held.content_digest}
        self._post.write(
            session, held.peer, "correction-acceptance", told, agreement=held.agreement, clause=held.clause
        )
        credentials = [str(each["credential"]) for each in approvals]
        enter(session, held, "correction-accepted", self._now(), "node", letter=letter.id, approvals=credentials)

    def _keyed(self, session: Session, letter: Letter) -> None:
        held = session.get(Correction, str(letter.body.get("correction", "")), with_for_update=True)
        if held is None or held.side != RECEIVED or held.peer != letter.sender:
            raise NotFound(_("there is no such correction"))
        if held.state != "accepted":
            raise Conflict(_("this correction is {state}", state=held.state), where=held.id[:16])
        copied = self._copies.from_peer(session, held.release, held.peer)
        if copied.state != "correcting":
            self._finish(session, held, letter, "moot")
            return
        _agreement, clause = self._desk.clause(held.agreement, held.clause)
        self._copies.replace(
            session,
            held.release,
            held.peer,
            correction=held.id,
            content=held.content,
            key=unb64(str(letter.body.get("key", ""))),
            keep=clause.superseded == "block",
        )
        self._finish(session, held, letter, "in-place")

    def _finish(self, session: Session, held: Correction, letter: Letter, state: str) -> None:
        held.state, held.content, held.done_at = state, b"", self._now()
        told = {"correction": held.id, "state": state}
        self._post.write(session, held.peer, "correction-done", told, agreement=held.agreement, clause=held.clause)
        kind = "correction-received" if state == "in-place" else "correction-moot"
        enter(session, held, kind, self._now(), "node", letter=letter.id)
