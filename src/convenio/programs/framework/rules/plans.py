"""What may be planned, moved and called done; and what may be held of audits, evaluations, money and instruments."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.programs.framework.model import (
    Action,
    Amendment,
    Audit,
    Commitment,
    Evaluation,
    Funding,
    Instrument,
    Milestone,
    MonitoringPlan,
    states_of,
)

NOTHING = _("nothing was changed")


def may_commit(old: Commitment | None, new: Commitment) -> None:
    """Refuse to change what a commitment says.

    Raises:
        Refused: its words, its modality or its framework differ from what is held, or a day that was named moves.
    """
    said = ("framework", "modality", "text_en", "text_es", "goal", "section")
    if old is not None and any(getattr(old, each) != getattr(new, each) for each in said):
        raise Refused(
            _("what a commitment says does not change"),
            where=new.id,
            advice=_("another text is another version of the framework, with commitments of its own"),
            kept=NOTHING,
        )
    if old is not None and old.due is not None and old.due != new.due:
        raise Refused(
            _("the day that a commitment names does not move: {day}", day=old.due.isoformat()),
            where=new.id,
            advice=_("add a step, and move that by an amendment: who, when, why"),
            kept=NOTHING,
        )


def may_start(action: Action, plans: Sequence[MonitoringPlan]) -> None:
    """Refuse an active action without a monitoring plan, and one that ends before it begins.

    Raises:
        Refused: nobody has said how it is watched.
        InputError: its days do not follow each other.
    """
    if action.ended is not None and (action.began is None or action.ended < action.began):
        raise InputError(_("it ends before it begins"), where=action.id, kept=NOTHING)
    if action.state == "active" and not any(
        plan.action == action.id or (plan.action is None and plan.commitment == action.commitment) for plan in plans
    ):
        raise Refused(
            _("an action is not active without a monitoring plan"),
            where=action.id,
            advice=_("say what is to be reached, by which indicators it is seen, how often, and who watches"),
            kept=NOTHING,
        )


def moved(milestone: Milestone, amendment: Amendment, seen: int | None = None) -> Milestone:
    """A milestone with its new day.

    Args:
        milestone: as it is held.
        amendment: who, when, why.
        seen: how many amendments the one who moves it had seen; none to move it in any case.

    Raises:
        Conflict: it is done, or somebody has moved it since; the error says who, when and why.
        InputError: the amendment lies before the one before it, or moves nothing.
    """
    if milestone.done_on is not None:
        raise Conflict(
            _("this milestone is done since {day}", day=milestone.done_on.isoformat()),
            where=milestone.id,
            kept=NOTHING,
        )
    if seen is not None and seen != len(milestone.amendments):
        last = milestone.amendments[-1] if milestone.amendments else None
        raise Conflict(
            _(
                "it was moved in the meantime to {due}, by {by}: {reason}",
                due=milestone.due.isoformat(),
                by=last.by if last else "-",
                reason=last.reason if last else "-",
            ),
            where=milestone.id,
            advice=_("look at it again; move it from there"),
            kept=NOTHING,
        )
    changed = milestone.model_copy(update={"amendments": (*milestone.amendments, amendment)})
    _in_order(changed)
    return changed


def completed(milestone: Milestone, on: dt.date, by: str, evidence: Sequence[str], today: dt.date) -> Milestone:
    """A milestone that is done.

    Raises:
        Conflict: it is done already; the error says when and who said so.
        InputError: the day is still to come, or nobody says so.
    """
    if milestone.done_on is not None:
        raise Conflict(
            _(
                "this milestone is done since {day}, as {by} says",
                day=milestone.done_on.isoformat(),
                by=milestone.done_by or "-",
            ),
            where=milestone.id,
            kept=NOTHING,
        )
    if on > today:
        raise InputError(_("{day} is still to come", day=on.isoformat()), where=milestone.id, kept=NOTHING)
    if not by.strip():
        raise InputError(_("somebody says that it is done"), where=milestone.id, kept=NOTHING)
    return milestone.model_copy(update={"done_on": on, "done_by": by.strip(), "evidence": tuple(evidence)})


def merged(old: Milestone | None, new: Milestone) -> Milestone:
    """A milestone as an import brings it: new, the same, or with further amendments at its end.

    Raises:
        Refused: it would move without an amendment, lose one, or undo that it is done.
        InputError: its amendments do not follow each other.
    """
    _in_order(new)
    if old is None or old == new:
        return new
    moves_alone = old.first_due != new.first_due or new.amendments[: len(old.amendments)] != old.amendments
    undone = old.done_on is not None and (new.done_on, new.amendments) != (old.done_on, old.amendments)
    if moves_alone or undone or old.commitment != new.commitment:
        raise Refused(
            _("the milestone {name} is there already", name=new.id),
            where=new.id,
            advice=_("an amendment moves it: who, when, why"),
            kept=NOTHING,
        )
    return new


def may_hold_audit(old: Audit | None, new: Audit) -> None:
    """Refuse a recommendation whose state is not the auditor's own, or that forgets what was known.

    Raises:
        InputError: no such state, no day or source of it, a number twice, more than the audit makes, an older word
            over a newer one, or a recommendation left out that is held.
    """
    states, numbers = states_of(new.auditor), [each.number for each in new.recommendations]
    if len(set(numbers)) != len(numbers) or (new.count is not None and len(numbers) > new.count):
        raise InputError(_("it has a recommendation twice, or more than it makes"), where=new.id, kept=NOTHING)
    held = {each.number: each for each in old.recommendations} if old else {}
    if left := sorted(set(held) - set(numbers)):
        raise InputError(
            _("a recommendation that is held is left out: {numbers}", numbers=", ".join(map(str, left))),
            where=new.id,
            advice=_("bring all of them; one whose state is not known any more stays with the last word on it"),
            kept=NOTHING,
        )
    for each in new.recommendations:
        where = f"{new.id}, {each.number}"
        if each.state not in states:
            raise InputError(
                _("{auditor} has no state {state}", auditor=new.auditor, state=each.state),
                where=where,
                advice=_("its states are: {states}", states=", ".join(states)),
                kept=NOTHING,
            )
        if each.state != "not-known" and not each.state_on:
            raise InputError(_("the day of the auditor's word is missing"), where=where, kept=NOTHING)
        if each.state != "not-known" and not each.state_source.strip():
            raise InputError(
                _("it is not said where the auditor gave this state"),
                where=where,
                advice=_("name the page or letter in which the auditor says so"),
                kept=NOTHING,
            )
        before = held.get(each.number)
        if before is not None and before.state_on > each.state_on:
            raise InputError(
                _("a newer word of the auditor is held: {state}, {day}", state=before.state, day=before.state_on),
                where=where,
                kept=NOTHING,
            )


def may_hold_evaluation(new: Evaluation) -> None:
    """Refuse an evaluation that judges one criterion twice.

    Raises:
        InputError: it does.
    """
    names = [each.name for each in new.criteria]
    if len(set(names)) != len(names):
        raise InputError(_("a criterion stands there twice"), where=new.id, kept=NOTHING)


def may_hold_funding(new: Funding) -> None:
    """Refuse money without a stage, or in a period that ends before it begins.

    Raises:
        InputError: it has neither asked, appropriated, obligated nor spent; or its days do not follow each other.
    """
    if new.period.ended < new.period.began:
        raise InputError(_("it ends before it begins"), where=new.id, kept=NOTHING)
    if all(each is None for each in (new.asked, new.appropriated, new.obligated, new.spent)):
        raise InputError(
            _("it says neither what was asked, appropriated, obligated nor spent"), where=new.id, kept=NOTHING
        )


def may_hold_instrument(new: Instrument) -> None:
    """Refuse an instrument with a clause or a task twice.

    Raises:
        InputError: it has.
    """
    clauses = [each.number for each in new.clauses]
    tasks = [task.id for each in new.clauses for task in each.tasks]
    if len(set(clauses)) != len(clauses) or len(set(tasks)) != len(tasks):
        raise InputError(_("a clause or a task stands there twice"), where=new.id, kept=NOTHING)


def _in_order(milestone: Milestone) -> None:
    days = [each.on for each in milestone.amendments]
    if days != sorted(days):
        raise InputError(_("an amendment follows the one before it"), where=milestone.id, kept=NOTHING)
    dues = [milestone.first_due, *(each.due for each in milestone.amendments)]
    if any(first == second for first, second in itertools.pairwise(dues)):
        raise InputError(_("an amendment moves the day"), where=milestone.id, kept=NOTHING)
