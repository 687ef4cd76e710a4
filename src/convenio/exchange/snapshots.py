"""Immutable sets that one peer may ask about, each under a key of its own that dies with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from sqlalchemy import select

from convenio.core.errors import Conflict
from convenio.core.words import _
from convenio.custody.holdings import Holding, Holdings, Purpose
from convenio.custody.keystore import KeyStore
from convenio.exchange import oprf, ristretto
from convenio.exchange.coded import bits_for, encode
from convenio.exchange.padding import padded
from convenio.exchange.points import PointCache
from convenio.exchange.ristretto import Column
from convenio.policy.clause import Clause
from convenio.stores.operational import Store
from convenio.stores.sealed_tables import read_sealed, write_sealed
from convenio.stores.tables import MatchSnapshot

LASTS = dt.timedelta(hours=24)
REFERENCES_LAST = dt.timedelta(days=14)
SHARE = 32


def reference(secret: bytes, run: str) -> str:
    """What stands for a hit in step two: it can be made only by someone who holds the function's value."""
    return hmac.new(secret, b"convenio/hit/v1/" + run.encode(), hashlib.sha256).hexdigest()


class Snapshots:
    """The sets this node answers from.

    A snapshot is made for one peer, clause and kind of match key. Its key is destroyed when it is retired; the values'
    second halves, from which hit references are made, stay sealed until no request may cite them any more.

    Args:
        store: the operational store.
        keys: the key store.
        folder: where snapshots and points lie.
        holdings: the party's records.
        now: the clock.
    """

    def __init__(
        self, store: Store, keys: KeyStore, folder: Path, holdings: Holdings, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._keys = keys
        self._folder = folder
        self._holdings = holdings
        self._now = now
        self._points = PointCache(holdings, keys, folder)
        self._lock = threading.Lock()

    def ready(self, peer: str, agreement: str, clause: Clause, kind: str) -> MatchSnapshot:
        """The snapshot that answers this peer now; prepared if there is none, or the records have changed."""
        with self._lock:
            datasets = self._datasets(clause)
            basis = _basis(datasets)
            for held in self._all(peer, clause.id, kind, "ready"):
                if held.basis == basis and held.agreement == agreement and held.expires_at > self._now():
                    return held
                self.retire(held.id)
            return self._prepare(peer, agreement, clause, kind, datasets, basis)

    def evaluate(self, snapshot: str, blinded: Column) -> Column:
        """Each blinded element times the snapshot's key.

        Raises:
            ElementError: an element is none, or is the identity; nothing is computed.
            Conflict: the snapshot was retired and its key destroyed.
        """
        held = self._get(snapshot)
        if not self._keys.has(f"oprf/{held.id}"):
            raise _retired(snapshot)
        return oprf.evaluate(self._keys.get(f"oprf/{held.id}"), blinded)

    def coded_set(self, snapshot: str) -> bytes:
        """The set of a snapshot, coded and padded, as the peer is given it."""
        held = self._get(snapshot)
        path = self._folder / f"{held.id}.set"
        if held.state != "ready" or not path.exists():
            raise _retired(snapshot)
        return path.read_bytes()

    def bits(self, snapshot: str) -> int:
        """The bits per element of a snapshot's coded set."""
        return self._get(snapshot).bits

    def resolve(self, snapshot: str, run: str, references: Sequence[str]) -> list[tuple[str, int] | None]:
        """The dataset and row behind each hit reference of a run; None where it stands for no hit."""
        held = self._get(snapshot)
        if not self._keys.has(held.key):
            return [None] * len(references)
        table = read_sealed(self._folder / held.file, self._keys.get(held.key))
        wanted = dict.fromkeys(references, -1)
        for at, secret in enumerate(table.column("secret").to_pylist()):
            made = reference(secret, run)
            if made in wanted:
                wanted[made] = at
        holdings, rows = table.column("holding"), table.column("row")
        return [
            None if wanted[each] < 0 else (holdings[wanted[each]].as_py(), rows[wanted[each]].as_py())
            for each in references
        ]

    def retire(self, snapshot: str) -> None:
        """Destroy a snapshot's key and its set: an old answer never tests a newer set."""
        self._keys.erase(f"oprf/{snapshot}")
        (self._folder / f"{snapshot}.set").unlink(missing_ok=True)
        with self._store.transaction() as session:
            held = session.get(MatchSnapshot, snapshot)
            if held is not None:
                held.state = "retired"

    def tidy(self) -> None:
        """Retire what is past its time; erase what no request may cite any more, and points of erased datasets."""
        now = self._now()
        with self._store.reading() as session:
            held = list(session.scalars(select(MatchSnapshot).where(MatchSnapshot.state != "gone")))
        for each in held:
            if each.state == "ready" and each.expires_at <= now:
                self.retire(each.id)
            if each.state == "retired" and each.created_at + REFERENCES_LAST <= now:
                self._keys.erase(each.key)
                (self._folder / each.file).unlink(missing_ok=True)
                with self._store.transaction() as session:
                    kept = session.get(MatchSnapshot, each.id)
                    if kept is not None:
                        kept.state = "gone"
        self._points.forget(self._holdings.all())

    def _prepare(
        self, peer: str, agreement: str, clause: Clause, kind: str, datasets: list[Holding], basis: str
    ) -> MatchSnapshot:
        points = self._points.of(datasets, kind, Purpose(clause.purpose, f"match/{peer}/{clause.id}"))
        made, name = uuid.uuid4().hex, f"snapshot-{uuid.uuid4().hex}"
        key = ristretto.random_scalar()
        values = oprf.own_outputs(key, points.inputs, points.elements) if len(points) else []
        size = padded(len(values))
        bits = bits_for(clause.budgets.keys_per_run or 1)
        code = encode(values + [os.urandom(SHARE) for _each in range(size - len(values))], bits)
        sealed = pa.table(
            {
                "secret": pa.array([each[SHARE:] for each in values], pa.binary()),
                "holding": pa.array(points.holdings, pa.string()),
                "row": pa.array(np.asarray(points.rows, dtype=np.int64)),
            }
        )
        held = MatchSnapshot(
            id=made,
            peer=peer,
            agreement=agreement,
            clause=clause.id,
            key_kind=kind,
            basis=basis,
            size=len(values),
            padded_size=size,
            bits=bits,
            file=f"{made}.snapshot",
            key=name,
            state="ready",
            created_at=self._now(),
            expires_at=self._now() + LASTS,
        )
        write_sealed(sealed, self._folder / held.file, self._keys.create(name))
        (self._folder / f"{made}.set").write_bytes(code)
        self._keys.put(f"oprf/{made}", key)
        with self._store.transaction() as session:
            session.add(held)
        return held

    def _datasets(self, clause: Clause) -> list[Holding]:
        return [each for each in self._holdings.all() if each.category in clause.categories]

    def _all(self, peer: str, clause: str, kind: str, state: str) -> list[MatchSnapshot]:
        wanted = select(MatchSnapshot).where(
            MatchSnapshot.peer == peer,
            MatchSnapshot.clause == clause,
            MatchSnapshot.key_kind == kind,
            MatchSnapshot.state == state,
        )
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def _get(self, snapshot: str) -> MatchSnapshot:
        with self._store.reading() as session:
            held = session.get(MatchSnapshot, snapshot)
        if held is None:
            raise _retired(snapshot)
        return held


def _basis(datasets: Sequence[Holding]) -> str:
    return hashlib.sha256("".join(sorted(each.id + each.digest for each in datasets)).encode()).hexdigest()


def _retired(snapshot: str) -> Conflict:
    return Conflict(
        _("this set is no longer answered from: its key was destroyed"),
        where=snapshot[:16],
        advice=_("start the match again"),
    )
