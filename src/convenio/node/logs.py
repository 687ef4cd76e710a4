"""The node's ledgers: one internal log, one border log per peer, and the witness of the peers' own."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.custody.clock import TrustedClock
from convenio.exchange.keys import NodeKeys
from convenio.exchange.peers import Peers
from convenio.exchange.transport import PeerSaysNo
from convenio.ledger.checkpoint import SignedCheckpoint
from convenio.ledger.cosigned import ask_for_cosignature, cosigned_at, name_witness, standing
from convenio.ledger.entry import Entry
from convenio.ledger.intents import INTERNAL, StoredIntents, border
from convenio.ledger.log import HOLD, Log
from convenio.ledger.mirror import follow, served
from convenio.ledger.note import CosignatureVerifier, Cosigner, NoteVerifier
from convenio.ledger.recovery import compare, highest_intent, recover
from convenio.ledger.sequencer import Sequencer
from convenio.ledger.successor import Successor, origin_of
from convenio.ledger.tree import Tree
from convenio.ledger.witness import Witness
from convenio.node.home import Home
from convenio.node.settings import Settings
from convenio.stores.operational import Store
from convenio.stores.tables import Intent as Row

WITNESS_LATEST = "/exchange/v1/witness/latest"
ADD_CHECKPOINT = "/exchange/v1/witness/add-checkpoint"
AGAIN = dt.timedelta(seconds=45)
LEAP = 1_000_000
RESTORED = "restored"
SUCCESSOR = "successor.json"


def origin(party: str, log: str) -> str:
    """A log's name in checkpoints: whose it is, and which."""
    return f"convenio.{party}/{log}"


def cosigner(party: str) -> str:
    """A witness's name in cosignatures."""
    return f"convenio.{party}/witness"


