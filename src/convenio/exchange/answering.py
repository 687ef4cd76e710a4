"""The side that answers a blind match: it learns who asks, under which clause, how many keys; nothing of the keys."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.exceptions import InvalidSignature
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.exchange.budgets import Budgets
from convenio.exchange.desk import Desk, Question
from convenio.exchange.peers import Peers
from convenio.exchange.ristretto import BYTES, Column
from convenio.exchange.snapshots import Snapshots
from convenio.ledger.intents import border, remember
from convenio.stores.operational import Store
from convenio.stores.tables import MatchRun

STATEMENT = b"convenio/match/v1\n"
RUN_LASTS = dt.timedelta(hours=1)


class Statement(BaseModel):
    """What the asker says, and signs, before it sends an element."""

    model_config = ConfigDict(extra="forbid")

    v: int = 1
    run: str = Field(pattern=r"^[0-9a-f]{32}$")
    asker: str = Field(max_length=64)
    answerer: str = Field(max_length=64)
    agreement: str = Field(max_length=128)
    clause: str = Field(max_length=64)
    purpose: str = Field(max_length=64)
    kind: str = Field(max_length=64)
    case: str = Field(max_length=200)
    person: str = Field(max_length=64)
    agency: str = Field(max_length=64)
    role: str = Field(max_length=64)
    subject_role: str = Field(max_length=32)
    subjects: int = Field(ge=1, le=10_000_000)
    keys: int = Field(ge=1, le=10_000_000)
    commitment: str = Field(pattern=r"^[0-9a-f]{64}$")
    at: dt.datetime

    def signed_bytes(self) -> bytes:
        """What the asker's node signs."""
        return STATEMENT + canonical(self.model_dump(mode="json"))


