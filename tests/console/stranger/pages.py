from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from convenio.core.words import Message
from convenio.web.program_pages import ProgramPages, Sent
from convenio.web.table import Column, ListRows, read_query, table

BUSY = (Column("port", Message("Port"), scope_row=True), Column("ships", Message("Ships"), "number"))
ROWS = [{"port": "Manzanillo", "ships": 12}, {"port": "=cmd()", "ships": 3}]


def router(web: ProgramPages) -> APIRouter:
    made = APIRouter()
    web.place("/ports", Message("Ports"), "analyst")

    @made.get("/ports")
    def ports(request: Request) -> Response:
        person = web.require(request, "analyst")
        (web.own_folder() / "seen").write_text(person.name)
        query = read_query(request.query_params, BUSY, path=request.url.path)
        busy = table(ListRows(ROWS), BUSY, query, title=Message("Busy ports"), marked=False, file="ports-2021")
        return web.page(request, "ports.html", who=person.full_name, busy=busy)

    @made.post("/ports")
    def close(request: Request, sent: Sent) -> Response:
        def act() -> str:
            with (web.own_folder() / "closed").open("a") as out:
                out.write(f"{sent['port']}\n")
            return f"{web.base}/ports?closed={sent['port']}"

        return RedirectResponse(web.once(request, sent, act), status_code=303)

    return made
