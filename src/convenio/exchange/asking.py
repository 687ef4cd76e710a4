"""The side that asks in a blind match: it commits before it sends, and learns which of its subjects the peer knows."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from convenio.core.canonical import b64, canonical
from convenio.core.errors import ConvenioError, InputError, NotFound, Refused, Unreachable
from convenio.core.words import _
from convenio.custody.keystore import KeyStore
from convenio.exchange import coded, oprf, ristretto
from convenio.exchange.answering import RUN_LASTS, Statement, signed
from convenio.exchange.budgets import Budgets
from convenio.exchange.commitment import AuditFinding, Opening, audit, commitment, open_openings, seal_openings
from convenio.exchange.desk import Desk, Question
from convenio.exchange.going import Going
from convenio.exchange.inputs import columns_for, keys_of
from convenio.exchange.keys import NodeKeys
from convenio.exchange.peers import Peers
from convenio.exchange.ristretto import BYTES, Column
from convenio.exchange.snapshots import SHARE, reference
from convenio.exchange.transport import PeerSaysNo
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import MatchRun

SALT = 16
STATEMENT = "statement"
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Subject:
    """Someone the asker asks about: what the asker calls it, and the identifiers it knows."""

    label: str
    record: Mapping[str, object]


@dataclass(frozen=True)
class Hit:
    """A subject that the peer knows, and what stands for the hit in step two."""

    place: int
    label: str
    reference: str


@dataclass(frozen=True)
class Match:
    """What a run gave: the subjects that hit, in the order they were asked, and the padded size of the peer's set."""

    run: str
    asked: int
    subjects: int
    without_key: list[str]
    padded_size: int
    hits: list[Hit]


@dataclass(frozen=True)
class Order:
    """What a person orders: under which clause, for which case, whom to ask about.

    Args:
        peer: the party that is asked.
        agreement: the agreement's short name.
        clause: the clause's.
        kind: the kind of match key.
        purpose: why.
        case: the case reference.
        subject_role: the role of the people asked about.
        subjects: the people.
    """

    peer: str
    agreement: str
    clause: str
    kind: str
    purpose: str
    case: str
    subject_role: str
    subjects: Sequence[Subject]


