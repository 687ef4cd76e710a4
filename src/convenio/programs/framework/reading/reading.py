"""A scorecard as it is shown: sheets of commitments, and the lists made from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cached_property

from convenio.core.errors import NotFound
from convenio.core.program import discover
from convenio.core.words import _
from convenio.programs.framework import rules
from convenio.programs.framework.content import Agency, agencies
from convenio.programs.framework.evidence import Value
from convenio.programs.framework.model import Commitment, Indicator, Instrument, Milestone, Publication, Rating, Task
from convenio.programs.framework.reading.held import Held
from convenio.programs.framework.reading.overview import GOALS, Overview, line_of
from convenio.programs.framework.reading.serving import HOUSE, not_done, serving
from convenio.programs.framework.reading.sheet import Measured, Sheet, is_late
from convenio.programs.framework.scorecard import Scorecard


class Reading:
    """A scorecard at one level of publication, on one day.

    Args:
        card: the scorecard.
        evidence: values from operations.
        today: the day.
        level: who looks: the own side, both parties, or the public.
        installed: names of the programs that are here; those that are installed where it is not given.
    """

    def __init__(
        self,
        card: Scorecard,
        evidence: Iterable[Value],
        today: dt.date,
        level: Publication,
        installed: Collection[str] | None = None,
    ) -> None:
        self.held = Held.of(card, evidence, level)
        self.today = today
        self._installed = set(discover() if installed is None else installed) | set(HOUSE)

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Every commitment, in the order of the text."""
        return [self._sheet(each) for each in self.held.commitments]

    def sheet(self, number: str) -> Sheet:
        """One commitment.

        Raises:
            NotFound: there is none of this number at this level.
        """
        for each in self.sheets:
            if each.commitment.id == number:
                return each
        raise NotFound(_("there is no commitment {number}", number=number[:40]))

    @cached_property
    def measured(self) -> list[Measured]:
        """Every indicator with its values."""
        return [each for sheet in self.sheets for each in sheet.measured]

    def indicator(self, name: str) -> Measured:
        """One indicator.

        Raises:
            NotFound: there is none of this name at this level.
        """
        for each in self.measured:
            if each.indicator.id == name:
                return each
        raise NotFound(_("there is no indicator {name}", name=name[:40]))

    def milestone(self, name: str) -> Milestone:
        """One step.

        Raises:
            NotFound: there is none of this name at this level.
        """
        for each in self.held.milestones:
            if each.id == name:
                return each
        raise NotFound(_("there is no milestone {name}", name=name[:40]))

    @cached_property
    def overview(self) -> Overview:
        """The first page's numbers."""
        told = [each for audit in self.held.audits for each in audit.recommendations]
        return Overview(
            lines=[line_of(goal, self.sheets) for goal in GOALS],
            disagree=sum(each.disagree for each in self.sheets),
            open_recommendations=sum(each.state.startswith("open") for each in told),
            recommendations=len(told),
        )

    @property
    def late(self) -> list[Milestone]:
        """Steps whose day has passed, the longest first."""
        return sorted((each for each in self.held.milestones if is_late(each, self.today)), key=lambda each: each.due)

    @property
    def late_tasks(self) -> list[tuple[Instrument, Task]]:
        """Tasks that a clause sets and whose day has passed."""
        return [
            (instrument, task)
            for instrument in self.held.instruments
            for clause in instrument.clauses
            for task in clause.tasks
            if task.done_on is None and task.due is not None and task.due < self.today
        ]

    @property
    def expired(self) -> list[Rating]:
        """The newest rating of a rater where it has expired."""
        return [each for sheet in self.sheets for each in sheet.expired]

    @property
    def without(self) -> list[Sheet]:
        """Promises that no indicator can tell a result of."""
        return [each for each in self.sheets if each.scored and not each.has_outcome]

    def _sheet(self, commitment: Commitment) -> Sheet:
        held, number = self.held, commitment.id
        owner = next((each for each in held.owners if each.commitment == number), None)
        places = {each.id: each for each in held.elements}
        ratings = [each for each in held.ratings if each.commitment == number]
        sides = rules.side_by_side(ratings, self.today)
        return Sheet(
            commitment=commitment,
            owner=owner,
            us=_named(owner.us if owner else ()),
            mx=_named(owner.mx if owner else ()),
            actions=[each for each in held.actions if each.commitment == number],
            milestones=sorted((each for each in held.milestones if each.commitment == number), key=lambda m: m.due),
            measured=[self._measured(each) for each in held.indicators if each.commitment == number],
            sides=sides,
            expired=_expired(ratings, self.today),
            earlier=[each for each in _in_order(ratings) if each not in _newest(ratings).values()],
            evidence=[each for each in held.evidence if number in each.commitments],
            plans=[each for each in held.plans if each.commitment == number],
            risks=[each for each in held.risks if each.commitment == number],
            funding=[each for each in held.funding if each.commitment == number],
            evaluations=[each for each in held.evaluations if number in each.commitments],
            recommendations=[
                (audit, each) for audit in held.audits for each in audit.recommendations if number in each.commitments
            ],
            instruments=[each for each in held.instruments if number in each.commitments],
            lessons=[each for each in held.lessons if number in each.commitments],
            documents=[each for each in held.documents if number in each.commitments],
            crosswalks=[
                (each, places[each.start])
                for each in held.crosswalks
                if number in each.commitments and each.start in places
            ],
            serving=serving(number) if commitment.program in self._installed else (),
            not_done=not_done(number),
            installed=commitment.program in self._installed,
            today=self.today,
        )

    def _measured(self, indicator: Indicator) -> Measured:
        own = [each for each in self.held.observations if each.indicator == indicator.id]
        newest = {each.on: each for each in sorted(own, key=lambda each: each.version) if not each.dimensions}
        targets = {
            each.on: each
            for each in sorted(self.held.targets, key=lambda each: each.version)
            if each.indicator == indicator.id and not each.dimensions
        }
        result, why = rules.result_of(indicator, own, self.today)
        base = indicator.baseline
        return Measured(
            indicator=indicator,
            observations=[newest[on] for on in sorted(newest)],
            entries=sorted(own, key=lambda each: (each.on, each.version)),
            targets=[targets[on] for on in sorted(targets)],
            result=result,
            why=why,
            stale=rules.stale_baseline(indicator, self.today),
            age=rules.age_in_months(base.on, self.today) if base is not None else None,
        )


def _named(names: Iterable[str]) -> list[Agency]:
    known = agencies()
    return [known.get(each) or Agency(each, "both", each, each) for each in names]


def _in_order(ratings: list[Rating]) -> list[Rating]:
    return sorted(ratings, key=lambda rating: (rating.version, rating.given_on))


def _newest(ratings: list[Rating]) -> dict[str, Rating]:
    """Each rater's newest judgement."""
    return {each.rater: each for each in _in_order(ratings)}


def _expired(ratings: list[Rating], today: dt.date) -> list[Rating]:
    return [each for each in _newest(ratings).values() if each.expires_on <= today]
