"""Letters as files, for nodes that no line joins: envelopes are written to files, carried by a person, and taken in.

A released content crosses in two files: its envelope first; its key only after the signed acceptance has come back. The
blind match crosses as two letters, question and answer. What was taken is told in the next file that goes back, so that
it is not carried again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from convenio.core.canonical import b64, unb64
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import _
from convenio.exchange.answering import Answering
from convenio.exchange.asking import Asking, Order
from convenio.exchange.envelope import LASTS, MOST_BYTES, Letter
from convenio.exchange.peers import Peers
from convenio.exchange.post import FINAL, Post
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import InboxMessage, OutboxMessage

SUFFIX = ".letter"
MOST_TOLD = 5_000


@dataclass(frozen=True)
class Taken:
    """A letter that came as a file: its number and kind, who sent it, and whether it had been taken before."""

    id: str
    kind: str
    sender: str
    again: bool


class Courier:
    """Carries the letters of one node as files.

    Args:
        store: the operational store.
        post: letters.
        peers: what is known of peers.
        asking: blind matches that this node asks.
        answering: blind matches that this node answers.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        post: Post,
        peers: Peers,
        asking: Asking,
        answering: Answering,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._post = post
        self._peers = peers
        self._asking = asking
        self._answering = answering
        self._now = now
        post.handle("taken", self._told)

    def export(self, peer: str, folder: Path) -> list[Path]:
        """Write what waits for a peer to files, one letter each, in order; and what was taken of its letters.

        A letter is written again each time until the peer has told that it took it.

        Raises:
            NotFound: there is no such peer.
            ConvenioError: the folder cannot be written to; nothing is marked as sent.
        """
        self._peers.roster(peer)
        with self._store.transaction() as session:
            self._tell_taken(session, peer)
        with self._store.reading() as session:
            wanted = select(OutboxMessage).where(OutboxMessage.peer == peer, OutboxMessage.delivered_at.is_(None))
            waiting = list(session.scalars(wanted.order_by(OutboxMessage.sequence)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = [_write(folder, self._post.party, each) for each in waiting]
        except OSError as error:
            raise ConvenioError(
                _("this folder cannot be written to: {why}", why=error.strerror or str(error)),
                where=str(folder),
                kept=_("the letters wait as before"),
            ) from error
        with self._store.transaction() as session:
            for each in waiting:
                held = session.get(OutboxMessage, each.id)
                if held is not None and held.kind == "taken":
                    self._post.taken(held)
        return written

    def take(self, envelope: bytes) -> Taken:
        """Take one letter that came as a file.

        Raises:
            EnvelopeError: it is cut, for someone else, from an unknown key, or out of time; nothing is changed.
            ConvenioError: its content does not fit; nothing is changed.
        """
        letter = self._post.open(envelope)
        with self._store.reading() as session:
            again = session.get(InboxMessage, letter.id) is not None
        if not again:
            told = hashlib.sha256(envelope).hexdigest()
            try:
                self._effect(letter, envelope, told)
            except ConvenioError as error:
                if error.status in FINAL - {NotFound.status}:  # what it belongs to may come in another file
                    with self._store.transaction() as session:
                        self._post.note_taken(session, letter, told, {"refused": str(error.what)[:1000]})
                raise
        return Taken(letter.id, letter.kind, letter.sender, again)

    def ask(self, order: Order, actor: Person) -> str:
        """Ask a blind match by letter; its run, which ends when the answer has been taken in.

        Raises:
            InputError: no subject has an identifier of this kind.
            Refused: policy, law or budget do not allow it.
        """
        self._peers.roster(order.peer)
        run, body = self._asking.ask_by_file(order, actor)
        with self._store.transaction() as session:
            self._post.write(
                session, order.peer, "match-question", body, agreement=order.agreement, clause=order.clause
            )
        return run

    def _effect(self, letter: Letter, envelope: bytes, told: str) -> None:
        special = {"match-question": self._asked, "match-answer": self._answered, "match-refusal": self._declined}
        if letter.kind in special:
            special[letter.kind](letter, told)
        else:
            self._post.receive(envelope)

    def read(self, path: Path) -> bytes:
        """An envelope from its file.

        Raises:
            InputError: it cannot be read, or is longer than an envelope may be.
        """
        try:
            if path.stat().st_size > MOST_BYTES:
                raise InputError(_("this envelope is longer than {most} bytes", most=MOST_BYTES), where=str(path))
            return path.read_bytes()
        except OSError as error:
            raise InputError(
                _("this file cannot be read: {why}", why=error.strerror or str(error)), where=str(path)
            ) from error

    def _asked(self, letter: Letter, told: str) -> None:
        """A peer asks a blind match by letter: it is decided and answered as over the line."""
        try:
            run, elements = str(letter.body["statement"]["run"]), unb64(str(letter.body["elements"]))
            opened = self._answering.open(letter.sender, dict(letter.body), within=LASTS)
            back = self._answering.evaluate(letter.sender, run, elements)
            answer: tuple[str, Mapping[str, Any]] = (
                "match-answer",
                {
                    "run": run,
                    "padded_size": opened["padded_size"],
                    "elements": b64(back),
                    "set": b64(self._answering.coded_set(letter.sender, run)),
                },
            )
        except (KeyError, TypeError) as error:
            raise InputError(_("this is no statement of a match")) from error
        except ConvenioError as error:
            answer = ("match-refusal", {"run": run, "reasons": error.what.in_both()})
        with self._store.transaction() as session:
            self._post.note_taken(session, letter, told, {})
            self._post.write(session, letter.sender, answer[0], answer[1])

    def _answered(self, letter: Letter, told: str) -> None:
        try:
            run, size = str(letter.body["run"]), int(letter.body["padded_size"])
            back, code = unb64(str(letter.body["elements"])), unb64(str(letter.body["set"]))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(_("this is no answer to a match")) from error
        self._asking.finish(letter.sender, run, back, code, size)
        with self._store.transaction() as session:
            self._post.note_taken(session, letter, told, {})

    def _declined(self, letter: Letter, told: str) -> None:
        reasons = letter.body.get("reasons")
        why = str(reasons.get("en", "")) if isinstance(reasons, Mapping) else ""
        self._asking.declined(letter.sender, str(letter.body.get("run", "")), why)
        with self._store.transaction() as session:
            self._post.note_taken(session, letter, told, {})

    def _told(self, session: Session, letter: Letter) -> None:
        """The peer tells which letters it has taken: they are not carried again."""
        numbers = letter.body.get("taken")
        for each in (numbers if isinstance(numbers, list) else [])[:MOST_TOLD]:
            held = session.get(OutboxMessage, str(each))
            if held is not None and held.peer == letter.sender and held.delivered_at is None:
                self._post.taken(held)
        refused = letter.body.get("refused")
        for number, why in list(refused.items() if isinstance(refused, Mapping) else ())[:MOST_TOLD]:
            held = session.get(OutboxMessage, str(number))
            if held is not None and held.peer == letter.sender and held.delivered_at is None:
                self._post.sent_back(session, held, str(why))

    def _tell_taken(self, session: Session, peer: str) -> None:
        last = session.scalar(
            select(func.max(OutboxMessage.created_at)).where(OutboxMessage.peer == peer, OutboxMessage.kind == "taken")
        )
        mine = select(InboxMessage).where(InboxMessage.peer == peer, InboxMessage.kind != "taken")
        recent = mine.where(InboxMessage.received_at > self._now() - LASTS)
        held = session.scalars(recent.order_by(InboxMessage.received_at.desc()).limit(MOST_TOLD)).all()
        if held and (last is None or held[0].received_at >= last):
            refused = {each.id: each.reply["refused"] for each in held if "refused" in each.reply}
            told = {"taken": [each.id for each in held if each.id not in refused], "refused": refused}
            self._post.write(session, peer, "taken", told)


def _write(folder: Path, party: str, message: OutboxMessage) -> Path:
    path = folder / f"{party}-{message.peer}-{message.sequence:08d}{SUFFIX}"
    part = path.with_suffix(".part")
    part.write_bytes(message.envelope)
    part.replace(path)
    return path
