"""Runs of methods: what went in and what came out, sealed for the one who ran them, until their day is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from convenio.core.errors import ConvenioError, Refused
from convenio.core.words import Message
from convenio.custody.derived import Derived
from convenio.people.accounts import Person
from convenio.work.jobs import Jobs
from convenio.work.parcels import LASTS, Parcels

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Inputs:
    """What a method is run on.

    Args:
        method: the method's name.
        tables: its inputs.
        sources: what each input is called in both languages, what it was read from, and how many rows it has.
        notes: what the reader of the files wants known, in both languages.
        sent: the parameters, as they were sent.
        copies: the received copies among its inputs.
        purpose: what copies and records among its inputs are used for.
        case: the case they are used for.
    """

    method: str
    tables: Mapping[str, pa.Table]
    sources: list[tuple[Texts, str, int]]
    notes: list[Texts]
    sent: dict[str, str]
    copies: tuple[str, ...] = ()
    purpose: str = ""
    case: str = ""


@dataclass(frozen=True)
class Result:
    """What a method gave: the inputs without their tables, the output, how long it took, and when."""

    method: str
    table: pa.Table
    sources: list[tuple[Texts, str, int]]
    notes: list[Texts]
    sent: dict[str, str]
    seconds: float
    made_at: dt.datetime
    copies: tuple[str, ...] = ()
    purpose: str = ""
    case: str = ""


class Results:
    """The runs that are kept, each for its owner.

    Args:
        jobs: says whose a run is.
        parcels: keep the tables.
        now: the clock.
        derived: custody's room for what was made from received copies; None on a node that has no peer.
    """

    def __init__(
        self, jobs: Jobs, parcels: Parcels, now: Callable[[], dt.datetime], derived: Derived | None = None
    ) -> None:
        self._derived = derived
        self._jobs = jobs
        self._parcels = parcels
        self._now = now

    def begin(self, number: str, given: Inputs, person: Person, title: Message) -> None:
        """Keep what a run needs; where received copies are in it, it is erased when one of them is.

        Raises:
            Refused: a copy has ended meanwhile; nothing is kept.
        """
        self._parcels.put(number, given.tables, _told(given))
        if not given.copies or self._derived is None:
            return
        try:
            self._derived.bind(
                number,
                given.copies,
                person,
                key=self._parcels.key_of(number),
                content={"claim": title.in_both()},
                purpose=given.purpose,
                case=given.case,
                until=self._now() + LASTS,
            )
        except Refused:
            self._parcels.drop(number)
            raise

    def inputs(self, number: str) -> Inputs:
        """What a run was given.

        Raises:
            NotFound: its day is over.
        """
        told = self._parcels.notes(number)
        return Inputs(tables=self._parcels.tables(number), **_given(told))

    def end(self, number: str, given: Inputs, table: pa.Table, seconds: float, title: Message, address: str) -> None:
        """Keep what came of a run, and let go of what it was given.

        Raises:
            Refused: a copy among its inputs has ended meanwhile; nothing is kept.
        """
        told = _told(given)
        told |= {"seconds": seconds, "made_at": self._now().isoformat()}
        self._parcels.put(_result(number), {"result": table}, told)
        try:
            if given.copies and self._derived is not None:
                kept = {"claim": title.in_both(), "address": address}
                self._derived.rebind(number, self._parcels.key_of(_result(number)), kept)
        except ConvenioError:
            self._parcels.drop(_result(number))
            raise
        finally:
            self._parcels.drop(number)

    def get(self, person: Person, number: str) -> Result:
        """A result of the person's own.

        Raises:
            NotFound: there is none for this person, or its day is over.
            Refused: a received copy that it was made from may no longer be read; the result is erased.
        """
        self._jobs.get(person, number)
        if self._derived is not None:
            self._derived.check(number, person)
        told = self._parcels.notes(_result(number))
        if told.get("copies") and self._derived is not None:
            try:
                self._derived.require(told["copies"], person)
            except Refused:
                self._parcels.drop(_result(number))
                raise
        return Result(
            table=self._parcels.tables(_result(number))["result"],
            seconds=told["seconds"],
            made_at=dt.datetime.fromisoformat(told["made_at"]),
            **_given(told),
        )


def in_both(words: Message | str) -> dict[str, str]:
    """A text in both languages."""
    return words.in_both() if isinstance(words, Message) else {"en": words, "es": words}


def _result(number: str) -> str:
    return f"{number}-result"


def _told(given: Inputs) -> dict[str, Any]:
    return {
        "method": given.method,
        "sources": [[dict(title), source, rows] for title, source, rows in given.sources],
        "notes": [dict(each) for each in given.notes],
        "sent": dict(given.sent),
        "copies": list(given.copies),
        "purpose": given.purpose,
        "case": given.case,
    }


def _given(told: Mapping[str, Any]) -> dict[str, Any]:
    sources = [(title, source, rows) for title, source, rows in told["sources"]]
    copies = tuple(told.get("copies", ()))
    return {
        "method": told["method"],
        "sources": sources,
        "notes": told["notes"],
        "sent": told["sent"],
        "copies": copies,
        "purpose": told.get("purpose", ""),
        "case": told.get("case", ""),
    }
