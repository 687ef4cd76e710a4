"""Correcting what was released: the record is altered here, officers sign, and the peer's copy is replaced.

A correction crosses like a release: sealed content first, its key after the recipient's signed acceptance. It is
pending until the recipient has said that it is in place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import b64, canonical
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.custody.holdings import Holdings
from convenio.custody.keystore import KeyStore
from convenio.custody.sealing import sealed
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.post import Post
from convenio.exchange.releases import plain
from convenio.exchange.signatures import as_told, gather, signatures_of
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.people.credentials import Credentials
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, Correction, Release, Request

SENT = "sent"
LIVE = ("accepted", "delivered")
PENDING = ("waiting", "sent", "accepted")
Change = tuple[int, str, str]


def correction_document(held: Correction, originator: str, recipient: str) -> dict[str, Any]:
    """What officers sign of a correction, as both sides write it: which release, and the digest of what replaces it."""
    return {
        "v": 1,
        "outcome": "correction",
        "correction": held.id,
        "release": held.release,
        "request": held.request,
        "originator": originator,
        "recipient": recipient,
        "agreement": held.agreement,
        "clause": held.clause,
        "content_digest": held.content_digest,
        "reason": held.reason,
    }


def enter(session: Session, held: Correction, kind: str, at: dt.datetime, actor: str, **body: Any) -> None:
    """The border ledger's entry of one step of a correction; never content."""
    remember(
        session,
        border(held.peer),
        kind,
        at=at,
        actor=actor,
        subject=held.id,
        content={"reason": held.reason},
        release=held.release,
        request=held.request,
        content_digest=held.content_digest,
        clause=held.clause,
        **body,
    )


