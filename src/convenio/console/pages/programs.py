"""A program's place: its question, its methods with a form and a result page each, and what is special to it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.pages.home import block_of
from convenio.console.pages.methods import add_methods
from convenio.web.program_pages import ProgramPages


def router_of(console: Console, web: ProgramPages) -> APIRouter:
    """The routes of one program, below its own place."""
    made = APIRouter()
    if web.program.pages:
        special: APIRouter = web.program.load("pages")(web)
        made.include_router(special)
    add_methods(made, console, web)

    @made.get("")
    def overview(request: Request, person: Someone) -> Response:
        glance = block_of(console, request, web)
        return console.pages.page(
            request,
            "console/program.html",
            program=web.program,
            base=web.base,
            places=[each for each in web.places if each.open_to(person.roles)],
            glance=glance,
            methods=web.program.declared_methods().values(),
        )

    return made
