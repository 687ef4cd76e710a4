"""Scales: from values to places in a drawing, with ticks that people read easily."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from convenio.web import language as words

NICE = (1, 2, 5, 10)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Linear:
    """A linear scale from `low..high` to `start..end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)

    def ticks(self, about: int = 5) -> list[float]:
        """Round values within the scale, about so many."""
        step = nice_step(self.high - self.low, about)
        first = math.ceil(self.low / step - 1e-9)
        return [round(n * step, 12) for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def nice_step(span: float, about: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts `span` into about so many parts."""
    raw = (span or 1.0) / max(1, about)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(each * power for each in NICE if each * power >= raw * (1 - 1e-9))


def including_zero(values: Sequence[float]) -> tuple[float, float]:
    """Bounds that hold all values and zero, with the upper one round."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    step = nice_step(high - low, 5)
    return math.floor(low / step) * step, (math.ceil(high / step) * step) or 1.0


def date_ticks(first: dt.date, last: dt.date, about: int = 6) -> list[dt.date]:
    """First days of months within the span, about so many; single days where the span is short."""
    days = (last - first).days
    if days < 45 * 2:
        step = max(1, math.ceil(days / about))
        return [first + dt.timedelta(days=n) for n in range(0, days + 1, step)]
    months = days / 30.44
    gap = next((each for each in MONTH_STEPS if months / each <= about), MONTH_STEPS[-1])
    count = first.year * 12 + first.month - 1
    count = -(-(count + (first.day > 1)) // gap) * gap
    made = []
    while (at := dt.date(count // 12, count % 12 + 1, 1)) <= last:
        made.append(at)
        count += gap
    return made


def date_label(at: dt.date, span_days: int) -> str:
    """A tick's date: day and month on a short span, month and year on a long one."""
    from babel.dates import format_skeleton

    return str(format_skeleton("MMMd" if span_days < 90 else "yMMM", at, locale=words.locale()))
