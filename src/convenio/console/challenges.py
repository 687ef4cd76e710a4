"""Challenges for enrolling a security key: given once to a person, good for a few minutes."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Callable

from convenio.core.errors import Refused
from convenio.core.words import _

LASTS = dt.timedelta(minutes=5)
MOST = 10_000


class Challenges:
    """The challenges that are open, by account; a node that restarts asks people to begin again."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._open: dict[str, tuple[bytes, dt.datetime]] = {}
        self._lock = threading.Lock()

    def give(self, account: str) -> bytes:
        """A new challenge; the one before is void."""
        made = secrets.token_bytes(32)
        with self._lock:
            if len(self._open) >= MOST:
                self._open.clear()
            self._open[account] = (made, self._now() + LASTS)
        return made

    def take(self, account: str) -> bytes:
        """The account's challenge, which is used up by this.

        Raises:
            Refused: there is none, or its time is over.
        """
        with self._lock:
            held = self._open.pop(account, None)
        if held is None or held[1] < self._now():
            raise Refused(
                _("the time for this key is over"),
                advice=_("open the page again and begin anew"),
                kept=_("no key was enrolled"),
            )
        return held[0]
