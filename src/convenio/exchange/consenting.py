"""Giving consent: a peer asks to pass on what this node released, and named officers sign, refuse or withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import Message, _
from convenio.custody.consents import GIVEN
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.onward import ACTS, LONGEST_NAME, consent_document, enter
from convenio.exchange.post import Post
from convenio.exchange.signatures import as_told, gather, signatures_of
from convenio.people.accounts import Person
from convenio.people.credentials import Credentials
from convenio.policy import duties
from convenio.policy.conditions import Conditions
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, OnwardConsent, Release, Request, StandingOrder

LIVE = ("accepted", "delivered")


class Consenting:
    """The consents that peers ask this node for.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where clauses are looked up.
        credentials: whose signatures consent.
        agencies_of: the agencies whose datasets a list of places lies in.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        credentials: Credentials,
        agencies_of: Callable[[Sequence[str]], set[str]],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._credentials = credentials
        self._agencies_of = agencies_of
        self._now = now
        post.handle("consent-request", self._asked)

    def all(self, *, state: str | None = None, release: str | None = None, limit: int = 500) -> list[OnwardConsent]:
        """What peers asked to pass on, the newest first."""
        wanted = select(OnwardConsent).where(OnwardConsent.side == GIVEN)
        wanted = wanted if state is None else wanted.where(OnwardConsent.state == state)
        wanted = wanted if release is None else wanted.where(OnwardConsent.release == release)
        with self._store.reading() as session:
            return list(session.scalars(wanted.order_by(OnwardConsent.asked_at.desc()).limit(limit)))

    def get(self, consent: str) -> OnwardConsent:
        """A consent by its number.

        Raises:
            NotFound: there is none.
        """
        with self._store.reading() as session:
            held = session.get(OnwardConsent, consent)
        if held is None or held.side != GIVEN:
            raise _unknown(consent)
        return held

    def signatures(self, consent: str) -> list[Approval]:
        """The signatures that were given for a consent."""
        with self._store.reading() as session:
            return signatures_of(session, consent)

    def decision(self, consent: str) -> dict[str, Any]:
        """What an officer signs to consent.

        Raises:
            NotFound: there is no such consent that waits for a decision here.
        """
        with self._store.reading() as session:
            held = self._waiting(session, consent)
            return consent_document(held, self._party, held.peer)

    def approve(self, consent: str, person: Person, signature: Mapping[str, Any]) -> str:
        """Consent by signature; the last signature that the clause asks for gives the consent.

        Returns:
            The consent's state afterwards: `waiting` or `granted`.

        Raises:
            Refused: the person may not, or the signature does not fit.
            Conflict: the person has signed already, or it was decided meanwhile.
        """
        with self._store.transaction() as session:
            held = self._waiting(session, consent)
            self._may_decide(session, person, held)
            why = self._standing(session, held)
            if why is not None:
                raise Refused(why, where=consent[:16], kept=_("nothing was signed"))
            document = consent_document(held, self._party, held.peer)
            given = gather(session, self._credentials, person, consent, document, signature, self._now())
            enter(session, held, "approved", self._now(), person.name, credential=given[-1].credential)
            _agreement, clause = self._desk.clause(held.agreement, held.clause)
            if len(given) < clause.onward_approvals:
                return held.state
            held.state, held.answered_at, held.approvals = "granted", self._now(), as_told(given)
            self._post.write(
                session,
                held.peer,
                "consent",
                {"consent": held.id, "release": held.release, "approvals": held.approvals},
                agreement=held.agreement,
                clause=held.clause,
            )
            credentials = [each.credential for each in given]
            enter(session, held, "consented", self._now(), "node", approvals=credentials)
            return held.state

    def refuse(self, consent: str, person: Person, reason: str) -> None:
        """Refuse a consent, with a reason that the other side is told."""
        if not reason.strip():
            raise InputError(_("a refusal needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = self._waiting(session, consent)
            self._may_decide(session, person, held)
            self._turn_down(session, held, {"en": reason, "es": reason}, person.name)

    def withdraw(self, consent: str, person: Person, reason: str) -> None:
        """Withdraw a consent that was given: from now on nobody there passes the copy on or uses it under it.

        Raises:
            Conflict: it is not in force.
        """
        if not reason.strip():
            raise InputError(_("a withdrawal needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = session.get(OnwardConsent, consent, with_for_update=True)
            if held is None or held.side != GIVEN:
                raise _unknown(consent)
            self._may_decide(session, person, held, duty="recall")
            if held.state != "granted":
                raise Conflict(_("this consent is not in force: {state}", state=held.state), where=consent[:16])
            held.state, held.answered_at = "withdrawn", self._now()
            held.answer = {**(held.answer or {}), "why": reason}
            self._post.write(
                session, held.peer, "consent-withdrawal", {"consent": held.id, "reason": reason}, clause=held.clause
            )
            enter(session, held, "consent-withdrawn", self._now(), person.name)

    def _asked(self, session: Session, letter: Letter) -> None:
        held = self._row(session, letter)
        session.add(held)
        enter(session, held, "consent-asked-received", self._now(), "node", letter=letter.id)
        why = self._standing(session, held)
        if why is not None:
            self._turn_down(session, held, why.in_both(), "node")

    def _row(self, session: Session, letter: Letter) -> OnwardConsent:
        body = letter.body
        try:
            number, release = str(body["consent"]), str(body["release"])
            act, to, purpose, case = (str(body[name]).strip() for name in ("act", "to", "purpose", "case"))
            until = dt.datetime.fromisoformat(str(body["until"])).astimezone(dt.UTC)
            person, agency = str(body["person"])[:64], str(body["agency"])[:64]
            if act not in ACTS or not 0 < len(to) <= LONGEST_NAME or not case or len(number) != 32:
                raise ValueError(act)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(_("this is no request for consent")) from error
        released = session.get(Release, release)
        if released is None or released.peer != letter.sender:
            raise NotFound(_("there is no such release"), where=release[:16])
        if session.get(OnwardConsent, number) is not None:
            raise Conflict(_("a consent with this number is here already"), where=number[:16])
        return OnwardConsent(
            id=number,
            side=GIVEN,
            peer=letter.sender,
            release=release,
            request=released.request,
            agreement=released.agreement,
            clause=released.clause,
            act=act,
            to=to,
            purpose=purpose[:64],
            case_reference=case[:200],
            until=until,
            asker=person,
            asker_agency=agency,
            reason=str(body.get("reason", ""))[:2000],
            state="waiting",
            approvals=[],
            answer=None,
            asked_at=self._now(),
            answered_at=None,
            forwarded_at=None,
        )

    def _standing(self, session: Session, held: OnwardConsent) -> Message | None:
        """Why no officer can consent to this; None where one can."""
        released = session.get(Release, held.release)
        if released is None or released.state not in LIVE:
            return _("what was released is no longer there to be passed on")
        conditions = Conditions.model_validate(released.conditions)
        if held.act == "forward" and conditions.onward == "none":
            return _("the clause forbids passing it on")
        if held.act == "court" and (conditions.judicial_use != "permission" or conditions.humanitarian_only):
            return _("the clause forbids its use in court")
        if held.purpose != conditions.purpose:
            return _("it was given for {purpose}, and for nothing else", purpose=conditions.purpose)
        if held.until > conditions.expires_at or held.until <= self._now():
            return _("the term of a consent ends with the copy's own, and lies in the future")
        return None

    def _turn_down(self, session: Session, held: OnwardConsent, reasons: Mapping[str, str], actor: str) -> None:
        held.state, held.answered_at, held.answer = "refused", self._now(), {"reasons": dict(reasons)}
        self._post.write(
            session,
            held.peer,
            "consent-refusal",
            {"consent": held.id, "reasons": dict(reasons)},
            agreement=held.agreement,
            clause=held.clause,
        )
        enter(session, held, "consent-refused", self._now(), actor)

    def _may_decide(self, session: Session, person: Person, held: OnwardConsent, *, duty: str = "consent") -> None:
        duties.require(duty, person.roles, where=person.name)
        asked = session.get(Request, held.request)
        places = ((asked.answer or {}) if asked is not None else {}).get("places", [])
        agencies = self._agencies_of(sorted({place[0] for place in places}))
        order = session.get(StandingOrder, held.request) if asked is None else None
        agencies |= {order.holder} if order is not None else set()
        if agencies - {person.agency}:
            raise Refused(
                _("this consent is about records of {agency}", agency=", ".join(sorted(agencies))),
                where=person.name,
                advice=_("an officer of the agency that holds them decides"),
            )

    @staticmethod
    def _waiting(session: Session, consent: str) -> OnwardConsent:
        held = session.get(OnwardConsent, consent, with_for_update=True)
        if held is None or held.side != GIVEN:
            raise _unknown(consent)
        if held.state != "waiting":
            raise Conflict(
                _("this consent was decided meanwhile: {state}", state=held.state),
                where=consent[:16],
                kept=_("nothing was changed"),
            )
        return held


def _unknown(consent: str) -> NotFound:
    return NotFound(_("there is no such consent"), where=consent[:16])
