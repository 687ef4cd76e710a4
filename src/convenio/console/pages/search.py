"""Search, and views that people keep."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.web.forms import sending
from convenio.web.security import local
from convenio.work.search import KINDS, MOST, SHORTEST, search
from convenio.work.sight import CHECKING


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/search")
    def find(request: Request, person: Someone, q: str = "") -> Response:
        text = q[:200]
        found = search(person, text, queue=console.queue, cases=console.cases, border=console.border)
        persons = any(each.kind == "finding" for each in found)
        return console.pages.page(
            request,
            "console/search.html",
            q=text,
            found=found,
            kinds=KINDS,
            shortest=SHORTEST,
            most=MOST,
            showing=console.marks.find(text) if person.has(*CHECKING) else None,
            shown_to=console.marks.show(person, "search") if persons else "",
        )

    @made.post("/views")
    def keep(person: Someone, sent: Sent) -> Response:
        address = local(str(sent.get("address", "/")))
        path, _mark, query = address.partition("?")

        def save() -> str:
            console.views.save(person, title=str(sent.get("title", "")), path=path, query=query)
            return address

        return RedirectResponse(console.sent_forms.act(person, sending(sent), save), status_code=303)

    @made.post("/views/{number}/drop")
    def drop(person: Someone, number: str) -> Response:
        console.views.drop(person, number)
        return RedirectResponse("/", status_code=303)

    return made
