"""Findings that go out under a standing order, in batches: one sealed envelope and one entry for many.

A batch is a release like any other: its content goes first and sealed, the key only after the recipient's signed
acceptance, and the conditions of the clause travel with it. Its entry holds no finding but the root of a tree over them
all, each behind a salt of its own, and their number; so that later one finding can be shown to have been in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from convenio.core.canonical import b64, canonical
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.custody.keystore import KeyStore
from convenio.exchange.budgets import Budgets
from convenio.exchange.desk import Both, Decided, Desk
from convenio.exchange.orders import Orders
from convenio.exchange.ours import require_ours
from convenio.exchange.post import Post
from convenio.exchange.standing import MOST, MOST_BYTES, NONCE, leaves_of, proof_of, root_of, salt_of, unpack
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import OutboxMessage, Release, StandingBatch, StandingGiven, StandingOrder

SALT = "standing/"
"""Under this and the batch's number the key store keeps the salt of its leaves."""


@dataclass(frozen=True)
class Item:
    """A finding that may go out.

    Args:
        reference: what it is called here; under one order it goes once.
        subject_role: the role of the person it is about.
        finding: its fields; only those of the order go out.
    """

    reference: str
    subject_role: str
    finding: Mapping[str, Any]


@dataclass
class Given:
    """What became of the findings that were handed in.

    Args:
        given: how many went into batches.
        before: how many had gone out before, under this order.
        releases: the batches made.
    """

    given: int = 0
    before: int = 0
    releases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Made:
    """A batch before its transaction: the sealed content, its key, and the leaves."""

    items: Sequence[Item]
    role: str
    key: bytes
    sealed: bytes
    leaves: Sequence[bytes]
    release: str


