"""Search, and views that people keep."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import titles_of
from convenio.console.codes import PURPOSES, word
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.words import ACTS
from convenio.web.forms import sending
from convenio.web.pages import said
from convenio.web.security import local
from convenio.work.search import KINDS, MOST, SHORTEST, Found, search
from convenio.work.sight import CHECKING


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/search")
    def find(request: Request, person: Someone, q: str = "") -> Response:
        text = q[:200]
        found = search(person, text, queue=console.queue, cases=console.cases, border=console.border)
        titles = titles_of(console) if found else {}
        persons = any(each.kind == "finding" for each in found)
        return console.pages.page(
            request,
            "console/search.html",
            q=text,
            found=[_shown(console, each, titles) for each in found],
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


def _shown(console: Console, found: Found, titles: Mapping[tuple[str, str], Mapping[str, str]]) -> dict[str, str]:
    """A thing that was found, in words of the present language."""
    clause = said(titles.get(found.clause, found.clause[1])) if found.clause is not None else ""
    further = (
        clause,
        str(console.program_title(found.program)) if found.program else "",
        str(word(PURPOSES, found.purpose)) if found.purpose else "",
        found.detail,
    )
    return {
        "kind": found.kind,
        "title": said(ACTS.get(found.act, found.act)) if found.act else said(found.title),
        "detail": " · ".join(each for each in further if each),
        "address": found.address,
    }
