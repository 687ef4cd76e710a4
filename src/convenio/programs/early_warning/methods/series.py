"""From a table of counts to series without gaps: what does not fit is told with its series and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.monitored import Floats
from convenio.programs.early_warning.windows import no_windows

DAY, WEEK = 1, 7
PER_YEAR = {"day": 365, "week": 52, "month": 12}


@dataclass(frozen=True)
class Series:
    """One series in the order of time.

    Args:
        name: what it is called.
        periods: (n,), first day of each period; none is missing between the first and the last.
        observed: (n,), counts.
        population: (n,), None without one.
        completeness: (n,), percent; NaN where not told.
        step: `day`, `week` or `month`.
    """

    name: str
    periods: NDArray[np.datetime64]
    observed: Floats
    population: Floats | None
    completeness: Floats
    step: str

    @property
    def freq(self) -> int:
        """Time points in a year."""
        return PER_YEAR[self.step]


def series_of(counts: pa.Table) -> Iterator[Series]:
    """The series of a table, by name.

    Args:
        counts: columns of `Count`.

    Raises:
        InputError: a period twice or missing, a negative count, a population of 0, sums of overlapping windows, a
            place code that may have lost its leading zero; the error names series and period.
    """
    no_windows(counts)
    _no_lost_zeros(counts)
    ordered = counts.sort_by([("series", "ascending"), ("period", "ascending")])
    names = ordered.column("series").to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]) if len(names) else np.empty(0, np.int64)
    for first, last in zip(starts, np.r_[starts[1:], len(names)], strict=True):
        part = ordered.slice(int(first), int(last - first))
        yield _one(str(names[first]), part)


def _one(name: str, part: pa.Table) -> Series:
    periods = part.column("period").to_numpy().astype("datetime64[D]")
    observed = part.column("observed").to_numpy().astype(np.float64)
    wrong = np.flatnonzero(observed < 0)
    if len(wrong):
        raise InputError(
            _("a count is negative: {value}", value=f"{observed[wrong[0]]:g}"),
            where=_where(name, periods[wrong[0]]),
            advice=_("counts are 0 or more; is this a difference or a correction?"),
        )
    step = _step(name, periods)
    population = part.column("population")
    return Series(
        name,
        periods,
        observed,
        None if population.null_count == len(population) else _population(name, periods, population),
        part.column("completeness").to_numpy(zero_copy_only=False).astype(np.float64),
        step,
    )


def _step(name: str, periods: NDArray[np.datetime64]) -> str:
    """Whether a series is daily, weekly or monthly, once it has neither gaps nor repeats."""
    if len(periods) < 2:
        raise InputError(
            _("a series needs at least two periods"), where=name, advice=_("add earlier periods as its baseline")
        )
    gaps = np.diff(periods).astype(np.int64)
    twice = np.flatnonzero(gaps == 0)
    if len(twice):
        raise InputError(
            _("this period stands here twice"),
            where=_where(name, periods[twice[0]]),
            advice=_("add the counts up, or keep totals and parts in series of their own"),
        )
    usual = int(np.median(gaps))
    if usual in {DAY, WEEK}:
        missing = np.flatnonzero(gaps != usual)
    elif 28 <= usual <= 31:
        months = periods.astype("datetime64[M]").astype(np.int64)
        missing = np.flatnonzero(np.diff(months) != 1)
    else:
        raise InputError(
            _("periods are neither days, weeks nor months: they lie {days} days apart", days=usual),
            where=name,
            advice=_("give the first day of each period"),
        )
    if len(missing):
        raise InputError(
            _("after this period one is missing"),
            where=_where(name, periods[missing[0]]),
            advice=_("write a count of 0 if there were no cases; leave the series out if nobody reported"),
        )
    return {DAY: "day", WEEK: "week"}.get(usual, "month")


def _population(name: str, periods: NDArray[np.datetime64], held: pa.ChunkedArray) -> Floats:
    values = held.to_numpy(zero_copy_only=False).astype(np.float64)
    wrong = np.flatnonzero(~(values > 0))
    if len(wrong):
        raise InputError(
            _("a population is missing or not above 0"),
            where=_where(name, periods[wrong[0]]),
            advice=_("give a population for every time point, or monitor counts without it"),
        )
    return np.asarray(values)


def _no_lost_zeros(counts: pa.Table) -> None:
    """A place code of four digits among codes of five is one that a spreadsheet has cut."""
    names = [each for each in pc.unique(counts.column("series")).to_pylist() if each and each.isdigit()]
    lengths = {len(each) for each in names}
    if lengths == {4, 5}:
        short = next(each for each in sorted(names) if len(each) == 4)
        raise InputError(
            _("the place code {code} has four digits, others have five", code=short),
            advice=_("a spreadsheet may have cut its leading zero: write it as {code}", code=f"0{short}"),
        )


def _where(name: str, period: np.datetime64) -> str:
    day: dt.date = period.astype(object)
    return f"{name}, {day.isoformat()}"
