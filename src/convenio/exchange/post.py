"""Letters to and from peers: delivered at least once, with their effect exactly once.

A letter is written in the transaction of the act that sends it, and is sent until the peer has taken it. On the other
side its entry, the row that marks it as taken and its effect are one transaction; the same letter again gets the reply
that was recorded.

Letters about one thing (a request, a release, an order, …) go in their order. One that the peer cannot take now is set
aside with what follows it about the same thing, and is tried again; letters about other things pass it by.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict, Unreachable
from convenio.core.words import _
from convenio.exchange.behind import Behind
from convenio.exchange.envelope import Correspondent, Letter, NotYet, open_envelope, seal, write_letter
from convenio.exchange.keys import NodeKeys, envelope_key
from convenio.exchange.transport import PeerSaysNo
from convenio.ledger.intents import border, remember
from convenio.stores.operational import Store
from convenio.stores.tables import InboxMessage, OutboxMessage

INBOX = "/exchange/v1/inbox"
FIRST_WAIT = dt.timedelta(seconds=1)
LONGEST_WAIT = dt.timedelta(minutes=5)
PAUSE = dt.timedelta(seconds=10)
BATCH = 64
PAGE = 512
IN_A_ROW = 3
"""After so many letters that the peer could not take, none between, the fault is likely its own: it is left a pause."""
ASIDE = 3
"""After so many tries a letter is told to the node's people as set aside."""

FINAL = frozenset({400, 403, 404, 409, 422})
"""Answers that will not change: such a letter is not sent again, and that it was not taken is an entry."""

OF_THE_LINE = frozenset({421, 429, 502})
"""Answers that are about the line or its rate, not about the letter: every other letter would get them too."""

ABOUT = ("request", "release", "order", "consent", "correction", "recall")
"""Parts of a letter that name what it is about."""

DONE, LATER, LINE = "done", "later", "line"

Handler = Callable[[Session, Letter], Mapping[str, Any] | None]
SentBack = Callable[[Session, OutboxMessage, str], None]


class PeerBook(Protocol):
    """What the post needs to know of peers."""

    def known(self) -> Mapping[str, Correspondent]:
        """Every peer's node keys, by party."""

    def envelope_public(self, party: str) -> str:
        """The peer's envelope key, base64."""

    def has_line(self, party: str) -> bool:
        """Whether the peer is called over the wire; letters to one that is not are carried as files."""

    def post(self, party: str, path: str, content: bytes) -> bytes:
        """Send bytes to the peer over the wire."""


