"""Dates of which only the year or the month is told, as spans of days."""

from __future__ import annotations

import calendar
import re

from convenio.programs.finance.schema import BirthDate

_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?$")


def span(text: str) -> BirthDate | None:
    """A year, year-month or year-month-day; None where it is none or does not exist."""
    found = _ISO.match(text.strip()[:10])
    if found is None:
        return None
    year, month, day = found["year"], found["month"], found["day"]
    if month is None:
        return BirthDate(f"{year}-01-01", f"{year}-12-31", "year")
    if not 1 <= int(month) <= 12:
        return None
    days = calendar.monthrange(int(year), int(month))[1]
    if day is None:
        return BirthDate(f"{year}-{month}-01", f"{year}-{month}-{days}", "month")
    return BirthDate(text[:10], text[:10]) if 1 <= int(day) <= days else None
