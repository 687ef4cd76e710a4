"""One commitment with all that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.programs.framework import rules
from convenio.programs.framework.content import Agency
from convenio.programs.framework.evidence import Value
from convenio.programs.framework.model import (
    Action,
    Audit,
    Commitment,
    Crosswalk,
    Document,
    Element,
    Evaluation,
    Funding,
    Indicator,
    Instrument,
    Lesson,
    Milestone,
    MonitoringPlan,
    Observation,
    Owner,
    Rating,
    Recommendation,
    Risk,
    Target,
)
from convenio.programs.framework.reading.serving import Missing, Serving

NO_INDICATOR = _("no indicator")
ONLY_OUTPUTS = _("only outputs are counted")
NO_BASELINE = _("no baseline")
NOT_OLDER = _("no baseline older than the action")


@dataclass(frozen=True)
class Measured:
    """An indicator with its values.

    Args:
        indicator: its definition sheet.
        observations: the newest version of each day, of the whole, oldest first.
        entries: every entry, corrections among them, in the order of their days and versions.
        targets: what was agreed, the newest version of each day.
        result: improving, worse, flat or unknown.
        why: the reason.
        stale: whether its baseline is too old for the action.
        age: whole months since the baseline; None without one.
    """

    indicator: Indicator
    observations: Sequence[Observation]
    entries: Sequence[Observation]
    targets: Sequence[Target]
    result: rules.Result
    why: Message
    stale: bool
    age: int | None

    @property
    def tells(self) -> bool:
        """Whether it can tell of a result at all."""
        return rules.has_true_outcome(self.indicator)

    @property
    def newest(self) -> Observation | None:
        """The newest value."""
        return self.observations[-1] if self.observations else None


@dataclass(frozen=True)
class Sheet:
    """A commitment with its owners, steps, measures, judgements and evidence."""

    commitment: Commitment
    owner: Owner | None
    us: Sequence[Agency]
    mx: Sequence[Agency]
    actions: Sequence[Action]
    milestones: Sequence[Milestone]
    measured: Sequence[Measured]
    sides: Mapping[str, Rating | None]
    expired: Sequence[Rating]
    earlier: Sequence[Rating]
    evidence: Sequence[Value]
    plans: Sequence[MonitoringPlan]
    risks: Sequence[Risk]
    funding: Sequence[Funding]
    evaluations: Sequence[Evaluation]
    recommendations: Sequence[tuple[Audit, Recommendation]]
    instruments: Sequence[Instrument]
    lessons: Sequence[Lesson]
    documents: Sequence[Document]
    crosswalks: Sequence[tuple[Crosswalk, Element]]
    serving: Sequence[Serving]
    not_done: Missing | None
    installed: bool
    today: dt.date

    @property
    def scored(self) -> bool:
        """Whether it is scored: a principle is shown only."""
        return self.commitment.modality != "principle"

    @property
    def has_outcome(self) -> bool:
        """Whether an indicator of it can tell of a result."""
        return any(each.tells for each in self.measured)

    @property
    def lacks(self) -> Message | None:
        """What keeps it from telling of a result; None where nothing does."""
        if self.has_outcome:
            return None
        if not self.measured:
            return NO_INDICATOR
        outcomes = [each.indicator for each in self.measured if each.indicator.level != "output"]
        if not outcomes:
            return ONLY_OUTPUTS
        return NOT_OLDER if any(each.baseline is not None for each in outcomes) else NO_BASELINE

    @property
    def late(self) -> list[Milestone]:
        """Steps whose day has passed."""
        return [each for each in self.milestones if is_late(each, self.today)]

    @property
    def disagree(self) -> bool:
        """Whether raters see the completion differently."""
        return len({each.completion for each in self.sides.values() if each is not None}) > 1


def is_late(milestone: Milestone, today: dt.date) -> bool:
    """Whether a step is not done and its day has passed."""
    return milestone.done_on is None and milestone.due < today
