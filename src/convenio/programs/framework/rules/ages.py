"""When evidence is too old: 24 months, counted by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from convenio.programs.framework.model import (
    Audit,
    Document,
    Evaluation,
    Indicator,
    Milestone,
    Observation,
    Part,
    Rating,
)

MONTHS = 24


def good_until(day: dt.date) -> dt.date:
    """The last day on which evidence of `day` is good: the same day 24 months later."""
    year = day.year + MONTHS // 12
    last_of_february = day.month == 2 and day.day == 29
    return dt.date(year, 2, 28) if last_of_february else day.replace(year=year)


def told_days(part: Part) -> Iterator[tuple[str, dt.date]]:
    """The days on which something was done or said, by their fields: none of them can lie ahead."""
    match part:
        case Observation():
            yield "entered_at", part.entered_at.date()
        case Rating():
            yield "given_on", part.given_on
        case Milestone():
            yield from (("amendments", each.on) for each in part.amendments)
            if part.done_on is not None:
                yield "done_on", part.done_on
        case Document():
            yield "on", part.on
        case Evaluation():
            yield "published_on", part.published_on
        case Audit():
            yield "published", part.published


def is_stale(day: dt.date, today: dt.date) -> bool:
    """Whether evidence of `day` is older than 24 months."""
    return today > good_until(day)


def age_in_months(day: dt.date, today: dt.date) -> int:
    """Whole months from `day` to `today`; none where `day` lies ahead."""
    months = (today.year - day.year) * 12 + today.month - day.month
    return max(0, months - (today.day < day.day))


def stale_baseline(indicator: Indicator, today: dt.date) -> bool:
    """Whether a baseline is too old for what it is the baseline of.

    It has to tell where things stood before the action, so its age is counted to the day the action began; to today
    while no action has begun. Counted to today in every case, no result could ever be told of a long action.
    """
    if indicator.baseline is None:
        return False
    until = min(indicator.action_began, today) if indicator.action_began else today
    return is_stale(indicator.baseline.on, until)
