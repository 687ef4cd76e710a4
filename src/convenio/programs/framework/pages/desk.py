"""What every page of the program works with: the node's scorecard, and the frame that the console gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from convenio.core.words import Message, _
from convenio.programs.framework import desk
from convenio.programs.framework.desk import SECRETARIAT
from convenio.programs.framework.evidence import Doors
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.shown import Codes, ConsoleLinks, Lists, said_once, words_of
from convenio.web.program_pages import ProgramPages

__all__ = ["DONE", "SECRETARIAT", "Desk"]

DONE: Mapping[str, Message] = {
    "rated": _("Your judgement is kept."),
    "observed": _("The value is kept; a result follows only where the rules let it."),
    "amended": _("The step is moved, and says who, when and why."),
    "done": _("The step is done."),
    "kept": _("It is kept."),
}
"""What a page says after an act."""


class Desk(desk.Desk):
    """The scorecard of one node, on pages.

    Args:
        web: what the console gives the program.
    """

    def __init__(self, web: ProgramPages) -> None:
        doors = Doors(web.queue, web.border, web.holdings)
        super().__init__(web.folder, web.now, web.pages.site.party, doors, web.acts)
        self.web = web
        self.links = ConsoleLinks(web.base)

    def lists(self, reading: Reading, request: Request) -> Lists:
        """Its tables, as the address asks for them."""
        return Lists(reading, self.links, request.query_params, request.url.path)

    def given(self, **values: Any) -> dict[str, Any]:
        """What every template of the program wants."""
        return {"links": self.links, "words": words_of, "once": said_once, "w": Codes, **values}
