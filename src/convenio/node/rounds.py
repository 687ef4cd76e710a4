"""What a node does by itself, round after round: append, deliver, get cosigned, erase what is due."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from convenio.core.errors import ConvenioError

log = logging.getLogger("convenio.node")


@dataclass
class Round:
    """One thing that is done again and again.

    Args:
        name: what it is called in the status.
        every: seconds between two rounds.
        work: does it; a true answer means there is more to do at once.
    """

    name: str
    every: float
    work: Callable[[], object]
    trouble: str = field(default="", init=False)


class Rounds:
    """Threads that go their rounds until they are stopped; trouble in one stops neither it nor the others."""

    def __init__(self, rounds: list[Round]) -> None:
        self._rounds = rounds
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._go, args=(each,), name=f"convenio-{each.name}", daemon=True)
            for each in rounds
        ]

    def start(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    def stop(self, patience: float = 10.0) -> None:
        """End, after the round at hand."""
        self._stop.set()
        until = time.monotonic() + patience
        for each in self._threads:
            each.join(max(0.1, until - time.monotonic()))

    def troubles(self) -> dict[str, str]:
        """What went wrong in each thing's last round."""
        return {each.name: each.trouble for each in self._rounds if each.trouble}

    def _go(self, each: Round) -> None:
        while not self._stop.is_set():
            more: object = False
            try:
                more = each.work()
                each.trouble = ""
            except ConvenioError as error:
                if each.trouble != str(error.what):
                    log.warning("%s: %s", each.name, error)
                each.trouble = str(error.what)
            except Exception as error:  # the outermost edge of a thread: a fault here must not end the node
                each.trouble = f"{type(error).__name__}: {error}"
                log.exception("%s", each.name)
            if not more:
                self._stop.wait(each.every)
