"""The time that conditions are held to: a clock set back revives nothing, a clock that jumps ahead deletes nothing.

What may be read is decided by the later of the local time and the last time a peer cosigned. What is deleted waits for
a peer's word when the local clock has run far ahead of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from convenio.stores.operational import Store
from convenio.stores.tables import Mark

COSIGNED = "cosigned"
JUMP = dt.timedelta(days=2)
STEP = dt.timedelta(seconds=90)


@dataclass(frozen=True)
class ClockState:
    """What the clock says and what is known beside it."""

    local: dt.datetime
    effective: dt.datetime
    cosigned: dt.datetime | None
    jumped_ahead: bool
    set_back: bool


class TrustedClock:
    """The node's clock, and the last time a peer cosigned.

    Args:
        store: keeps the last cosigned time.
        local: the machine's clock.
    """

    def __init__(self, store: Store, local: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._local = local
        self._cosigned = self._marked()

    def __call__(self) -> dt.datetime:
        """The machine's own time, for stamps."""
        return self._local()

    def effective(self) -> dt.datetime:
        """The later of local time and the last cosigned time: retention and expiry count by this."""
        local = self._local()
        return local if self._cosigned is None else max(local, self._cosigned)

    def cosigned(self, at: dt.datetime) -> None:
        """A peer has cosigned at this time of its clock."""
        if self._cosigned is not None and at <= self._cosigned:
            return
        with self._store.transaction() as session:
            session.merge(Mark(name=COSIGNED, at=at))
        self._cosigned = at

    def state(self) -> ClockState:
        """Whether the clock is to be believed."""
        local, cosigned = self._local(), self._cosigned
        return ClockState(
            local=local,
            effective=self.effective(),
            cosigned=cosigned,
            jumped_ahead=cosigned is not None and local > cosigned + JUMP,
            set_back=cosigned is not None and local + STEP < cosigned,
        )

    def _marked(self) -> dt.datetime | None:
        with self._store.reading() as session:
            held = session.get(Mark, COSIGNED)
            return None if held is None else held.at
