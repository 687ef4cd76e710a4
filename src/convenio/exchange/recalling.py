"""One finding of a batch is taken back: it leaves the other side's copy, and the rest of the batch stays.

A batch has one key. So the recipient puts the batch without the finding under a new key, and erases the old one; what
was made from the batch goes, as after a correction. The finding's place stays empty, so that every other finding is
still where the root in both ledgers says it was.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import uuid
from collections.abc import Callable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.custody.copies import Copies
from convenio.custody.keystore import KeyStore
from convenio.custody.sealing import sealed, unsealed
from convenio.exchange.envelope import Letter, NotYet
from convenio.exchange.living import unknown
from convenio.exchange.post import Post
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import (
    OutboxMessage,
    ReceivedCopy,
    Release,
    StandingBatch,
    StandingGiven,
    StandingOrder,
    Tombstone,
)

NUMBER = re.compile(r"[0-9a-f]{32}")
OUTCOMES = frozenset({"erased", "held", "moot"})


class Recalling:
    """The recalls of single findings, sent and received.

    Args:
        store: the operational store.
        post: letters.
        copies: what was received.
        vault: the key store.
        now: the clock.
    """

    def __init__(
        self, store: Store, post: Post, copies: Copies, vault: KeyStore, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._post = post
        self._copies = copies
        self._vault = vault
        self._now = now
        post.handle("finding-recall", self._received)
        post.handle("finding-recalled", self._answered)
        post.when_refused("finding-recall", self._sent_back)

    def recall(self, order: str, reference: str, person: Person, reason: str) -> str:
        """Take one finding back: pending until the peer has erased it and said so; the recall's number.

        Raises:
            NotFound: the order is not this agency's, or the finding never went out under it.
            Conflict: it, or its whole batch, was recalled already, or the peer has not received the batch yet.
        """
        duties.require("recall", person.roles, where=person.name)
        if not reason.strip():
            raise InputError(_("a recall needs a reason, which the other side is told"))
        with self._store.transaction() as session:
            held = session.get(StandingOrder, order)
            if held is None or held.side != "answer" or held.holder != person.agency:
                raise unknown(order)
            given = session.get(StandingGiven, (order, reference), with_for_update=True)
            if given is None:
                raise NotFound(_("this finding never went out under this order"), where=reference[:64])
            if given.recall is not None:
                raise Conflict(_("this finding was recalled already"), where=reference[:64])
            self._must_be_there(session, given.release)
            number = given.recall = uuid.uuid4().hex
            given.recall_state = "pending"
            told = {"recall": number, "release": given.release, "order": order, "place": given.place, "reason": reason}
            self._post.write(session, held.peer, "finding-recall", told, agreement=held.agreement, clause=held.clause)
            remember(
                session,
                border(held.peer),
                "finding-recalled",
                at=self._now(),
                actor=person.name,
                subject=number,
                content={"reason": reason, "reference": reference},
                release=given.release,
                place=given.place,
                clause=held.clause,
            )
        return number

    def recalled(self, order: str) -> list[StandingGiven]:
        """The findings of an order that were recalled one by one, with what became of each."""
        wanted = select(StandingGiven).where(StandingGiven.order == order, StandingGiven.recall.is_not(None))
        with self._store.reading() as session:
            return list(session.scalars(wanted.order_by(StandingGiven.release, StandingGiven.place)))

    @staticmethod
    def _must_be_there(session: Session, release: str) -> None:
        """That the other side has the batch: before, and after its recall, nothing of it can be taken out."""
        held = session.get(Release, release, with_for_update=True)
        if held is None or held.state not in {"offered", "accepted", "delivered"}:
            raise Conflict(_("the whole batch of this finding was taken back"), where=release[:16])
        if held.state != "delivered":
            raise Conflict(
                _("the other side has not confirmed the batch of this finding yet"),
                where=release[:16],
                advice=_("recall it when it has, or recall the whole batch now"),
                kept=_("nothing was changed"),
            )

    def _received(self, session: Session, letter: Letter) -> None:
        """The originator takes a finding back: it is erased here, and that is said."""
        body = letter.body
        try:
            number, release, place = str(body["recall"]), str(body["release"]), int(body["place"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no recall of a finding")) from error
        batch = session.get(StandingBatch, release)
        if batch is None or batch.side != "ask":
            raise NotFound(_("there is no such batch"), where=release[:16])
        held = self._copies.from_peer(session, release, letter.sender)
        if not NUMBER.fullmatch(number) or not 0 <= place < batch.count:
            raise InputError(_("this is no recall of a finding"))
        if session.get(Tombstone, number) is not None:
            raise Conflict(_("a recall with this number is here already"), where=number[:16])
        outcome = self._without(session, held, letter.sender, number, place)
        answer = {"recall": number, "release": release, "outcome": outcome}
        self._post.write(session, letter.sender, "finding-recalled", answer)
        remember(
            session,
            border(letter.sender),
            "finding-recall-moot" if outcome == "moot" else "finding-recall-received",
            at=self._now(),
            actor="node",
            subject=number,
            content={"reason": str(body.get("reason", ""))[:2000]},
            release=release,
            place=place,
            clause=held.clause,
            letter=letter.id,
        )

    def _without(self, session: Session, held: ReceivedCopy, peer: str, number: str, place: int) -> str:
        """Put the batch without one finding in the place of the copy's content: erased, held, or moot."""
        if held.state == "accepted":
            raise NotYet(_("the key of this batch has not come yet"), where=held.id[:16])
        if held.state != "open" or held.key is None or not self._vault.has(held.key):
            return "moot"
        rows = unsealed(held.content, self._vault.get(held.key), held.id)
        if not 0 <= place < len(rows) or not rows[place]:
            return "moot"
        rows[place] = {}
        key, kept = os.urandom(32), held.held_by is not None
        self._copies.begin_correction(session, held.id, peer)
        content = sealed(canonical(rows), key, held.id)
        self._copies.replace(session, held.id, peer, correction=number, content=content, key=key, keep=False)
        return "held" if kept else "erased"

    def _answered(self, session: Session, letter: Letter) -> None:
        number, outcome = str(letter.body.get("recall", "")), str(letter.body.get("outcome", ""))
        given = session.scalars(self._of(str(letter.body.get("release", "")), number)).first()
        order = session.get(StandingOrder, given.order) if given is not None else None
        if given is None or order is None or order.peer != letter.sender:
            raise NotFound(_("nobody here recalled this finding"), where=number[:16])
        if outcome not in OUTCOMES:
            raise InputError(_("this is no answer to a recall"))
        given.recall_state = outcome
        remember(
            session,
            border(letter.sender),
            "finding-recall-acknowledged",
            at=self._now(),
            actor="node",
            subject=number,
            content={"outcome": outcome},
            release=given.release,
            letter=letter.id,
        )

    def _sent_back(self, session: Session, message: OutboxMessage, why: str) -> None:
        """The peer refuses the recall for good: the finding may be recalled again, or its batch."""
        about = message.about or []
        wanted = select(StandingGiven).where(StandingGiven.release.in_(about), StandingGiven.recall.in_(about))
        for given in session.scalars(wanted):
            given.recall, given.recall_state = None, f"refused: {why}"[:500]

    @staticmethod
    def _of(release: str, number: str) -> Select[StandingGiven]:
        return select(StandingGiven).where(StandingGiven.release == release, StandingGiven.recall == number)
