"""The scorecard of a node: its folder, its evidence, and what a person may do; pages and interface work with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from convenio.core.program import discover
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.programs.framework import rules
from convenio.programs.framework.evidence import Doors, Evidence, Value
from convenio.programs.framework.model import Indicator, Part, Rater
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.scorecard import Scorecard
from convenio.work.acts import Acts

SECRETARIAT: tuple[Role, ...] = ("secretariat",)
REVIEWERS: tuple[Role, ...] = ("auditor", "ombudsperson")


class Desk:
    """The scorecard of one node.

    Args:
        folder: the program's folder in the node's home.
        now: the node's clock.
        party: the party's code.
        doors: where aggregates get their rows from.
        acts: leaves an entry in the internal ledger; none where there is no ledger.
    """

    def __init__(
        self, folder: Path, now: Callable[[], dt.datetime], party: str, doors: Doors, acts: Acts | None = None
    ) -> None:
        self._acts = acts
        self._folder = folder / "scorecard"
        self.now = now
        self._party = party
        self._doors = doors

    @property
    def today(self) -> dt.date:
        """The day, by the node's clock."""
        return self.now().date()

    def card(self) -> Scorecard:
        """The node's scorecard; one for each request."""
        return Scorecard(self._folder)

    def evidence(self) -> Evidence:
        """The values from operations."""
        return Evidence(self._folder)

    def values(self) -> list[Value]:
        """The newest values; where none is of today, stock is taken first."""
        held = self.evidence().latest()
        if not any(each.on >= self.today for each in held):
            self.take_stock()
            held = self.evidence().latest()
        return held

    def take_stock(self) -> None:
        """Make today's values of every installed program's aggregates."""
        self.evidence().take_stock(discover().values(), self._doors, self.now())

    def keep(self, part: Part, seen: str) -> Part:
        """Keep what a person entered by a form or an operation; see `Scorecard.keep`."""
        card = self.card()
        if isinstance(part, Indicator):
            part = rules.registering(card.held(part), part, self.today)
        return card.keep(part, seen)

    def note(self, person: Person, act: str, subject: str, entered: Part) -> None:
        """Leave the entry of an act in the node's ledger: who, what, to which thing; of its words the commitment."""
        if self._acts is not None:
            self._acts.note(person, act, subject, entered.model_dump(mode="json"))

    def reading(self) -> Reading:
        """The scorecard as this node's own people see it."""
        return Reading(self.card(), self.values(), self.today, "internal")

    def acts(self, person: Person) -> bool:
        """Whether the person enters values and moves steps."""
        return person.has(*SECRETARIAT)

    def rater(self, person: Person) -> Rater | None:
        """Whose judgement the person gives: the secretariat its own side's, auditors and ombudspersons a reviewer's."""
        if person.has(*SECRETARIAT):
            return "us" if self._party == "us" else "mx" if self._party == "mx" else None
        return "reviewer" if person.has(*REVIEWERS) else None
