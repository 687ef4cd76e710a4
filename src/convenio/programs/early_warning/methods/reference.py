"""Which past time points a Farrington method compares with, and in which seasonal level each lies.

Source: Farrington et al. 1996, J R Stat Soc A 159:547, section 3.1; Noufaily et al. 2013, Stat Med 32:1206,
section 3.2.
"""

from __future__ import annotations

import datetime as dt

import numba as nb
import numpy as np
from numpy.typing import NDArray

from convenio.core.errors import InputError
from convenio.core.words import _


def centres(
    time_points: NDArray[np.int64], b: int, freq: int, dates: NDArray[np.datetime64] | None
) -> NDArray[np.int64]:
    """The time points `b`, ..., 1 years before each of `time_points`, and the time point itself.

    Args:
        time_points: (k,), 0-based.
        b: years to go back.
        freq: time points in a year, used where there are no dates.
        dates: (n,), the first day of each time point. With dates a year back is the same calendar day, and in weekly
            series the week that starts nearest to it, so that a 53rd week shifts no season.

    Returns:
        (k, b + 1) integers, increasing in each row.

    Raises:
        InputError: a time point lies less than `b` years after the start, or the day a year back is in no row.
    """
    if dates is None:
        return time_points[:, None] - freq * np.arange(b, -1, -1)[None, :]
    days = dates.astype("datetime64[D]").astype(np.int64)
    weekly = freq in (52, 53)
    found = np.empty((len(time_points), b + 1), np.int64)
    for row, k in enumerate(time_points):
        day = dates[k].astype(object)
        for i in range(b + 1):
            wanted = _years_before(day, b - i)
            if weekly:
                at = int(np.searchsorted(days, wanted - 3))
                hit = at < len(days) and abs(int(days[at]) - wanted) <= 3
            else:
                at = int(np.searchsorted(days, wanted))
                hit = at < len(days) and int(days[at]) == wanted
            if not hit:
                raise InputError(
                    _("no time point lies {years} years before {date}", years=b - i, date=day.isoformat()),
                    advice=_("shorten b, start later, or leave the dates out so that years are counted in rows"),
                )
            found[row, i] = at
    return found


def _years_before(day: dt.date, years: int) -> int:
    """Days since 1970 of the same calendar day `years` before; 29 February becomes 1 March where there is none."""
    try:
        then = day.replace(year=day.year - years)
    except ValueError:
        then = dt.date(day.year - years, 3, 1)
    return (then - dt.date(1970, 1, 1)).days


@nb.njit(cache=True, nogil=True)
def reference_rows(centre, w, noPeriods, pastWeeksNotIncluded, every, y, rows, segments):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill `rows` with the reference time points and `segments` with their runs (first, end, level).

    Level 0 is the half-window `w` about each centre; with `noPeriods` above 1 the time points between two windows are
    cut into noPeriods - 1 blocks, the first ones longer by one where the division leaves a rest. The last time point
    taken lies `pastWeeksNotIncluded` + 1 before the one under test. Of all these, those a multiple of `every` time
    points before it are kept. Missing counts are left out.

    Returns:
        The number of rows and of segments.
    """
    last = centre[-1] - pastWeeksNotIncluded - 1
    n = 0
    m = 0
    previous_level = -1
    previous_row = -2
    for i in range(centre.shape[0]):
        first = centre[i] - w
        end = centre[i] + w
        following = centre[i + 1] - w - 1 if noPeriods > 1 and i + 1 < centre.shape[0] else end
        gap = max(following - end, 0)
        size = gap // max(noPeriods - 1, 1)
        longer = gap % max(noPeriods - 1, 1)
        for row in range(first, max(following, end) + 1):
            if row > last or row <= previous_row or (centre[-1] - row) % every != 0:
                continue
            if row <= end:
                level = 0
            else:
                past = row - end - 1
                if past < longer * (size + 1):
                    level = 1 + past // (size + 1)
                else:
                    level = 1 + longer + (past - longer * (size + 1)) // size
            if not y[row] >= 0:
                continue
            if level != previous_level or row != previous_row + 1:
                segments[m, 0] = n
                segments[m, 2] = level
                m += 1
            rows[n] = row
            n += 1
            segments[m - 1, 1] = n
            previous_level = level
            previous_row = row
    return n, m
