"""One method over chosen time points of one series, with the arguments given and the method's own defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.early_warning.arguments import Name, pair
from convenio.programs.early_warning.methods.cusum import cusum
from convenio.programs.early_warning.methods.ears import ears_c
from convenio.programs.early_warning.methods.farrington import farrington, farrington_flexible
from convenio.programs.early_warning.methods.glr import glr
from convenio.programs.early_warning.methods.harmonic import harmonic
from convenio.programs.early_warning.methods.monitored import Monitored
from convenio.programs.early_warning.methods.reference_values import bayes, cdc, rki
from convenio.programs.early_warning.methods.series import Series

YEARS, HALF_WINDOW, BLOCKS = 5, 3, 1
DAYS, LEAST_DAYS = 17, 7  # half-windows of daily series: five days of each weekday a year; at least three
Ran = tuple[Monitored, Message | None]


def run(each: Series, method: Name, points: range, given: Mapping[str, Any]) -> Ran:
    """Hold the time points against the past.

    Args:
        each: the series.
        method: the detection method.
        points: 0-based time points, one after the other.
        given: arguments by their R name, as `arguments.chosen` leaves them.

    Returns:
        What the method says, and what must be told of how it was run.

    Raises:
        InputError: the series is too short for the method, or cannot be what the method needs.
    """
    if method.startswith("ears"):
        chosen: Any = method[-2:].upper()
        return ears_c(each.observed, range_=points, method=chosen, **given), None
    if method in {"cusum", "glr"}:
        return _sequential(each, method, points, given), None
    if method == "cdc":
        return _cdc(each, points, given)
    if method in {"bayes", "rki"}:
        return _reference(each, method, points, given)
    if method == "harmonic":
        return _harmonic(each, points, given)
    return _regression(each, method, points, given)


def _sequential(each: Series, method: Name, points: range, given: Mapping[str, Any]) -> Monitored:
    if np.isnan(each.observed).any():
        raise InputError(_("{method} adds up period after period and cannot do without one", method=method))
    told = {"exact": True, **given}
    dispersion = told.pop("dispersion", None)
    if method == "cusum":
        mean = told.pop("m", None)
        return cusum(
            each.observed, range_=points, m=_mean(mean), alpha=dispersion, freq=each.freq,
            **{"trans": "anscombe", **told},
        )  # fmt: skip
    seasonal = {"S": told.pop("S", 1), "trend": int(told.pop("trend", False))}
    direction = told.pop("dir", "inc")
    bound = told.pop("ret", "value" if told.get("change") == "epi" else "cases")
    return glr(
        each.observed, range_=points, mu0=seasonal, alpha=dispersion, dir_=direction, ret=bound, freq=each.freq,
        **told,
    )  # fmt: skip


def _mean(told: str | None) -> Any:
    if told is None or told == "glm":
        return told
    try:
        return float(told)
    except ValueError as error:
        raise InputError(
            _("{value} is no mean", value=told), where="--m", advice=_("a number, or glm for a seasonal regression")
        ) from error


def _cdc(each: Series, points: range, given: Mapping[str, Any]) -> Ran:
    if each.step != "week":
        raise InputError(_("cdc adds up four weeks and needs weekly counts"))
    told = {"m": str(BLOCKS), "b": YEARS, **given}
    if not told["m"].isdigit():
        raise InputError(_("{value} is no number of blocks", value=told["m"]), where="--m")
    blocks = int(told.pop("m"))
    years, note = _years(told.pop("b"), points.start - 4 * blocks - 3, each)
    found = cdc(each.observed, range_=points, b=years, m=blocks, freq=each.freq, **told)
    four = _("totals of four weeks")
    return found, four if note is None else _("{one}; {other}", one=four, other=note)


def _reference(each: Series, method: Name, points: range, given: Mapping[str, Any]) -> Ran:
    told = {"b": YEARS, "w": HALF_WINDOW, **given}
    wanted = told.pop("b")
    years = max(0, min(wanted, (points.start - told["w"] - 2) // each.freq))
    note = None if years == wanted else _only(years, wanted)
    function = bayes if method == "bayes" else rki
    if method == "bayes":
        told.setdefault("alpha", 0.05)
    return function(each.observed, range_=points, b=years, freq=each.freq, **told), note


def _regression(each: Series, method: Name, points: range, given: Mapping[str, Any]) -> Ran:
    weekly = each.step == "week"
    daily = each.step == "day"
    told = {"b": YEARS, "w": DAYS if daily else HALF_WINDOW, **given}
    years, note = _years(told.pop("b"), points.start - told["w"] - 2, each)
    if "limit54" in told:
        told["limit54"] = pair(told["limit54"])
    dates = each.periods if weekly else None
    if method == "farrington":
        return farrington(each.observed, range_=points, freq=each.freq, dates=dates, b=years, **told), note
    population = _offset(each, told)
    told.setdefault("noPeriods", 10 if weekly else 1)
    told.setdefault("pastWeeksNotIncluded", 26 if weekly else told["w"])
    told.setdefault("alpha", 0.01)
    alike = told.pop("sameWeekday", daily and told["w"] >= LEAST_DAYS)
    if alike and not daily:
        raise InputError(_("sameWeekday is for daily series"), where="--sameWeekday")
    found = farrington_flexible(
        each.observed, range_=points, freq=each.freq, dates=dates, population=population, b=years, sameWeekday=alike,
        **told,
    )  # fmt: skip
    if alike:
        same = _("compared with the same weekday alone")
        note = same if note is None else _("{one}; {other}", one=same, other=note)
    return found, note


def _harmonic(each: Series, points: range, given: Mapping[str, Any]) -> Ran:
    weekly = each.step == "week"
    told = {"b": YEARS, "pastWeeksNotIncluded": 26 if weekly else HALF_WINDOW, **given}
    years, note = _years(told.pop("b"), points.start - told["pastWeeksNotIncluded"], each)
    if "limit54" in told:
        told["limit54"] = pair(told["limit54"])
    found = harmonic(
        each.observed, range_=points, freq=each.freq, dates=None if each.step == "month" else each.periods,
        population=_offset(each, told), b=years, **told,
    )  # fmt: skip
    return found, note


def _offset(each: Series, told: dict[str, Any]) -> Any:
    """The population that is offset by, if any."""
    offset = told.pop("populationOffset", None)
    if offset and each.population is None:
        raise InputError(_("there is no population to offset by"))
    return None if offset is False else each.population


def _years(wanted: int, before: int, each: Series) -> tuple[int, Message | None]:
    years = min(wanted, before // each.freq)
    if years < 1:
        raise InputError(_("shorter than its baseline: no whole year lies before"))
    return years, None if years == wanted else _only(years, wanted)


def _only(years: int, wanted: int) -> Message:
    return _("only {years} of {wanted} years lie before", years=years, wanted=wanted)
