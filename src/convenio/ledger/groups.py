"""Group commit: whoever comes first writes for all who wait, and the next in line for those who came meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from convenio.core.errors import ConvenioError


@dataclass
class Group:
    """Entries that wait for the disk.

    Args:
        entries: what one caller appends.
        first: the index of the first, once they are there.
        error: why they are not.
        woken: set when they are there, or when it is the caller's turn to lead.
    """

    entries: Sequence[bytes]
    first: int = -1
    error: ConvenioError | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        """Whether they were written or refused."""
        return self.first >= 0 or self.error is not None


class Groups:
    """The callers of one ledger's `append`.

    Args:
        commit: writes all of the groups it is handed; each is done afterwards.
    """

    def __init__(self, commit: Callable[[Sequence[Group]], None]) -> None:
        self._commit = commit
        self._lock = threading.Lock()
        self._waiting: list[Group] = []
        self._led = False

    def put(self, group: Group) -> None:
        """Wait until the group is done; lead when it is its turn."""
        with self._lock:
            self._waiting.append(group)
            leading, self._led = not self._led, True
        if not leading:
            group.woken.wait()
        if not group.done:
            self._lead()

    def _lead(self) -> None:
        with self._lock:
            groups, self._waiting = self._waiting, []
        try:
            self._commit(groups)
        finally:
            for each in groups:
                each.woken.set()
            with self._lock:
                if self._waiting:
                    self._waiting[0].woken.set()
                else:
                    self._led = False
