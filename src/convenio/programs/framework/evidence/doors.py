"""Where aggregates get their rows from: doors of the house that tell states, days and counts, and nobody's records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from convenio.custody.holdings import Holdings
from convenio.work.border import Border
from convenio.work.outcomes import DECIDED, Outcome
from convenio.work.queue import Queue

Row = dict[str, Any]


class Watched(Mapping[str, Any]):
    """A row that notes which of its columns are read, and which were asked for and are not there."""

    def __init__(self, row: Row, read: set[str], absent: set[str]) -> None:
        self._row, self._read, self._absent = row, read, absent

    def __getitem__(self, name: str) -> Any:
        if name not in self._row:
            self._absent.add(name)
            raise KeyError(name)
        self._read.add(name)
        return self._row[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


@dataclass(frozen=True)
class Opened:
    """Rows and the query that they answer."""

    rows: list[Row]
    query: str
    each_is_one: bool = True


@dataclass(frozen=True)
class Doors:
    """The doors of one node.

    Args:
        queue: the findings queue; it tells states and days.
        border: what passed the border; it tells counts.
        holdings: custody; it tells how many records there are.
    """

    queue: Queue | None = None
    border: Border | None = None
    holdings: Holdings | None = None

    def open(self, program: str) -> Opened:
        """The rows of a program's aggregates: its findings' outcomes; for the framework itself the house's counts."""
        return self._house() if program == "framework" else self._findings(program)

    def _findings(self, program: str) -> Opened:
        held = self.queue.outcomes(program) if self.queue is not None else []
        query = f"findings where program = {program}"
        if program == "finance":
            decided = [_row(each) for each in held if each.state in DECIDED]
            return Opened([{**row, "is_listed": row["verified"]} for row in decided], f"{query} and state in {DECIDED}")
        if program == "missing":
            rows = [_row(each) for each in held]
            # `days` of a family's sample and the board's word are not in the queue, so they are not offered
            return Opened([{"compared": True, "proposed": row["verified"]} for row in rows], query)
        return Opened([_row(each) for each in held], query)

    def _house(self) -> Opened:
        row: Row = {}
        if self.border is not None:
            told = self.border.counts()
            row = {name: getattr(told, name) for name in ("asked", "answered", "requests", "released", "received")}
            row["refused"] = told.refused
        if self.holdings is not None:
            row["records"] = sum(each.rows for each in self.holdings.all())
        return Opened([row], "counts of the border and of the holdings", each_is_one=False)


def _row(outcome: Outcome) -> Row:
    return {
        "method": outcome.method,
        "state": outcome.state,
        "decided": outcome.state in DECIDED,
        "verified": outcome.state == "verified",
        "dismissed": outcome.state == "dismissed",
        "days": outcome.days,
    }
