"""Dates as files bear them: ISO 8601, ISO weeks, day and month in either order, months named in either language."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from convenio.core.words import Message, _
from convenio.files.options import DateOrder

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september septiembre setiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?(Z|[+-]00:?00)?$")
YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})$")
NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
WEEK = re.compile(r"(\d{4})-?W(\d{2})$", re.IGNORECASE)
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]+(?:de )?([a-z]+)\.?[-/., ]+(?:del? )?(\d{4})$")
MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})$")
SERIAL = re.compile(r"[1-5]\d{4}$")
ISO_ADVICE = _("write dates as year-month-day, e.g. 1984-04-03")


class Unfit(Exception):
    """A text that is no value of the kind wanted.

    Args:
        why: what is wrong.
        advice: what to do.
    """

    def __init__(self, why: Message, advice: Message | None) -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice


def read_date(text: str, order: DateOrder | None = None) -> dt.date:
    """A date.

    Raises:
        Unfit: no such date exists, or it cannot be told which one is meant.
    """
    bare = MIDNIGHT.sub("", text.strip())
    found = YEAR_FIRST.match(bare)
    if found and (found[2] or len(bare) == 8):
        return _made(text, int(found[1]), int(found[3]), int(found[4]))
    if week := WEEK.match(bare):
        return _week(text, int(week[1]), int(week[2]))
    if found := NUMBERS.match(bare):
        return _in_order(text, int(found[1]), int(found[2]), found[3], order)
    plain = "".join(each for each in unicodedata.normalize("NFKD", bare.lower()) if not unicodedata.combining(each))
    if (found := DAY_FIRST.match(plain)) and found[2] in MONTHS:
        return _made(text, int(found[3]), MONTHS[found[2]], int(found[1]))
    if (found := MONTH_FIRST.match(plain)) and found[1] in MONTHS:
        return _made(text, int(found[3]), MONTHS[found[1]], int(found[2]))
    if SERIAL.match(bare):
        raise Unfit(
            _("{value} is a spreadsheet's day number, not a date", value=text),
            _("format the column as a date in the spreadsheet and save it again"),
        )
    raise Unfit(_("{value} is no date", value=text), ISO_ADVICE)


def read_moment(text: str, order: DateOrder | None = None) -> dt.datetime:
    """A moment; without a zone it is taken as UTC."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        day, _space, clock = text.strip().partition(" ")
        try:
            time = dt.time.fromisoformat(clock.strip()) if clock else dt.time()
            found = dt.datetime.combine(read_date(day, order), time)
        except ValueError:
            found = dt.datetime.combine(read_date(text, order), dt.time())
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def orders(text: str) -> tuple[bool, bool]:
    """Whether a date of numbers can be read day first, and whether month first; both where it is no such date."""
    found = NUMBERS.match(MIDNIGHT.sub("", text.strip()))
    if not found:
        return True, True
    first, second = int(found[1]), int(found[2])
    return 1 <= second <= 12, 1 <= first <= 12


def in_numbers(text: str) -> bool:
    """Whether a text is a date whose day and month are two numbers before the year."""
    return NUMBERS.match(MIDNIGHT.sub("", text.strip())) is not None


def _in_order(text: str, first: int, second: int, year: str, order: DateOrder | None) -> dt.date:
    if len(year) == 2:
        raise Unfit(_("{value} has a year of two digits", value=text), ISO_ADVICE)
    if order == "ymd":
        raise Unfit(_("{value} does not begin with its year", value=text), ISO_ADVICE)
    if order == "dmy":
        return _made(text, int(year), second, first)
    if order == "mdy":
        return _made(text, int(year), first, second)
    if first > 12 >= second:
        return _made(text, int(year), second, first)
    if second > 12 >= first or first == second:
        return _made(text, int(year), first, second)
    raise Unfit(
        _("{value} can be two dates", value=text),
        _("say --date-order dmy (day first) or --date-order mdy (month first)"),
    )


def _made(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12:
        raise Unfit(_("{value}: there is no month {month}", value=text, month=month), ISO_ADVICE)
    raise Unfit(_("{value}: that day does not exist", value=text), _("correct it at its origin, or leave it empty"))


def _week(text: str, year: int, week: int) -> dt.date:
    try:
        return dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        last = dt.date(year, 12, 28).isocalendar().week
        raise Unfit(
            _("week {value} does not exist", value=text),
            _("{year} has {last} ISO weeks; is this {guess}?", year=year, last=last, guess=_neighbour(year, week)),
        ) from None


def _neighbour(year: int, week: int) -> str:
    if week == 53 and dt.date(year - 1, 12, 28).isocalendar().week == 53:
        return f"{year - 1}-W53"
    return f"{year + 1}-W01" if week == 53 else f"{year}-W01"
