"""One sovereign node, put together: every room with its place in the folder, its keys and its clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from convenio.custody.clock import TrustedClock
from convenio.custody.copies import Copies
from convenio.custody.derived import Derived
from convenio.custody.holdings import Holdings
from convenio.custody.keystore import KeyStore
from convenio.custody.receipts import Receipts
from convenio.exchange.agreements import Agreements
from convenio.exchange.answering import Answering
from convenio.exchange.asking import Asking
from convenio.exchange.batches import Batches
from convenio.exchange.consenting import Consenting
from convenio.exchange.corrected import Corrected
from convenio.exchange.corrections import Corrections, end_corrections
from convenio.exchange.courier import Courier
from convenio.exchange.deciding import Deciding
from convenio.exchange.desk import Desk
from convenio.exchange.keys import load_keys
from convenio.exchange.onward import Onward
from convenio.exchange.orders import Orders
from convenio.exchange.paperwork import Paperwork
from convenio.exchange.peers import Peers
from convenio.exchange.post import ASIDE, Post
from convenio.exchange.recalling import Recalling
from convenio.exchange.releases import Releases
from convenio.exchange.requests import Requests
from convenio.exchange.rotation import with_others
from convenio.exchange.sentback import SentBack
from convenio.exchange.snapshots import Snapshots
from convenio.exchange.taking import Taking
from convenio.exchange.wire import Exchange
from convenio.ledger.intents import INTERNAL
from convenio.node.home import Home
from convenio.node.logs import Logs
from convenio.node.rounds import Round, Rounds
from convenio.node.settings import Settings, read_settings
from convenio.people.accounts import People
from convenio.people.credentials import Credentials
from convenio.stores.operational import Store

Clock = Callable[[], dt.datetime]


def now() -> dt.datetime:
    """The machine's time, in UTC."""
    return dt.datetime.now(dt.UTC)


