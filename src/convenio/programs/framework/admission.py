"""Every part that goes into a scorecard comes through here: what it names exists, and its kind's rule admits it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import TYPE_CHECKING

from convenio.core.errors import InputError, NotFound
from convenio.core.words import Message, _
from convenio.programs.framework import rules
from convenio.programs.framework.model import (
    Audit,
    Commitment,
    Crosswalk,
    Element,
    Evaluation,
    Foreign,
    Funding,
    Indicator,
    Instrument,
    Milestone,
    MonitoringPlan,
    Observation,
    Part,
    Rating,
    Target,
)

if TYPE_CHECKING:
    from convenio.programs.framework.scorecard import Scorecard

NOTHING = _("nothing was changed")


def admit(card: Scorecard, part: Part) -> Part | None:
    """The part as it is kept; none where it is there already, the same.

    Raises:
        ConvenioError: a rule refuses it, or what it names does not exist.
    """
    if not isinstance(part, Indicator) and card.held(part) == part:
        return None
    kept = _admitted(part, card)
    return None if card.held(kept) == kept else kept


@singledispatch
def _admitted(part: Part, card: Scorecard) -> Part:
    _names(card, part)
    return part


@_admitted.register(Commitment)
def _commitment(part: Commitment, card: Scorecard) -> Part:
    if part.framework not in {each.id for each in card.frameworks()}:
        raise NotFound(_("there is no framework {name}", name=part.framework), where=part.id, kept=NOTHING)
    rules.may_commit(card.held(part), part)
    return part


@_admitted.register(Element)
def _element(part: Element, card: Scorecard) -> Part:
    if part.framework not in {each.id for each in card.frameworks()}:
        raise NotFound(_("there is no framework {name}", name=part.framework), where=part.id, kept=NOTHING)
    return part


@_admitted.register(Indicator)
def _indicator(part: Indicator, card: Scorecard) -> Part:
    card.commitment(part.commitment)
    if part.action is not None:
        _acts_for(card, part.action, part.commitment, part.id)
    return rules.may_register(card.held(part), part, card.observations(part.id))


@_admitted.register(Observation)
def _observation(part: Observation, card: Scorecard) -> Part:
    indicator, held = card.indicator(part.indicator), card.held(part)
    if held is not None and held == part.model_copy(update={"terms": held.terms, "entered_at": held.entered_at}):
        return held
    return rules.may_observe(part, indicator, card.observations(part.indicator))


@_admitted.register(Target)
def _target(part: Target, card: Scorecard) -> Part:
    rules.may_set_target(part, card.indicator(part.indicator), card.targets(part.indicator))
    return part


@_admitted.register(Rating)
def _rating(part: Rating, card: Scorecard) -> Part:
    commitment, held = card.commitment(part.commitment), card.ratings(part.commitment)
    good = card.good_until(part.evidence, part.given_on, part.commitment)
    rules.may_rate(part, commitment, card.indicators(part.commitment), held, good)
    return part


@_admitted.register(Milestone)
def _milestone(part: Milestone, card: Scorecard) -> Part:
    _names(card, part)
    if part.action is not None:
        _acts_for(card, part.action, part.commitment, part.id)
    return rules.merged(card.held(part), part)


@_admitted.register(MonitoringPlan)
def _plan(part: MonitoringPlan, card: Scorecard) -> Part:
    _names(card, part)
    for name in part.indicators:
        card.indicator(name)
    if part.action is not None:
        _acts_for(card, part.action, part.commitment, part.id)
    return part


@_admitted.register(Funding)
def _funding(part: Funding, card: Scorecard) -> Part:
    _names(card, part)
    for name in part.results:
        card.indicator(name)
    rules.may_hold_funding(part)
    return part


@_admitted.register(Audit)
def _audit(part: Audit, card: Scorecard) -> Part:
    for each in part.recommendations:
        _names(card, each)
    rules.may_hold_audit(card.held(part), part)
    return part


@_admitted.register(Foreign)
def _foreign(part: Foreign, card: Scorecard) -> Part:
    if part.owner != "-" and card.found(Commitment, part.owner) is None:
        card.action(part.owner)
    from convenio.programs.framework.formats.iati.merging import parsed

    parsed(part.xml)
    return part


@_admitted.register(Evaluation)
def _evaluation(part: Evaluation, card: Scorecard) -> Part:
    _names(card, part)
    rules.may_hold_evaluation(part)
    return part


@_admitted.register(Instrument)
def _instrument(part: Instrument, card: Scorecard) -> Part:
    _names(card, part)
    rules.may_hold_instrument(part)
    return part


@_admitted.register(Crosswalk)
def _crosswalk(part: Crosswalk, card: Scorecard) -> Part:
    _exists(part.start, (each.id for each in card.elements()), part.start, _("place"))
    _names(card, part)
    return part


def _names(card: Scorecard, part: Part) -> None:
    """Whether the commitments that a part names exist."""
    one = getattr(part, "commitment", None)
    for number in (one,) if isinstance(one, str) else getattr(part, "commitments", ()):
        card.commitment(number)


def _acts_for(card: Scorecard, action: str, commitment: str, where: str) -> None:
    """Whether an action exists and serves a commitment.

    Raises:
        InputError: it serves another.
    """
    if card.action(action).commitment != commitment:
        raise InputError(_("the action {name} serves another commitment", name=action), where=where, kept=NOTHING)


def _exists(name: str, held: Iterable[str], where: str, what: Message) -> None:
    if name not in set(held):
        raise NotFound(_("there is no {what} {name}", what=what, name=name), where=where, kept=NOTHING)
