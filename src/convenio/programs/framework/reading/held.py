"""Everything that a scorecard holds and that may be seen at a level of publication, read once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from convenio.programs.framework.evidence import Value
from convenio.programs.framework.model import (
    Action,
    Audit,
    Commitment,
    Crosswalk,
    Document,
    Element,
    Evaluation,
    Framework,
    Funding,
    Indicator,
    Instrument,
    Lesson,
    Milestone,
    MonitoringPlan,
    Observation,
    Owner,
    Publication,
    Published,
    Rating,
    Risk,
    Target,
)
from convenio.programs.framework.scorecard import Scorecard

LEVELS: tuple[Publication, ...] = ("internal", "parties", "public")
Kind = TypeVar("Kind", bound=Published)


@dataclass(frozen=True)
class Held:
    """The parts of a scorecard that may be seen; what hangs on a part that may not be seen is left out with it."""

    level: Publication
    frameworks: Sequence[Framework]
    elements: Sequence[Element]
    crosswalks: Sequence[Crosswalk]
    commitments: Sequence[Commitment]
    owners: Sequence[Owner]
    actions: Sequence[Action]
    milestones: Sequence[Milestone]
    indicators: Sequence[Indicator]
    targets: Sequence[Target]
    observations: Sequence[Observation]
    ratings: Sequence[Rating]
    plans: Sequence[MonitoringPlan]
    risks: Sequence[Risk]
    funding: Sequence[Funding]
    evaluations: Sequence[Evaluation]
    audits: Sequence[Audit]
    instruments: Sequence[Instrument]
    lessons: Sequence[Lesson]
    documents: Sequence[Document]
    evidence: Sequence[Value]

    @classmethod
    def of(cls, card: Scorecard, evidence: Iterable[Value], level: Publication) -> Held:
        """Read a scorecard at a level: `internal` sees all, `parties` what both sides may see, `public` the public."""
        seen = LEVELS[LEVELS.index(level) :]

        def shown(parts: Iterable[Kind]) -> list[Kind]:
            return [each for each in parts if each.publication in seen]

        commitments = shown(card.commitments())
        numbers = {each.id for each in commitments}
        indicators = [each for each in shown(card.indicators()) if each.commitment in numbers]
        measured = {each.id for each in indicators}
        return cls(
            level=level,
            frameworks=shown(card.frameworks()),
            elements=shown(card.elements()),
            crosswalks=shown(card.crosswalks()),
            commitments=commitments,
            owners=[each for each in shown(card.owners()) if each.commitment in numbers],
            actions=[each for each in shown(card.actions()) if each.commitment in numbers],
            milestones=[each for each in shown(card.milestones()) if each.commitment in numbers],
            indicators=indicators,
            targets=[each for each in shown(card.targets()) if each.indicator in measured],
            observations=[each for each in shown(card.observations()) if each.indicator in measured],
            ratings=[each for each in shown(card.ratings()) if each.commitment in numbers],
            plans=[each for each in shown(card.plans()) if each.commitment in numbers],
            risks=[each for each in shown(card.risks()) if each.commitment in numbers],
            funding=[each for each in shown(card.funding()) if each.commitment in numbers],
            evaluations=shown(card.evaluations()),
            audits=shown(card.audits()),
            instruments=shown(card.instruments()),
            lessons=shown(card.lessons()),
            documents=shown(card.documents()),
            evidence=[each for each in evidence if each.publication in seen],
        )
