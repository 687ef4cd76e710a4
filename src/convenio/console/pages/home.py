"""Home: what waits for me, what changed, what is late, and how the node and its peers are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.ledgers import ledger_states
from convenio.console.waiting import events, tiles
from convenio.people.roles import TITLES


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/")
    def home(request: Request, person: Someone) -> Response:
        return console.pages.page(
            request,
            "console/home.html",
            person=person,
            roles=[TITLES[role] for role in TITLES if role in person.roles],
            tiles=tiles(console, person),
            events=events(console, person),
            views=console.views.all(person),
            peers=console.peers(),
            ledgers=ledger_states(console.node),
            health=_health(console),
        )

    return made


def _health(console: Console) -> dict[str, Any]:
    """How the node is: its clock, letters that wait, troubles of its rounds; nothing of whom they are about."""
    status = getattr(console.node, "status", None)
    told: dict[str, Any] = status() if status is not None else {}
    clock = told.get("clock", {})
    return {
        "set_back": bool(clock.get("set_back")),
        "jumped_ahead": bool(clock.get("jumped_ahead")),
        "letters": len(told.get("waiting", ())),
        "troubles": dict(told.get("troubles", {})),
    }
