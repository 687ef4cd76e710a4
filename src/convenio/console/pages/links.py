"""What hangs together: a graph begun from one thing, expanded from the server, its links in the table beside it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.core.errors import NotFound
from convenio.core.words import _, _n
from convenio.people.accounts import Person
from convenio.web.graph import Edge, Node, graph, spec_of
from convenio.web.pages import said
from convenio.work.links import KINDS, WORDS, Kind, Links, Net

STEPS = 2
SIZES = {"case": 8.0, "finding": 6.0}


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/links/{kind}/{number:path}/more")
    def more(request: Request, person: Someone, kind: str, number: str) -> Response:
        nodes, edges = drawn(console, around(console, person, kind, number, steps=1))
        del request
        return JSONResponse(spec_of(nodes, edges))

    @made.get("/links/{kind}/{number:path}")
    def links(request: Request, person: Someone, kind: str, number: str) -> Response:
        net = around(console, person, kind, number, steps=STEPS)
        nodes, edges = drawn(console, net)
        figure = graph(
            "links",
            nodes,
            edges,
            title=_n("{number} connected thing", "{number} connected things", len(nodes)),
            note=_("More is connected with these than is shown; expand one of them.") if net.cut else None,
            parameters=request.query_params,
            path=request.url.path,
        )
        return console.pages.page(
            request,
            "console/links.html",
            figure=figure,
            first=net.things[0],
            words=WORDS,
            things=net.things,
            shown_to=console.marks.show(person, f"{kind}/{number}"),
        )

    return made


def around(console: Console, person: Person, kind: str, number: str, *, steps: int) -> Net:
    """The net around a thing.

    Raises:
        NotFound: there is no such thing for this person.
    """
    known: Kind | None = next((each for each in KINDS if each == kind), None)
    if known is None:
        raise NotFound(_("there is nothing of this kind for you"), where=kind[:16])
    held: dict[str, Any] = {"queue": console.queue, "cases": console.cases, "border": console.border}
    return Links(person, **held).around(known, number, steps=steps)


def drawn(console: Console, net: Net) -> tuple[list[Node], list[Edge]]:
    """The net as the graph block draws it, in the reader's language."""
    titles = {name: str(each.program.title) for name, each in console.programs.items()}
    nodes = [
        Node(
            each.key,
            said(each.title),
            str(WORDS[each.kind]),
            titles.get(each.program, each.program),
            f"TLP:{each.audience.upper()}" if each.audience else "",
            each.at,
            "",
            each.address,
            SIZES.get(each.kind, 4.0),
            f"/links/{each.key}",
        )
        for each in net.things
    ]
    return nodes, [Edge(each.start, each.end, str(each.words)) for each in net.links]
