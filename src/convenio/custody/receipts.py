"""Receipts of this node's decisions: signed, kept, and never changed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from convenio.core.errors import NotFound
from convenio.core.words import Message, _
from convenio.policy.receipt import Receipt, SignedReceipt, digest_of, failed_in_words, moment, sign_receipt
from convenio.stores.operational import Store
from convenio.stores.tables import Receipt as Row


class Receipts:
    """The receipts of one node.

    Args:
        store: the operational store.
        key: the node's signing key.
        party: this node's party.
        now: the clock.
    """

    def __init__(self, store: Store, key: Ed25519PrivateKey, party: str, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._key = key
        self._party = party
        self._now = now

    def keep(
        self,
        session: Session,
        *,
        allowed: bool,
        act: str,
        actor: str,
        agency: str,
        agreement: str,
        agreement_digest: str,
        clause: str,
        subject: str,
        reasons: Sequence[Message],
        asked: Mapping[str, Any],
    ) -> str:
        """Keep the receipt of a decision in the transaction of the act; its number."""
        made = Receipt(
            id=uuid.uuid4().hex,
            at=moment(self._now()),
            party=self._party,
            allowed=allowed,
            act=act,
            actor=actor,
            agency=agency,
            agreement=agreement,
            agreement_digest=agreement_digest,
            clause=clause,
            subject=subject,
            failed=() if allowed else failed_in_words(reasons),
            asked=digest_of(asked),
        )
        signed = sign_receipt(made, self._key)
        session.add(
            Row(
                id=made.id,
                at=made.at,
                allowed=allowed,
                act=act,
                actor=actor,
                agreement=agreement,
                clause=clause,
                subject=subject,
                body={**made.model_dump(mode="json"), "key": signed.key, "signature": signed.signature},
            )
        )
        return made.id

    def all(self, *, allowed: bool | None = None, limit: int = 500) -> list[Row]:
        """Receipts, newest first."""
        wanted = select(Row).order_by(Row.at.desc()).limit(limit)
        if allowed is not None:
            wanted = wanted.where(Row.allowed.is_(allowed))
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def get(self, number: str) -> SignedReceipt:
        """A receipt with its signature.

        Raises:
            NotFound: there is no such receipt.
        """
        with self._store.reading() as session:
            held = session.get(Row, number)
        if held is None:
            raise NotFound(_("there is no such receipt"), where=number[:16])
        told = dict(held.body)
        key, signature = told.pop("key"), told.pop("signature")
        return SignedReceipt(receipt=Receipt.model_validate(told), key=key, signature=signature)

    def count(self) -> dict[str, int]:
        """How many say yes and how many say no."""
        wanted = select(Row.allowed, func.count()).group_by(Row.allowed)
        with self._store.reading() as session:
            found = {bool(allowed): number for allowed, number in session.execute(wanted)}
        return {"allowed": found.get(True, 0), "refused": found.get(False, 0)}
