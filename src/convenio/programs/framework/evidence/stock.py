"""Values of aggregates, kept with their day and their query; a later day adds a value, and none is overwritten."""

from __future__ import annotations

import datetime as dt
import fcntl
import inspect
import json
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import AwareDatetime, Field, ValidationError

from convenio.core.errors import ConvenioError, InputError
from convenio.core.program import Program
from convenio.core.words import Message, _
from convenio.programs.framework.evidence.doors import Doors, Opened, Watched
from convenio.programs.framework.evidence.served import served
from convenio.programs.framework.model import Id, Part, Publication

LEAST = 5
LONGEST = 4_000
State = Literal["told", "suppressed", "nothing", "unknown"]

STATES: Mapping[State, Message] = {
    "told": _("told"),
    "suppressed": _("suppressed: fewer than five"),
    "nothing": _("nothing has happened yet"),
    "unknown": _("this node keeps no such thing"),
}


class Aggregate(Protocol):
    """What a program offers in its `indicators.py`."""

    name: str
    title: Message
    unit: Message
    compute: Callable[[Iterable[Mapping[str, Any]]], float | None]


class Value(Part):
    """One aggregate on one day.

    Args:
        program: whose.
        indicator: its name there.
        title: in both languages.
        unit: in both languages.
        on: the day it is of.
        at: when it was made.
        state: told; suppressed, since it is under five; nothing yet; or not kept by this node.
        value: the number; None unless it is told.
        rows: how many rows it was made from; None where they are fewer than five, or are counts themselves.
        query: which rows, and which of their columns were read.
        how: the code that made the number of them, as it stood.
    """

    program: Id
    indicator: Id
    title: dict[str, str]
    unit: dict[str, str]
    on: dt.date
    at: AwareDatetime
    state: State
    value: float | None = None
    rows: int | None = None
    query: Annotated[str, Field(max_length=500)]
    how: Annotated[str, Field(max_length=LONGEST)]

    @property
    def said(self) -> Message:
        """What its state means."""
        return STATES[self.state]

    @property
    def commitments(self) -> tuple[str, ...]:
        """Which commitments it is evidence of."""
        return served(self.program, self.indicator).commitments

    @property
    def publication(self) -> Publication:
        """Who may see it."""
        return served(self.program, self.indicator).publication


class Evidence:
    """The values in a folder.

    Args:
        folder: holds `evidence.jsonl`.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "evidence.jsonl"

    def all(self) -> list[Value]:
        """Every value, oldest first.

        Raises:
            InputError: a line is damaged; the error names it.
        """
        if not self._path.exists():
            return []
        found = []
        for number, line in enumerate(self._path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                found.append(Value.model_validate_json(line))
            except ValidationError as error:
                raise InputError(
                    _("this line is damaged: {why}", why=error.errors()[0]["msg"]),
                    where=f"{self._path.name}, {number}",
                    advice=_("restore the file from a backup, or remove the line"),
                ) from error
        return found

    def latest(self) -> list[Value]:
        """The newest value of each aggregate."""
        newest: dict[tuple[str, str], Value] = {}
        for each in self.all():
            newest[each.program, each.indicator] = each
        return list(newest.values())

    def history(self, program: str, indicator: str) -> list[Value]:
        """Every value of one aggregate, oldest first."""
        return [each for each in self.all() if (each.program, each.indicator) == (program, indicator)]

    def take_stock(self, programs: Iterable[Program], doors: Doors, now: dt.datetime) -> list[Value]:
        """Make today's values of every program's aggregates and keep those that are new or changed.

        A program whose aggregates cannot be loaded is left out.

        Returns:
            The values of today, kept before or now.
        """
        made: list[Value] = []
        for program in programs:
            if not program.indicators:
                continue
            try:
                offered: Iterable[Aggregate] = program.load("indicators")
            except (ConvenioError, ImportError):
                continue
            opened = doors.open(program.name)
            made += [value_of(program.name, each, opened, now) for each in offered]
        self._keep(made)
        return made

    def _keep(self, made: list[Value]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            newest = {(each.program, each.indicator): each for each in self.latest()}
            for each in made:
                held = newest.get((each.program, each.indicator))
                if held is None or _told(held) != _told(each):
                    file.write(json.dumps(each.model_dump(mode="json"), ensure_ascii=False) + "\n")
            file.flush()


def value_of(program: str, aggregate: Aggregate, opened: Opened, now: dt.datetime) -> Value:
    """One aggregate, computed; what was read of the rows becomes its query."""
    read: set[str] = set()
    absent: set[str] = set()
    rows = [Watched(row, read, absent) for row in opened.rows]
    number: float | None = None
    try:
        number = aggregate.compute(rows)
    except KeyError:
        number = None
    state: State = "told" if number is not None else "suppressed"
    if number is None and absent:
        state = "unknown"
    elif number is None and opened.each_is_one and not rows:
        state = "nothing"
    columns = f"; read: {', '.join(sorted(read))}" if read else "; counted"
    return Value(
        program=program,
        indicator=aggregate.name,
        title=aggregate.title.in_both(),
        unit=aggregate.unit.in_both(),
        on=now.date(),
        at=now,
        state=state,
        value=number,
        rows=len(rows) if opened.each_is_one and len(rows) >= LEAST else None,
        query=opened.query + columns,
        how=_code(aggregate),
    )


def _code(aggregate: Aggregate) -> str:
    try:
        text = textwrap.dedent(inspect.getsource(aggregate.compute)).strip()
    except (OSError, TypeError):
        text = f"{getattr(aggregate.compute, '__module__', '')}.{getattr(aggregate.compute, '__qualname__', '')}"
    return text[:LONGEST]


def _told(value: Value) -> tuple[Any, ...]:
    return (value.on, value.state, value.value, value.rows, value.query, value.how)