class Asking:
    """Makes blind matches for named persons.

    Args:
        store: the operational store.
        party: this node's party.
        keys: this node's keys.
        vault: the key store that seals openings.
        peers: what is known of peers.
        desk: where policy is decided.
        now: the clock.
        append: brings what was remembered into a log now, so that the commitment stands before anything is sent.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        keys: NodeKeys,
        vault: KeyStore,
        peers: Peers,
        desk: Desk,
        now: Callable[[], dt.datetime],
        append: Callable[[str], None],
    ) -> None:
        self._store = store
        self._party = party
        self._keys = keys
        self._vault = vault
        self._peers = peers
        self._desk = desk
        self._now = now
        self._append = append
        self._budgets = Budgets(store, now)
        self._going = Going()

    def ask(self, order: Order, actor: Person, progress: Progress | None = None, *, run: str = "") -> Match:
        """Make one blind match.

        Args:
            order: what is asked.
            actor: who asks.
            progress: told how far it is, from 0 to 1.
            run: the number it shall have, 32 hexadecimal digits, for a caller that may have to `go_on` with it.

        Raises:
            InputError: no subject has an identifier of this kind.
            Refused: policy, law or budget, here or there, do not allow it.
            Unreachable: the peer does not answer, or answers something that is no answer; what was asked is counted.
        """
        tell = progress or (lambda _share: None)
        openings, without = self._openings(order)
        with self._going.alone(run or (run := uuid.uuid4().hex)):
            said = self._commit(order, actor, openings, run)
            tell(0.1)
            try:
                most, hits = self._sent(said, openings, [each.label for each in order.subjects], tell)
            except PeerSaysNo as error:
                self._end(run, "refused", why=str(error.what))
                raise
            except ConvenioError as error:
                self._end(run, "failed", why=str(error.what))
                raise
        return Match(run, len(openings), len(order.subjects), without, most, hits)

    def state(self, run: str) -> str:
        """How a run that this node asks stands: `committed` until it has ended; empty where there is none."""
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        return held.state if held is not None and held.side == "ask" else ""

    def go_on(self, run: str, progress: Progress | None = None) -> None:
        """Go on with a run that was committed to and cut short: the same statement and elements, counted once.

        A run that has ended, or whose answer comes as a file, stays as it is.

        Raises:
            Refused: the peer does not allow it.
            Unreachable: the peer does not answer; within the hour that a run lasts it can be gone on with.
        """
        with self._going.alone(run):
            held = self._left().get(run)
            if held is None:
                return
            said = Statement.model_validate(held.details[STATEMENT])
            openings, labels = open_openings(held.openings or b"", self._vault.get(f"openings/{run}"))
            try:
                self._sent(said, openings, labels, progress or (lambda _share: None))
            except PeerSaysNo as error:
                self._end(run, "refused", why=str(error.what))
                raise
            except ConvenioError as error:
                if not isinstance(error, Unreachable) or said.at + RUN_LASTS < self._now():
                    self._end(run, "failed", why=str(error.what))
                raise

    def go_on_with_all(self) -> int:
        """Go on with every run that a stop of the node cut short; how many were ended."""
        ended = 0
        for run in self._left():
            if not self._going.busy(run):
                self.go_on(run)
                ended += 1
        return ended

    def ask_by_file(self, order: Order, actor: Person) -> tuple[str, dict[str, Any]]:
        """Begin a blind match whose question and answer are carried as files.

        Returns:
            The run, and the body of the letter that asks: the signed statement and the blinded elements.

        Raises:
            InputError: no subject has an identifier of this kind.
            Refused: policy, law or budget do not allow it.
        """
        openings, _without = self._openings(order)
        said = self._commit(order, actor, openings, uuid.uuid4().hex, by_file=True)
        self._append(border(order.peer))
        asked = signed(said, self._keys.node.sign, self._keys.node.public_key().public_bytes_raw())
        return said.run, {**asked, "elements": b64(_blinded(openings).tobytes())}

    def finish(self, peer: str, run: str, back: bytes, code: bytes, padded_size: int) -> None:
        """End a blind match with the answer that came as a file; a run that has ended stays as it is.

        Raises:
            NotFound: this node has asked the peer no such match.
            Unreachable: the answer is none; the run is over and counted.
        """
        held = self._asked_of(peer, run)
        if held.state != "committed":
            return
        openings, labels = open_openings(held.openings or b"", self._vault.get(f"openings/{run}"))
        try:
            values = self._outputs(peer, openings, back)
            hits = self._found(labels, run, openings, values, code, coded.size_of(padded_size))
        except ConvenioError as error:
            self._end(run, "failed", why=str(error.what))
            raise _garbage(peer) from error
        self._end(run, "done", padded_size=padded_size, hits=hits)

    def declined(self, peer: str, run: str, why: str) -> None:
        """The peer refused a match that was asked by file."""
        if self._asked_of(peer, run).state == "committed":
            self._end(run, "refused", why=why)

    def hits(self, run: str, actor: Person) -> list[Hit]:
        """The hits of a run of the person's own agency, with what the subjects are called."""
        held = self._mine(run, actor)
        _openings, labels = open_openings(held.openings or b"", self._vault.get(f"openings/{run}"))
        return [Hit(each["place"], labels[each["place"]], each["reference"]) for each in held.details.get("hits", [])]

    def audit(self, run: str, sent: Column, sample: Sequence[int], cases: Mapping[str, str]) -> list[AuditFinding]:
        """Open a sample of a run for an auditor (see `commitment.audit`)."""
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        if held is None or held.openings is None:
            raise NotFound(_("there is no such run"), where=run[:16])
        openings, _labels = open_openings(held.openings, self._vault.get(f"openings/{run}"))
        return audit(openings, sent, held.commitment, sample, cases)

    def runs(self, *, limit: int = 500) -> list[MatchRun]:
        """The runs of this node, asked and answered, newest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(MatchRun).order_by(MatchRun.started_at.desc()).limit(limit)))

    def _openings(self, order: Order) -> tuple[list[Opening], list[str]]:
        columns_for(order.kind)
        made, without = [], []
        for place, subject in enumerate(order.subjects):
            keys = list(keys_of(subject.record, order.kind))
            if not keys:
                without.append(subject.label)
            made += [Opening(value, ristretto.random_scalar(), os.urandom(SALT), order.case, place) for value in keys]
        if not made:
            raise InputError(
                _("nobody in this list has an identifier of the kind {kind}", kind=order.kind),
                advice=_("choose another kind, or add the identifier to the list"),
                kept=_("nothing was asked"),
            )
        return made, without

    def _sent(
        self, said: Statement, openings: list[Opening], labels: Sequence[str], tell: Progress
    ) -> tuple[int, list[Hit]]:
        """Send a run's elements, read the answer, and end the run: the padded size of the peer's set, and the hits."""
        peer = said.answerer
        self._append(border(peer))
        try:
            opened = self._told(
                peer,
                "open",
                canonical(signed(said, self._keys.node.sign, self._keys.node.public_key().public_bytes_raw())),
            )
            blinded = _blinded(openings)
            tell(0.3)
            back = self._peers.post(
                peer,
                f"/exchange/v1/match/{said.run}/evaluate",
                blinded.tobytes(),
                kind="application/octet-stream",
            )
            values = self._outputs(peer, openings, back)
            tell(0.6)
            code = self._peers.post(peer, f"/exchange/v1/match/{said.run}/set", b"")
            most = coded.size_of(opened.get("padded_size"))
            hits = self._found(labels, said.run, openings, values, code, most)
        except ConvenioError as error:
            raise error if isinstance(error, (Unreachable, Refused, PeerSaysNo)) else _garbage(peer) from error
        self._end(said.run, "done", padded_size=most, hits=hits)
        tell(1.0)
        return most, hits

    def _left(self) -> dict[str, MatchRun]:
        """The runs that were committed to and have not ended, without those whose answer comes as a file."""
        with self._store.reading() as session:
            wanted = select(MatchRun).where(MatchRun.side == "ask", MatchRun.state == "committed")
            return {each.id: each for each in session.scalars(wanted) if STATEMENT in each.details}

    def _commit(
        self, order: Order, actor: Person, openings: list[Opening], run: str, *, by_file: bool = False
    ) -> Statement:
        agreement, clause = self._desk.clause(order.agreement, order.clause)
        role = self._desk.acting_role(actor, clause)
        said = Statement(
            run=run,
            asker=self._party,
            answerer=order.peer,
            agreement=order.agreement,
            clause=order.clause,
            purpose=order.purpose,
            kind=order.kind,
            case=order.case,
            person=actor.name,
            agency=actor.agency,
            role=role,
            subject_role=order.subject_role,
            subjects=len(order.subjects),
            keys=len(openings),
            commitment=commitment(openings),
            at=self._now(),
        )
        used = self._budgets.used(order.peer, order.clause, "ask", "keys")
        self._desk.require(
            Question.of_statement(said, clause.categories, used + said.keys),
            log=border(order.peer),
        )
        sealed = seal_openings(
            openings, [each.label for each in order.subjects], self._vault.create(f"openings/{said.run}")
        )
        with self._store.transaction() as session:
            self._budgets.use(session, order.peer, order.clause, "ask", "keys", said.keys, clause.budgets.keys_per_day)
            session.add(
                MatchRun(
                    id=said.run,
                    side="ask",
                    peer=order.peer,
                    agreement=order.agreement,
                    clause=order.clause,
                    key_kind=order.kind,
                    case_reference=order.case,
                    actor=actor.name,
                    snapshot="",
                    subjects=said.subjects,
                    asked=said.keys,
                    padded_size=0,
                    hits=None,
                    state="committed",
                    commitment=said.commitment,
                    details={
                        "agency": actor.agency,
                        "purpose": order.purpose,
                        "subject_role": order.subject_role,
                        **({} if by_file else {STATEMENT: said.model_dump(mode="json")}),
                    },
                    openings=sealed,
                    started_at=said.at,
                    finished_at=None,
                )
            )
            remember(
                session,
                border(order.peer),
                "asked",
                at=said.at,
                actor=actor.name,
                subject=said.run,
                content={"case": order.case, "statement": said.model_dump(mode="json")},
                agreement=order.agreement,
                agreement_digest=agreement.digest,
                clause=order.clause,
                key_kind=order.kind,
                keys=said.keys,
                commitment=said.commitment,
            )
        return said

    @staticmethod
    def _outputs(peer: str, openings: list[Opening], back: bytes) -> list[bytes]:
        """What the peer's evaluation of the elements stands for, an output for each opening."""
        if len(back) != len(openings) * BYTES:
            raise _garbage(peer)
        evaluated: Column = np.frombuffer(back, dtype=np.uint8).reshape(-1, BYTES)
        blinds = ristretto.column([each.blind for each in openings])
        return oprf.outputs([each.value for each in openings], evaluated, blinds)

    @staticmethod
    def _found(
        labels: Sequence[str], run: str, openings: list[Opening], values: list[bytes], code: bytes, most: int
    ) -> list[Hit]:
        """The subjects whose outputs stand in the peer's coded set, in the order they were asked."""
        held = coded.decode(code, most=most, bits_at_least=coded.bits_for(len(openings)))
        first: dict[int, Hit] = {}
        for at in np.flatnonzero(held.contains([each[:SHARE] for each in values])).tolist():
            place = openings[at].place
            if place not in first:
                first[place] = Hit(place, labels[place], reference(values[at][SHARE:], run))
        return [first[place] for place in sorted(first)]

    def _end(
        self, run: str, state: str, *, padded_size: int = 0, hits: Sequence[Hit] | None = None, why: str = ""
    ) -> None:
        with self._store.transaction() as session:
            held = session.get(MatchRun, run)
            if held is None:
                return
            held.state, held.finished_at, held.padded_size = state, self._now(), padded_size
            held.hits = None if hits is None else len(hits)
            held.details = {name: each for name, each in held.details.items() if name != STATEMENT}
            kept = [{"place": each.place, "reference": each.reference} for each in hits or ()]
            held.details = {**held.details, "hits": kept, **({"why": why[:500]} if why else {})}
            remember(
                session,
                INTERNAL if state == "done" else border(held.peer),
                "matched" if state == "done" else f"match-{state}",
                at=self._now(),
                actor=held.actor,
                subject=run,
                content={"hits": [each["reference"] for each in kept], "why": why},
                keys=held.asked,
            )

    def _told(self, peer: str, what: str, content: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(self._peers.post(peer, f"/exchange/v1/match/{what}", content))
            if not isinstance(answer, dict) or not isinstance(answer["padded_size"], int):
                raise TypeError(what)
        except (ValueError, KeyError, TypeError) as error:
            raise _garbage(peer) from error
        return answer

    def _asked_of(self, peer: str, run: str) -> MatchRun:
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        if held is None or held.side != "ask" or held.peer != peer:
            raise NotFound(_("there is no such run"), where=run[:16])
        return held

    def _mine(self, run: str, actor: Person) -> MatchRun:
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        if held is None or held.side != "ask" or held.details.get("agency") != actor.agency:
            raise NotFound(_("there is no such run for you"), where=run[:16])
        if actor.has("administrator"):
            raise Refused(_("who administers or audits does not read records"), where=actor.name)
        return held


def _blinded(openings: list[Opening]) -> Column:
    blinds = ristretto.column([each.blind for each in openings])
    return oprf.blind_column(oprf.hash_to_group([each.value for each in openings]), blinds)


def _garbage(peer: str) -> Unreachable:
    return Unreachable(
        _("{peer} answered the match with something that is no answer", peer=peer),
        advice=_("the match is over and counted; tell the other side, and start again"),
    )
