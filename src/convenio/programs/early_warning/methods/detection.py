"""`detect`: every series of a table held against its own past, alarms ranked."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.method import Params, TableInput, method, param
from convenio.core.words import Message, _, language
from convenio.programs.early_warning.methods.cusum import cusum
from convenio.programs.early_warning.methods.ears import ears_c
from convenio.programs.early_warning.methods.farrington import Monitored, farrington, farrington_flexible
from convenio.programs.early_warning.methods.glr import glr
from convenio.programs.early_warning.methods.reference_values import bayes, rki
from convenio.programs.early_warning.methods.series import Series, series_of
from convenio.programs.early_warning.schema import Alarm, Count

Name = Literal["farrington-flexible", "farrington", "ears-c1", "ears-c2", "ears-c3", "cusum", "glr", "bayes", "rki"]
HISTORY = 8


class DetectParams(Params):
    """What detection is told."""

    method: Name = param(_("method"), "farrington-flexible")
    last: int = param(_("periods at the end of each series that are tested"), 1, ge=1, le=100_000)
    alpha: float = param(_("one-sided false-alarm rate of one series and period"), 0.01, gt=0, lt=0.5)
    b: int = param(_("years to go back (Farrington, Bayes, RKI)"), 5, ge=0, le=50)
    w: int = param(_("half-window about the same time of earlier years"), 3, ge=0, le=26)
    complete_from: float = param(_("least percent complete of a period that is tested"), 0.0, ge=0, le=100)
    only_alarms: bool = param(_("leave out what is no alarm"), False)


@method(
    "early_warning",
    "detect",
    title=_("Detection"),
    summary=_("Which places have more cases than their own past explains, the strongest alarm first."),
    params=DetectParams,
    inputs={"counts": TableInput(Count, _("counts by place and period"))},
    output=Alarm,
    literature=(
        "Noufaily et al. 2013, Stat Med 32:1206",
        "Farrington et al. 1996, J R Stat Soc A 159:547",
        "Hutwagner et al. 2003, J Urban Health 80:i89",
        "Rossi, Lampugnani and Marchi 1999, Stat Med 18:2111",
        "Höhle and Paul 2008, Comput Stat Data Anal 52:4357",
    ),
    score_meaning=_(
        "how far the count lies from what was expected, on a scale on which the upper bound is 1; not a probability"
    ),
    partition="groups",
    partition_by=("series",),
)
def detect(
    counts: pa.Table,
    *,
    method: Name = "farrington-flexible",
    last: int = 1,
    alpha: float = 0.01,
    b: int = 5,
    w: int = 3,
    complete_from: float = 0.0,
    only_alarms: bool = False,
    progress: Callable[[float], None] | None = None,
) -> pa.Table:
    """Test the last periods of every series.

    Args:
        counts: columns of `Count`, one row per series and period, no gaps; daily, weekly or monthly.
        method: detection method.
        last: periods at the end of each series that are tested.
        alpha: one-sided false-alarm rate of one series and period.
        b: years to go back, for the methods that do; fewer where a series is shorter, and said so.
        w: half-window about the same time of earlier years, in periods.
        complete_from: periods less complete than this, in percent, are shown and never an alarm.
        only_alarms: leave out what is no alarm.
        progress: told the share of series done.

    Returns:
        Columns of `Alarm`: alarms first, by falling score; the rest after them.

    Raises:
        InputError: see `series_of`; or no series is long enough for the method.
    """
    found = list(series_of(counts))
    spoken = language.get()

    def work(each: Series) -> list[dict[str, Any]]:
        token = language.set(spoken)
        try:
            return _rows(each, method, last, alpha, b, w, complete_from)
        finally:
            language.reset(token)

    rows: list[dict[str, Any]] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done, part in enumerate(pool.map(work, found), start=1):
            rows += part
            if progress is not None and done % 50 == 0:
                progress(done / len(found))
    if only_alarms:
        rows = [row for row in rows if row["alarm"]]
    rows.sort(
        key=lambda row: (not row["alarm"], -(row["score"] if row["score"] is not None else -np.inf), row["series"])
    )
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return pa.Table.from_pylist(rows, schema=Alarm.arrow_schema())


def _rows(
    each: Series, method: Name, last: int, alpha: float, b: int, w: int, complete_from: float
) -> list[dict[str, Any]]:
    size = len(each.observed)
    first = max(0, size - last)
    note: Message | None = None
    made: Monitored | None = None
    if not each.observed.any():
        note = _("no case in the whole series: nothing to compare with")
    else:
        try:
            made, note = _tested(each, method, range(first, size), alpha, b, w)
        except InputError as error:
            note = error.what
    rows = []
    for place in range(first, size):
        row = _row(each, place, None if made is None else made, place - first)
        complete = each.completeness[place]
        said = note
        if not np.isnan(complete) and complete < complete_from:
            row["alarm"], said = False, _("preliminary: {percent} % complete", percent=f"{complete:g}")
        row["note"] = "" if said is None else str(said)
        rows.append(row)
    return rows


def _row(each: Series, place: int, made: Monitored | None, at: int) -> dict[str, Any]:
    def told(values: Any) -> float | None:
        return None if made is None or not np.isfinite(values[at]) else float(values[at])

    return {
        "rank": 0,
        "series": each.name,
        "period": each.periods[place].astype(object),
        "observed": int(each.observed[place]),
        "expected": told(made.expected) if made is not None else None,
        "upperbound": told(made.upperbound) if made is not None else None,
        "alarm": bool(made.alarm[at]) if made is not None else False,
        "score": told(made.score) if made is not None else None,
        "history": " ".join(f"{value:g}" for value in each.observed[max(0, place - HISTORY) : place]),
        "completeness": None if np.isnan(each.completeness[place]) else float(each.completeness[place]),
    }


def _tested(  # noqa: PLR0911 - one return per method
    each: Series, method: Name, points: range, alpha: float, b: int, w: int
) -> tuple[Monitored, Message | None]:
    """The method over the points, with fewer years where the series is too short for `b`."""
    weekly = each.step == "week"
    if method.startswith("ears"):
        chosen: Any = method[-2:].upper()
        return ears_c(each.observed, range_=points, method=chosen, alpha=alpha), None
    if method == "cusum":
        return cusum(each.observed, range_=points, trans="anscombe", freq=each.freq), None
    if method == "glr":
        return glr(each.observed, range_=points, alpha=None, freq=each.freq, ret="cases"), None
    years = min(b, (points.start - w - 2) // each.freq)
    note = None if years == b else _("only {years} of {wanted} years lie before", years=years, wanted=b)
    years = max(years, 0)
    if method == "bayes":
        return bayes(each.observed, range_=points, alpha=alpha, b=years, w=w, freq=each.freq), note
    if method == "rki":
        return rki(each.observed, range_=points, b=years, w=w, freq=each.freq), note
    if years < 1:
        raise InputError(_("shorter than its baseline: no whole year lies before"))
    dates = each.periods if weekly else None
    if method == "farrington":
        return farrington(
            each.observed, range_=points, freq=each.freq, dates=dates, b=years, w=w, alpha=2 * alpha
        ), note
    flexible = farrington_flexible(
        each.observed,
        range_=points,
        freq=each.freq,
        dates=dates,
        population=each.population,
        b=years,
        w=w,
        noPeriods=10 if weekly else 1,
        pastWeeksNotIncluded=26 if weekly else w,
        alpha=alpha,
    )
    return flexible, note