class Node:
    """A party's node. Made by `bootstrap`."""

    def __init__(self, settings: Settings, *, clock: Clock = now, fast: bool = False) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        self.keys = with_others(load_keys(self.home.keys), self.home.keys)
        self.store = Store(settings.url)
        self.store.migrate()
        self.vault = KeyStore(self.home.vault)
        self.clock = TrustedClock(self.store, clock)
        self.people = People(self.store, self.clock, fast=fast)
        self.credentials = Credentials(self.store, self.clock)
        self.holdings = Holdings(self.store, self.vault, self.home.tables, self.clock)
        self.receipts = Receipts(self.store, self.keys.node, settings.party, self.clock)
        self.copies = Copies(self.store, self.vault, self.receipts, settings.party, self.clock)
        self.peers = Peers(self.store, settings.party, self.keys, self.clock)
        self.agreements = Agreements(self.store, self.peers, settings.party, self.clock)
        self.desk = Desk(self.store, self.agreements, self.receipts, settings.party, self.clock)
        self.logs = Logs(self.store, self.home, self.keys, settings, self.peers, self.clock)
        self.copies.uncertain_while(self.logs.held)
        self.logs.when_recovered(self.copies.replay)
        self.post = Post(self.store, settings.party, self.keys, self.peers, self.clock)
        self.peers.when_heard(self.post.hurry)
        self.snapshots = Snapshots(self.store, self.vault, self.home.matches, self.holdings, self.clock)
        self.answering = Answering(
            self.store, settings.party, self.peers, self.desk, self.snapshots, self.home.matches, self.clock
        )
        self.asking = Asking(
            self.store, settings.party, self.keys, self.vault, self.peers, self.desk, self.clock, self.logs.append_now
        )
        self.releases = Releases(
            self.store,
            settings.party,
            self.post,
            self.desk,
            self.peers,
            self.holdings,
            self.copies,
            self.vault,
            self.clock,
        )
        self.requests = Requests(self.store, settings.party, self.post, self.desk, self.asking, self.clock)
        self.deciding = Deciding(
            self.store,
            settings.party,
            self.post,
            self.desk,
            self.snapshots,
            self.credentials,
            self.releases,
            self._agencies_of,
            self.clock,
        )
        self.orders = Orders(self.store, settings.party, self.post, self.desk, self.peers, self.credentials, self.clock)
        self.batches = Batches(self.store, settings.party, self.post, self.desk, self.orders, self.vault, self.clock)
        self.taking = Taking(self.store, self.post, self.desk, self.orders, self.copies, self.clock)
        self.releases.when_keyed(self.taking.check_key)
        self.recalling = Recalling(self.store, self.post, self.copies, self.vault, self.clock)
        self.sent_back = SentBack(self.post, self.vault, self.clock)
        self.derived = Derived(self.store, self.vault, self.copies, self.clock)
        self.onward = Onward(
            self.store,
            settings.party,
            self.post,
            self.desk,
            self.peers,
            self.copies,
            self.receipts,
            self.clock,
        )
        self.consenting = Consenting(
            self.store, settings.party, self.post, self.desk, self.credentials, self._agencies_of, self.clock
        )
        self.corrections = Corrections(
            self.store,
            settings.party,
            self.post,
            self.desk,
            self.holdings,
            self.vault,
            self.credentials,
            self.clock,
        )
        self.corrected = Corrected(
            self.store, settings.party, self.post, self.desk, self.peers, self.copies, self.clock
        )
        self.releases.after_recall(lambda session, release: end_corrections(session, self.vault, release, self.clock()))
        self.paperwork = Paperwork(self.store, settings.party, self.logs.entries, self.clock)
        self.courier = Courier(self.store, self.post, self.peers, self.asking, self.answering, self.clock)
        self._rounds: Rounds | None = None

    def start(self) -> None:
        """Open the ledgers and begin the rounds; only the process that serves does this."""
        self.logs.open()
        self._rounds = Rounds(
            [
                Round("ledger", 0.2, self.logs.step),
                Round("post", 0.3, self.post.deliver),
                Round("witness", 0.5, self.logs.ask_witnesses),
                Round("mirror", 5.0, self.logs.mirror_peers),
                Round("trust", 5.0, self.peers.let_in),
                Round("expiry", 1.0, self.copies.expire),
                Round("results", 5.0, self.derived.expire),
                Round("matches", 5.0, self.asking.go_on_with_all),
                Round("snapshots", 300.0, self.snapshots.tidy),
                Round("leftovers", 300.0, self.holdings.tidy),
            ]
        )
        self._rounds.start()

    def stop(self) -> None:
        """End the rounds, close the ledgers and the database."""
        if self._rounds is not None:
            self._rounds.stop()
            self._rounds = None
        self.logs.close()
        self.close()

    def close(self) -> None:
        """Close the database and the key store."""
        self.peers.close()
        self.vault.close()
        self.store.close()

    def exchange(self) -> Exchange:
        """What stands behind the exchange port."""
        return Exchange(
            self.peers,
            self.post,
            self.answering,
            self.logs.add_checkpoint,
            self.outward_status,
            self.logs.latest,
            self.logs.file,
            self.logs.mirrored_file,
        )

    def outward_status(self) -> dict[str, Any]:
        """What a peer may know: that it serves, and how its clock stands."""
        return {"party": self.settings.party, "at": self.clock().isoformat()}

    def status(self) -> dict[str, Any]:
        """The node's state for its own people: clock, ledgers, peers, what waits, what is wrong."""
        clock, waiting = self.clock.state(), self.post.waiting()
        return {
            "party": self.settings.party,
            "name": self.settings.name,
            "address": self.settings.address,
            "at": clock.local.isoformat(),
            "clock": {
                "cosigned": clock.cosigned.isoformat() if clock.cosigned else None,
                "set_back": clock.set_back,
                "jumped_ahead": clock.jumped_ahead,
            },
            "ledgers": self.logs.state(),
            "peers": [
                {
                    "party": each.party,
                    "address": each.address,
                    "last_seen": each.last_seen.isoformat() if each.last_seen else None,
                    "called_at": called.isoformat() if (called := self.post.called_at(each.party)) else None,
                }
                for each in self.peers.all()
            ],
            "agreements": [
                {"id": each.document.id, "version": each.document.version} for each in self.agreements.in_force()
            ],
            "waiting": [
                {"peer": each.peer, "kind": each.kind, "since": each.created_at.isoformat(), "trouble": each.trouble}
                for each in waiting[:100]
            ],
            "set_aside": [
                {
                    "peer": each.peer,
                    "letter": each.id,
                    "kind": each.kind,
                    "since": each.created_at.isoformat(),
                    "tries": each.tries,
                    "next_try": each.next_try.isoformat(),
                    "trouble": each.trouble,
                }
                for each in waiting
                if each.tries >= ASIDE
            ][:100],
            "requests": {state: self.requests.count(state) for state in ("waiting", "sent", "released", "refused")},
            "receipts": self.receipts.count(),
            "contacts": [
                {"exchange": each.exchange, "peer": each.peer, "due": each.due.isoformat(), "state": each.state}
                for each in self.paperwork.late()
            ],
            "troubles": self._rounds.troubles() if self._rounds is not None else {},
        }

    def _agencies_of(self, datasets: Sequence[str]) -> set[str]:
        return {each.agency for each in self.holdings.all() if each.id in datasets}


def bootstrap(settings: Settings, *, clock: Clock = now, fast: bool = False) -> Node:
    """Put a node together from its settings.

    Args:
        settings: where it lives and what it is called.
        clock: the machine's time; tests give another.
        fast: weaken password hashing, for tests only.
    """
    return Node(settings, clock=clock, fast=fast)


def open_node(home: Any, *, clock: Clock = now) -> Node:
    """The node in a folder.

    Raises:
        InputError: there is none.
    """
    return bootstrap(read_settings(home), clock=clock)


__all__ = ["INTERNAL", "Node", "bootstrap", "now", "open_node"]