class Post:
    """The outbox and inbox of one node.

    Args:
        store: the operational store.
        party: this node's party.
        keys: this node's keys.
        peers: what is known of peers.
        now: the clock.
    """

    def __init__(
        self, store: Store, party: str, keys: NodeKeys, peers: PeerBook, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._party = party
        self._keys = keys
        self._peers = peers
        self._now = now
        self._handlers: dict[str, Handler] = {}
        self._sent_back: dict[str, SentBack] = {}
        self._sending = threading.Lock()
        self._away: dict[str, tuple[int, dt.datetime]] = {}

    @property
    def party(self) -> str:
        """Whose letters these are."""
        return self._party

    def handle(self, kind: str, handler: Handler) -> None:
        """Say what a kind of letter does; it runs inside the transaction that takes the letter."""
        self._handlers[kind] = handler

    def when_refused(self, kind: str, work: SentBack) -> None:
        """Say what is done, in one transaction with its entry, when the peer refuses a kind of letter for good."""
        self._sent_back[kind] = work

    def write(
        self,
        session: Session,
        peer: str,
        kind: str,
        body: Mapping[str, Any],
        *,
        agreement: str = "",
        clause: str = "",
    ) -> str:
        """Put a letter into the outbox, in the transaction of the act it belongs to; its id."""
        last = session.scalar(select(func.max(OutboxMessage.sequence)).where(OutboxMessage.peer == peer))
        letter = write_letter(
            kind,
            body,
            sender=self._party,
            recipient=peer,
            sequence=(last or 0) + 1,
            now=self._now(),
            agreement=agreement,
            clause=clause,
        )
        sealed = seal(letter, signer=self._keys.node, recipient_key=envelope_key(self._peers.envelope_public(peer)))
        session.add(
            OutboxMessage(
                id=letter.id,
                peer=peer,
                sequence=letter.sequence,
                kind=kind,
                envelope=sealed,
                created_at=letter.sent_at,
                next_try=letter.sent_at,
                about=sorted({str(body[each]) for each in ABOUT if body.get(each)}),
            )
        )
        session.flush()
        return letter.id

    def deliver(self) -> int:
        """Send what is due; how many letters were taken, or refused for good. What fails waits longer each time."""
        with self._sending:
            wanted = select(OutboxMessage.peer).where(OutboxMessage.delivered_at.is_(None)).distinct()
            with self._store.reading() as session:
                peers = session.scalars(wanted).all()
            return sum(
                self._deliver_to(peer) for peer in peers if self._peers.has_line(peer) and self.called_at(peer) is None
            )

    def hurry(self, peer: str) -> None:
        """The peer was heard from: what waited for its line is due now."""
        self._away.pop(peer, None)

    def called_at(self, peer: str) -> dt.datetime | None:
        """When a peer that did not answer is called again; None where it may be called now.

        A clock that was set back keeps it from being called no longer than the longest wait.
        """
        _times, until = self._away.get(peer, (0, self._now()))
        return until if dt.timedelta(0) < until - self._now() <= LONGEST_WAIT else None

    def open(self, envelope: bytes) -> Letter:
        """Open an envelope and verify who wrote it; nothing is taken.

        Raises:
            EnvelopeError: it is cut, for someone else, from an unknown key, or out of time.
        """
        return open_envelope(
            envelope,
            me=self._party,
            key=self._keys.envelope,
            known=self._peers.known(),
            now=self._now(),
            others=self._keys.other_envelopes,
        )

    def note_taken(self, session: Session, letter: Letter, told: str, reply: Mapping[str, Any]) -> None:
        """Mark a letter as taken, in the transaction of its effect.

        Args:
            session: the transaction.
            letter: the letter.
            told: SHA-256 of its envelope.
            reply: what the sender is answered, now and when it comes again.
        """
        session.add(
            InboxMessage(
                id=letter.id,
                peer=letter.sender,
                sequence=letter.sequence,
                kind=letter.kind,
                digest=told,
                received_at=self._now(),
                reply=dict(reply),
            )
        )

    def taken(self, message: OutboxMessage) -> None:
        """The peer has taken a letter: it is not sent again, and its envelope is not kept."""
        message.delivered_at, message.trouble, message.envelope = self._now(), None, b""

    def sent_back(self, session: Session, message: OutboxMessage, trouble: str) -> None:
        """The peer refuses a letter for good: it is not sent again, and is an entry."""
        message.trouble, message.delivered_at, message.envelope = trouble[:1000], self._now(), b""
        remember(
            session,
            border(message.peer),
            "undeliverable",
            at=self._now(),
            actor="node",
            subject=message.id,
            content={"why": trouble},
            letter=message.kind,
        )
        if message.kind in self._sent_back:
            self._sent_back[message.kind](session, message, trouble)

    def receive(self, envelope: bytes, *, wire: str | None = None) -> bytes:
        """Take an envelope and give the reply, which is the same however often it comes.

        Args:
            envelope: the bytes as they came.
            wire: the party whose certificate brought it; None for a file.

        Raises:
            EnvelopeError: it is cut, for someone else, from an unknown key, or out of time; nothing is changed.
            ConvenioError: its content does not fit; nothing is changed.
        """
        letter = self.open(envelope)
        if wire is not None and wire != letter.sender:
            raise Conflict(
                _("the envelope of {sender} came over the line of {wire}", sender=letter.sender, wire=wire),
                kept=_("nothing was taken"),
            )
        told = hashlib.sha256(envelope).hexdigest()
        with self._store.transaction() as session:
            before = session.get(InboxMessage, letter.id)
            if before is not None:
                return canonical(before.reply)
            handler = self._handlers.get(letter.kind)
            if handler is None:
                raise NotYet(
                    _("this node does not know letters of the kind {kind}", kind=letter.kind),
                    advice=_("the other side runs a newer version; update this node"),
                )
            answer = dict(handler(session, letter) or {})
            reply = {"taken": letter.id, **answer}
            self.note_taken(session, letter, told, reply)
        return canonical(reply)

    def waiting(self) -> list[OutboxMessage]:
        """What the peers have not taken yet, oldest first."""
        with self._store.reading() as session:
            wanted = (
                select(OutboxMessage).where(OutboxMessage.delivered_at.is_(None)).order_by(OutboxMessage.created_at)
            )
            return list(session.scalars(wanted))

    def _deliver_to(self, peer: str) -> int:
        """Send what is due to one peer: what was never tried goes first, then what was set aside is tried again.

        What is about the same as a letter that stays where it is stays behind it.
        """
        taken = 0
        for again in (False, True):
            in_a_row, behind = 0, Behind()
            for each in self._queued(peer):
                if behind.holds(each.about):
                    continue
                if (each.tries > 0) != again or each.next_try > self._now():
                    behind.add(each.about)
                    continue
                outcome = self._send(each.id)
                if outcome == LINE:
                    self._pause(peer)
                    return taken
                self._away.pop(peer, None)
                if outcome == DONE:
                    taken, in_a_row = taken + 1, 0
                else:
                    behind.add(each.about)
                    in_a_row += 1
                if in_a_row >= IN_A_ROW and not again:
                    self._away[peer] = 0, self._now() + PAUSE
                if in_a_row >= IN_A_ROW or taken >= BATCH:
                    return taken
        return taken

    def _pause(self, peer: str) -> None:
        """The line failed: the peer is called again later, and later each time."""
        times = self._away[peer][0] + 1 if peer in self._away else 1
        self._away[peer] = times, self._now() + _wait(times)

    def _queued(self, peer: str) -> Iterator[Row[int, str, int, dt.datetime, list[str] | None]]:
        """What waits for a peer, in order, without its envelopes."""
        columns = (OutboxMessage.sequence, OutboxMessage.id, OutboxMessage.tries, OutboxMessage.next_try)
        last = -1
        while True:
            wanted = select(*columns, OutboxMessage.about).where(
                OutboxMessage.peer == peer, OutboxMessage.delivered_at.is_(None), OutboxMessage.sequence > last
            )
            with self._store.reading() as session:
                rows = session.execute(wanted.order_by(OutboxMessage.sequence).limit(PAGE)).all()
            yield from rows
            if len(rows) < PAGE:
                return
            last = rows[-1].sequence

    def _send(self, number: str) -> str:
        """Send a letter: whether it is done with, is tried later, or the line is at fault."""
        with self._store.reading() as session:
            message = session.get(OutboxMessage, number)
        if message is None or message.delivered_at is not None:
            return DONE
        try:
            self._peers.post(message.peer, INBOX, message.envelope)
        except PeerSaysNo as error:
            outcome = DONE if error.status in FINAL else LINE if error.status in OF_THE_LINE else LATER
            self._note(number, str(error.what), outcome)
            return outcome
        except Unreachable as error:
            self._note(number, str(error.what), LINE)
            return LINE
        with self._store.transaction() as session:
            held = session.get(OutboxMessage, number)
            if held is not None and held.delivered_at is None:
                self.taken(held)
        return DONE

    def _note(self, number: str, trouble: str, outcome: str) -> None:
        """Keep what went wrong; a letter that the peer refuses for good is not sent again, and is an entry."""
        with self._store.transaction() as session:
            held = session.get(OutboxMessage, number)
            if held is None:
                return
            held.trouble = trouble[:1000]
            if outcome != LINE:
                held.tries += 1
            if outcome == LATER:
                held.next_try = self._now() + _wait(held.tries)
            if outcome == DONE:
                self.sent_back(session, held, trouble)


def _wait(times: int) -> dt.timedelta:
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(times, 10)))