class Corrections:
    """The corrections that this node makes to what it released.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where clauses are looked up.
        holdings: the party's records.
        vault: the key store.
        credentials: whose signatures approve.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        holdings: Holdings,
        vault: KeyStore,
        credentials: Credentials,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._holdings = holdings
        self._vault = vault
        self._credentials = credentials
        self._now = now
        post.handle("correction-acceptance", self._accepted)
        post.handle("correction-done", self._done)

    def propose(self, release: str, person: Person, *, reason: str, changes: Sequence[Change] = ()) -> str:
        """Correct what was released: the records here first, then, once officers have signed, the peer's copy.

        Args:
            release: the release.
            person: who corrects; of the agency that holds the records.
            reason: why, which the other side is told.
            changes: row of the release, field and new value; without any the records are taken as they stand now.

        Returns:
            The correction's number; it waits for the officers' signatures.

        Raises:
            InputError: no reason, or a change that fits no row or field of the release.
            Conflict: the release is no longer there, or a correction of it is pending.
        """
        duties.require("correct", person.roles, where=person.name)
        if not reason.strip():
            raise InputError(_("a correction needs a reason, which the other side is told"))
        with self._store.reading() as session:
            released, asked = self._released(session, release, person)
        places = [(str(dataset), int(row)) for dataset, row in (asked.answer or {}).get("places", [])]
        for row, field, _value in changes:
            if not 0 <= row < len(places) or field not in asked.fields:
                raise InputError(
                    _("row {row} and field {field} are not in this release", row=row, field=field),
                    where=release[:16],
                    advice=_("it has {rows} rows and the fields {fields}", rows=len(places), fields=asked.fields),
                    kept=_("nothing was changed"),
                )
        for row, field, value in changes:
            dataset, place = places[row]
            self._holdings.alter(dataset, place, {field: value}, actor=person, reason=reason)
        rows = self._holdings.pick(places, asked.fields)
        content = canonical([{name: plain(value) for name, value in row.items()} for row in rows])
        made, key = uuid.uuid4().hex, os.urandom(32)
        closed = sealed(content, key, release)
        with self._store.transaction() as session:
            self._released(session, release, person)
            self._vault.put(f"correction/{made}", key)
            session.add(
                Correction(
                    id=made,
                    side=SENT,
                    peer=released.peer,
                    release=release,
                    request=released.request,
                    agreement=released.agreement,
                    clause=released.clause,
                    reason=reason.strip()[:2000],
                    by=person.name,
                    content=closed,
                    content_digest=hashlib.sha256(closed).hexdigest(),
                    key=f"correction/{made}",
                    state="waiting",
                    made_at=self._now(),
                    done_at=None,
                )
            )
        return made

    def all(self, *, release: str | None = None, pending: bool = False, limit: int = 500) -> list[Correction]:
        """The corrections of this node, the newest first; those that are not in place yet where `pending` is asked."""
        wanted = select(Correction).where(Correction.side == SENT)
        wanted = wanted if release is None else wanted.where(Correction.release == release)
        wanted = wanted.where(Correction.state.in_(PENDING)) if pending else wanted
        with self._store.reading() as session:
            return list(session.scalars(wanted.order_by(Correction.made_at.desc()).limit(limit)))

    def get(self, correction: str) -> Correction:
        """A correction by its number.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as session:
            held = session.get(Correction, correction)
        if held is None or held.side != SENT:
            raise NotFound(_("there is no such correction"), where=correction[:16])
        return held

    def signatures(self, correction: str) -> list[Approval]:
        """The signatures that were given for a correction."""
        with self._store.reading() as session:
            return signatures_of(session, correction)

    def decision(self, correction: str) -> dict[str, Any]:
        """What an officer signs to send a correction.

        Raises:
            NotFound: there is no such correction that waits for signatures.
        """
        with self._store.reading() as session:
            held = self._waiting(session, correction)
            return correction_document(held, self._party, held.peer)

    def approve(self, correction: str, person: Person, signature: Mapping[str, Any]) -> str:
        """Approve by signature; the last one that the clause asks for sends it.

        Returns:
            The correction's state afterwards: `waiting` or `sent`.
        """
        duties.require("approve", person.roles, where=person.name)
        with self._store.transaction() as session:
            held = self._waiting(session, correction)
            self._released(session, held.release, person, but=correction)
            document = correction_document(held, self._party, held.peer)
            given = gather(session, self._credentials, person, correction, document, signature, self._now())
            enter(session, held, "approved", self._now(), person.name, credential=given[-1].credential)
            _agreement, clause = self._desk.clause(held.agreement, held.clause)
            if len(given) < clause.approvals:
                return held.state
            held.state = "sent"
            self._post.write(
                session,
                held.peer,
                "correction",
                {
                    "correction": held.id,
                    "release": held.release,
                    "reason": held.reason,
                    "content": b64(held.content),
                    "approvals": as_told(given),
                },
                agreement=held.agreement,
                clause=held.clause,
            )
            credentials = [each.credential for each in given]
            enter(session, held, "corrected", self._now(), "node", approvals=credentials)
            return held.state

    def drop(self, correction: str, person: Person) -> None:
        """Give up a correction that has not been sent."""
        duties.require("approve", person.roles, where=person.name)
        with self._store.transaction() as session:
            held = self._waiting(session, correction)
            self._released(session, held.release, person, but=correction)
            self._end(held, "dropped")

    def _accepted(self, session: Session, letter: Letter) -> None:
        held = self._mine(session, letter)
        if held.state != "sent":
            raise Conflict(_("this correction is {state}", state=held.state), where=held.id[:16])
        if letter.body.get("content_digest") != held.content_digest:
            raise Refused(_("what was accepted is not what was sent"), where=held.id[:16])
        released = session.get(Release, held.release)
        if released is None or released.state not in LIVE or held.key is None:
            self._end(held, "moot")
            return
        held.state = "accepted"
        self._post.write(
            session,
            held.peer,
            "correction-key",
            {"correction": held.id, "key": b64(self._vault.get(held.key))},
            agreement=held.agreement,
            clause=held.clause,
        )

    def _done(self, session: Session, letter: Letter) -> None:
        held = self._mine(session, letter)
        self._end(held, "done" if letter.body.get("state") == "in-place" else "moot")
        enter(session, held, "correction-acknowledged", self._now(), "node", letter=letter.id, outcome=held.state)

    def _end(self, held: Correction, state: str) -> None:
        if held.key is not None:
            self._vault.erase(held.key)
        held.key, held.content, held.state, held.done_at = None, b"", state, self._now()

    def _released(
        self, session: Session, release: str, person: Person, *, but: str | None = None
    ) -> tuple[Release, Request]:
        held = session.get(Release, release)
        asked = session.get(Request, held.request) if held is not None else None
        if held is None or asked is None:
            raise NotFound(_("there is no such release"), where=release[:16])
        self._holdings.require_own([str(each[0]) for each in (asked.answer or {}).get("places", [])], person)
        if held.state not in LIVE:
            raise Conflict(_("this release is {state}", state=held.state), where=release[:16])
        wanted = select(Correction.id).where(
            Correction.release == release, Correction.side == SENT, Correction.state.in_(PENDING)
        )
        if any(each != but for each in session.scalars(wanted)):
            raise Conflict(
                _("a correction of this release is under way"),
                where=release[:16],
                advice=_("wait until the other side has said that it is in place"),
            )
        return held, asked

    @staticmethod
    def _waiting(session: Session, correction: str) -> Correction:
        held = session.get(Correction, correction, with_for_update=True)
        if held is None or held.side != SENT:
            raise NotFound(_("there is no such correction"), where=correction[:16])
        if held.state != "waiting":
            raise Conflict(_("this correction is {state}", state=held.state), where=correction[:16])
        return held

    @staticmethod
    def _mine(session: Session, letter: Letter) -> Correction:
        held = session.get(Correction, str(letter.body.get("correction", "")), with_for_update=True)
        if held is None or held.side != SENT or held.peer != letter.sender:
            raise NotFound(_("there is no such correction"))
        return held


def end_corrections(session: Session, vault: KeyStore, release: str, at: dt.datetime) -> None:
    """A release is recalled: no correction of it goes any more."""
    wanted = select(Correction).where(
        Correction.release == release, Correction.side == SENT, Correction.state.in_(PENDING)
    )
    for each in session.scalars(wanted):
        if each.key is not None:
            vault.erase(each.key)
        each.key, each.content, each.state, each.done_at = None, b"", "moot", at
