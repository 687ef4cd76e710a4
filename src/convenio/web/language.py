"""Which language, colours and density a page is made in, for the one who asked for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

from convenio.core.words import LANGUAGES, Language, language

LOCALES: dict[Language, str] = {"en": "en_US", "es": "es_MX"}
NAMES: dict[Language, str] = {"en": "English", "es": "Español"}


def known(text: str | None) -> Language | None:
    """The language that a tag such as `es-MX` names, if Convenio speaks it."""
    if not text:
        return None
    first = text.strip().lower().replace("_", "-").split("-")[0]
    return first if first in LANGUAGES else None


def negotiate(
    *, asked: str | None, cookie: str | None, own: str | None, header: str | None, default: Language
) -> Language:
    """The language of a page.

    What the address asks for comes first, then what this browser chose before, then what the person's account says,
    then what the browser prefers (RFC 9110, `Accept-Language`), then the node's own.
    """
    return known(asked) or known(cookie) or known(own) or _preferred(header) or default


def _preferred(header: str | None) -> Language | None:
    weighed: list[tuple[float, int, Language]] = []
    for place, part in enumerate((header or "").split(",")[:20]):
        tag, _semicolon, rest = part.partition(";")
        name, _equals, number = rest.strip().partition("=")
        try:
            weight = float(number) if name == "q" else 1.0
        except ValueError:
            continue
        spoken = known(tag)
        if spoken and weight > 0:
            weighed.append((-weight, place, spoken))
    return min(weighed)[2] if weighed else None


def locale() -> str:
    """The CLDR locale of the present language: US English or Mexican Spanish."""
    return LOCALES[language.get()]


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """A number as people of the present language write it, with at most `places` decimals."""
    if value is None:
        return ""
    pattern = None if places is None else "#,##0" + ("." + "#" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=locale()))


def percent(value: float | None, places: int = 1) -> str:
    """A share between 0 and 1 as per cent."""
    if value is None:
        return ""
    return str(format_percent(value, format="#,##0" + ("." + "#" * places if places else "") + "%", locale=locale()))


def day(value: dt.date | dt.datetime | str | None) -> str:
    """A date in words: Oct 6, 2021; 6 oct 2021."""
    read = _moment(value)
    return "" if read is None else str(format_date(read, "medium", locale=locale()))


def moment(value: dt.datetime | str | float | None) -> str:
    """A date and time in UTC, to the minute; the page says that it is UTC."""
    read = _moment(value)
    if read is None:
        return ""
    if not isinstance(read, dt.datetime):
        return day(read)
    return f"{format_datetime(read, 'd MMM y, HH:mm', tzinfo=dt.UTC, locale=locale())} UTC"


def since(value: dt.datetime | str | float | None, now: dt.datetime) -> str:
    """How long before or after `now`: "in 3 days", "hace 2 horas"."""
    read = _moment(value)
    if read is None:
        return ""
    if not isinstance(read, dt.datetime):
        read = dt.datetime.combine(read, dt.time(), dt.UTC)
    gap = read - now
    if abs(gap) < dt.timedelta(seconds=1):
        gap = dt.timedelta(seconds=-1)
    return str(format_timedelta(gap, add_direction=True, locale=locale()))


def size(count: int | None) -> str:
    """A number of bytes in the unit that reads best."""
    if count is None:
        return ""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{number(amount, 0 if unit == 'B' else 1)} {unit}"
        amount /= 1000
    return f"{number(amount, 1)} TB"


def _moment(value: dt.date | dt.datetime | str | float | None) -> dt.date | dt.datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    return value