class Answering:
    """Answers the matches that peers ask for.

    Args:
        store: the operational store.
        party: this node's party.
        peers: what is known of peers.
        desk: where policy is decided.
        snapshots: the sets that are answered from.
        folder: where the elements that came are kept for the auditor.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        peers: Peers,
        desk: Desk,
        snapshots: Snapshots,
        folder: Path,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._peers = peers
        self._desk = desk
        self._snapshots = snapshots
        self._folder = folder
        self._now = now
        self._budgets = Budgets(store, now)

    def open(self, peer: str, body: dict[str, Any], *, within: dt.timedelta = RUN_LASTS) -> dict[str, Any]:
        """Decide on a run that a peer wants to make, and give it a set to ask about.

        Args:
            peer: who asks.
            body: its signed statement.
            within: how old the statement may be; longer for one that was carried as a file.

        Raises:
            InputError: the statement or its signature does not fit.
            Refused: policy, law or budget do not allow it; a receipt is kept and its number told.
            Conflict: the run was opened before with another statement.
        """
        said = self._read(peer, body, within)
        with self._store.reading() as session:
            before = session.get(MatchRun, said.run)
        if before is not None:
            return self._again(before, said)
        agreement, clause = self._desk.clause(said.agreement, said.clause)
        used = self._budgets.used(peer, said.clause, "answer", "keys")
        self._desk.require(
            Question(
                action="match",
                agreement=said.agreement,
                clause=said.clause,
                purpose=said.purpose,
                actor=said.person,
                role=said.role,
                agency=said.agency,
                asking_party=peer,
                answering_party=self._party,
                case=said.case,
                match_key=said.kind,
                keys_in_run=said.keys,
                keys_today=used + said.keys,
                subject_role=said.subject_role,
                categories=clause.categories,
                subject=said.run,
            ),
            log=border(peer),
        )
        snapshot = self._snapshots.ready(peer, agreement.digest, clause, said.kind)
        with self._store.transaction() as session:
            self._budgets.use(session, peer, said.clause, "answer", "keys", said.keys, clause.budgets.keys_per_day)
            session.add(self._row(peer, said, snapshot.id, snapshot.padded_size))
        return {"run": said.run, "snapshot": snapshot.id, "padded_size": snapshot.padded_size, "bits": snapshot.bits}

    def evaluate(self, peer: str, run: str, elements: bytes) -> bytes:
        """Evaluate a run's elements, once; the same elements again get the same answer.

        Raises:
            InputError: another number of elements than was said, or one that is no group element or the identity.
            Conflict: the run was answered for other elements, or its time is over.
        """
        held = self._run(peer, run)
        if len(elements) != held.asked * BYTES:
            raise InputError(
                _(
                    "{got} bytes came where {wanted} elements of 32 bytes were announced",
                    got=len(elements),
                    wanted=held.asked,
                ),
                where=run[:16],
            )
        told = hashlib.sha256(elements).hexdigest()
        if held.details.get("elements") not in {None, told}:
            raise Conflict(_("this run was answered for other elements"), where=run[:16])
        blinded: Column = np.frombuffer(elements, dtype=np.uint8).reshape(-1, BYTES)
        answer = self._snapshots.evaluate(held.snapshot, blinded).tobytes()
        if held.details.get("elements") is None:
            self._keep(run, elements)
            with self._store.transaction() as session:
                self._answered(session, run, told)
        return answer

    def coded_set(self, peer: str, run: str) -> bytes:
        """The coded set of a run that was answered."""
        held = self._run(peer, run)
        if held.state != "answered":
            raise Conflict(_("the elements of this run have not been sent"), where=run[:16])
        return self._snapshots.coded_set(held.snapshot)

    def elements(self, run: str) -> Column:
        """The elements that came in a run, for the auditor."""
        path = self._folder / f"{run}.elements"
        if not path.exists():
            raise NotFound(_("the elements of this run are not kept here"), where=run[:16])
        return np.frombuffer(path.read_bytes(), dtype=np.uint8).reshape(-1, BYTES)

    def _read(self, peer: str, body: dict[str, Any], within: dt.timedelta) -> Statement:
        try:
            said = Statement.model_validate(body["statement"])
            signature, key = unb64(body["signature"]), str(body["key"])
        except (KeyError, TypeError, ValidationError) as error:
            raise InputError(_("this is no statement of a match")) from error
        if said.asker != peer or said.answerer != self._party:
            raise Refused(_("this statement is not from {peer} to this node", peer=peer))
        signer = self._peers.known()[peer].node_keys.get(key)
        try:
            if signer is None:
                raise InvalidSignature
            signer.verify(signature, said.signed_bytes())
        except InvalidSignature as error:
            raise Refused(
                _("the signature under this statement does not fit"),
                advice=_("ask the other side for its newest roster, signed by its authority"),
            ) from error
        if not -RUN_LASTS < self._now() - said.at < within:
            raise Refused(
                _("this statement is of another time, {moment}", moment=said.at.isoformat()),
                advice=_("compare the clocks of both nodes"),
            )
        return said

    def _again(self, before: MatchRun, said: Statement) -> dict[str, Any]:
        if before.commitment != said.commitment or before.asked != said.keys or before.peer != said.asker:
            raise Conflict(_("this run was opened before with another statement"), where=said.run[:16])
        return {
            "run": before.id,
            "snapshot": before.snapshot,
            "padded_size": before.padded_size,
            "bits": self._snapshots.bits(before.snapshot),
        }

    def _row(self, peer: str, said: Statement, snapshot: str, padded_size: int) -> MatchRun:
        return MatchRun(
            id=said.run,
            side="answer",
            peer=peer,
            agreement=said.agreement,
            clause=said.clause,
            key_kind=said.kind,
            case_reference=said.case,
            actor=said.person,
            snapshot=snapshot,
            subjects=said.subjects,
            asked=said.keys,
            padded_size=padded_size,
            hits=None,
            state="open",
            commitment=said.commitment,
            details={"agency": said.agency},
            openings=None,
            started_at=self._now(),
            finished_at=None,
        )

    def _run(self, peer: str, run: str) -> MatchRun:
        with self._store.reading() as session:
            held = session.get(MatchRun, run)
        if held is None or held.peer != peer or held.side != "answer":
            raise NotFound(_("there is no such run"), where=run[:16])
        if held.started_at + RUN_LASTS < self._now():
            raise Conflict(_("the time of this run is over"), where=run[:16], advice=_("start the match again"))
        return held

    def _answered(self, session: Session, run: str, told: str) -> None:
        held = session.get(MatchRun, run)
        if held is None or held.state != "open":
            return
        held.state, held.finished_at = "answered", self._now()
        held.details = {**held.details, "elements": told}
        remember(
            session,
            border(held.peer),
            "answered",
            at=self._now(),
            actor="node",
            subject=run,
            content={"case": held.case_reference, "person": held.actor, "agency": held.details["agency"]},
            agreement=held.agreement,
            clause=held.clause,
            key_kind=held.key_kind,
            keys=held.asked,
            padded_size=held.padded_size,
            commitment=held.commitment,
            elements=told,
        )

    def _keep(self, run: str, elements: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{run}.part"
        with part.open("wb") as file:
            file.write(elements)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / f"{run}.elements")


def signed(said: Statement, sign: Callable[[bytes], bytes], public: bytes) -> dict[str, Any]:
    """A statement as it goes over the wire."""
    return {
        "statement": said.model_dump(mode="json"),
        "signature": b64(sign(said.signed_bytes())),
        "key": b64(public),
    }
