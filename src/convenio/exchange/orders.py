"""Standing orders: what one person asked for and two officers approved once, for every finding of a kind until a day.

An order lives only as long as everything it stands on: the clause says `standing`, the agreement is the version that
the officers signed for, its term runs, every signature is by a key that is good now, and neither side has ended it. It
is looked at anew before each batch, on both sides.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import digest
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.living import Living, unknown
from convenio.exchange.peers import Peers
from convenio.exchange.post import Post
from convenio.exchange.standing import ENDED, STATES, from_told, told
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.people.credentials import Credentials
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, StandingOrder


@dataclass(frozen=True)
class Wanted:
    """What a person orders.

    Args:
        peer: the party that is asked.
        holder: its agency whose findings are wanted.
        agreement: the agreement.
        clause: a clause of it that permits standing orders.
        purpose: what for.
        case: the case.
        subject_roles: roles of the people the findings may be about.
        categories: categories of data.
        fields: the fields of a finding that are wanted.
        per_day: most findings in one day (UTC).
        until: when the order ends, within 366 days.
        reason: why, in words for those who decide.
    """

    peer: str
    holder: str
    agreement: str
    clause: str
    purpose: str
    case: str
    subject_roles: tuple[str, ...]
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    per_day: int
    until: dt.datetime
    reason: str


class Orders(Living):
    """The standing orders of one node, given and received.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where policy is decided.
        peers: whose rosters say which officers' keys are good.
        credentials: whose signatures approve.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        peers: Peers,
        credentials: Credentials,
        now: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(store, party, desk, peers, now)
        self._store = store
        self._post = post
        self._credentials = credentials
        post.handle("standing-request", self._asked)
        post.handle("standing-answer", self._answered)
        post.handle("standing-end", self._ended)

    def open(self, wanted: Wanted, actor: Person) -> str:
        """Order findings from the peer; the order's number.

        Raises:
            InputError: the clause permits no standing order, or the term or the daily number is out of bounds.
            Refused: policy does not allow it; a receipt is kept.
        """
        duties.require("ask", actor.roles, where=actor.name)
        signed, clause = self._desk.clause(wanted.agreement, wanted.clause)
        self._fits(clause, wanted.until, wanted.per_day)
        made = StandingOrder(
            id=uuid.uuid4().hex,
            side="ask",
            agreement_digest=signed.digest,
            asker=actor.name,
            asker_agency=actor.agency,
            asker_role=self._desk.acting_role(actor, clause),
            state="sent",
            approvals=[],
            answer=None,
            trouble=None,
            numbers=0,
            opened_at=self._now(),
            answered_at=None,
            case_reference=wanted.case,
            **{name: getattr(wanted, name) for name in ("peer", "holder", "agreement", "clause", "purpose", "until")},
            **{name: list(getattr(wanted, name)) for name in ("subject_roles", "categories", "fields")},
            per_day=wanted.per_day,
            reason=wanted.reason,
        )
        for question in self._questions(made, asking=self._party, answering=wanted.peer, side="ask"):
            self._desk.require(question, log=border(wanted.peer))
        with self._store.transaction() as session:
            most = clause.budgets.requests_per_day
            self._budgets.use(session, wanted.peer, clause.id, "ask", "requests", 1, most)
            session.add(made)
            self._post.write(
                session, made.peer, "standing-request", told(made), agreement=made.agreement, clause=made.clause
            )
            self._enter(session, made, "requested", actor.name, told(made), standing=True, per_day=made.per_day)
        return made.id

    def get(self, order: str) -> StandingOrder:
        """An order by its number."""
        with self._store.reading() as session:
            return self._held(session, order)

    def known(self, number: str) -> bool:
        """Whether there is an order of this number."""
        with self._store.reading() as session:
            return session.get(StandingOrder, number) is not None

    def signatures(self, order: str) -> list[Approval]:
        """The approvals given here, oldest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(Approval).where(Approval.request == order).order_by(Approval.id)))

    def all(self, *, side: str | None = None, state: str | None = None, limit: int = 500) -> list[StandingOrder]:
        """Orders, newest first."""
        wanted = select(StandingOrder).order_by(StandingOrder.opened_at.desc()).limit(limit)
        if side is not None:
            wanted = wanted.where(StandingOrder.side == side)
        if state is not None:
            wanted = wanted.where(StandingOrder.state == state)
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def decision(self, order: str) -> dict[str, Any]:
        """What an officer signs: everything that will go out by itself, to whom, until when and how much a day."""
        with self._store.reading() as session:
            return self._decision(self._waiting(session, order))

    def approve(self, order: str, person: Person, signature: Mapping[str, Any]) -> str:
        """Approve by signature; the last one that is needed opens the order. Its state afterwards.

        Raises:
            Refused: the person may not approve this, or the signature does not fit the decision.
            Conflict: the person has approved already, or the order was decided meanwhile.
        """
        with self._store.transaction() as session:
            held = self._waiting(session, order)
            self._may_decide(person, held)
            _signed, clause = self._standing_on(held)
            given = list(session.scalars(select(Approval).where(Approval.request == order).order_by(Approval.id)))
            wanted = digest(self._decision(held))
            credential = self._credentials.verify(person, signature, wanted)
            if any(each.account == person.name or each.credential == credential.id for each in given):
                raise Conflict(
                    _("{name} has approved this already", name=person.full_name),
                    where=order[:16],
                    advice=_("another officer gives the second approval"),
                )
            now = self._now()
            session.add(
                Approval(
                    request=order,
                    account=person.name,
                    credential=credential.id,
                    decision_digest=wanted,
                    signature=dict(signature),
                    at=now,
                )
            )
            content = {"decision": wanted, "signature": dict(signature)}
            self._enter(session, held, "approved", person.name, content, credential=credential.id)
            held.approvals = [
                *held.approvals,
                {"credential": credential.id, "at": now.isoformat(), "signature": dict(signature)},
            ]
            if len(given) + 1 < clause.approvals:
                return held.state
            self._check_signatures(held, clause)
            held.state, held.answered_at = "open", now
            self._post.write(
                session,
                held.peer,
                "standing-answer",
                {"order": order, "outcome": "open", "approvals": held.approvals},
                agreement=held.agreement,
                clause=held.clause,
            )
            self._enter(session, held, "decided", "node", {"approvals": held.approvals}, standing=True)
            return held.state

    def refuse(self, order: str, person: Person, reason: str) -> None:
        """Refuse an order, with a reason that the asker is told."""
        if not reason.strip():
            raise InputError(_("a refusal needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = self._waiting(session, order)
            self._may_decide(person, held)
            self._turn_down(session, held, {"en": reason, "es": reason}, person.name)

    def end(self, order: str, person: Person, reason: str) -> None:
        """End an order, on either side; nothing goes out, and nothing is taken, from now on.

        Raises:
            InputError: no reason is given; the other side is told it.
            Refused: it is another's duty.
        """
        if not reason.strip():
            raise InputError(_("ending an order needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = self._held(session, order)
            duties.require("recall" if held.side == "answer" else "use", person.roles, where=person.name)
            if person.agency != (held.holder if held.side == "answer" else held.asker_agency):
                raise unknown(order)
            if held.state in ENDED:
                raise Conflict(_("this order ended already"), where=order[:16])
            held.state, held.answer = "ended", {"reason": reason, "by": self._party}
            self._post.write(session, held.peer, "standing-end", {"order": order, "reason": reason})
            self._enter(session, held, "standing-ended", person.name, {"reason": reason})

    def go_on(self, order: str, person: Person) -> None:
        """Give again under an order whose last batch the other side refused."""
        duties.require("approve", person.roles, where=person.name)
        with self._store.transaction() as session:
            held = self._held(session, order)
            if held.side != "answer" or person.agency != held.holder:
                raise unknown(order)
            held.trouble = None

    def _asked(self, session: Session, letter: Letter) -> None:
        held = from_told(letter.body, letter.sender, self._now())
        if session.get(StandingOrder, held.id) is not None:
            raise Conflict(_("an order with this number is here already"), where=held.id[:16])
        session.add(held)
        used = self._budgets.used(letter.sender, held.clause, "answer", "requests")
        content = {**told(held), "person": held.asker}
        self._enter(session, held, "request-received", "node", content, letter=letter.id, standing=True)
        try:
            _signed, clause = self._standing_on(held)
            self._fits(clause, held.until, held.per_day)
        except (InputError, NotFound, Refused) as error:
            self._turn_down(session, held, error.what.in_both(), "node")
            return
        for question in self._questions(held, asking=letter.sender, answering=self._party, used=used):
            decided = self._desk.decide(question, log=border(letter.sender), session=session)
            if not decided.allowed:
                self._turn_down(session, held, decided.reasons, "node", decided.receipt)
                return
        self._budgets.use(session, letter.sender, held.clause, "answer", "requests", 1, None)

    def _answered(self, session: Session, letter: Letter) -> None:
        held = self._of_peer(session, letter, "ask")
        if held.state != "sent":
            raise Conflict(_("this order was answered before"), where=held.id[:16])
        if letter.body.get("outcome") == "open":
            _signed, clause = self._standing_on(held)
            held.approvals = _signatures(letter.body.get("approvals"))
            self._check_signatures(held, clause)
            held.state, kind = "open", "decision-received"
        else:
            held.state, kind = "refused", "request-answered"
            held.answer = {"reasons": letter.body.get("reasons"), "receipt": str(letter.body.get("receipt", ""))[:64]}
        held.answered_at = self._now()
        content = {"approvals": held.approvals, "answer": held.answer or {}}
        self._enter(session, held, kind, "node", content, letter=letter.id, standing=True)

    def _ended(self, session: Session, letter: Letter) -> None:
        held = session.get(StandingOrder, str(letter.body.get("order", "")), with_for_update=True)
        if held is None or held.peer != letter.sender:
            raise unknown(str(letter.body.get("order", "")))
        if held.state not in ENDED:
            held.state = "ended"
            held.answer = {"reason": str(letter.body.get("reason", ""))[:2000], "by": letter.sender}
        content = {"reason": str(letter.body.get("reason", ""))[:2000]}
        self._enter(session, held, "standing-end-received", "node", content, letter=letter.id)

    def _turn_down(
        self, session: Session, held: StandingOrder, reasons: Mapping[str, str], actor: str, receipt: str = ""
    ) -> None:
        held.state, held.answered_at = "refused", self._now()
        held.answer = {"reasons": dict(reasons), "receipt": receipt}
        body = {"order": held.id, "outcome": "refused", "reasons": dict(reasons), "receipt": receipt}
        self._post.write(session, held.peer, "standing-answer", body, agreement=held.agreement, clause=held.clause)
        self._enter(session, held, "refused", actor, {"reasons": dict(reasons)})

    def _may_decide(self, person: Person, held: StandingOrder) -> None:
        duties.require("approve", person.roles, where=person.name)
        if person.agency != held.holder:
            raise Refused(
                _("this order is for findings of {agency}", agency=held.holder),
                where=person.name,
                advice=_("an officer of the agency that holds them decides"),
            )

    def _waiting(self, session: Session, order: str) -> StandingOrder:
        held = self._held(session, order)
        if held.side != "answer":
            raise unknown(order)
        if held.state != "waiting":
            raise Conflict(
                _("this order was decided meanwhile: {state}", state=STATES[held.state]),
                where=order[:16],
                kept=_("nothing was changed"),
            )
        return held

    def _of_peer(self, session: Session, letter: Letter, side: str) -> StandingOrder:
        order = str(letter.body.get("order", ""))
        held = session.get(StandingOrder, order, with_for_update=True)
        if held is None or held.side != side or held.peer != letter.sender:
            raise unknown(order)
        return held

    def _enter(
        self,
        session: Session,
        held: StandingOrder,
        kind: str,
        actor: str,
        content: Mapping[str, Any],
        **body: Any,
    ) -> None:
        remember(
            session,
            border(held.peer),
            kind,
            at=self._now(),
            actor=actor,
            subject=held.id,
            content=content,
            agreement=held.agreement,
            clause=held.clause,
            **body,
        )


def _signatures(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) > 9:
        raise InputError(_("this is no approval of an order"))
    return [dict(each) for each in told if isinstance(each, Mapping)]
