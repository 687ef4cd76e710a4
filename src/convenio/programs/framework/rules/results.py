"""What the evidence says of an indicator: improving, worse, flat, or unknown."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from convenio.core.words import Message, _
from convenio.programs.framework.model import Baseline, Indicator, Observation
from convenio.programs.framework.rules.ages import is_stale, stale_baseline

Result = Literal["improving", "worse", "flat", "unknown"]

RESULTS: dict[Result, Message] = {
    "improving": _("improving: the interval excludes a change that does not matter"),
    "worse": _("worse: the interval excludes a change that does not matter"),
    "flat": _("flat: the whole interval lies within the change that was said not to matter"),
    "unknown": _("unknown: the evidence does not settle it"),
}


class Change(NamedTuple):
    """A difference from the baseline with its interval, in the indicator's unit."""

    value: float
    low: float
    high: float


def change_of(baseline: Baseline, observation: Observation) -> Change | None:
    """How far an observation lies from the baseline; none where the observation has no interval.

    The interval of the difference is recovered from the two intervals (MOVER). A baseline without an interval is taken
    as exact, as a full count is.

    Source: Zou and Donner 2008, Statistics in Medicine 27:1693.
    """
    if observation.low is None or observation.high is None:
        return None
    base, seen = baseline.value, observation.value
    low = base if baseline.low is None else baseline.low
    high = base if baseline.high is None else baseline.high
    return Change(
        seen - base,
        seen - base - math.hypot(seen - observation.low, high - base),
        seen - base + math.hypot(observation.high - seen, base - low),
    )


def result_of(indicator: Indicator, observations: Sequence[Observation], today: dt.date) -> tuple[Result, Message]:
    """What the evidence says of an indicator, and why; `unknown` is a legitimate answer.

    A result needs an outcome indicator, a baseline older than the action and not stale, a change registered before the
    observation, and an observation of the whole with its interval, not stale. Improving or worse: the interval of the
    change lies wholly beyond the registered change. Flat: it lies wholly within it (equivalence). It tells
    contribution, never attribution.
    """
    newest = latest(observations)
    missing = _missing(indicator, newest, today)
    if missing is not None or newest is None or indicator.baseline is None or indicator.registered_change is None:
        return "unknown", missing or RESULTS["unknown"]
    change = change_of(indicator.baseline, newest)
    if change is None:
        return "unknown", RESULTS["unknown"]
    low, high = (change.low, change.high) if indicator.direction == "up" else (-change.high, -change.low)
    margin = indicator.registered_change
    if low > margin:
        return "improving", RESULTS["improving"]
    if high < -margin:
        return "worse", RESULTS["worse"]
    if -margin <= low and high <= margin:
        return "flat", RESULTS["flat"]
    return "unknown", RESULTS["unknown"]


def has_true_outcome(indicator: Indicator) -> bool:
    """Whether an indicator can tell of a result: an outcome or impact, with a baseline older than the action."""
    return (
        indicator.level != "output"
        and indicator.baseline is not None
        and indicator.action_began is not None
        and indicator.baseline.on < indicator.action_began
    )


def latest(observations: Sequence[Observation]) -> Observation | None:
    """The newest day's newest version, of the whole."""
    whole = [each for each in observations if not each.dimensions and not each.suppressed]
    return max(whole, key=lambda each: (each.on, each.version), default=None)


def _missing(indicator: Indicator, newest: Observation | None, today: dt.date) -> Message | None:
    base, began, registered = indicator.baseline, indicator.action_began, indicator.registered_on
    reasons: tuple[tuple[bool, Message], ...] = (
        (indicator.level == "output", _("an output counts what was done, not what came of it")),
        (base is None, _("there is no baseline")),
        (began is None, _("it is not said when the action began")),
        (
            base is not None and began is not None and base.on >= began,
            _("the baseline is not older than the action"),
        ),
        (stale_baseline(indicator, today), _("the baseline is more than 24 months older than the action")),
        (
            indicator.registered_change is None or registered is None,
            _("no change that matters was registered beforehand"),
        ),
        (newest is None, _("there is no observation")),
        (
            newest is not None and began is not None and newest.on < began,
            _("the newest observation is older than the action"),
        ),
        (newest is not None and is_stale(newest.on, today), _("the newest observation is older than 24 months")),
        (newest is not None and (newest.low is None or newest.high is None), _("the observation has no interval")),
        (
            newest is not None and registered is not None and registered >= newest.on,
            _("the change that matters was registered after the observation"),
        ),
    )
    return next((why for fails, why in reasons if fails), None)
