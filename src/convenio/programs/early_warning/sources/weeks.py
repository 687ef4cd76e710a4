"""Weeks by number: ISO's (Monday), and the epidemiological weeks of CDC and of Mexico's DGE (Sunday).

Week 1 of either is the one that holds 4 January, so that a year has 52 of them, or 53.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from convenio.core.errors import InputError
from convenio.core.words import _

WeekSystem = Literal["iso", "epi"]


def first_day(year: int, week: int, weeks: WeekSystem, *, where: str) -> dt.date:
    """The Monday or Sunday with which a week begins.

    Raises:
        InputError: the year has no such week.
    """
    if week > weeks_in(year, weeks):
        raise InputError(
            _("week {week} of {year} does not exist", week=week, year=year),
            where=where,
            advice=_(
                "{year} has {last} weeks; is this the first week of the next year?",
                year=year,
                last=weeks_in(year, weeks),
            ),
        )
    return _first(year, weeks) + dt.timedelta(weeks=week - 1)


def weeks_in(year: int, weeks: WeekSystem) -> int:
    """52 or 53."""
    return (_first(year + 1, weeks) - _first(year, weeks)).days // 7


def _first(year: int, weeks: WeekSystem) -> dt.date:
    """The first day of week 1, the week that holds 4 January."""
    fourth = dt.date(year, 1, 4)
    back = fourth.weekday() if weeks == "iso" else fourth.isoweekday() % 7
    return fourth - dt.timedelta(days=back)