class Batches:
    """What goes out under standing orders.

    Args:
        store: the operational store.
        party: this node's party.
        post: letters.
        desk: where policy is decided.
        orders: the orders.
        vault: the key store.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        party: str,
        post: Post,
        desk: Desk,
        orders: Orders,
        vault: KeyStore,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._party = party
        self._post = post
        self._desk = desk
        self._orders = orders
        self._vault = vault
        self._now = now
        self._budgets = Budgets(store, now)
        post.when_refused("batch", self._sent_back)

    def give(self, order: str, items: Iterable[Item], actor: Person, *, most: int = MOST) -> Given:
        """Give findings out under an order, each once however often it is handed in.

        Every batch is one transaction: what was given before an error stays given, and handing all in again goes on.

        Args:
            order: an open order of a peer.
            items: the findings.
            actor: who hands them in, of the agency the order is for.
            most: findings in a batch, at most; the clause may say less.

        Raises:
            Refused: the order is not open, policy or law says no, or today's number is used up.
            InputError: a finding is about people the order is not about, or has nothing that was ordered.
        """
        duties.require("give", actor.roles, where=actor.name)
        with self._store.reading() as session:
            held, clause = self._orders.alive(session, order, "answer")
        if held.holder != actor.agency:
            raise NotFound(_("there is no such order"), where=order[:16])
        if held.trouble:
            raise Refused(
                _("the other side refused the last batch: {why}", why=held.trouble),
                where=order[:16],
                advice=_("mend what it says, then let the order go on"),
            )
        size = min(most, clause.budgets.subjects_per_request or most)
        done = Given()
        for role, chunk in self._chunks(held, items, size):
            fresh = self._fresh(order, chunk)
            done.before += len(chunk) - len(fresh)
            if fresh:
                done.releases.append(self._go(held, self._make(held, fresh, role), actor))
                done.given += len(fresh)
        return done

    def gone(self, order: str, references: Sequence[str]) -> set[str]:
        """Those of these findings that went out under an order."""
        found = set[str]()
        with self._store.reading() as session:
            for first in range(0, len(references), MOST):
                wanted = StandingGiven.reference.in_(references[first : first + MOST])
                mine = select(StandingGiven.reference).where(StandingGiven.order == order, wanted)
                found |= set(session.scalars(mine))
        return found

    def proof(self, order: str, reference: str, person: Person) -> dict[str, Any]:
        """That one finding was in a batch: its leaf's place, the hashes up to the root, and the batch's release.

        Raises:
            NotFound: it never went out under this order.
        """
        duties.require("audit", person.roles, where=person.name)
        with self._store.reading() as session:
            given = session.get(StandingGiven, (order, reference))
            batch = session.get(StandingBatch, given.release) if given is not None else None
        if given is None or batch is None or batch.leaves is None:
            raise NotFound(_("this finding never went out under this order"), where=reference[:64])
        leaves = unpack(batch.leaves)
        return {
            "release": batch.release,
            "root": batch.root,
            "count": batch.count,
            "place": given.place,
            "salt": b64(self._vault.get(f"{SALT}{batch.release}")),
            "leaf": leaves[given.place].hex(),
            "proof": [each.hex() for each in proof_of(leaves, given.place)],
        }

    def _chunks(self, held: StandingOrder, items: Iterable[Item], size: int) -> Iterator[tuple[str, list[Item]]]:
        """Findings of one role at a time, at most `size` together and no more bytes than an envelope bears."""
        waiting: dict[str, list[Item]] = {}
        for each in items:
            if each.subject_role not in held.subject_roles:
                raise InputError(
                    _("this order is not about people in the role {role}", role=each.subject_role),
                    where=each.reference[:64],
                    kept=_("what was given before it stays given"),
                )
            chunk = waiting.setdefault(each.subject_role, [])
            chunk.append(each)
            if len(chunk) >= size:
                yield each.subject_role, waiting.pop(each.subject_role)
        yield from waiting.items()

    def _fresh(self, order: str, chunk: Sequence[Item]) -> list[Item]:
        """Those of a chunk that did not go out before, once they are the party's own."""
        by_name = {each.reference: each for each in chunk}
        with self._store.reading() as session:
            wanted = select(StandingGiven.reference).where(
                StandingGiven.order == order, StandingGiven.reference.in_(list(by_name))
            )
            gone = set(session.scalars(wanted))
            fresh = [(name, each.finding) for name, each in by_name.items() if name not in gone]
            require_ours(session, self._party, fresh)
        return [each for name, each in by_name.items() if name not in gone]

    def _make(self, held: StandingOrder, items: Sequence[Item], role: str) -> _Made:
        fields = set(held.fields)
        findings = []
        for each in items:
            wanted = {name: _plain(value) for name, value in each.finding.items() if name in fields}
            if not wanted:
                raise InputError(
                    _("this finding has none of the fields that were ordered"),
                    where=each.reference[:64],
                    kept=_("what was given before it stays given"),
                )
            findings.append(canonical(wanted))
        key, nonce, release = os.urandom(32), os.urandom(NONCE), uuid.uuid4().hex
        content = b"[" + b",".join(findings) + b"]"
        if len(content) > MOST_BYTES:
            raise InputError(
                _("these findings are longer than {most} bytes together", most=MOST_BYTES),
                advice=_("hand them in with a smaller number in a batch"),
                kept=_("what was given before it stays given"),
            )
        sealed = nonce + AESGCM(key).encrypt(nonce, content, release.encode())
        return _Made(items, role, key, sealed, leaves_of(salt_of(key), findings), release)

    def _go(self, order: StandingOrder, made: _Made, actor: Person) -> str:
        """One batch goes out, in one transaction; a denial is kept with its receipt, and then told."""
        try:
            with self._store.transaction() as session:
                held, _clause = self._orders.alive(session, order.id, "answer")
                question = self._orders.question(held, made.role, len(made.items), made.release)
                decided = self._desk.decide(question, log=border(held.peer), session=session)
                if decided.allowed:
                    self._enter(session, held, made, actor, self._conditions(held, made, decided), decided.receipt)
        except IntegrityError as error:
            raise Conflict(
                _("some of these findings are being given by somebody else at this moment"),
                where=order.id[:16],
                advice=_("hand them in again; what went out is passed over"),
                kept=_("what was given before it stays given"),
            ) from error
        if not decided.allowed:
            raise Refused(
                Both(decided.reasons),
                where=_("clause {clause}", clause=order.clause),
                advice=_("receipt {receipt}", receipt=decided.receipt),
                kept=_("what was given before it stays given"),
            )
        return made.release

    def _conditions(self, held: StandingOrder, made: _Made, decided: Decided) -> dict[str, Any]:
        return self._desk.conditions(
            decided,
            release=made.release,
            originator=self._party,
            recipient=held.peer,
            agency=held.asker_agency,
            agreement=held.agreement,
            clause=held.clause,
            case=held.case_reference,
            at=self._now(),
            until=None,
        )

    def _enter(
        self,
        session: Session,
        held: StandingOrder,
        made: _Made,
        actor: Person,
        conditions: dict[str, Any],
        receipt: str,
    ) -> None:
        now, count, told = self._now(), len(made.items), hashlib.sha256(made.sealed).hexdigest()
        self._budgets.use(session, held.peer, held.clause, "answer", f"standing/{held.id}", count, held.per_day)
        held.numbers += 1
        root = root_of(made.leaves)
        self._vault.put(f"release/{made.release}", made.key)
        self._vault.put(f"{SALT}{made.release}", salt_of(made.key))
        session.add(
            Release(
                id=made.release,
                peer=held.peer,
                request=held.id,
                agreement=held.agreement,
                clause=held.clause,
                conditions=conditions,
                content_digest=told,
                key=f"release/{made.release}",
                acceptance=None,
                state="offered",
                released_at=now,
                expires_at=dt.datetime.fromisoformat(conditions["expires_at"]),
            )
        )
        letter = self._post.write(
            session,
            held.peer,
            "batch",
            {
                "release": made.release,
                "order": held.id,
                "number": held.numbers,
                "count": count,
                "root": root,
                "conditions": conditions,
                "content": b64(made.sealed),
            },
            agreement=held.agreement,
            clause=held.clause,
        )
        session.add(
            StandingBatch(
                release=made.release,
                order=held.id,
                side="answer",
                number=held.numbers,
                count=count,
                root=root,
                letter=letter,
                leaves=b"".join(made.leaves),
                at=now,
            )
        )
        given = [
            {"order": held.id, "reference": each.reference, "release": made.release, "place": place}
            for place, each in enumerate(made.items)
        ]
        session.execute(insert(StandingGiven), given)
        remember(
            session,
            border(held.peer),
            "released",
            at=now,
            actor=actor.name,
            subject=made.release,
            content={"order": held.id, "fields": list(held.fields), "conditions": conditions},
            request=held.id,
            agreement_digest=held.agreement_digest,
            clause=held.clause,
            content_digest=told,
            subjects=count,
            root=root,
            approvals=[each["credential"] for each in held.approvals],
            receipt=receipt,
        )

    def _sent_back(self, session: Session, message: OutboxMessage, why: str) -> None:
        """The peer refused a batch for good: it is withdrawn, its findings may go again, and the order waits."""
        batch = session.scalars(select(StandingBatch).where(StandingBatch.letter == message.id)).first()
        release = session.get(Release, batch.release) if batch is not None else None
        if batch is None or release is None or release.state != "offered":
            return
        release.state, release.key = "withdrawn", None
        self._vault.erase(f"release/{batch.release}", f"{SALT}{batch.release}")
        session.execute(delete(StandingGiven).where(StandingGiven.release == batch.release))
        order = session.get(StandingOrder, batch.order)
        if order is not None:
            order.trouble = why[:1000]
        remember(
            session,
            border(message.peer),
            "release-withdrawn",
            at=self._now(),
            actor="node",
            subject=batch.release,
            content={"why": why},
            request=batch.order,
            subjects=batch.count,
            root=batch.root,
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
