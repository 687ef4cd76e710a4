"""What an auditor asks for before money is spent: a monitoring plan, risks and assumptions, funding tied to results."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from convenio.programs.framework.model.base import Day, Id, Long, Part, Published, Short, Side, Text
from convenio.programs.framework.model.measurement import Frequency

Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]


class MonitoringPlan(Published):
    """How an action or a commitment is watched: what is to be reached, by which indicators, how often, by whom.

    Args:
        id: short name.
        commitment: which.
        action: which action; none for the commitment as a whole.
        aims_en: what is to be reached.
        aims_es: the same in Spanish.
        indicators: by which it is seen.
        frequency: how often.
        responsible: who watches.
        data: where the data come from, and how their quality is checked.
        agreed_on: when it was agreed.
        review_on: when it is looked at again.
    """

    id: Id
    commitment: Id
    action: Id | None = None
    aims_en: Text
    aims_es: Text
    indicators: Annotated[tuple[Id, ...], Field(min_length=1)]
    frequency: Frequency = ""
    responsible: Text
    data: Long = ""
    agreed_on: Day
    review_on: Day | None = None


class Risk(Published):
    """What may stand in the way, or what is taken to hold.

    Args:
        id: short name.
        commitment: which.
        kind: a `risk`, or an `assumption`.
        text_en: in English.
        text_es: in Spanish.
        likelihood: how likely it is; empty for an assumption.
        effect: how much it would matter.
        response: what is done about it.
        owner: who watches it.
        state: `open`, `happened` (for an assumption: it did not hold) or `closed`.
        reviewed_on: when it was last looked at.
    """

    id: Id
    commitment: Id
    kind: Literal["risk", "assumption"]
    text_en: Text
    text_es: Text
    likelihood: Literal["", "low", "medium", "high"] = ""
    effect: Literal["", "low", "medium", "high"] = ""
    response: Long = ""
    owner: Short = ""
    state: Literal["open", "happened", "closed"] = "open"
    reviewed_on: Day | None = None


class Period(Part):
    """From a day to a day."""

    began: Day
    ended: Day


class Funding(Published):
    """Money for a commitment in one period, at each stage; tied to the results it is meant for.

    Args:
        id: short name.
        commitment: which.
        action: which action.
        party: whose money.
        currency: ISO 4217, e.g. USD.
        period: the fiscal year or another period.
        asked: what was asked for.
        appropriated: what was granted.
        obligated: what is bound by contract.
        spent: what went out.
        results: indicators it is meant to move.
        source: where this was read.
    """

    id: Id
    commitment: Id
    action: Id | None = None
    party: Side
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    period: Period
    asked: Money | None = None
    appropriated: Money | None = None
    obligated: Money | None = None
    spent: Money | None = None
    results: tuple[Id, ...] = ()
    source: Text
