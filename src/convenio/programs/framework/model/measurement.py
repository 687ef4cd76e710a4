"""How a commitment is measured: indicator, baseline, target, observation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from convenio.core.canonical import digest
from convenio.programs.framework.model.base import Day, Dimension, Id, Long, Part, Published, Reference, Short, Text

Level = Literal["output", "outcome", "impact"]
Frequency = Literal["", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "every-two-years", "once"]
Quality = Literal["", "official", "provisional", "estimate", "administrative", "compiled", "unverified"]
PERCENT = frozenset({"%", "percent", "por ciento", "percentage", "porcentaje"})


class Baseline(Part):
    """Where an indicator stood before the action.

    Args:
        value: in the indicator's unit.
        on: the day it is of.
        instrument: what measured it.
        low: lower end of its interval.
        high: upper end.
        said: a remark.
        digest: what locks it: the digest of all other fields. Given when it is registered, checked when it is read.
    """

    value: float
    on: Day
    instrument: Text
    low: float | None = None
    high: float | None = None
    said: Long = ""
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def computed(self) -> str:
        """SHA-256 of the canonical form of what the lock covers."""
        return digest(self.model_dump(mode="json", exclude={"digest"}))

    def locked(self) -> Baseline:
        """The same with its lock."""
        return self.model_copy(update={"digest": self.computed()})


class Indicator(Published):
    """How one commitment is measured: the definition sheet.

    Args:
        id: short name.
        commitment: which.
        title_en: in English.
        title_es: in Spanish.
        unit: unit of its values.
        level: `output` counts what was done; only `outcome` and `impact` tell of results.
        direction: which way is better.
        source: where values come from.
        registered_change: the change, in its unit, that was said beforehand to matter.
        registered_on: when that was said.
        action_began: when the action began.
        baseline: where it stood before.
        said_en: what exactly is counted, what is not, and how it is computed.
        said_es: the same in Spanish.
        frequency: how often a value comes.
        disaggregation: by what it is broken down.
        quality: what kind of figure it is.
        instrument: what measures it; another instrument than the baseline's makes the two hard to compare.
        address: where the figures stand.
        owner: who answers for it.
        references: its number in other frameworks.
        action: the action that it measures, where it measures one alone.
    """

    id: Id
    commitment: Id
    title_en: Text
    title_es: Text
    unit: Text
    level: Level
    direction: Literal["up", "down"]
    source: Text
    registered_change: Annotated[float, Field(gt=0)] | None = None
    registered_on: Day | None = None
    action_began: Day | None = None
    baseline: Baseline | None = None
    said_en: Long = ""
    said_es: Long = ""
    frequency: Frequency = ""
    disaggregation: tuple[Text, ...] = ()
    quality: Quality = ""
    instrument: Long = ""
    address: Short = ""
    owner: Short = ""
    references: tuple[Reference, ...] = ()
    action: Id | None = None

    @property
    def is_percentage(self) -> bool:
        """Whether its values are percentages."""
        return self.unit.strip().casefold() in PERCENT

    @property
    def terms(self) -> str:
        """Digest of what a result is read from, and what therefore stands still once there is an observation."""
        held = {"commitment", "unit", "level", "direction", "registered_change", "registered_on", "action_began"}
        return digest({**self.model_dump(mode="json", include=held), "baseline": self._lock()})

    def _lock(self) -> str:
        return self.baseline.computed() if self.baseline else ""


class Target(Published):
    """A value that was agreed for a day. It is never overwritten: another agreement is the next version.

    Args:
        indicator: which.
        on: the day it is for.
        value: in the indicator's unit.
        agreed_by: who agreed.
        agreed_on: when.
        version: 1, or one more than the last of this day.
        dimensions: the part it is for; none for the whole.
        reason: why it differs from the version before.
    """

    indicator: Id
    on: Day
    value: float
    agreed_by: Text
    agreed_on: Day
    version: Annotated[int, Field(ge=1)] = 1
    dimensions: tuple[Dimension, ...] = ()
    reason: Long = ""


class Observation(Published):
    """A value of an indicator. It is never overwritten: a correction is the next version.

    Args:
        indicator: which.
        on: the day it is of.
        value: in the indicator's unit.
        low: lower end of its interval.
        high: upper end.
        source: where it comes from.
        version: 1, or one more than the last of this day.
        entered_at: when it was entered.
        entered_by: by whom.
        dimensions: the part it is of; none for the whole. Only the whole tells of a result.
        query: the query behind it, where it was computed.
        suppressed: a small count that is not told; its value is 0.
        terms: digest of the indicator's terms when this was entered.
        said: a remark; for a correction, why.
    """

    indicator: Id
    on: Day
    value: float
    low: float | None = None
    high: float | None = None
    source: Text
    version: Annotated[int, Field(ge=1)] = 1
    entered_at: AwareDatetime
    entered_by: Text
    dimensions: tuple[Dimension, ...] = ()
    query: Long = ""
    suppressed: bool = False
    terms: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    said: Long = ""
