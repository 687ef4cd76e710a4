"""What may be entered: an indicator with its baseline, a target, an observation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from convenio.core.errors import Conflict, Refused
from convenio.core.words import _
from convenio.programs.framework.model import Baseline, Indicator, Observation, Target
from convenio.programs.framework.rules.misfit import Misfit

NOTHING = _("nothing was changed")


def may_register(old: Indicator | None, new: Indicator, observations: Sequence[Observation]) -> Indicator:
    """The indicator as it is kept, its baseline locked.

    Once there is a baseline it stays. Once there is an observation, all that a result is read from stays: commitment,
    unit, level, direction, the change that matters and when it was registered, when the action began. One thing may
    still be added: a change that matters, for observations to come, if none was registered.

    Raises:
        Refused: it would change what stands still, or its baseline is not what its lock was made for.
        InputError: a percentage beyond 0 to 100, an interval that does not hold its value, or a registered change
            without its day.
    """
    if (new.registered_change is None) != (new.registered_on is None):
        raise Misfit(
            _("a change that matters and the day it was registered go together"), "registered_change", where=new.id
        )
    if new.baseline is not None:
        _measured(new, new.baseline)
        if new.baseline.digest not in {"", new.baseline.computed()}:
            raise Refused(_("the baseline is not what its lock was made for"), where=new.id, kept=NOTHING)
    if old is not None and old.baseline is not None and _differ(old.baseline, new.baseline):
        raise Refused(
            _("the baseline is locked"),
            where=new.id,
            advice=_("a new instrument is a new indicator, with a baseline of its own"),
            kept=NOTHING,
        )
    kept = new if new.baseline is None else new.model_copy(update={"baseline": new.baseline.locked()})
    if old is not None and observations and old.terms != kept.terms and not _only_registers(old, kept, observations):
        raise Refused(
            _("after an observation these stand still: {fields}", fields=", ".join(_changed(old, kept))),
            where=new.id,
            advice=_("register a new indicator"),
            kept=NOTHING,
        )
    return kept


def registering(old: Indicator | None, new: Indicator, today: dt.date) -> Indicator:
    """An indicator as a person enters it: a change that matters is registered on the day it is entered.

    Only so is it certain that it was said beforehand. A file says itself when it was registered, and is believed.

    Raises:
        Misfit: another day is given.
    """
    if new.registered_change is None:
        return new
    same = old is not None and old.registered_change == new.registered_change
    day = old.registered_on if old is not None and same else today
    if new.registered_on not in (None, day):
        raise Misfit(
            _("a change that matters is registered on the day it is entered, {day}", day=str(day)),
            "registered_on",
            where=new.id,
            advice=_("leave the day out; one that was registered elsewhere comes by import, with its source"),
            kept=NOTHING,
        )
    return new.model_copy(update={"registered_on": day})


def may_observe(new: Observation, indicator: Indicator, held: Sequence[Observation]) -> Observation:
    """The observation as it is kept: bound to the indicator's terms.

    Raises:
        Conflict: this day and version is there already; the error says what was entered and by whom.
        InputError: a version is left out, a percentage beyond 100, an interval that does not hold the value, a day
            before the baseline or still to come.
        Refused: it was entered under other terms.
    """
    same = [each for each in held if each.on == new.on and each.dimensions == new.dimensions]
    last = max(same, key=lambda each: each.version, default=None)
    if last is not None and last.version >= new.version:
        raise Conflict(
            _(
                "an observation of {day} is there already: {value}, entered by {by}",
                day=new.on.isoformat(),
                value=f"{last.value:g}",
                by=last.entered_by,
            ),
            where=new.indicator,
            advice=_("a correction is version {number}", number=last.version + 1),
            kept=NOTHING,
        )
    _follows(new.version, last.version if last else 0, new.indicator)
    _percentage(indicator, new.value)
    _interval(new.value, new.low, new.high, new.indicator)
    if indicator.baseline is not None and new.on < indicator.baseline.on:
        raise Misfit(
            _("the observation lies before its baseline of {day}", day=indicator.baseline.on.isoformat()),
            "on",
            where=new.indicator,
        )
    if new.on > new.entered_at.date():
        raise Misfit(_("{day} is still to come", day=new.on.isoformat()), "on", where=new.indicator)
    terms = terms_of(indicator)
    if new.terms not in ("", *terms):
        raise Refused(_("it was entered under other terms of this indicator"), where=new.indicator, kept=NOTHING)
    return new if new.terms else new.model_copy(update={"terms": terms[0]})


def may_set_target(new: Target, indicator: Indicator, held: Sequence[Target]) -> None:
    """Refuse a target that would overwrite another, or that cannot be.

    Raises:
        Conflict: this day and version is there already.
        InputError: a version is left out, a later version gives no reason, a percentage beyond 100, or a day that is
            not after the baseline.
    """
    same = [each for each in held if each.on == new.on and each.dimensions == new.dimensions]
    last = max(same, key=lambda each: each.version, default=None)
    if last is not None and last.version >= new.version:
        raise Conflict(
            _(
                "a target for {day} is there already: {value}, agreed by {by}",
                day=new.on.isoformat(),
                value=f"{last.value:g}",
                by=last.agreed_by,
            ),
            where=new.indicator,
            advice=_("another agreement is version {number}, with its reason", number=last.version + 1),
            kept=NOTHING,
        )
    _follows(new.version, last.version if last else 0, new.indicator)
    if new.version > 1 and not new.reason.strip():
        raise Misfit(_("another target says why"), "reason", where=new.indicator)
    _percentage(indicator, new.value)
    if indicator.baseline is not None and new.on <= indicator.baseline.on:
        raise Misfit(
            _(
                "the target of {day} is not after its baseline of {base}",
                day=new.on.isoformat(),
                base=indicator.baseline.on.isoformat(),
            ),
            "on",
            where=new.indicator,
        )


@lru_cache(maxsize=1 << 16)
def terms_of(indicator: Indicator) -> tuple[str, str]:
    """The terms its observations may have been entered under: its own, and those before a change was registered."""
    bare = indicator.model_copy(update={"registered_change": None, "registered_on": None})
    return indicator.terms, bare.terms


def _only_registers(old: Indicator, new: Indicator, observations: Sequence[Observation]) -> bool:
    return (
        old.registered_change is None
        and new.registered_on is not None
        and old.terms in terms_of(new)
        and all(max(each.on, each.entered_at.date()) < new.registered_on for each in observations)
    )


def _changed(old: Indicator, new: Indicator) -> list[str]:
    fields = ("commitment", "unit", "level", "direction", "registered_change", "registered_on", "action_began")
    found = [each for each in fields if getattr(old, each) != getattr(new, each)]
    return [*found, "baseline"] if _differ(old.baseline, new.baseline) else found


def _differ(old: Baseline | None, new: Baseline | None) -> bool:
    if old is None or new is None:
        return old is not new
    return old.computed() != new.computed()


def _measured(indicator: Indicator, base: Baseline) -> None:
    _percentage(indicator, base.value, "baseline.value")
    _interval(base.value, base.low, base.high, indicator.id, "baseline.")


def _percentage(indicator: Indicator, value: float, field: str = "value") -> None:
    if indicator.is_percentage and not 0 <= value <= 100:
        raise Misfit(_("{value} is no percentage", value=f"{value:g}"), field, where=indicator.id)


def _interval(value: float, low: float | None, high: float | None, where: str, above: str = "") -> None:
    if (low is not None and low > value) or (high is not None and high < value):
        field = "low" if low is not None and low > value else "high"
        raise Misfit(_("the interval does not hold the value"), f"{above}{field}", where=where)


def _follows(new: int, last: int, where: str) -> None:
    if new != last + 1:
        raise Misfit(
            _("version {new} would leave out version {next}", new=new, next=last + 1),
            "version",
            where=where,
            kept=NOTHING,
        )
