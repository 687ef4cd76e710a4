"""The border page: what was asked, decided, released and refused, and the state of both ledgers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from convenio.console.columns import RECEIPTS, RELEASES, REQUESTS, RUNS
from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.ledgers import ledger_states
from convenio.console.listing import list_of
from convenio.console.papers import PaperRows
from convenio.console.view import NodeView
from convenio.core.words import _


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/border")
    def border(request: Request, person: Someone) -> Response:
        lists = (
            ("runs", PaperRows(console, person, "runs"), RUNS, _("What was asked")),
            ("requests", PaperRows(console, person, "requests"), REQUESTS, _("What was decided")),
            ("releases", PaperRows(console, person, "releases"), RELEASES, _("What was released")),
            ("refusals", PaperRows(console, person, "receipts", allowed=False), RECEIPTS, _("What was refused")),
        )
        return console.pages.page(
            request,
            "console/border.html",
            counts=console.border.counts(),
            ledgers=ledger_states(console.node),
            set_aside=set_aside(console.node),
            tables=[list_of(request, name, rows, columns, title) for name, rows, columns, title in lists],
        )

    return made


def set_aside(node: NodeView) -> list[dict[str, Any]]:
    """The letters that a peer cannot take, since when, and when they are tried again."""
    status = getattr(node, "status", None)
    told = status().get("set_aside", ()) if status is not None else ()
    moments = ("since", "next_try")
    return [{**each, **{name: dt.datetime.fromisoformat(each[name]) for name in moments}} for each in told]
