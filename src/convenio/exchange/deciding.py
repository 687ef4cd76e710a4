"""Step two on the side that is asked: two officers decide, each by a signature of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import digest
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.exchange.budgets import Budgets
from convenio.exchange.decision import decision_of, request_row
from convenio.exchange.desk import Decided, Desk, Question
from convenio.exchange.envelope import Letter
from convenio.exchange.post import Post
from convenio.exchange.snapshots import Snapshots
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.people.credentials import Credentials
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, MatchRun, Request

MOST_FIELDS = 200
MOST_REFERENCES = 10_000


class Releasing(Protocol):
    """What a request needs of releases."""

    def decide(self, request: Request) -> Decided:
        """Whether policy and law let this request be answered."""

    def release(self, session: Session, request: Request, approvals: Sequence[Approval], decided: Decided) -> str:
        """Release what was approved, in the transaction of the last approval."""


class Deciding:
    """The requests that peers make of this node, and what its officers decide.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where policy is decided.
        snapshots: what hit references are resolved with.
        credentials: whose signatures approve.
        releases: what an approved request becomes.
        agencies_of: the agencies whose datasets a list of places lies in.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        snapshots: Snapshots,
        credentials: Credentials,
        releases: Releasing,
        agencies_of: Callable[[Sequence[str]], set[str]],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._snapshots = snapshots
        self._credentials = credentials
        self._releases = releases
        self._agencies_of = agencies_of
        self._now = now
        self._budgets = Budgets(store, now)
        post.handle("request", self._asked)

    def decision(self, request: str) -> dict[str, Any]:
        """What an officer signs to release: everything that will cross, and under what.

        Raises:
            NotFound: there is no such request that waits for a decision here.
        """
        with self._store.reading() as session:
            held = self._waiting(session, request)
            return decision_of(held, held.peer)

    def approve(self, request: str, person: Person, signature: Mapping[str, Any]) -> str:
        """Approve by signature; the last signature that is needed releases.

        Returns:
            The request's state afterwards: `waiting` or `released`.

        Raises:
            Refused: the person may not approve this, or the signature does not fit the decision.
            Conflict: the person has approved already, or the request was decided meanwhile.
        """
        with self._store.reading() as session:
            waiting = self._waiting(session, request)
        self._may_decide(person, waiting)
        decided = self._releases.decide(waiting)
        with self._store.transaction() as session:
            held = self._waiting(session, request)
            given = list(session.scalars(select(Approval).where(Approval.request == request).order_by(Approval.id)))
            if any(each.account == person.name for each in given):
                raise Conflict(
                    _("{name} has approved this already", name=person.full_name),
                    where=request[:16],
                    advice=_("another officer gives the second approval"),
                )
            told = digest(decision_of(held, held.peer))
            credential = self._credentials.verify(person, signature, told)
            if any(each.credential == credential.id for each in given):
                raise Conflict(_("this key has approved already"), where=request[:16])
            session.add(
                Approval(
                    request=request,
                    account=person.name,
                    credential=credential.id,
                    decision_digest=told,
                    signature=dict(signature),
                    at=self._now(),
                )
            )
            remember(
                session,
                border(held.peer),
                "approved",
                at=self._now(),
                actor=person.name,
                subject=request,
                content={"decision": told, "signature": dict(signature)},
                credential=credential.id,
                clause=held.clause,
            )
            session.flush()
            _agreement, clause = self._desk.clause(held.agreement, held.clause)
            if len(given) + 1 < clause.approvals:
                return held.state
            approvals = list(session.scalars(select(Approval).where(Approval.request == request).order_by(Approval.id)))
            release = self._releases.release(session, held, approvals, decided)
            held.state, held.answered_at = "released", self._now()
            held.answer = {**(held.answer or {}), "release": release}
            return held.state

    def refuse(self, request: str, person: Person, reason: str) -> None:
        """Refuse a request, with a reason that the asker is told."""
        if not reason.strip():
            raise InputError(_("a refusal needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = self._waiting(session, request)
            self._may_decide(person, held)
            self._turn_down(session, held, {"en": reason, "es": reason}, person.name, "")

    def _asked(self, session: Session, letter: Letter) -> Mapping[str, Any]:
        """A peer asks: decide whether it may at all, and whether it holds hits; then the request waits for officers."""
        body = letter.body
        try:
            question = Question.from_told(body, asking=letter.sender, answering=self._party)
            request, run = str(body["request"]), str(body["run"])
            references = [str(each) for each in body["references"]][: MOST_REFERENCES + 1]
            reason = str(body["reason"])[:2000]
            until = dt.datetime.fromisoformat(str(body["until"])).astimezone(dt.UTC) if body.get("until") else None
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no request")) from error
        if session.get(Request, request) is not None:
            raise Conflict(_("a request with this number is here already"), where=request[:16])
        if not references or len(references) > MOST_REFERENCES or len(question.fields) > MOST_FIELDS:
            raise InputError(_("a request names between one and {most} hits", most=MOST_REFERENCES))
        used = self._budgets.used(letter.sender, question.clause, "answer", "requests")
        question = question.with_counts(subjects=len(references), requests_today=used + 1, subject=request)
        held = request_row(
            request, "answer", letter.sender, question, run, references, reason, self._now(), "waiting", until
        )
        session.add(held)
        decided = self._desk.decide(question, log=border(letter.sender), session=session)
        remember(
            session,
            border(letter.sender),
            "request-received",
            at=self._now(),
            actor="node",
            subject=request,
            content={"run": run, "fields": list(question.fields), "person": question.actor},
            agreement=question.agreement,
            clause=question.clause,
            letter=letter.id,
        )
        if not decided.allowed:
            self._turn_down(session, held, decided.reasons, "node", decided.receipt)
            return {}
        self._budgets.use(session, letter.sender, question.clause, "answer", "requests", 1, None)
        places = self._places(session, letter.sender, run, references)
        if places is None:
            why = _("a reference in this request stands for no hit of that run").in_both()
            self._turn_down(session, held, why, "node", "")
            return {}
        held.answer = {"places": [list(each) for each in places]}
        return {}

    def _places(self, session: Session, peer: str, run: str, references: Sequence[str]) -> list[tuple[str, int]] | None:
        held = session.get(MatchRun, run)
        if held is None or held.side != "answer" or held.peer != peer or held.state != "answered":
            return None
        found = self._snapshots.resolve(held.snapshot, run, references)
        return None if any(each is None for each in found) else [each for each in found if each is not None]

    def _turn_down(self, session: Session, held: Request, reasons: Mapping[str, str], actor: str, receipt: str) -> None:
        held.state, held.answered_at = "refused", self._now()
        held.answer = {"reasons": dict(reasons), "receipt": receipt}
        self._post.write(
            session,
            held.peer,
            "refusal",
            {"request": held.id, "reasons": dict(reasons), "receipt": receipt},
            agreement=held.agreement,
            clause=held.clause,
        )
        remember(
            session,
            border(held.peer),
            "refused",
            at=self._now(),
            actor=actor,
            subject=held.id,
            content={"reasons": dict(reasons)},
            clause=held.clause,
        )

    def _waiting(self, session: Session, request: str) -> Request:
        held = session.get(Request, request, with_for_update=True)
        if held is None or held.side != "answer":
            raise NotFound(_("there is no such request"), where=request[:16])
        if held.state != "waiting":
            raise Conflict(
                _("this request was decided meanwhile: {state}", state=held.state),
                where=request[:16],
                kept=_("nothing was changed"),
            )
        return held

    def _may_decide(self, person: Person, held: Request) -> None:
        duties.require("approve", person.roles, where=person.name)
        agencies = self._agencies_of(sorted({place[0] for place in (held.answer or {}).get("places", [])}))
        if agencies - {person.agency}:
            raise Refused(
                _("this request is about records of {agency}", agency=", ".join(sorted(agencies))),
                where=person.name,
                advice=_("an officer of the agency that holds them decides"),
            )
