"""Home: what waits for me, what changed, what is late, and how the node and its peers are."""

from __future__ import annotations

import importlib
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.ledgers import ledger_states
from convenio.console.waiting import events, tiles
from convenio.core.errors import ConvenioError
from convenio.people.accounts import Person
from convenio.people.roles import TITLES
from convenio.web.program_pages import ProgramPages


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
            blocks=_blocks(console, request, person),
        )

    return made


def _blocks(console: Console, request: Request, person: Person) -> list[Markup]:
    """What programs show on the home."""
    if person.has("administrator"):
        return []
    return [block_of(console, request, each) for each in console.programs.values()]


def block_of(console: Console, request: Request, web: ProgramPages) -> Markup:
    """What a program shows at a glance: one with a `home.py` names a template of its own there, and what it wants."""
    if not (web.program.folder / "home.py").is_file():
        return Markup()
    own = importlib.import_module(f"{web.program.package}.home")
    try:
        text = console.pages.text(f"{web.program.name}/{own.TEMPLATE}", request, base=web.base, **own.block(web))
    except ConvenioError as error:
        return Markup('<p class="note">{}: {}</p>').format(web.program.title, error.what)
    return Markup(text)  # noqa: S704 - rendered by the escaping environment


def _health(console: Console) -> dict[str, Any]:
    """How the node is: its clock, letters that wait, troubles of its rounds; nothing of whom they are about."""
    status = getattr(console.node, "status", None)
    told: dict[str, Any] = status() if status is not None else {}
    clock = told.get("clock", {})
    return {
        "set_back": bool(clock.get("set_back")),
        "jumped_ahead": bool(clock.get("jumped_ahead")),
        "letters": len(told.get("waiting", ())),
        "set_aside": len(told.get("set_aside", ())),
        "troubles": dict(told.get("troubles", {})),
    }
