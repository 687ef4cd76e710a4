"""Agreements that this node has adopted: signed by every party's authority, each version kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.exchange.peers import Peers
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.policy.agreement import Agreement, SignedAgreement, verify_signed
from convenio.policy.clause import Clause
from convenio.stores.operational import Store
from convenio.stores.tables import Agreement as Row


class Agreements:
    """The agreements of one node.

    Args:
        store: the operational store.
        peers: whose authorities' signatures count.
        party: this node's party.
        now: the clock.
    """

    def __init__(self, store: Store, peers: Peers, party: str, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._peers = peers
        self._party = party
        self._now = now
        self._lock = threading.Lock()
        self._read: dict[str, SignedAgreement] = {}

    def adopt(self, signed: SignedAgreement) -> Agreement:
        """Adopt an agreement, or an amendment of one.

        Raises:
            SignatureMissing: a party has not signed, or its authority is not known here.
            SignatureDoesNotFit: the document was changed after it was signed.
            NotInForce: it begins later, or has ended.
            Conflict: it does not follow the version that is in force here.
            InputError: this node's party is no party of it.
        """
        agreement = verify_signed(signed, self.authorities(), self._now())
        parties = [each.id for each in agreement.parties]
        if self._party not in parties:
            raise InputError(
                _("{party} is no party of this agreement", party=self._party),
                where=agreement.id,
                kept=_("nothing was changed"),
            )
        with self._store.transaction() as session:
            held = session.scalars(select(Row).where(Row.id == agreement.id).order_by(Row.version.desc())).first()
            if held is not None and held.digest == signed.digest:
                return agreement
            self._follows(agreement, held)
            session.add(
                Row(
                    digest=signed.digest,
                    id=agreement.id,
                    version=agreement.version,
                    signed=signed.model_dump(mode="json", exclude_unset=True),
                    adopted_at=self._now(),
                    suspended_at=None,
                    suspended_why=None,
                )
            )
            for log in (INTERNAL, *(border(each) for each in parties if each != self._party)):
                remember(
                    session,
                    log,
                    "agreement",
                    at=self._now(),
                    actor="node",
                    subject=agreement.id,
                    version=agreement.version,
                    digest=signed.digest,
                )
        return agreement

    def suspend(self, agreement: str, reason: str) -> None:
        """Stop an agreement at once, on this side alone; every request under it is refused until it is resumed."""
        with self._store.transaction() as session:
            for held in session.scalars(select(Row).where(Row.id == agreement)):
                held.suspended_at, held.suspended_why = self._now(), reason
            remember(
                session,
                INTERNAL,
                "agreement-suspended",
                at=self._now(),
                actor="node",
                subject=agreement,
                content={"reason": reason},
            )

    def in_force(self) -> list[SignedAgreement]:
        """The newest version of every agreement that is not suspended and whose days include now."""
        newest: dict[str, tuple[str, dt.datetime | None]] = {}
        with self._store.reading() as session:
            wanted = select(Row.id, Row.digest, Row.suspended_at).order_by(Row.id, Row.version)
            for name, told, suspended in session.execute(wanted):
                newest[name] = (told, suspended)
            held = [self._read_once(session, told) for told, suspended in newest.values() if suspended is None]
        now = self._now()
        return [each for each in held if each.document.in_force(now)]

    def newest(self, agreement: str) -> SignedAgreement | None:
        """The newest version of one agreement, if it is not suspended and its days include now; else None.

        Only what can change is read each time. The document itself never changes, and is read once.
        """
        with self._store.reading() as session:
            wanted = select(Row.digest, Row.suspended_at).where(Row.id == agreement).order_by(Row.version.desc())
            found = session.execute(wanted.limit(1)).first()
            if found is None or found[1] is not None:
                return None
            signed = self._read_once(session, found[0])
        return signed if signed.document.in_force(self._now()) else None

    def all(self) -> list[SignedAgreement]:
        """Every version that was ever adopted, oldest first."""
        with self._store.reading() as session:
            return [self._signed(each) for each in session.scalars(select(Row).order_by(Row.id, Row.version))]

    def clause(self, agreement: str, clause: str) -> tuple[SignedAgreement, Clause]:
        """A clause of an agreement that is in force.

        Raises:
            NotFound: there is no such agreement in force, or it has no such clause.
        """
        signed = self.newest(agreement)
        if signed is not None:
            found = signed.document.clause(clause)
            if found is not None:
                return signed, found
            raise NotFound(
                _("the agreement {agreement} has no clause {clause}", agreement=agreement, clause=clause),
                advice=_("it has {clauses}", clauses=", ".join(each.id for each in signed.document.clauses)),
            )
        raise NotFound(
            _("no agreement {agreement} is in force here", agreement=agreement),
            advice=_("both sides adopt the signed agreement: convenio node adopt"),
        )

    def authorities(self) -> dict[str, ed25519.Ed25519PublicKey]:
        """Every known authority's key by party."""
        return self._peers.authorities()

    def _read_once(self, session: Session, told: str) -> SignedAgreement:
        with self._lock:
            known = self._read.get(told)
        return known if known is not None else self._signed(session.get_one(Row, told))

    def _signed(self, held: Row) -> SignedAgreement:
        with self._lock:
            if held.digest not in self._read:
                self._read[held.digest] = SignedAgreement.model_validate(held.signed)
            return self._read[held.digest]

    @staticmethod
    def _follows(agreement: Agreement, held: Row | None) -> None:
        if held is None:
            return
        if agreement.version <= held.version:
            raise Conflict(
                _("version {held} of this agreement is in force here", held=held.version),
                where=agreement.id,
                advice=_("an amendment has the next version"),
                kept=_("nothing was changed"),
            )
        if agreement.amends is None or agreement.amends.digest != held.digest:
            raise Conflict(
                _("this amendment does not amend the version that is in force here"),
                where=agreement.id,
                advice=_("an amendment names the digest of the version before it"),
                kept=_("nothing was changed"),
            )
