"""What a framework is made of: commitments, indicators with their baselines, observations, ratings, milestones."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from convenio.core.words import Message, _

Modality = Literal["principle", "commit", "intend", "plan", "consider", "affirm"]
Level = Literal["output", "outcome", "impact"]
Publication = Literal["internal", "parties", "public"]
Rater = Literal["us", "mx", "reviewer"]
Completion = Literal["not-started", "limited", "substantial", "complete", "withdrawn"]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]

MODALITIES: dict[Modality, Message] = {
    "principle": _("principle: shown, not scored"),
    "commit": _("commits"),
    "intend": _("intends"),
    "plan": _("plans"),
    "consider": _("considers"),
    "affirm": _("affirms"),
}
COMPLETIONS: dict[Completion, Message] = {
    "not-started": _("not started"),
    "limited": _("limited"),
    "substantial": _("substantial"),
    "complete": _("complete"),
    "withdrawn": _("withdrawn"),
}


class Part(BaseModel):
    """Base: what is not known is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Commitment(Part):
    """One commitment or principle.

    Args:
        id: its number.
        goal: protect, prevent, pursue, rights or all.
        section: where it stands in the statement.
        modality: how strongly it binds.
        software: whether a program `does` it, only `tracks` it, or `both`.
        program: the program that serves it.
        text_en: in English.
        text_es: in Spanish.
    """

    id: Id
    goal: Literal["protect", "prevent", "pursue", "rights", "all"]
    section: Text
    modality: Modality
    software: Literal["does", "tracks", "both"]
    program: Id
    text_en: Text
    text_es: Text


class Baseline(Part):
    """Where an indicator stood before the action: value, day, instrument, interval."""

    value: float
    on: dt.date
    instrument: Text
    low: float | None = None
    high: float | None = None


class Indicator(Part):
    """How one commitment is measured.

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
        publication: who may see it.
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
    registered_on: dt.date | None = None
    action_began: dt.date | None = None
    baseline: Baseline | None = None
    publication: Publication = "internal"


class Observation(Part):
    """A value of an indicator. It is never overwritten: a correction is the next version."""

    indicator: Id
    on: dt.date
    value: float
    low: float | None = None
    high: float | None = None
    source: Text
    version: Annotated[int, Field(ge=1)] = 1
    entered_at: AwareDatetime
    entered_by: Text


class Rating(Part):
    """One side's judgement of a commitment; it expires with the evidence it rests on.

    Args:
        commitment: which.
        rater: the United States, Mexico, or an independent reviewer.
        completion: how far the action is (Open Government Partnership's five points).
        result: what came of it, in the rater's words; empty without evidence.
        evidence: indicators and documents it rests on.
        independence: for a reviewer: why it is independent, and the comment period it gave.
        given_on: when.
        expires_on: when its evidence is no longer good.
        by: who.
    """

    commitment: Id
    rater: Rater
    completion: Completion
    result: str = Field(default="", max_length=4000)
    evidence: tuple[Text, ...] = ()
    independence: str = Field(default="", max_length=2000)
    given_on: dt.date
    expires_on: dt.date
    by: Text


class Amendment(Part):
    """Why a milestone moved: who, when, why."""

    due: dt.date
    by: Text
    on: dt.date
    reason: Text


class Milestone(Part):
    """A step with a day. Its first day stays; only amendments move it."""

    id: Id
    commitment: Id
    title_en: Text
    title_es: Text
    first_due: dt.date
    amendments: tuple[Amendment, ...] = ()
    done_on: dt.date | None = None

    @property
    def due(self) -> dt.date:
        """The day that counts."""
        return self.amendments[-1].due if self.amendments else self.first_due
