"""The contact report and the accounting of disclosures of a node, from its border ledgers, and what was filed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.exchange.peers import Peers
from convenio.ledger.exchanges import Placed
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.ledger.reports import REPORTED, ContactReport, Disclosure, accounting, alarm, contact_reports
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Intent

MEXICO = "mx"
"""The party whose law asks for contact reports; only there does a term raise an alarm."""


class Paperwork:
    """What two laws ask a node to write down of its exchanges.

    Args:
        store: the operational store, where what was filed stands until the ledger has it.
        party: this node's party.
        peers: the other parties.
        entries: the entries of a ledger by its name, with their indexes.
        size: how many entries a ledger has.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        peers: Peers,
        entries: Callable[[str], Iterable[Placed]],
        size: Callable[[str], int],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._peers = peers
        self._entries = entries
        self._size = size
        self._now = now
        self._lock = threading.Lock()
        self._read: dict[str, tuple[int, list[Placed]]] = {}

    def contacts(self, peer: str) -> list[ContactReport]:
        """One contact report per exchange with a peer, in the order in which they began."""
        return contact_reports(self._of(peer), peer, now=self._now(), filed=self._filed())

    def accounting(self, peer: str) -> list[Disclosure]:
        """One line per disclosure to a peer."""
        return accounting(self._of(peer), peer)

    def late(self) -> list[ContactReport]:
        """The contacts whose term is near or over, the most urgent first; none where the law does not ask for them."""
        if self._party != MEXICO:
            return []
        return alarm(each for peer in self._peers.all() for each in self.contacts(peer.party))

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
        found = next((each for each in self.contacts(peer) if each.exchange.id == exchange), None)
        if found is None:
            raise NotFound(_("there is no such exchange with {peer}", peer=peer), where=exchange[:16])
        with self._store.transaction() as session:
            held = select(Intent.id).where(Intent.kind == REPORTED, Intent.subject == exchange)
            if session.scalars(held).first() is not None:
                raise Conflict(_("this contact was reported already"), where=exchange[:16])
            told: dict[str, Any] = {"peer": peer, "late": found.state == "overdue"}
            remember(
                session,
                INTERNAL,
                REPORTED,
                at=self._now(),
                actor=person.name,
                subject=exchange,
                content={"reference": reference.strip()},
                **told,
            )

    def _filed(self) -> set[str]:
        with self._store.reading() as session:
            return set(session.scalars(select(Intent.subject).where(Intent.kind == REPORTED)))

    def _of(self, peer: str) -> list[Placed]:
        """A border ledger's entries, read again once it has grown."""
        name = border(peer)
        with self._lock:
            size = self._size(name)
            held = self._read.get(name)
            if held is None or held[0] != size:
                self._read[name] = held = (size, list(self._entries(name)))
            return held[1]
