"""The program's pages in the console: the scorecard, its lists, each commitment, and the acts of the secretariat."""

from __future__ import annotations

from fastapi import APIRouter

from convenio.core.words import _
from convenio.programs.framework.pages import acts, keeping, lists, sheets
from convenio.programs.framework.pages.desk import Desk
from convenio.web.program_pages import ProgramPages


def router(web: ProgramPages) -> APIRouter:
    """The program's routes, relative to its place."""
    made = APIRouter()
    desk = Desk(web)
    for address, title in (
        ("/scorecard", _("Scorecard")),
        ("/commitments", _("Commitments")),
        ("/reciprocity", _("What each side owes")),
        ("/late", _("What is late")),
        ("/without", _("What has no indicator")),
        ("/indicators", _("Indicators")),
        ("/serving", _("Which program serves what")),
        ("/evidence", _("Evidence from operations")),
        ("/audits", _("Audits and lessons")),
        ("/instruments", _("What binds")),
        ("/frameworks", _("Frameworks")),
    ):
        web.place(address, title)
    sheets.add(made, desk)
    lists.add(made, desk)
    acts.add(made, desk)
    keeping.add(made, desk)
    return made
