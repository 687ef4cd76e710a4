"""Which runs are on their way in this process, so that one at a time goes on with each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Going:
    """The runs that somebody in this process goes on with."""

    def __init__(self) -> None:
        self._guard = threading.Condition()
        self._held: set[str] = set()

    @contextmanager
    def alone(self, run: str) -> Iterator[None]:
        """Wait until nobody else goes on with the run, and hold it."""
        with self._guard:
            self._guard.wait_for(lambda: run not in self._held)
            self._held.add(run)
        try:
            yield
        finally:
            with self._guard:
                self._held.remove(run)
                self._guard.notify_all()

    def busy(self, run: str) -> bool:
        """Whether somebody goes on with the run now."""
        with self._guard:
            return run in self._held
