"""The program's block on the node's home: the three goals, and what the programs tell."""

from __future__ import annotations

from typing import Any

from convenio.programs.framework.pages.desk import Desk
from convenio.web.program_pages import ProgramPages

MOST = 6
TEMPLATE = "home_block.html"


def block(web: ProgramPages) -> dict[str, Any]:
    """What the template wants."""
    desk = Desk(web)
    reading = desk.reading()
    told = [each for each in reading.held.evidence if each.state == "told"]
    held_back = sum(each.state == "suppressed" for each in reading.held.evidence)
    return desk.given(r=reading, told=told[:MOST], more=len(told) - MOST, held_back=held_back)
