"""Public series: an indicator's values from its publisher's file, read by the source that a program declares."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.files.sources.declaration import Source, source
from convenio.programs.framework import rules
from convenio.programs.framework.content import FOLDER
from convenio.programs.framework.model import Indicator, Observation
from convenio.programs.framework.scorecard import Scorecard


@dataclass(frozen=True)
class Series:
    """Where an indicator's public values come from.

    Args:
        indicator: which.
        source: the name of the source, declared by any program.
        where: the rows that are meant: column and value.
        value: the column of the value.
        period: the column of the day on which the period begins.
        ends: what the period ends with: `month`, `year`, or `day` for that day itself.
    """

    indicator: str
    source: str
    where: Mapping[str, Any]
    value: str
    period: str
    ends: str


@dataclass(frozen=True)
class Taken:
    """What came of taking a series in: new days, revised days, days as they were, and days before the baseline."""

    new: int = 0
    revised: int = 0
    same: int = 0
    older: int = 0


def series_of(indicator: str) -> Series:
    """The series of an indicator.

    Raises:
        NotFound: it has none.
    """
    known = {each["indicator"]: Series(**each) for each in json.loads((FOLDER / "series.json").read_text("utf-8"))}
    try:
        return known[indicator]
    except KeyError:
        raise NotFound(
            _("the indicator {name} has no public series here", name=indicator[:40]),
            advice=_("these have one: {names}", names=", ".join(known)),
            kept=_("nothing was changed"),
        ) from None


def take_series(card: Scorecard, indicator: str, path: Path, *, by: str, now: dt.datetime) -> Taken:
    """Take an indicator's values in from its publisher's file: all of them, or nothing.

    A day whose value is another than the one held becomes its next version; days before the baseline are left out.

    Args:
        card: the scorecard.
        indicator: which indicator.
        path: the publisher's file.
        by: who takes it in.
        now: when.

    Raises:
        NotFound: the indicator has no series, or the source is not installed.
        InputError: the file is not what the source is known to be, or holds no row that is meant.
    """
    told, held = series_of(indicator), card.indicator(indicator)
    declared = source(told.source)
    made, counted = _made(card, held, told, _days(told, declared, path), declared, by, now)
    card.take([(each, path.name) for each in made])
    return counted


def _days(told: Series, declared: Source, path: Path) -> dict[dt.date, float]:
    read = declared.own_check()
    table = read(path) if read is not None else None
    if not isinstance(table, pa.Table):
        raise InputError(
            _("the source {name} reads no table", name=declared.name), where=path.name, kept=_("nothing was changed")
        )
    found: dict[dt.date, float] = {}
    for row in table.to_pylist():
        if any(row.get(name) != value for name, value in told.where.items()) or row.get(told.value) is None:
            continue
        day = _ends(row[told.period], told.ends)
        if day in found:
            raise InputError(
                _("the day {day} stands there twice", day=day.isoformat()),
                where=path.name,
                kept=_("nothing was changed"),
            )
        found[day] = float(row[told.value])
    if not found:
        raise InputError(
            _("no row of this file is meant: {wanted}", wanted=", ".join(f"{k} = {v}" for k, v in told.where.items())),
            where=path.name,
            kept=_("nothing was changed"),
        )
    return found


def _made(
    card: Scorecard,
    indicator: Indicator,
    told: Series,
    days: Mapping[dt.date, float],
    declared: Source,
    by: str,
    now: dt.datetime,
) -> tuple[list[Observation], Taken]:
    kept = card.observations(indicator.id)
    made: list[Observation] = []
    revised = same = older = 0
    for day in sorted(days):
        if indicator.baseline is not None and day < indicator.baseline.on:
            older += 1
            continue
        last = rules.latest([each for each in kept if each.on == day])
        if last is not None and last.value == days[day]:
            same += 1
            continue
        revised += last is not None
        made.append(
            Observation(
                indicator=indicator.id,
                on=day,
                value=days[day],
                source=f"{declared.publisher}, {declared.name}",
                version=last.version + 1 if last is not None else 1,
                entered_at=now,
                entered_by=by,
                query=", ".join(f"{name} = {value}" for name, value in told.where.items()),
                said=str(_("revised by the publisher")) if last is not None else "",
                publication=indicator.publication,
            )
        )
    return made, Taken(len(made) - revised, revised, same, older)


def _ends(begins: dt.date, ends: str) -> dt.date:
    if ends == "month":
        return begins.replace(day=calendar.monthrange(begins.year, begins.month)[1])
    return dt.date(begins.year, 12, 31) if ends == "year" else begins
