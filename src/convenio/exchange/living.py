"""Whether a standing order lives: looked at anew before each batch, on both sides, by what each knows then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from convenio.core.canonical import digest
from convenio.core.errors import InputError, NotFound, Refused
from convenio.core.words import _
from convenio.exchange.budgets import Budgets
from convenio.exchange.desk import Desk, Question
from convenio.exchange.peers import Peers
from convenio.exchange.standing import STATES, decision_of
from convenio.people.credentials import verify_signature
from convenio.policy.clause import Clause
from convenio.stores.operational import Store
from convenio.stores.tables import StandingOrder

LONGEST = dt.timedelta(days=366)
MOST_PER_DAY = 1_000_000


class Living:
    """What a standing order stands on: its clause, its agreement's version, its term, and its officers' keys.

    Args:
        store: the operational store.
        party: this node's party.
        desk: where policy is decided.
        peers: whose rosters say which officers' keys are good.
        now: the clock.
    """

    def __init__(self, store: Store, party: str, desk: Desk, peers: Peers, now: Callable[[], dt.datetime]) -> None:
        self._party = party
        self._desk = desk
        self._peers = peers
        self._now = now
        self._budgets = Budgets(store, now)

    def alive(self, session: Session, order: str, side: str, peer: str | None = None) -> tuple[StandingOrder, Clause]:
        """An order under which a batch may go or come now, and its clause.

        Raises:
            NotFound: there is no such order.
            Refused: it is not open, its term is over, the clause or the agreement is another now, or a key that
                approved it is no longer good.
        """
        held = self._held(session, order)
        if held.side != side or (peer is not None and held.peer != peer):
            raise unknown(order)
        if held.state != "open":
            raise Refused(_("this order is {state}", state=STATES[held.state]), where=order[:16])
        if self._now() >= held.until:
            raise Refused(_("the term of this order is over"), where=order[:16], advice=_AGAIN)
        _signed, clause = self._standing_on(held)
        self._check_signatures(held, clause)
        return held, clause

    def question(self, held: StandingOrder, role: str, count: int, release: str) -> Question:
        """What policy is asked for one batch, on the side that gives it."""
        return next(
            each.with_counts(subjects=count, requests_today=0, subject=release)
            for each in self._questions(held, asking=held.peer, answering=self._party, action="release")
            if each.subject_role == role
        )

    def _standing_on(self, held: StandingOrder) -> tuple[str, Clause]:
        """The digest of the agreement in force and the clause, if they are still what the order was opened under."""
        signed, clause = self._desk.clause(held.agreement, held.clause)
        if signed.digest != held.agreement_digest:
            raise Refused(_("the agreement was amended after this order was opened"), where=held.id[:16], advice=_AGAIN)
        if not clause.standing:
            raise Refused(_("this clause permits no standing orders"), where=held.clause)
        return signed.digest, clause

    def _check_signatures(self, held: StandingOrder, clause: Clause) -> None:
        """That enough different officers of the giving party signed this order with keys that are good now."""
        giver = self._party if held.side == "answer" else held.peer
        wanted, officers = digest(self._decision(held)), set()
        for each in held.approvals:
            try:
                at = dt.datetime.fromisoformat(each["at"])
                officer = self._peers.officer(giver, str(each["credential"]), at)
                verify_signature(officer.kind, officer.public, each["signature"], wanted)
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(_("this is no approval of an order"), where=held.id[:16]) from error
            officers.add(officer.person)
        if len(officers) < clause.approvals:
            raise Refused(
                _(
                    "{needed} different officers must approve, {signed} did",
                    needed=clause.approvals,
                    signed=len(officers),
                ),
                where=held.id[:16],
                kept=_("nothing was taken"),
            )

    def _decision(self, held: StandingOrder) -> dict[str, Any]:
        if held.side == "answer":
            return decision_of(held, self._party, held.peer)
        return decision_of(held, held.peer, self._party)

    def _questions(
        self,
        held: StandingOrder,
        *,
        asking: str,
        answering: str,
        action: str = "request",
        side: str = "",
        used: int = 0,
    ) -> list[Question]:
        """One question of policy for each role of people that the order is about."""
        used = self._budgets.used(held.peer, held.clause, "ask", "requests") if side == "ask" else used
        return [
            Question(
                action=action,
                agreement=held.agreement,
                clause=held.clause,
                purpose=held.purpose,
                actor=held.asker,
                role=held.asker_role,
                agency=held.asker_agency,
                asking_party=asking,
                answering_party=answering,
                case=held.case_reference,
                subject_role=role,
                categories=tuple(held.categories),
                fields=tuple(held.fields),
                requests_today=used + 1,
                subject=held.id,
            )
            for role in held.subject_roles
        ]

    def _fits(self, clause: Clause, until: dt.datetime, per_day: int) -> None:
        if not clause.standing:
            raise InputError(_("this clause permits no standing orders"), where=clause.id)
        if not self._now() < until <= self._now() + LONGEST:
            raise InputError(
                _("an order ends within {days} days", days=LONGEST.days), where=until.isoformat(), advice=_AGAIN
            )
        if not 0 < per_day <= MOST_PER_DAY:
            raise InputError(_("an order is for 1 to {most} findings a day", most=MOST_PER_DAY), where=str(per_day))

    def _held(self, session: Session, order: str) -> StandingOrder:
        held = session.get(StandingOrder, order, with_for_update=True)
        if held is None:
            raise unknown(order)
        return held


def unknown(order: str) -> NotFound:
    """That there is no such order, for whoever asks."""
    return NotFound(_("there is no such order"), where=order[:16])


_AGAIN = _("open a new order, which officers approve anew")
