"""Birth dates: the same, nearly the same, or different; and dates that systems write when they know none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from math import log10

from convenio.core.words import _
from convenio.entities.comparison.evidence import Evidence

Span = tuple[str, str]
"""Earliest and latest day that a date can be, ISO 8601; equal where the day is known."""

FILLERS = frozenset({"1900-01-01", "1901-01-01", "1899-12-30", "1899-12-31", "1970-01-01", "9999-12-31", "1111-11-11"})
YEARS = 45.0
"""Birth years that a list's people spread over, as an effective number."""

_DAYS = YEARS * 365.25
_AGREES, _TURNED, _ONE_DIGIT, _YEAR_BESIDE = 0.88, 0.015, 0.035, 0.02
"""How often the same person's dates are the same, have day and month turned, one digit wrong, the next year."""


def birth_date(known: dt.date | None, listed: Sequence[Span]) -> Evidence:
    """What a birth date says beside the dates that a list gives.

    Args:
        known: the date on file; None without one.
        listed: spans of days, one per date that the list gives; any of them may be the right one.
    """
    if known is None or not listed:
        return Evidence("birth_date", "silent", 0.0, _("no birth date on one of the sides"))
    shown = known.isoformat()
    if shown in FILLERS:
        return Evidence("birth_date", "silent", 0.0, _("the birth date {date} is one that systems fill in", date=shown))
    chances = len(set(listed))
    best = max((_one(known, span) for span in listed), key=lambda each: each.bans)
    if chances > 1 and best.bans > 0:
        return Evidence("birth_date", best.verdict, best.bans - log10(chances), best.why)
    return best


def _one(known: dt.date, span: Span) -> Evidence:
    first, last = span
    day = known.isoformat()
    shown = first if first == last else f"{first}/{last}"
    days = _days(first, last)
    if first <= day <= last:
        bans = log10(_AGREES / min(1.0, days / _DAYS))
        if days == 1:
            return Evidence("birth_date", "agrees", bans, _("the same birth date, {date}", date=day))
        return Evidence(
            "birth_date", "agrees", bans, _("the birth date {date} lies in {listed}", date=day, listed=shown)
        )
    if first == last:
        for made, rate, alternatives in (
            (_turned(day), _TURNED, 1.0),
            (_next_years(day), _YEAR_BESIDE, 2.0),
            (_one_digit(day, first), _ONE_DIGIT, 25.0),
        ):
            if first in made:
                bans = log10(rate / (alternatives / _DAYS))
                why = _("the birth dates {date} and {listed} differ as by a slip", date=day, listed=shown)
                return Evidence("birth_date", "close", bans, why)
    elif abs(int(day[:4]) - int(first[:4])) <= 1 or abs(int(day[:4]) - int(last[:4])) <= 1:
        return Evidence(
            "birth_date", "close", 0.0, _("the birth date {date} lies beside {listed}", date=day, listed=shown)
        )
    apart = min(abs(int(day[:4]) - int(first[:4])), abs(int(day[:4]) - int(last[:4])))
    bans = -1.3 if apart <= 2 else -1.8
    return Evidence(
        "birth_date", "differs", bans, _("the birth dates {date} and {listed} differ", date=day, listed=shown)
    )


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days + 1


def _turned(day: str) -> set[str]:
    turned = f"{day[:5]}{day[8:]}-{day[5:7]}"
    return {turned} if turned != day else set()


def _next_years(day: str) -> Iterable[str]:
    year = int(day[:4])
    return {f"{year + step:04d}{day[4:]}" for step in (-1, 1)}


def _one_digit(day: str, other: str) -> set[str]:
    return {other} if sum(a != b for a, b in zip(day, other, strict=False)) == 1 else set()
