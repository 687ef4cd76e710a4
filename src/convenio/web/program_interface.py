"""What a program's own operations of the HTTP interface are given, beside those that its methods have of themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convenio.core.program import Program
from convenio.custody.holdings import Holdings
from convenio.people.accounts import Person
from convenio.work.acts import Acts
from convenio.work.border import Border
from convenio.work.queue import Queue


@dataclass(frozen=True)
class ProgramInterface:
    """Handed to the function `router` of a program's `interface.py`; its routes stand under `/api/v1/<name>`.

    Args:
        program: the program.
        caller: a FastAPI dependency: the person whose token came with the call.
        scoped: refuses a token that was made for something else, e.g. `scoped("read", person)`.
        now: the node's clock.
        folder: the program's own folder in the node's home.
        party: the party's code.
        queue: the findings queue.
        border: what passed the border, as counts.
        acts: leaves an entry of an act in the internal ledger.
        holdings: custody's door to the party's own records.
    """

    program: Program
    caller: Callable[..., Any]
    scoped: Callable[[str, Person], None]
    now: Callable[[], dt.datetime]
    folder: Path
    party: str
    queue: Queue
    border: Border
    acts: Acts
    holdings: Holdings | None = None
