"""Asking the originator for its consent: to pass a copy on, to another agency of this party too, or to a court."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import Message, _
from convenio.custody.consents import ASKED
from convenio.custody.copies import Copies
from convenio.custody.receipts import Receipts
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.peers import Peers
from convenio.exchange.post import Post
from convenio.exchange.signatures import check
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.policy.conditions import Conditions
from convenio.stores.operational import Store
from convenio.stores.tables import OnwardConsent, ReceivedCopy

ACTS = ("forward", "court")
LONGEST_NAME = 64


def consent_document(held: OnwardConsent, originator: str, recipient: str) -> dict[str, Any]:
    """What the originator's officers sign, as both sides write it: the copy, to whom, what for, and until when."""
    return {
        "v": 1,
        "outcome": "onward-consent",
        "consent": held.id,
        "release": held.release,
        "originator": originator,
        "recipient": recipient,
        "act": held.act,
        "to": held.to,
        "purpose": held.purpose,
        "case": held.case_reference,
        "until": held.until.astimezone(dt.UTC).isoformat(),
        "agreement": held.agreement,
        "clause": held.clause,
    }


def enter(session: Session, held: OnwardConsent, kind: str, at: dt.datetime, actor: str, **body: Any) -> None:
    """The border ledger's entry of one step of a consent: which copy, to whom; never content."""
    remember(
        session,
        border(held.peer),
        kind,
        at=at,
        actor=actor,
        subject=held.id,
        content={"purpose": held.purpose, "case": held.case_reference, "reason": held.reason},
        release=held.release,
        request=held.request,
        act=held.act,
        to=held.to,
        clause=held.clause,
        **body,
    )


