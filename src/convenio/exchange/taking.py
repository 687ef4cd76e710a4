"""Batches that come in under a standing order: taken only while the order lives here too, each with its evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import digest, unb64
from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.custody.copies import Copies
from convenio.exchange.budgets import Budgets
from convenio.exchange.desk import Desk
from convenio.exchange.envelope import Letter
from convenio.exchange.orders import Orders
from convenio.exchange.post import Post
from convenio.exchange.standing import MOST, MOST_BYTES, NONCE, canonical_findings, leaves_of, root_of, salt_of
from convenio.ledger.intents import border, remember
from convenio.policy.clause import Clause
from convenio.stores.operational import Store
from convenio.stores.tables import ReceivedCopy, StandingBatch

RELEASE = re.compile(r"[0-9a-f]{32}")
ROOT = re.compile(r"[0-9a-f]{64}")


class Taking:
    """What comes in under standing orders.

    Args:
        store: the operational store.
        post: letters.
        desk: where conditions are held against the clause.
        orders: the orders.
        copies: what was received.
        now: the clock.
    """

    def __init__(
        self, store: Store, post: Post, desk: Desk, orders: Orders, copies: Copies, now: Callable[[], dt.datetime]
    ) -> None:
        self._post = post
        self._desk = desk
        self._orders = orders
        self._copies = copies
        self._now = now
        self._budgets = Budgets(store, now)
        self._store = store
        post.handle("batch", self._received)

    def all(self, order: str) -> list[StandingBatch]:
        """The batches of an order, by number."""
        wanted = select(StandingBatch).where(StandingBatch.order == order).order_by(StandingBatch.number)
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def check_key(self, session: Session, release: str, key: bytes) -> None:
        """That the key of a batch opens what its root was made over; what is no batch passes.

        Raises:
            Refused: it opens other findings, or another number of them, than stands in the ledger.
        """
        batch = session.get(StandingBatch, release)
        held = session.get(ReceivedCopy, release)
        if batch is None or held is None or batch.side != "ask" or not held.content:
            return
        try:
            content = AESGCM(key).decrypt(held.content[:NONCE], held.content[NONCE:], release.encode())
            rows = [dict(each) for each in json.loads(content)]
        except (InvalidTag, ValueError, TypeError) as error:
            raise Refused(
                _("this key does not open what was accepted"),
                where=release[:16],
                advice=_("tell the other side; it sends the key again"),
            ) from error
        if len(rows) != batch.count or root_of(leaves_of(salt_of(key), canonical_findings(rows))) != batch.root:
            raise Refused(
                _("the findings of this batch are not those its root in the ledger was made over"),
                where=release[:16],
                advice=_("tell the other side; it recalls the batch"),
            )

    def _received(self, session: Session, letter: Letter) -> None:
        """A batch comes: it is taken only under an order that is alive here too, and under its clause's conditions."""
        try:
            release, order = str(letter.body["release"]), str(letter.body["order"])
            number, count, root = int(letter.body["number"]), int(letter.body["count"]), str(letter.body["root"])
            sealed, conditions = unb64(str(letter.body["content"])), dict(letter.body["conditions"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no batch")) from error
        held, clause = self._orders.alive(session, order, "ask", letter.sender)
        _bounded(clause, count, len(sealed), root)
        if session.get(ReceivedCopy, release) is not None or not RELEASE.fullmatch(release):
            raise Conflict(_("a release with this number is here already"), where=release[:16])
        agreement, clause = self._desk.clause(held.agreement, held.clause)
        self._desk.check_conditions(
            conditions,
            agreement,
            clause,
            release=release,
            originator=letter.sender,
            recipient=self._post.party,
            agency=held.asker_agency,
            case=held.case_reference,
        )
        self._budgets.use(session, letter.sender, held.clause, "ask", f"standing/{order}", count, held.per_day)
        told = hashlib.sha256(sealed).hexdigest()
        self._copies.take(
            session,
            release=release,
            peer=letter.sender,
            request=order,
            agency=held.asker_agency,
            agreement=held.agreement,
            clause=held.clause,
            conditions=conditions,
            content=sealed,
            content_digest=told,
        )
        held.numbers = max(held.numbers, number)
        session.add(
            StandingBatch(
                release=release,
                order=order,
                side="ask",
                number=number,
                count=count,
                root=root,
                letter=letter.id,
                leaves=None,
                at=self._now(),
            )
        )
        accepted = {"release": release, "content_digest": told, "conditions": digest(conditions)}
        self._post.write(session, letter.sender, "acceptance", accepted, agreement=held.agreement, clause=held.clause)
        remember(
            session,
            border(letter.sender),
            "accepted",
            at=self._now(),
            actor="node",
            subject=release,
            content={"conditions": conditions, "order": order},
            request=order,
            content_digest=told,
            clause=held.clause,
            subjects=count,
            root=root,
            letter=letter.id,
        )


def _bounded(clause: Clause, count: int, length: int, root: str) -> None:
    most = min(MOST, clause.budgets.subjects_per_request or MOST)
    if not 0 < count <= most or length > MOST_BYTES + 64 or not ROOT.fullmatch(root):
        raise InputError(
            _("a batch has one to {most} findings, and a root over them", most=most), kept=_("nothing was taken")
        )
