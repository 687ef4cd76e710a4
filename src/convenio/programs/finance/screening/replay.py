"""Replay: what would have happened, day by day, had these customers been screened against each state of a list."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.finance.delta import Delta, delta
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.party import Party
from convenio.programs.finance.screening.rescreen import Change, rescreen
from convenio.programs.finance.screening.screener import Hit
from convenio.programs.finance.screening.weigh import THRESHOLD

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


@dataclass(frozen=True)
class Day:
    """One day of a replay.

    Args:
        date: the day of the list's state.
        file: where the state came from.
        entries: how many entries the list had.
        change: how the list changed since the state before; everything is added on the first day.
        hits: what that did to the customers' hits.
        seconds: time the day took, the list already read.
    """

    date: dt.date
    file: str
    entries: int
    change: Delta
    hits: Change
    seconds: float


def replay(
    states: Iterable[tuple[dt.date, str, Sequence[ListEntry]]],
    customers: Sequence[Party],
    *,
    threshold: float = THRESHOLD,
    prior: float | None = None,
) -> Iterator[Day]:
    """Go through the states of one list in their order; each day touches only what changed.

    Args:
        states: day, file name and entries of each state, oldest first.
        customers: the customers.
        threshold: score from which a pair is a hit.
        prior: the user's prior.
    """
    before: Sequence[ListEntry] = ()
    open_hits: Sequence[Hit] = ()
    for date, file, entries in states:
        start = time.perf_counter()
        change = delta(before, entries)
        hits = rescreen(customers, open_hits, change, threshold=threshold, prior=prior)
        before, open_hits = entries, hits.kept
        yield Day(date, file, len(entries), change, hits, time.perf_counter() - start)


def states_of(folder: Path) -> list[tuple[dt.date, Path]]:
    """The states in a folder, by the date in their names (`sdn_2021-10-06.csv`, or folders of three files).

    Raises:
        InputError: the folder holds none, or two of one day.
    """
    found: dict[dt.date, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        dated = _DATE.search(path.name)
        if dated is None:
            continue
        try:
            day = dt.date(*(int(each) for each in dated.groups()))
        except ValueError:
            continue
        if day in found:
            raise InputError(
                _("two states are of {day}: {one} and {two}", day=day.isoformat(), one=found[day].name, two=path.name),
                where=str(folder),
                advice=_("keep one of them"),
            )
        found[day] = path
    if not found:
        raise InputError(
            _("no file or folder here bears a date in its name"),
            where=str(folder),
            advice=_("name the states by their day, such as sdn_2021-10-06.csv"),
        )
    return sorted(found.items())
