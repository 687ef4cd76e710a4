"""The contact report and the accounting of disclosures of a node, from its border ledgers, and what was filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.ledger.exchanges import MATCH, REQUEST, Placed
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.ledger.reports import NEAR, REPORTED, TERM, ContactReport, Disclosure, Due, accounting, contact_reports
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Intent

FIRST = sorted(MATCH | REQUEST)
MEXICO = "mx"
"""The party whose law asks for contact reports; only there does a term raise an alarm."""


@dataclass(frozen=True)
class Late:
    """A contact whose term is near or over.

    Args:
        exchange: the run or request it is about.
        peer: the other party.
        due: until when it is to be reported.
        state: `near` or `overdue`.
    """

    exchange: str
    peer: str
    due: dt.datetime
    state: Due


class Paperwork:
    """What two laws ask a node to write down of its exchanges.

    A report reads the border ledger when it is asked for. The alarm asks the intents, which the same entries were made
    from, so that it costs no more with a long ledger.

    Args:
        store: the operational store, where what was filed stands until the ledger has it.
        party: this node's party.
        entries: the entries of a ledger by its name, with their indexes.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        entries: Callable[[str], Iterable[Placed]],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._entries = entries
        self._now = now

    def contacts(self, peer: str) -> list[ContactReport]:
        """One contact report per exchange with a peer, in the order in which they began."""
        with self._store.reading() as session:
            filed = set(session.scalars(select(Intent.subject).where(Intent.kind == REPORTED)))
        return contact_reports(self._entries(border(peer)), peer, now=self._now(), filed=filed)

    def accounting(self, peer: str) -> list[Disclosure]:
        """One line per disclosure to a peer."""
        return accounting(self._entries(border(peer)), peer)

    def late(self, *, limit: int = 100) -> list[Late]:
        """The contacts whose term is near or over, the most urgent first; none where the law does not ask for them."""
        if self._party != MEXICO:
            return []
        now = self._now()
        filed = select(Intent.subject).where(Intent.kind == REPORTED)
        began = select(Intent.subject, Intent.log, func.min(Intent.at)).where(
            Intent.kind.in_(FIRST), Intent.at <= now - (TERM - NEAR), Intent.subject.not_in(filed)
        )
        with self._store.reading() as session:
            rows = session.execute(
                began.group_by(Intent.subject, Intent.log).order_by(func.min(Intent.at)).limit(limit)
            ).all()
        return [_late(subject, log.removeprefix(border("")), at, now) for subject, log, at in rows]

    def file(self, peer: str, exchange: str, person: Person, reference: str) -> None:
        """Note that a contact was reported: one entry, with the reference of the report itself committed to.

        Raises:
            Refused: the person neither supervises nor keeps the secretariat.
            NotFound: there is no such exchange with this peer.
            Conflict: it was reported already.
            InputError: the reference of the report is missing.
        """
        if not person.has("supervisor", "secretariat"):
            raise Refused(_("a supervisor or the secretariat files contact reports"), where=person.name)
        if not reference.strip():
            raise InputError(_("name the report: its number, or the day and office it was handed to"))
        with self._store.transaction() as session:
            of_exchange = select(Intent).where(Intent.subject == exchange)
            first = session.scalars(
                of_exchange.where(Intent.log == border(peer), Intent.kind.in_(FIRST)).order_by(Intent.id)
            ).first()
            if first is None:
                raise NotFound(_("there is no such exchange with {peer}", peer=peer), where=exchange[:16])
            if session.scalars(of_exchange.where(Intent.kind == REPORTED)).first() is not None:
                raise Conflict(_("this contact was reported already"), where=exchange[:16])
            remember(
                session,
                INTERNAL,
                REPORTED,
                at=self._now(),
                actor=person.name,
                subject=exchange,
                content={"reference": reference.strip()},
                peer=peer,
                late=self._now() > first.at + TERM,
            )


def _late(exchange: str, peer: str, began: dt.datetime, now: dt.datetime) -> Late:
    due = began + TERM
    return Late(exchange, peer, due, "overdue" if now > due else "near")
