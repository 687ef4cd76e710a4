"""Releases: content goes first and sealed, its key only after the recipient's signed acceptance of the conditions.

So no side ever has content without evidence: the originator holds the acceptance before the content can be read, and
the recipient holds the officers' signatures before it accepts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import b64, canonical, digest, unb64
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.custody.consents import GIVEN, end_with
from convenio.custody.copies import Copies
from convenio.custody.holdings import Holdings
from convenio.custody.keystore import KeyStore
from convenio.exchange.decision import decision_of
from convenio.exchange.desk import Decided, Desk, Question
from convenio.exchange.envelope import Letter
from convenio.exchange.peers import Peers
from convenio.exchange.post import Post
from convenio.exchange.signatures import as_told, check
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, ReceivedCopy, Release, Request, StandingOrder

NONCE = 12
KeyCheck = Callable[[Session, str, bytes], None]


class Releases:
    """The releases of one node, made and received.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where policy is decided.
        peers: whose officers may approve.
        holdings: the party's records.
        copies: what was received.
        vault: the key store.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        peers: Peers,
        holdings: Holdings,
        copies: Copies,
        vault: KeyStore,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._peers = peers
        self._holdings = holdings
        self._copies = copies
        self._vault = vault
        self._now = now
        self._key_checks: list[KeyCheck] = []
        self._followers: list[Callable[[Session, str], None]] = []
        copies.after_recall(self._tell_erased)
        for kind, handler in (
            ("release", self._received),
            ("acceptance", self._accepted),
            ("content-key", self._keyed),
            ("delivered", self._delivered),
            ("recall", self._recalled),
            ("recalled", self._recall_done),
        ):
            post.handle(kind, handler)

    def when_keyed(self, check: KeyCheck) -> None:
        """Say what else a content key must pass before it is kept; what raises refuses it."""
        self._key_checks.append(check)

    def decide(self, request: Request) -> Decided:
        """Whether policy and law let this request be answered; the receipt is kept either way.

        Raises:
            Refused: they do not.
        """
        _agreement, clause = self._desk.clause(request.agreement, request.clause)
        return self._desk.require(
            Question(
                action="release",
                agreement=request.agreement,
                clause=request.clause,
                purpose=request.purpose,
                actor=request.asker,
                role=request.asker_role,
                agency=request.asker_agency,
                asking_party=request.peer,
                answering_party=self._party,
                case=request.case_reference,
                subject_role=request.subject_role,
                categories=clause.categories,
                fields=tuple(request.fields),
                subjects=len(request.references),
                subject=request.id,
            ),
            log=border(request.peer),
        )

    def release(self, session: Session, request: Request, approvals: Sequence[Approval], decided: Decided) -> str:
        """Release what two officers approved, in the transaction of the last approval; the release's number."""
        agreement, _clause = self._desk.clause(request.agreement, request.clause)
        made, now = uuid.uuid4().hex, self._now()
        places = [(dataset, row) for dataset, row in (request.answer or {}).get("places", [])]
        rows = self._holdings.pick(places, request.fields)
        conditions = self._desk.conditions(
            decided,
            release=made,
            originator=self._party,
            recipient=request.peer,
            agency=request.asker_agency,
            agreement=request.agreement,
            clause=request.clause,
            case=request.case_reference,
            at=now,
            until=request.until,
        )
        key = os.urandom(32)
        nonce = os.urandom(NONCE)
        content = canonical([{name: plain(value) for name, value in row.items()} for row in rows])
        sealed = nonce + AESGCM(key).encrypt(nonce, content, made.encode())
        told = hashlib.sha256(sealed).hexdigest()
        self._vault.put(f"release/{made}", key)
        session.add(
            Release(
                id=made,
                peer=request.peer,
                request=request.id,
                agreement=request.agreement,
                clause=request.clause,
                conditions=conditions,
                content_digest=told,
                key=f"release/{made}",
                acceptance=None,
                state="offered",
                released_at=now,
                expires_at=dt.datetime.fromisoformat(conditions["expires_at"]),
            )
        )
        letter = self._post.write(
            session,
            request.peer,
            "release",
            {
                "release": made,
                "request": request.id,
                "agreement_digest": agreement.digest,
                "conditions": conditions,
                "approvals": as_told(approvals),
                "content": b64(sealed),
            },
            agreement=request.agreement,
            clause=request.clause,
        )
        remember(
            session,
            border(request.peer),
            "released",
            at=now,
            actor="node",
            subject=made,
            content={"request": request.id, "fields": list(request.fields), "conditions": conditions},
            letter=letter,
            request=request.id,
            agreement_digest=agreement.digest,
            clause=request.clause,
            content_digest=told,
            subjects=len(rows),
            approvals=[each.credential for each in approvals],
        )
        return made

    def recall(self, release: str, person: Person, reason: str) -> None:
        """Take a release back: pending until the peer has erased it and said so.

        Raises:
            NotFound: there is none of records that the person's agency holds.
            Conflict: it was recalled already.
        """
        duties.require("recall", person.roles, where=person.name)
        if not reason.strip():
            raise InputError(_("a recall needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = self._mine(session, release)
            holders = self._holders(session, held)
            if holders and person.agency not in holders:
                raise NotFound(_("there is no such release"), where=release[:16])
            if held.state in {"recall-pending", "recall-held", "recalled"}:
                raise Conflict(_("this release was recalled already"), where=release[:16])
            held.state = "recall-pending"
            self._vault.erase(f"release/{release}")
            end_with(session, release, GIVEN, self._now(), "recalled")
            for follower in self._followers:
                follower(session, release)
            self._post.write(session, held.peer, "recall", {"release": release, "reason": reason}, clause=held.clause)
            remember(
                session,
                border(held.peer),
                "recalled",
                at=self._now(),
                actor=person.name,
                subject=release,
                content={"reason": reason},
                clause=held.clause,
            )

    def after_recall(self, follower: Callable[[Session, str], None]) -> None:
        """Have something follow the recall of a release, in the same transaction."""
        self._followers.append(follower)

    def all(self, *, limit: int = 500) -> list[Release]:
        """What this node released, newest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(Release).order_by(Release.released_at.desc()).limit(limit)))

    def _received(self, session: Session, letter: Letter) -> Mapping[str, Any]:
        """A release comes: check that two officers of the peer's roster signed exactly this, then accept."""
        body = letter.body
        try:
            release, request = str(body["release"]), str(body["request"])
            sealed, conditions = unb64(str(body["content"])), dict(body["conditions"])
            approvals = [dict(each) for each in body["approvals"]]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no release")) from error
        held = session.get(Request, request, with_for_update=True)
        if held is None or held.side != "ask" or held.peer != letter.sender:
            raise Refused(_("nobody here asked for this release"), where=release[:16])
        if held.state != "sent":
            raise Conflict(_("this request was answered before"), where=request[:16])
        agreement, clause = self._desk.clause(held.agreement, held.clause)
        check(self._peers, letter.sender, decision_of(held, self._party), approvals, clause.approvals)
        self._desk.check_conditions(
            conditions,
            agreement,
            clause,
            release=release,
            originator=letter.sender,
            recipient=self._party,
            agency=held.asker_agency,
            case=held.case_reference,
        )
        told = hashlib.sha256(sealed).hexdigest()
        self._copies.take(
            session,
            release=release,
            peer=letter.sender,
            request=request,
            agency=held.asker_agency,
            agreement=held.agreement,
            clause=held.clause,
            conditions=conditions,
            content=sealed,
            content_digest=told,
        )
        held.state = "accepted"
        held.answer = {"release": release}
        accepted = {"release": release, "content_digest": told, "conditions": digest(conditions)}
        self._post.write(session, letter.sender, "acceptance", accepted, agreement=held.agreement, clause=held.clause)
        remember(
            session,
            border(letter.sender),
            "accepted",
            at=self._now(),
            actor="node",
            subject=release,
            content={"conditions": conditions, "approvals": approvals},
            request=request,
            content_digest=told,
            clause=held.clause,
            letter=letter.id,
        )
        return {}

    def _accepted(self, session: Session, letter: Letter) -> None:
        held = self._offered(session, letter)
        if letter.body.get("content_digest") != held.content_digest or letter.body.get("conditions") != digest(
            held.conditions
        ):
            raise Refused(_("what was accepted is not what was released"), where=held.id[:16])
        if held.state != "offered" or held.key is None:
            raise Conflict(_("this release is no longer offered: {state}", state=held.state), where=held.id[:16])
        held.state, held.acceptance = "accepted", {"letter": letter.id, **letter.body}
        self._post.write(
            session,
            held.peer,
            "content-key",
            {"release": held.id, "key": b64(self._vault.get(held.key))},
            agreement=held.agreement,
            clause=held.clause,
        )
        remember(
            session,
            border(held.peer),
            "acceptance-received",
            at=self._now(),
            actor="node",
            subject=held.id,
            content={"acceptance": dict(letter.body)},
            content_digest=held.content_digest,
            letter=letter.id,
        )

    def _keyed(self, session: Session, letter: Letter) -> None:
        release, key = str(letter.body.get("release", "")), unb64(str(letter.body.get("key", "")))
        for passes in self._key_checks:
            passes(session, release, key)
        self._copies.unlock(session, release, letter.sender, key)
        request = session.scalars(select(Request).where(Request.side == "ask", Request.state == "accepted")).all()
        for each in request:
            if (each.answer or {}).get("release") == release:
                each.state, each.answered_at = "released", self._now()
        self._post.write(session, letter.sender, "delivered", {"release": release})
        remember(
            session,
            border(letter.sender),
            "received",
            at=self._now(),
            actor="node",
            subject=release,
            content={"letter": letter.id},
            letter=letter.id,
        )

    def _delivered(self, session: Session, letter: Letter) -> None:
        held = self._offered(session, letter)
        if held.state == "accepted":
            held.state = "delivered"
        if held.key is not None:
            self._vault.erase(held.key)
            held.key = None
        remember(
            session,
            border(held.peer),
            "delivered",
            at=self._now(),
            actor="node",
            subject=held.id,
            content={"letter": letter.id},
            letter=letter.id,
        )

    def _recalled(self, session: Session, letter: Letter) -> None:
        release, reason = str(letter.body.get("release", "")), str(letter.body.get("reason", ""))[:2000]
        erased = self._copies.recall(session, release, letter.sender, reason)
        told = {"release": release} if erased else {"release": release, "held": True}
        self._post.write(session, letter.sender, "recalled", told)

    def _tell_erased(self, session: Session, held: ReceivedCopy) -> None:
        """A recalled copy that a legal hold had kept is erased now."""
        self._post.write(session, held.peer, "recalled", {"release": held.id})

    def _recall_done(self, session: Session, letter: Letter) -> None:
        held = self._offered(session, letter)
        blocked = bool(letter.body.get("held"))
        held.state = "recall-held" if blocked else "recalled"
        remember(
            session,
            border(held.peer),
            "recall-blocked" if blocked else "recall-acknowledged",
            at=self._now(),
            actor="node",
            subject=held.id,
            content={"letter": letter.id},
            letter=letter.id,
        )

    def _offered(self, session: Session, letter: Letter) -> Release:
        held = session.get(Release, str(letter.body.get("release", "")), with_for_update=True)
        if held is None or held.peer != letter.sender:
            raise NotFound(_("there is no such release"))
        return held

    def _holders(self, session: Session, held: Release) -> set[str]:
        """The agencies whose records, or whose findings, went out with a release; none where the records are erased."""
        order = session.get(StandingOrder, held.request)
        if order is not None:
            return {order.holder}
        asked = session.get(Request, held.request)
        datasets = {dataset for dataset, _row in ((asked.answer or {}) if asked is not None else {}).get("places", ())}
        return {each.agency for each in self._holdings.all() if each.id in datasets}

    def _mine(self, session: Session, release: str) -> Release:
        held = session.get(Release, release, with_for_update=True)
        if held is None:
            raise NotFound(_("there is no such release"), where=release[:16])
        return held


def plain(value: Any) -> Any:
    """A value as the content of a release writes it."""
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