class Onward:
    """The consents that this node asks originators for.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where clauses are looked up.
        peers: whose officers may consent.
        copies: what the consents are about.
        receipts: keeps receipts.
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
        receipts: Receipts,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._peers = peers
        self._copies = copies
        self._receipts = receipts
        self._now = now
        post.handle("consent", self._given)
        post.handle("consent-refusal", self._refused)
        post.handle("consent-withdrawal", self._withdrawn)

    def ask(
        self, copy: str, actor: Person, *, act: str = "forward", to: str, case: str, reason: str, until: dt.datetime
    ) -> str:
        """Ask the originator of a copy for its consent; its number.

        Args:
            copy: the copy.
            actor: who asks; an analyst or supervisor of the agency that has it.
            act: `forward` or `court`.
            to: the party or agency it would go to, or the court.
            case: the case.
            reason: why, in words for those who decide.
            until: how long it is needed; never longer than the copy itself.

        Raises:
            NotFound: there is no such copy for this person.
            Refused: the clause forbids it, or the copy is gone; a receipt is kept.
            InputError: something is missing.
        """
        duties.require("use", actor.roles, where=actor.name)
        to = to.strip()
        if act not in ACTS or not 0 < len(to) <= LONGEST_NAME or not reason.strip() or not case.strip():
            raise InputError(_("a consent is asked for an act, a recipient, a case and a reason"))
        gone = self._copies.gone(copy, actor)
        with self._store.transaction() as session:
            copied = session.get(ReceivedCopy, copy)
            if copied is None or copied.agency != actor.agency:
                raise NotFound(_("there is no such copy for you"), where=copy[:16])
            conditions = Conditions.model_validate(copied.conditions)
            until = min(until, conditions.expires_at)
            why = gone or _cannot(conditions, act, to, until, self._now())
            receipt = self._receipts.keep(
                session,
                allowed=why is None,
                act="consent",
                actor=actor.name,
                agency=actor.agency,
                agreement=copied.agreement,
                agreement_digest=conditions.agreement_digest,
                clause=copied.clause,
                subject=copy,
                reasons=(why,) if why is not None else (),
                asked={"act": act, "to": to, "case": case, "until": until.isoformat()},
            )
            if why is None:
                return self._send(session, copied, conditions, actor, (act, to, case, reason, until))
        raise Refused(
            why,
            where=_("release {release}, clause {clause}", release=copy[:16], clause=copied.clause),
            advice=_("receipt {receipt}", receipt=receipt),
            kept=_("nothing was sent"),
        )

    def all(self, copy: str, actor: Person) -> list[OnwardConsent]:
        """The consents that were asked for a copy, the newest first, for the agency that has it and those who check."""
        with self._store.reading() as session:
            held = session.get(ReceivedCopy, copy)
            if held is None or not (held.agency == actor.agency or actor.has("auditor", "ombudsperson")):
                return []
            wanted = select(OnwardConsent).where(OnwardConsent.release == copy, OnwardConsent.side == ASKED)
            return list(session.scalars(wanted.order_by(OnwardConsent.asked_at.desc())))

    def _send(
        self,
        session: Session,
        copied: ReceivedCopy,
        conditions: Conditions,
        actor: Person,
        told: tuple[str, str, str, str, dt.datetime],
    ) -> str:
        act, to, case, reason, until = told
        held = OnwardConsent(
            id=uuid.uuid4().hex,
            side=ASKED,
            peer=copied.peer,
            release=copied.id,
            request=copied.request,
            agreement=copied.agreement,
            clause=copied.clause,
            act=act,
            to=to,
            purpose=conditions.purpose,
            case_reference=case,
            until=until,
            asker=actor.name,
            asker_agency=actor.agency,
            reason=reason.strip()[:2000],
            state="asked",
            approvals=[],
            answer=None,
            asked_at=self._now(),
            answered_at=None,
            forwarded_at=None,
        )
        session.add(held)
        self._post.write(
            session,
            copied.peer,
            "consent-request",
            {
                "consent": held.id,
                "release": held.release,
                "act": act,
                "to": to,
                "purpose": held.purpose,
                "case": case,
                "until": until.isoformat(),
                "person": actor.name,
                "agency": actor.agency,
                "reason": held.reason,
            },
            agreement=held.agreement,
            clause=held.clause,
        )
        enter(session, held, "consent-asked", self._now(), actor.name)
        return held.id

    def _given(self, session: Session, letter: Letter) -> None:
        held = self._mine(session, letter)
        if held.state != "asked":
            raise Conflict(_("this consent was answered before: {state}", state=held.state), where=held.id[:16])
        approvals = letter.body.get("approvals")
        if not isinstance(approvals, list) or not all(isinstance(each, dict) for each in approvals):
            raise InputError(_("this is no consent"))
        _agreement, clause = self._desk.clause(held.agreement, held.clause)
        document = consent_document(held, held.peer, self._party)
        officers = check(self._peers, held.peer, document, approvals, clause.onward_approvals)
        held.state, held.answered_at, held.approvals = "granted", self._now(), [dict(each) for each in approvals]
        held.answer = {"officers": officers}
        credentials = [str(each["credential"]) for each in approvals]
        enter(session, held, "consent-received", self._now(), "node", approvals=credentials, letter=letter.id)

    def _refused(self, session: Session, letter: Letter) -> None:
        held = self._mine(session, letter)
        if held.state == "asked":
            told = letter.body.get("reasons")
            reasons = {to: str(told.get(to, ""))[:2000] for to in ("en", "es")} if isinstance(told, Mapping) else {}
            held.state, held.answered_at, held.answer = "refused", self._now(), {"reasons": reasons}
        enter(session, held, "consent-refusal-received", self._now(), "node", letter=letter.id)

    def _withdrawn(self, session: Session, letter: Letter) -> None:
        held = self._mine(session, letter)
        held.state, held.answered_at = "withdrawn", self._now()
        held.answer = {**(held.answer or {}), "why": str(letter.body.get("reason", ""))[:2000]}
        enter(session, held, "consent-withdrawal-received", self._now(), "node", letter=letter.id)

    @staticmethod
    def _mine(session: Session, letter: Letter) -> OnwardConsent:
        held = session.get(OnwardConsent, str(letter.body.get("consent", "")), with_for_update=True)
        if held is None or held.side != ASKED or held.peer != letter.sender:
            raise NotFound(_("nobody here asked for this consent"))
        return held


def _cannot(conditions: Conditions, act: str, to: str, until: dt.datetime, now: dt.datetime) -> Message | None:
    """Why no consent can be asked for; None where one can."""
    if act == "forward" and conditions.onward == "none":
        return _("the clause forbids passing it on")
    if act == "forward" and to == conditions.agency:
        return _("it was given to {agency} already", agency=to)
    if act == "court" and (conditions.judicial_use == "forbidden" or conditions.humanitarian_only):
        return _("the clause forbids its use in court")
    if act == "court" and conditions.judicial_use == "allowed":
        return _("its use in court needs no permission")
    return _("the term of a consent lies in the future") if until <= now else None
