"""What every page of the program works with: the scorecard of this node, its evidence, and what a person may do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import Request

from convenio.core.program import discover
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.programs.framework.evidence import Doors, Evidence, Value
from convenio.programs.framework.model import Rater
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown import Codes, ConsoleLinks, Lists, words_of
from convenio.web.program_pages import ProgramPages

SECRETARIAT: tuple[Role, ...] = ("secretariat",)
REVIEWERS: tuple[Role, ...] = ("auditor", "ombudsperson")


class Desk:
    """The scorecard of one node.

    Args:
        web: what the console gives the program.
    """

    def __init__(self, web: ProgramPages) -> None:
        self.web = web
        self.links = ConsoleLinks(web.base)

    @property
    def today(self) -> dt.date:
        """The day, by the node's clock."""
        return self.web.now().date()

    def card(self) -> Scorecard:
        """The node's scorecard; one for each request."""
        return Scorecard(self.web.own_folder() / "scorecard")

    def evidence(self) -> Evidence:
        """The values from operations."""
        return Evidence(self.web.own_folder() / "scorecard")

    def values(self) -> list[Value]:
        """The newest values; where none is of today, stock is taken first."""
        held = self.evidence().latest()
        if not any(each.on >= self.today for each in held):
            self.take_stock()
            held = self.evidence().latest()
        return held

    def take_stock(self) -> None:
        """Make today's values of every installed program's aggregates."""
        doors = Doors(self.web.queue, self.web.border, self.web.holdings)
        self.evidence().take_stock(discover().values(), doors, self.web.now())

    def reading(self) -> Reading:
        """The scorecard as this node's own people see it."""
        return Reading(self.card(), self.values(), self.today, "internal")

    def lists(self, reading: Reading, request: Request) -> Lists:
        """Its tables, as the address asks for them."""
        return Lists(reading, self.links, request.query_params, request.url.path)

    def given(self, **values: Any) -> dict[str, Any]:
        """What every template of the program wants."""
        return {"links": self.links, "words": words_of, "w": Codes, **values}

    def acts(self, person: Person) -> bool:
        """Whether the person enters values and moves steps."""
        return person.has(*SECRETARIAT)

    def rater(self, person: Person) -> Rater | None:
        """Whose judgement the person gives: the secretariat its own side's, auditors and ombudspersons a reviewer's."""
        party = self.web.pages.site.party
        if person.has(*SECRETARIAT):
            return "us" if party == "us" else "mx" if party == "mx" else None
        return "reviewer" if person.has(*REVIEWERS) else None
