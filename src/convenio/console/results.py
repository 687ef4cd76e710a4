"""Results of methods: kept in memory for the one who ran them, for an hour; nothing of them lies on the node's disk."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from convenio.core.errors import NotFound
from convenio.core.method import Method
from convenio.core.words import Message, _
from convenio.people.accounts import Person

LASTS = dt.timedelta(hours=1)
MOST = 50


@dataclass(frozen=True)
class Result:
    """What a method gave.

    Args:
        method: the method.
        table: its output.
        inputs: what each input was read from, and how many rows.
        notes: what the reader of the files wants known.
        params: the parameters, as they were sent.
        seconds: how long it took.
        made_at: when.
    """

    method: Method
    table: pa.Table
    inputs: list[tuple[Message, str, int]]
    notes: list[Message]
    params: dict[str, str]
    seconds: float
    made_at: dt.datetime
    names: dict[str, Message] = field(default_factory=dict)


class Results:
    """The results that are kept, each for its owner."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._held: OrderedDict[tuple[str, str], Result] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, person: Person, number: str, result: Result) -> None:
        """Keep a result under a number; the oldest go when there are too many."""
        with self._lock:
            self._held[person.name, number] = result
            for key in [key for key, each in self._held.items() if each.made_at < self._now() - LASTS]:
                del self._held[key]
            while len(self._held) > MOST:
                self._held.popitem(last=False)

    def get(self, person: Person, number: str) -> Result:
        """A result of the person's own.

        Raises:
            NotFound: there is none, or its hour is over.
        """
        with self._lock:
            found = self._held.get((person.name, number))
        if found is None or found.made_at < self._now() - LASTS:
            raise NotFound(
                _("this result is not kept any more"),
                advice=_("results are kept for an hour, in memory alone; run the method again"),
            )
        return found
