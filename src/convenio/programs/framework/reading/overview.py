"""The first page's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.programs.framework.reading.sheet import Sheet

GOALS: Mapping[str, Message] = {
    "protect": _("Protect our people"),
    "prevent": _("Prevent cross-border crime"),
    "pursue": _("Pursue criminal networks"),
    "rights": _("Human rights"),
    "all": _("Across all goals"),
}
THREE = ("protect", "prevent", "pursue")


@dataclass(frozen=True)
class GoalLine:
    """How one goal stands.

    Args:
        goal: its code.
        title: its name.
        promises: commitments that are scored.
        principles: what is shown and not scored.
        with_outcome: promises with a true outcome indicator.
        late: steps whose day has passed.
        rated: promises that each rater has judged and whose judgement has not expired.
        served: promises that a command or page serves today.
    """

    goal: str
    title: Message
    promises: int
    principles: int
    with_outcome: int
    late: int
    rated: Mapping[str, int]
    served: int

    @property
    def without(self) -> int:
        """Promises without a true outcome indicator."""
        return self.promises - self.with_outcome


@dataclass(frozen=True)
class Overview:
    """How the whole stands."""

    lines: Sequence[GoalLine]
    disagree: int
    open_recommendations: int
    recommendations: int

    @property
    def total(self) -> GoalLine:
        """The whole as one line."""
        return _sum("", _("All"), self.lines)

    @property
    def three(self) -> list[GoalLine]:
        """The framework's three goals."""
        return [each for each in self.lines if each.goal in THREE]

    @property
    def others(self) -> list[GoalLine]:
        """Human rights, and what goes across all goals."""
        return [each for each in self.lines if each.goal not in THREE]


def line_of(goal: str, sheets: Sequence[Sheet]) -> GoalLine:
    """The line of one goal."""
    own = [each for each in sheets if each.commitment.goal == goal]
    scored = [each for each in own if each.scored]
    return GoalLine(
        goal=goal,
        title=GOALS[goal],
        promises=len(scored),
        principles=len(own) - len(scored),
        with_outcome=sum(each.has_outcome for each in scored),
        late=sum(len(each.late) for each in own),
        rated={rater: sum(each.sides.get(rater) is not None for each in scored) for rater in ("us", "mx", "reviewer")},
        served=sum(bool(each.serving) for each in scored),
    )


def _sum(goal: str, title: Message, lines: Sequence[GoalLine]) -> GoalLine:
    return GoalLine(
        goal=goal,
        title=title,
        promises=sum(each.promises for each in lines),
        principles=sum(each.principles for each in lines),
        with_outcome=sum(each.with_outcome for each in lines),
        late=sum(each.late for each in lines),
        rated={rater: sum(each.rated[rater] for each in lines) for rater in ("us", "mx", "reviewer")},
        served=sum(each.served for each in lines),
    )
