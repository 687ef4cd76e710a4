"""`detect`: every series of a table held against its own past, alarms ranked."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.method import TableInput, method
from convenio.core.words import _, language
from convenio.programs.early_warning.arguments import DetectParams, Gaps, Name, Status, bounds_of, chosen
from convenio.programs.early_warning.frames import counts_of
from convenio.programs.early_warning.methods.monitored import Monitored
from convenio.programs.early_warning.methods.running import run
from convenio.programs.early_warning.methods.series import Series, series_of
from convenio.programs.early_warning.schema import Alarm, Count
from convenio.programs.early_warning.standing import Standing, stand

HISTORY, SILENT = 8, 5.0


@dataclass(frozen=True)
class _Asked:
    """What is to be tested of every series, and how."""

    method: Name
    given: Mapping[str, Any]
    last: int
    bounds: tuple[int, int] | tuple[dt.date, dt.date] | None
    complete_from: float

    def points(self, each: Series) -> range:
        """The 0-based time points under test; empty where none lies in the range."""
        size = len(each.observed)
        if self.bounds is None:
            return range(max(0, size - self.last), size)
        first, after = self.bounds
        if isinstance(first, dt.date) and isinstance(after, dt.date):
            days = np.searchsorted(each.periods, [np.datetime64(first), np.datetime64(after) + 1])
            return range(int(days[0]), int(days[1]))
        assert isinstance(first, int)
        assert isinstance(after, int)
        return range(min(first - 1, size), min(after, size))


@method(
    "early_warning",
    "detect",
    title=_("Detection"),
    summary=_("Which places have more cases than their own past explains, the strongest alarm first."),
    params=DetectParams,
    inputs={"counts": TableInput(Count, _("counts by place and period"))},
    output=Alarm,
    version="3",
    literature=(
        "Noufaily et al. 2013, Stat Med 32:1206",
        "Farrington et al. 1996, J R Stat Soc A 159:547",
        "Hutwagner et al. 2003, J Urban Health 80:i89",
        "Rossi, Lampugnani and Marchi 1999, Stat Med 18:2111",
        "Höhle and Paul 2008, Comput Stat Data Anal 52:4357",
        "Salmon, Schumacher and Höhle 2016, J Stat Softw 70(10)",
    ),
    score_meaning=_(
        "how far the count lies from what was expected, on a scale on which the upper bound is 1; not a probability"
    ),
    partition="groups",
    partition_by=("series",),
)
def detect(
    counts: Any,
    *,
    method: Name = "farrington-flexible",
    last: int | None = None,
    range: str | None = None,  # noqa: A002 - R's name
    complete_from: float = 0.0,
    as_of: dt.date | None = None,
    age: int | None = None,
    status: Status = "final",
    gaps: Gaps = "refuse",
    only_alarms: bool = False,
    alpha: float | None = None,
    b: int | None = None,
    w: int | None = None,
    noPeriods: int | None = None,
    pastWeeksNotIncluded: int | None = None,
    reweight: bool | None = None,
    weightsThreshold: float | None = None,
    trend: bool | None = None,
    pThresholdTrend: float | None = None,
    thresholdMethod: Literal["nbPlugin", "muan", "delta", "midp"] | None = None,
    powertrans: Literal["2/3", "1/2", "none"] | None = None,
    limit54: str | None = None,
    populationOffset: bool | None = None,
    sameWeekday: bool | None = None,
    baseline: int | None = None,
    minSigma: float | None = None,
    k: float | None = None,
    h: float | None = None,
    trans: str | None = None,
    m: str | None = None,
    c_ARL: float | None = None,
    M: int | None = None,
    Mtilde: int | None = None,
    theta: float | None = None,
    dir: Literal["inc", "dec"] | None = None,  # noqa: A002 - R's name
    change: Literal["intercept", "epi"] | None = None,
    ret: Literal["cases", "value"] | None = None,
    S: int | None = None,
    dispersion: float | None = None,
    actY: bool | None = None,
    exact: bool | None = None,
    progress: Callable[[float], None] | None = None,
) -> pa.Table:
    """Test the last periods of every series.

    Args:
        counts: a pandas, Polars or Arrow table, one row per series and period: series, period, count, and where known
            substance, population, percent complete and pending, final or preliminary, day known, instrument, units
            that reported. Days, weeks or months.
        method: detection method.
        last: periods at the end of each series that are tested; 1 without it.
        range: `FROM:TO`, which are tested instead: days, or places in the series from 1 as in R.
        complete_from: periods less complete than this, in percent, are shown and never an alarm.
        as_of: take the counts as they were known on this day.
        age: take each count as it was known so many days after its period began.
        status: which counts are tested; final and preliminary are never mixed.
        gaps: what a period that is not there is.
        only_alarms: leave out what is no alarm.
        alpha: as in R; false-alarm rate of one period, two-sided for `farrington` and `cdc`. This and all that follow
            are the arguments of R's `surveillance` under their own names; None for the method's default.
        b: years to go back; fewer where a series is shorter, and said so.
        w: half-window about the same time of earlier years, in periods.
        noPeriods: seasonal levels.
        pastWeeksNotIncluded: last periods left out of the baseline.
        reweight: whether past outbreaks are weighed down.
        weightsThreshold: Anscombe residual above which they are.
        trend: whether a trend is fitted.
        pThresholdTrend: largest p value at which it is kept.
        thresholdMethod: how the bound is made.
        powertrans: transformation of `delta`.
        limit54: `CASES,PERIODS`.
        populationOffset: whether the population is an offset.
        sameWeekday: whether a day is compared with the same weekday alone; not in R.
        baseline: periods in the moving window (EARS).
        minSigma: least standard deviation (EARS).
        k: reference value (CUSUM).
        h: decision limit (CUSUM).
        trans: transformation (CUSUM).
        m: mean in control (CUSUM), or blocks on either side (CDC).
        c_ARL: threshold (GLR).
        M: periods that the onset may lie back (GLR).
        Mtilde: fewest observations of a shift (GLR).
        theta: a known shift (GLR).
        dir: rise or fall (GLR).
        change: kind of change (GLR).
        ret: whether the bound is in cases or is the statistic (GLR).
        S: harmonics of the year (GLR).
        dispersion: overdispersion, R's alpha of `glrnb` and of CUSUM's negative binomial transformations.
        actY: whether the periods just before count too (Bayes, RKI).
        exact: False for R's own numbers where its search or table falls short of what the papers define (CUSUM, GLR).
        progress: told the share of series done.

    Returns:
        Columns of `Alarm`: alarms first, by falling score; the rest after them.

    Raises:
        InputError: an argument has no effect with the method; or see `counts_of`, `stand` and `series_of`.
    """
    given = chosen(
        method,
        {
            "alpha": alpha, "b": b, "w": w, "noPeriods": noPeriods, "pastWeeksNotIncluded": pastWeeksNotIncluded,
            "reweight": reweight, "weightsThreshold": weightsThreshold, "trend": trend,
            "pThresholdTrend": pThresholdTrend, "thresholdMethod": thresholdMethod, "powertrans": powertrans,
            "limit54": limit54, "populationOffset": populationOffset, "baseline": baseline, "minSigma": minSigma,
            "k": k, "h": h, "trans": trans, "m": m, "c_ARL": c_ARL, "M": M, "Mtilde": Mtilde, "theta": theta,
            "dir": dir, "change": change, "ret": ret,
            "sameWeekday": sameWeekday, "S": S, "dispersion": dispersion, "actY": actY, "exact": exact,
        },
    )  # fmt: skip
    if range is not None and last is not None:
        raise InputError(_("last and range both say what is tested"), where="--range", advice=_("give one of them"))
    asked = _Asked(method, given, last or 1, None if range is None else bounds_of(range), complete_from)
    stood = stand(counts_of(counts), as_of=as_of, age=age, status=status, gaps=gaps)
    rows = [*_all(stood, asked, progress), *_set_aside(stood, asked.last)]
    if only_alarms:
        rows = [row for row in rows if row["alarm"]]
    rows.sort(
        key=lambda row: (
            not row["alarm"], -(row["score"] if row["score"] is not None else -np.inf), row["series"],
            row["substance"] or "", row["period"],
        )
    )  # fmt: skip
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return pa.Table.from_pylist(rows, schema=Alarm.arrow_schema())


def _all(stood: Standing, asked: _Asked, progress: Callable[[float], None] | None) -> Iterator[dict[str, Any]]:
    """The rows of every series, several series at once."""
    pending = stood.table.column("pending").to_numpy(zero_copy_only=False).astype(np.float64)
    status = stood.table.column("status")
    spoken = language.get()
    found: list[tuple[Series, int]] = []
    at = 0
    for each in series_of(stood.table) if stood.table.num_rows else ():
        found.append((each, at))
        at += len(each.observed)

    def work(part: tuple[Series, int]) -> list[dict[str, Any]]:
        token = language.set(spoken)
        try:
            each, start = part
            rows = _rows(each, asked, stood)
            for place, row in rows:
                row["pending"] = None if np.isnan(pending[start + place]) else float(pending[start + place])
                row["status"] = status[start + place].as_py()
            return [row for _place, row in rows]
        finally:
            language.reset(token)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done, part in enumerate(pool.map(work, found), start=1):
            yield from part
            if progress is not None and done % 50 == 0:
                progress(done / len(found))


def _rows(each: Series, asked: _Asked, stood: Standing) -> list[tuple[int, dict[str, Any]]]:
    notes = list(stood.notes.get(each.name, ()))
    points = asked.points(each)
    made: Monitored | None = None
    if not len(points):
        points = range(len(each.observed) - 1, len(each.observed))
        notes.append(_("no period of it lies in the range that is tested"))
    elif not np.nansum(each.observed):
        notes.append(_("no case in the whole series: nothing to compare with"))
    else:
        try:
            made, said = run(each, asked.method, points, asked.given)
            notes += [] if said is None else [said]
        except InputError as error:
            if error.where is not None and str(error.where).startswith("--"):
                raise
            notes.append(error.what)
    stopped = stood.stopped.get(each.name)
    rows = []
    for place in points:
        row = _row(each, place, made, place - points.start, stood.names[each.name])
        complete = each.completeness[place]
        told = list(notes)
        if not np.isnan(complete) and complete < asked.complete_from:
            row["alarm"] = False
            told.insert(0, _("preliminary: {percent} % complete", percent=f"{complete:g}"))
        if stopped is not None:
            row["alarm"] = False
            told.insert(0, stopped)
        if row["observed"] is None:
            told.insert(0, _("no count was reported"))
        elif row["observed"] == 0 and row["expected"] is not None and row["expected"] >= SILENT:
            told.insert(
                0, _("no case where {expected} are expected: did it report?", expected=f"{row['expected']:.1f}")
            )
        row["note"] = "; ".join(str(what) for what in told)
        rows.append((place, row))
    return rows


def _row(each: Series, place: int, made: Monitored | None, at: int, names: tuple[str, str | None]) -> dict[str, Any]:
    def told(values: Any) -> float | None:
        return None if made is None or not np.isfinite(values[at]) else float(values[at])

    observed = each.observed[place] if made is None else made.observed[at]
    return {
        "rank": 0,
        "series": names[0],
        "substance": names[1],
        "period": each.periods[place].astype(object),
        "observed": None if np.isnan(observed) else int(observed),
        "expected": None if made is None else told(made.expected),
        "upperbound": None if made is None else told(made.upperbound),
        "alarm": bool(made.alarm[at]) if made is not None else False,
        "score": None if made is None else told(made.score),
        "history": " ".join(
            "-" if np.isnan(value) else f"{value:g}" for value in each.observed[max(0, place - HISTORY) : place]
        ),
        "completeness": None if np.isnan(each.completeness[place]) else float(each.completeness[place]),
    }


def _set_aside(stood: Standing, last: int) -> Iterator[dict[str, Any]]:
    """What is shown and not tested, the last of each series."""
    by_series: dict[str, list[dict[str, Any]]] = {}
    for row in stood.set_aside:
        by_series.setdefault(row["series"], []).append(row)
    for series, held in by_series.items():
        place, substance = stood.names[series]
        for row in held[-last:]:
            kept = {name: row[name] for name in ("period", "observed", "completeness", "pending", "status")}
            yield {
                "rank": 0, "series": place, "substance": substance, "expected": None, "upperbound": None,
                "alarm": False, "score": None, "history": "", **kept,
                "note": "; ".join(str(each) for each in (_("not tested"), *stood.notes.get(series, ()))),
            }  # fmt: skip
