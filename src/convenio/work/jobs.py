"""Long work runs as jobs: they go on when the page is closed, and are taken up again after a restart where they can be.

What a job is about stands in its row, or sealed in a parcel under the job's number. What is kept in memory is gone with
the process; such a job says so afterwards.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from convenio.core.errors import ConvenioError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import People, Person
from convenio.stores.operational import Store
from convenio.work.tables import Job

log = logging.getLogger("convenio.work")
WORKERS = 2
LEAST_STEP = 0.01
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Task:
    """What a handler is given.

    Args:
        number: the job's number.
        person: who ordered it.
        params: what stands in the row.
        held: what was kept in memory; None after a restart.
        tell: says how far it is, from 0 to 1.
    """

    number: str
    person: Person
    params: Mapping[str, Any]
    held: Any
    tell: Tell


Handler = Callable[[Task], str]


class Jobs:
    """The jobs of one node.

    Args:
        store: the operational store.
        people: the accounts.
        now: the clock.
    """

    def __init__(self, store: Store, people: People, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._people = people
        self._now = now
        self._handlers: dict[str, tuple[Handler, bool]] = {}
        self._waiting: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        self._lock = threading.Lock()

    def handle(self, kind: str, handler: Handler, *, again: bool) -> None:
        """Say what a kind of job does; it returns the address of what came of it.

        Args:
            kind: the kind.
            handler: does it.
            again: whether it can begin anew from its row after a restart.
        """
        self._handlers[kind] = (handler, again)

    def resume(self) -> int:
        """After a start: take up what can begin anew, and end what cannot; how many were taken up."""
        with self._store.transaction() as session:
            left = session.scalars(select(Job).where(Job.state.in_(["waiting", "running"]))).all()
            taken = []
            for each in left:
                if self._handlers.get(each.kind, (None, False))[1]:
                    each.state, each.share = "waiting", None
                    taken.append(each.id)
                else:
                    each.state, each.finished_at = "failed", self._now()
                    each.trouble = _("the node was stopped meanwhile; start this again").in_both()
        for number in taken:
            self._go(number, None)
        return len(taken)

    def start(
        self,
        kind: str,
        person: Person,
        title: Message,
        params: Mapping[str, Any] | None = None,
        *,
        held: Any = None,
        first: Callable[[str], None] | None = None,
    ) -> str:
        """Start a job; its number.

        Args:
            kind: its kind.
            person: who orders it.
            title: what it is called.
            params: what stands in its row.
            held: what is kept in memory alone.
            first: what is done with its number before it stands in the store, such as sealing what it needs.
        """
        number = secrets.token_hex(8)
        if first is not None:
            first(number)
        with self._store.transaction() as session:
            session.add(
                Job(
                    id=number,
                    kind=kind,
                    title=title.in_both(),
                    account=person.name,
                    state="waiting",
                    share=None,
                    params=dict(params or {}),
                    created_at=self._now(),
                )
            )
        self._go(number, held)
        return number

    def get(self, person: Person, number: str) -> dict[str, Any]:
        """One of the person's jobs.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        with self._store.reading() as session:
            held = session.get(Job, number)
        if held is None or held.account != person.name:
            raise NotFound(_("there is no such job for you"), where=number[:16])
        return _row(held)

    def all(self, person: Person, *, limit: int = 500) -> list[dict[str, Any]]:
        """The person's jobs, the newest first."""
        with self._store.reading() as session:
            wanted = select(Job).where(Job.account == person.name).order_by(Job.created_at.desc()).limit(limit)
            return [_row(each) for each in session.scalars(wanted)]

    def close(self) -> None:
        """Wait for what runs, then take no more."""
        with self._lock:
            workers, self._workers = self._workers, []
        for _each in workers:
            self._waiting.put(None)
        for each in workers:
            each.join()

    def _go(self, number: str, held: Any) -> None:
        """Hand a job to the workers: daemons, so that a node that stops does not wait for them."""
        self._waiting.put((number, held))
        with self._lock:
            while len(self._workers) < WORKERS:
                name = f"convenio-job-{len(self._workers) + 1}"
                self._workers.append(threading.Thread(target=self._work, name=name, daemon=True))
                self._workers[-1].start()

    def _work(self) -> None:
        while (given := self._waiting.get()) is not None:
            self._run(*given)

    def _run(self, number: str, held: Any) -> None:
        with self._store.transaction() as session:
            row = session.get(Job, number)
            if row is None or row.state != "waiting":
                return
            row.state, row.share = "running", 0.0
            kind, account, params = row.kind, row.account, row.params
        handler = self._handlers[kind][0]
        told = [0.0]

        def tell(share: float) -> None:
            if share - told[0] >= LEAST_STEP:
                told[0] = share
                self._note(number, share=min(1.0, share))

        try:
            address = handler(Task(number, self._people.person(account), params, held, tell))
        except ConvenioError as error:
            trouble = {to: error.explain(to) for to in ("en", "es")}
            self._note(number, state="failed", trouble=trouble, finished_at=self._now())
        except Exception:  # the outermost edge of a thread: a fault must not leave a job running for ever
            log.exception("job %s", number)
            trouble = _("this node made a mistake; its log says which, under job {number}", number=number).in_both()
            self._note(number, state="failed", trouble=trouble, finished_at=self._now())
        else:
            self._note(number, state="done", share=1.0, address=address, finished_at=self._now())

    def _note(self, number: str, **changes: Any) -> None:
        with self._store.transaction() as session:
            row = session.get(Job, number)
            for name, value in changes.items():
                setattr(row, name, value)


def _row(held: Job) -> dict[str, Any]:
    return {
        "id": held.id,
        "kind": held.kind,
        "title": held.title,
        "state": held.state,
        "share": held.share,
        "address": held.address,
        "trouble": held.trouble,
        "at": held.created_at,
        "finished": held.finished_at,
    }
