"""The rules that the software holds, in one place: page, interface, command and import all come through here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import Message, _
from convenio.programs.framework.model import Amendment, Commitment, Indicator, Milestone, Observation, Rating

Result = Literal["improving", "worse", "flat", "unknown"]
STALE = dt.timedelta(days=730)

RESULTS: dict[Result, Message] = {
    "improving": _("improving: the interval excludes a change that does not matter"),
    "worse": _("worse: the interval excludes a change that does not matter"),
    "flat": _("flat: the whole interval lies within the change that was said not to matter"),
    "unknown": _("unknown: the evidence does not settle it"),
}


def result_of(indicator: Indicator, observations: Sequence[Observation], today: dt.date) -> tuple[Result, Message]:
    """What the evidence says of an indicator, and why; `unknown` is a legitimate answer.

    A result needs an outcome indicator, a baseline older than the action and not stale, a change registered before the
    observation, and an observation with its interval. It tells contribution, never attribution.
    """
    newest = latest(observations)
    missing = _missing(indicator, newest, today)
    if missing is not None or newest is None or indicator.baseline is None:
        return "unknown", missing or RESULTS["unknown"]
    assert newest.low is not None
    assert newest.high is not None
    assert indicator.registered_change is not None
    sign = 1.0 if indicator.direction == "up" else -1.0
    ends = sorted(sign * (end - indicator.baseline.value) for end in (newest.low, newest.high))
    margin = indicator.registered_change
    if ends[0] > margin:
        return "improving", RESULTS["improving"]
    if ends[1] < -margin:
        return "worse", RESULTS["worse"]
    if -margin <= ends[0] and ends[1] <= margin:
        return "flat", RESULTS["flat"]
    return "unknown", RESULTS["unknown"]


def _missing(indicator: Indicator, newest: Observation | None, today: dt.date) -> Message | None:
    base = indicator.baseline
    reasons: tuple[tuple[bool, Message], ...] = (
        (indicator.level == "output", _("an output counts what was done, not what came of it")),
        (base is None, _("there is no baseline")),
        (indicator.action_began is None, _("it is not said when the action began")),
        (
            base is not None and indicator.action_began is not None and base.on >= indicator.action_began,
            _("the baseline is not older than the action"),
        ),
        (base is not None and today - base.on > STALE, _("the baseline is older than 24 months")),
        (
            indicator.registered_change is None or indicator.registered_on is None,
            _("no change that matters was registered beforehand"),
        ),
        (newest is None, _("there is no observation")),
        (newest is not None and (newest.low is None or newest.high is None), _("the observation has no interval")),
        (
            newest is not None and indicator.registered_on is not None and indicator.registered_on >= newest.on,
            _("the change that matters was registered after the observation"),
        ),
    )
    return next((why for fails, why in reasons if fails), None)


def latest(observations: Sequence[Observation]) -> Observation | None:
    """The newest day's newest version."""
    return max(observations, key=lambda each: (each.on, each.version), default=None)


def may_observe(new: Observation, indicator: Indicator, held: Sequence[Observation]) -> None:
    """Refuse an observation that would overwrite another, or that cannot be.

    Raises:
        Conflict: this day and version is there already.
        InputError: a percentage beyond 100, an interval that does not hold the value, a day before the baseline.
    """
    same = [each for each in held if each.on == new.on]
    if any(each.version >= new.version for each in same):
        raise Conflict(
            _("an observation of {day} is there already", day=new.on.isoformat()),
            where=new.indicator,
            advice=_("a correction is version {number}", number=max(each.version for each in same) + 1),
            kept=_("nothing was changed"),
        )
    if indicator.unit.strip() in {"%", "percent"} and not 0 <= new.value <= 100:
        raise InputError(_("{value} is no percentage", value=f"{new.value:g}"), where=new.indicator)
    if (new.low is not None and new.low > new.value) or (new.high is not None and new.high < new.value):
        raise InputError(_("the interval does not hold the value"), where=new.indicator)
    if indicator.baseline is not None and new.on < indicator.baseline.on:
        raise InputError(
            _("the observation lies before its baseline of {day}", day=indicator.baseline.on.isoformat()),
            where=new.indicator,
        )


def may_set_baseline(old: Indicator | None, new: Indicator) -> None:
    """Refuse to change a baseline once it is there.

    Raises:
        Refused: it is another; it is locked.
    """
    if old is not None and old.baseline is not None and old.baseline != new.baseline:
        raise Refused(
            _("the baseline is locked"),
            where=new.id,
            advice=_("a new instrument is a new indicator, with a baseline of its own"),
            kept=_("nothing was changed"),
        )


def may_rate(rating: Rating, commitment: Commitment, indicators: Sequence[Indicator]) -> None:
    """Refuse a rating that the rules do not admit.

    Raises:
        Refused: a principle is not scored; a result stands without an outcome indicator that has a baseline; a reviewer
            does not say why it is independent.
        InputError: it expires before it is given.
    """
    if commitment.modality == "principle":
        raise Refused(_("a principle is shown, not scored"), where=commitment.id)
    if rating.expires_on <= rating.given_on:
        raise InputError(_("a rating expires after it is given"), where=commitment.id)
    if rating.rater == "reviewer" and not rating.independence.strip():
        raise Refused(_("a reviewer says why it is independent, and which comment period it gave"), where=commitment.id)
    ready = [each for each in indicators if each.level != "output" and each.baseline is not None]
    if rating.result.strip() and not any(
        each.action_began is not None and each.baseline is not None and each.baseline.on < each.action_began
        for each in ready
    ):
        raise Refused(
            _("no result is shown without an outcome baseline older than the action"),
            where=commitment.id,
            advice=_("rate completion alone, or register an outcome indicator with its baseline"),
        )


def side_by_side(ratings: Sequence[Rating], today: dt.date) -> dict[str, Rating | None]:
    """The newest rating of each rater that has not expired; disagreement is shown, never averaged."""
    found: dict[str, Rating | None] = {"us": None, "mx": None, "reviewer": None}
    for each in sorted(ratings, key=lambda rating: rating.given_on):
        found[each.rater] = each if each.expires_on > today else None
    return found


def moved(milestone: Milestone, amendment: Amendment) -> Milestone:
    """A milestone with its new day.

    Raises:
        Conflict: it is done.
        InputError: the amendment lies before the one before it.
    """
    if milestone.done_on is not None:
        raise Conflict(_("this milestone is done"), where=milestone.id)
    if milestone.amendments and amendment.on < milestone.amendments[-1].on:
        raise InputError(_("an amendment follows the one before it"), where=milestone.id)
    return milestone.model_copy(update={"amendments": (*milestone.amendments, amendment)})