class Logs:
    """The logs of one node; open in the process that serves."""

    def __init__(
        self, store: Store, home: Home, keys: NodeKeys, settings: Settings, peers: Peers, clock: TrustedClock
    ) -> None:
        self._store = store
        self._home = home
        self._keys = keys
        self._settings = settings
        self._peers = peers
        self._clock = clock
        self._lock = threading.RLock()
        self._logs: dict[str, Log] = {}
        self._sequencers: dict[str, Sequencer] = {}
        self._asked: dict[str, dt.datetime] = {}
        self._trouble: dict[str, str] = {}
        self._cosigner = Cosigner(cosigner(settings.party), keys.cosigner, lambda: clock().timestamp())
        self._witnessing = threading.Lock()
        self._replay: Callable[[list[Entry]], object] = lambda _entries: None

    def open(self) -> None:
        """Open the internal log and one border log per peer."""
        with self._lock:
            for name in (INTERNAL, *(border(each.party) for each in self._peers.all())):
                self._open(name)
            if any(each.held for each in self._logs.values()):
                self._number_from(LEAP)

    def step(self) -> bool:
        """Append what waits in every log; whether there was anything."""
        with self._lock:
            for each in self._peers.all():
                self._open(border(each.party))
            return sum(each.step() for name, each in self._sequencers.items() if not self._logs[name].held) > 0

    def append_now(self, name: str) -> None:
        """Append what waits in one log before returning; does nothing in a process that does not serve."""
        with self._lock:
            if name in self._sequencers and not self._logs[name].held:
                self._sequencers[name].step()

    def ask_witnesses(self) -> None:
        """Have every border log cosigned that has grown, or whose cosignature is old."""
        failed: ConvenioError | None = None
        for peer in self._peers.all():
            name = border(peer.party)
            log = self._logs.get(name)
            if log is None:
                continue
            if log.held:
                self._recover(peer.party, log)
                continue
            self._name_witness(log, peer.party)
            state = standing(log)
            fresh = state.at is not None and self._clock() - state.at < AGAIN
            if not state.unwitnessed and fresh:
                continue
            try:
                seen = ask_for_cosignature(log, self._sender(peer.party))
                at = cosigned_at(log.folder, seen)
                if at is not None:
                    self._clock.cosigned(at)
                self._trouble.pop(name, None)
                self._peers.seen(peer.party)
            except ConvenioError as error:
                self._trouble[name] = str(error.what)
                failed = error
        if failed is not None:
            raise failed

    def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:
        """A peer's checkpoint of its border log with this node, to be cosigned: status and body of the answer."""
        name = self.peer_origin(peer)
        keys = [NoteVerifier(name, key) for key in self._peers.keys(peer, "ledger")]
        with self._witnessing:
            return Witness(self._home.witness / peer, self._cosigner, keys).add_checkpoint(body)

    def latest(self, peer: str) -> bytes:
        """The last checkpoint of a peer's border log that this node cosigned; empty before the first."""
        seen = self.seen(peer)
        return b"" if seen is None else seen.note.encode()

    def seen(self, peer: str) -> SignedCheckpoint | None:
        """The last checkpoint of a peer's border log that this node cosigned; None before the first."""
        name = self.peer_origin(peer)
        keys = [NoteVerifier(name, key) for key in self._peers.keys(peer, "ledger")]
        return Witness(self._home.witness / peer, self._cosigner, keys).latest(name)

    def peer_origin(self, peer: str) -> str:
        """The name of a peer's border log with this node: its successor's, where both authorities signed one."""
        path = self._home.witness / peer / SUCCESSOR
        if not path.exists():
            return origin(peer, border(self._settings.party))
        return str(Successor.from_json(json.loads(path.read_text(encoding="utf-8"))).body["successor"])

    def file(self, peer: str, path: str) -> bytes:
        """A file of this node's border log with a peer, which that peer may mirror."""
        return served(self._home.ledger / border(peer), path)

    def mirrored_file(self, peer: str, path: str) -> bytes:
        """A file of this node's mirror of a peer's own log, which that peer gets lost entries back from."""
        return served(self._home.mirror / peer, path)

    def mirror_peers(self) -> None:
        """Bring the mirrors of the peers' border logs with this node up to date."""
        for peer in self._peers.all():
            name = self.peer_origin(peer.party)
            keys = [NoteVerifier(name, key) for key in self._peers.keys(peer.party, "ledger")]
            follow(self._home.mirror / peer.party, keys, self._fetcher(peer.party, "ledger"))

    def _recover(self, peer: str, log: Log) -> None:
        """Bring a ledger that was restored from a backup up to what its witness has seen, from the witness's mirror."""
        cosigned = self._peers.post(peer, WITNESS_LATEST, b"").decode("utf-8", "replace")
        gap = compare(log, cosigned or None)
        if gap is None:
            return
        copy = self._home.mirror / f"recovery-{peer}"
        head = follow(copy, [log.signer.verifier], self._fetcher(peer, "mirror"))
        if head.size >= gap.wanted:
            with self._lock:
                recover(log, gap, Tree(copy, head.size).entries(gap.have, gap.wanted))
                self._number_from(0, highest_intent(log))
            self._replay([entry for index, entry in self.entries(border(peer)) if index >= gap.have])

    def _number_from(self, leap: int, highest: int = 0) -> None:
        """Number new intents above all that the restored database may have forgotten.

        Args:
            leap: how far to leap above the highest that it knows, where the lost ones are not known yet.
            highest: the highest number that recovered entries bear.
        """
        with self._store.transaction() as session:
            known = session.scalar(select(func.max(Row.id))) or 0
            marked = session.scalar(select(func.max(Row.id)).where(Row.kind == RESTORED)) or 0
            highest = max(highest, known + leap if marked < known or not leap else known)
            if known < highest:
                session.add(
                    Row(
                        id=highest,
                        log="",
                        kind=RESTORED,
                        at=self._clock(),
                        actor="node",
                        subject="",
                        body={},
                        content={},
                        salt=b"",
                        position=0,
                    )
                )

    def _fetcher(self, peer: str, what: str) -> Callable[[str], bytes]:
        def fetch(path: str) -> bytes:
            try:
                return self._peers.post(peer, f"/exchange/v1/{what}/{path}", b"")
            except PeerSaysNo as error:
                raise NotFound(error.what, where=path) from error

        return fetch

    def state(self) -> list[dict[str, Any]]:
        """How each log stands: also how many entries are made and wait for their place in it (`unwritten`)."""
        now, told = self._clock(), []
        for name, log in sorted(self._logs.items()):
            unwritten = StoredIntents(self._store, name).count()
            held: dict[str, Any] = {"log": name, "size": log.size, "unwritten": unwritten, "held": log.held}
            if name != INTERNAL:
                state = standing(log)
                after = dt.timedelta(seconds=self._settings.witness_seconds)
                held |= {
                    "cosigned_size": state.cosigned,
                    "cosigned_at": state.at.isoformat() if state.at else None,
                    "unwitnessed": state.unwitnessed,
                    "alarm": state.alarm(now, after),
                    "trouble": self._trouble.get(name, ""),
                }
            told.append(held)
        return told

    def get(self, name: str) -> Log | None:
        """A log that is open here."""
        return self._logs.get(name)

    def when_recovered(self, replay: Callable[[list[Entry]], object]) -> None:
        """Say what is done with the entries that a restored ledger had lost, once they are back."""
        self._replay = replay

    def held(self, peer: str) -> bool:
        """Whether the border log with a peer waits for entries that it has lost; also where it is not open."""
        return (self._home.ledger / border(peer) / HOLD).exists()

    def entries(self, name: str) -> Iterator[tuple[int, Entry]]:
        """A log's entries with their indexes; those of another form are passed over."""
        log = self.get(name)
        for index in range(log.size if log is not None else 0):
            try:
                yield index, Entry.parse(log.entry(index))  # type: ignore[union-attr]
            except InputError:
                continue

    def names(self) -> list[str]:
        """The logs that are open here."""
        return sorted(self._logs)

    def close(self) -> None:
        """Append what still waits, then close every log."""
        with self._lock:
            for name, each in self._sequencers.items():
                if not self._logs[name].held:
                    each.step()
            for log in self._logs.values():
                log.close()
            self._logs.clear()
            self._sequencers.clear()

    def _open(self, name: str) -> None:
        if name in self._logs:
            return
        folder = self._home.ledger / name
        log = Log(folder, origin_of(folder, origin(self._settings.party, name)), self._keys.ledger)
        if name != INTERNAL:
            self._name_witness(log, name.removeprefix("border-"))
        self._logs[name] = log
        self._sequencers[name] = Sequencer(log, StoredIntents(self._store, name))

    def _name_witness(self, log: Log, peer: str) -> None:
        """Have a log witnessed by the newest key that the peer's roster holds good now, and by no revoked one."""
        good = self._peers.keys(peer, "cosigner")
        if good:
            name_witness(log.folder, CosignatureVerifier(cosigner(peer), good[-1]))

    def _sender(self, peer: str) -> Callable[[bytes], tuple[int, bytes]]:
        return lambda body: self._peers.call(peer, ADD_CHECKPOINT, body)
