from __future__ import annotations

from fastapi import APIRouter, Request

from convenio.core.words import Message
from convenio.web.program_pages import ProgramPages


def router(web: ProgramPages) -> APIRouter:
    made = APIRouter()
    web.place("/ports", Message("Ports"))

    @made.get("/ports")
    def ports(request: Request):
        person = web.require(request, "analyst")
        (web.own_folder() / "seen").write_text(person.name)
        return web.page(request, "ports.html", who=person.full_name)

    return made
