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
from convenio.files.writing import whole
from convenio.programs.framework.evidence.doors import Doors, Opened, Watched
from convenio.programs.framework.evidence.guard import (
    LEAST,
    Basis,
    Measure,
    basis_of,
    changed_enough,
    held_back,
    rows_told,
)
from convenio.programs.framework.evidence.served import served
from convenio.programs.framework.model import Id, Part, Publication

LONGEST = 4_000
State = Literal["told", "suppressed", "nothing", "unknown"]

STATES: Mapping[State, Message] = {
    "told": _("told"),
    "suppressed": _("suppressed: fewer than five, or fewer than five apart from another number"),
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
        since: the day the number was told first, where it stands unchanged since then, or fewer than five rows changed.
        rows: how many rows it was made from; None where they are fewer than five, are counts themselves, or would tell
            a small number by subtraction.
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
    since: dt.date | None = None
    rows: int | None = None
    query: Annotated[str, Field(max_length=500)]
    how: Annotated[str, Field(max_length=LONGEST)]

    @property
    def said(self) -> Message:
        """What its state means."""
        if self.state == "told" and self.since is not None:
            return _("told on {day}; since then unchanged, or by fewer than five", day=self.since.isoformat())
        return STATES[self.state]

    @property
    def commitments(self) -> tuple[str, ...]:
        """Which commitments it is evidence of."""
        return served(self.program, self.indicator).commitments

    @property
    def publication(self) -> Publication:
        """Who may see it."""
        return served(self.program, self.indicator).publication


Made = tuple[Value, Measure]


class Evidence:
    """The values in a folder.

    Args:
        folder: holds `evidence.jsonl`.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "evidence.jsonl"
        self._bases = folder / "evidence-bases.json"

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
        made: list[list[Made]] = []
        for program in programs:
            if not program.indicators:
                continue
            try:
                offered: Iterable[Aggregate] = program.load("indicators")
            except (ConvenioError, ImportError):
                continue
            made.append([_made(program.name, each, doors.open(program.name), now) for each in offered])
        return self._keep(made)

    def _keep(self, made: list[list[Made]]) -> list[Value]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            newest, told = self._held()
            bases, kept = self._read_bases(), []
            for program in made:
                for value, measure in _guarded(program):
                    key = (value.program, value.indicator)
                    now = _standing(value, measure, told.get(key), bases.get("/".join(key), {}))
                    if now is value and now.value is not None:
                        bases["/".join(key)] = dict(measure.basis)
                    if key not in newest or _told(newest[key]) != _told(now):
                        file.write(json.dumps(now.model_dump(mode="json"), ensure_ascii=False) + "\n")
                    kept.append(now)
            file.flush()
            with whole(self._bases) as place:
                place.write_text(json.dumps(bases) + "\n", encoding="utf-8")
        return kept

    def _held(self) -> tuple[dict[tuple[str, str], Value], dict[tuple[str, str], Value]]:
        """The newest value of each aggregate, and the newest that was told, also where it was held back since."""
        newest: dict[tuple[str, str], Value] = {}
        told: dict[tuple[str, str], Value] = {}
        for each in self.all():
            newest[each.program, each.indicator] = each
            if each.value is not None:
                told[each.program, each.indicator] = each
        return newest, told

    def _read_bases(self) -> dict[str, dict[str, int]]:
        """What each number was made from when it was last told; where that is lost, the numbers alone are compared."""
        try:
            held = json.loads(self._bases.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise InputError(
                _("this file is damaged: {why}", why=str(error)[:80]),
                where=self._bases.name,
                advice=_("restore the file from a backup, or remove it"),
            ) from error
        return held if isinstance(held, dict) else {}


def _guarded(made: list[Made]) -> Iterable[Made]:
    """The numbers of one program, without those that tell a small one by subtraction."""
    measures = [measure for _value, measure in made]
    back = held_back(measures)
    may_tell_rows = rows_told(measures, back)
    for value, measure in made:
        changed: dict[str, Any] = {} if may_tell_rows else {"rows": None}
        if measure.name in back:
            changed |= {"state": "suppressed", "value": None, "rows": None}
        yield value.model_copy(update=changed), measure


def _standing(value: Value, measure: Measure, told: Value | None, basis: Basis) -> Value:
    """A number as it may be told today: the one that was told before, until enough has changed."""
    if value.value is None or told is None or told.value is None or changed_enough(measure, basis, told.value):
        return value
    first = told.since or told.on
    since = first if first < value.on else None
    return value.model_copy(update={"value": told.value, "rows": told.rows, "since": since})


def value_of(program: str, aggregate: Aggregate, opened: Opened, now: dt.datetime) -> Value:
    """One aggregate, computed; what was read of the rows becomes its query."""
    return _made(program, aggregate, opened, now)[0]


def _made(program: str, aggregate: Aggregate, opened: Opened, now: dt.datetime) -> Made:
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
    value = Value(
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
    flags = {name for name in read if all(isinstance(row[name], bool) for row in opened.rows)}
    is_share = aggregate.unit.id == "%"
    measure = Measure(
        name=aggregate.name,
        number=number,
        is_share=is_share,
        is_count=not is_share and (not opened.each_is_one or flags == read),
        rows=len(rows) if opened.each_is_one else None,
        basis=_basis(opened, read),
        parts={name: sum(row[name] for row in opened.rows) for name in flags},
    )
    return value, measure


def _basis(opened: Opened, read: set[str]) -> Basis:
    if opened.each_is_one:
        return basis_of(opened.rows, read)
    return {name: int(row[name]) for row in opened.rows for name in sorted(read)}


def _code(aggregate: Aggregate) -> str:
    try:
        text = textwrap.dedent(inspect.getsource(aggregate.compute)).strip()
    except (OSError, TypeError):
        text = f"{getattr(aggregate.compute, '__module__', '')}.{getattr(aggregate.compute, '__qualname__', '')}"
    return text[:LONGEST]


def _told(value: Value) -> tuple[Any, ...]:
    return (value.on, value.state, value.value, value.since, value.rows, value.query, value.how)
