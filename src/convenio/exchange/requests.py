"""Step two on the side that asks: a named person asks for what a hit stands for."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.exchange.asking import Asking, Hit
from convenio.exchange.budgets import Budgets
from convenio.exchange.decision import request_row
from convenio.exchange.desk import Desk, Question
from convenio.exchange.envelope import Letter
from convenio.exchange.post import Post
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, MatchRun, Request


class Requests:
    """The requests of one node: those it makes, and the list of all.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where policy is decided.
        asking: the runs that hits come from.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        asking: Asking,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._asking = asking
        self._now = now
        self._budgets = Budgets(store, now)
        post.handle("refusal", self._refused)

    def open(
        self,
        run: str,
        places: Sequence[int],
        fields: Sequence[str],
        actor: Person,
        *,
        reason: str,
        purpose: str = "",
        until: dt.datetime | None = None,
    ) -> str:
        """Ask the peer for what hits stand for.

        Args:
            run: the run that hit.
            places: which of its subjects.
            fields: the fields asked for.
            actor: who asks.
            reason: why, in words for the one who decides.
            purpose: the purpose; the run's where it is not given.
            until: how long it is needed, where that is shorter than the clause's retention.

        Returns:
            The request's number.

        Raises:
            InputError: a place is no hit of that run.
            Refused: policy does not allow it; a receipt is kept.
        """
        hits = {each.place: each for each in self._asking.hits(run, actor)}
        missing = [place for place in places if place not in hits]
        if missing or not places:
            raise InputError(
                _("subject {place} is no hit of this run", place=missing[0] if missing else "-"),
                where=run[:16],
                advice=_("hits are {hits}", hits=", ".join(str(each) for each in sorted(hits)) or "-"),
            )
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        assert held is not None
        return self._send(held, [hits[place] for place in places], fields, actor, reason, purpose, until)

    def get(self, request: str) -> Request:
        """A request by its number."""
        with self._store.reading() as session:
            held = session.get(Request, request)
        if held is None:
            raise NotFound(_("there is no such request"), where=request[:16])
        return held

    def all(self, *, side: str | None = None, state: str | None = None, limit: int = 500) -> list[Request]:
        """Requests, newest first."""
        wanted = select(Request).order_by(Request.opened_at.desc()).limit(limit)
        if side is not None:
            wanted = wanted.where(Request.side == side)
        if state is not None:
            wanted = wanted.where(Request.state == state)
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def approvals(self, request: str) -> list[Approval]:
        """The approvals of a request, oldest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(Approval).where(Approval.request == request).order_by(Approval.id)))

    def count(self, state: str) -> int:
        """How many requests are in a state."""
        with self._store.reading() as session:
            return session.scalar(select(func.count()).select_from(Request).where(Request.state == state)) or 0

    def _send(
        self,
        run: MatchRun,
        hits: Sequence[Hit],
        fields: Sequence[str],
        actor: Person,
        reason: str,
        purpose: str,
        until: dt.datetime | None,
    ) -> str:
        made, now = uuid.uuid4().hex, self._now()
        _agreement, clause = self._desk.clause(run.agreement, run.clause)
        question = Question(
            action="request",
            agreement=run.agreement,
            clause=run.clause,
            purpose=purpose or run.details["purpose"],
            actor=actor.name,
            role=self._desk.acting_role(actor, clause),
            agency=actor.agency,
            asking_party=self._party,
            answering_party=run.peer,
            case=run.case_reference,
            subject_role=run.details["subject_role"],
            categories=clause.categories,
            fields=tuple(fields),
            subjects=len(hits),
            requests_today=self._budgets.used(run.peer, run.clause, "ask", "requests") + 1,
            subject=made,
        )
        self._desk.require(question, log=border(run.peer))
        with self._store.transaction() as session:
            self._budgets.use(session, run.peer, run.clause, "ask", "requests", 1, clause.budgets.requests_per_day)
            session.add(
                request_row(
                    made,
                    "ask",
                    run.peer,
                    question,
                    run.id,
                    [each.reference for each in hits],
                    reason,
                    now,
                    "sent",
                    until,
                )
            )
            self._post.write(
                session,
                run.peer,
                "request",
                {
                    "request": made,
                    "run": run.id,
                    "references": [each.reference for each in hits],
                    "reason": reason,
                    "until": until.isoformat() if until is not None else "",
                    **question.told(),
                },
                agreement=run.agreement,
                clause=run.clause,
            )
            remember(
                session,
                border(run.peer),
                "requested",
                at=now,
                actor=actor.name,
                subject=made,
                content={
                    "run": run.id,
                    "case": run.case_reference,
                    "places": [each.place for each in hits],
                    "fields": list(fields),
                },
                agreement=run.agreement,
                clause=run.clause,
                subjects=len(hits),
            )
        return made

    def _refused(self, session: Session, letter: Letter) -> None:
        request = str(letter.body.get("request", ""))
        held = session.get(Request, request)
        if held is None or held.side != "ask" or held.peer != letter.sender:
            raise NotFound(_("there is no such request"), where=request[:16])
        held.state, held.answered_at = "refused", self._now()
        held.answer = {"reasons": letter.body.get("reasons"), "receipt": letter.body.get("receipt", "")}
        remember(
            session,
            border(letter.sender),
            "request-answered",
            at=self._now(),
            actor="node",
            subject=request,
            content={"reasons": letter.body.get("reasons")},
            clause=held.clause,
            letter=letter.id,
        )
