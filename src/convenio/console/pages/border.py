"""The border page: what was asked, decided, released and refused, and the state of both ledgers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from convenio.console.clauses import titled
from convenio.console.columns import RECEIPTS, RELEASES, REQUESTS, RUNS
from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.ledgers import ledger_states
from convenio.console.listing import list_of
from convenio.core.words import _


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/border")
    def border(request: Request, person: Someone) -> Response:
        held = console.border
        refused = [each for each in held.receipts(person) if not each["allowed"]]
        lists = (
            ("runs", held.runs(person), RUNS, _("What was asked")),
            ("requests", held.requests(person), REQUESTS, _("What was decided")),
            ("releases", held.releases(person), RELEASES, _("What was released")),
            ("refusals", refused, RECEIPTS, _("What was refused")),
        )
        return console.pages.page(
            request,
            "console/border.html",
            counts=held.counts(),
            ledgers=ledger_states(console.node),
            tables=[
                list_of(request, name, titled(console, rows), columns, title) for name, rows, columns, title in lists
            ],
        )

    return made
