"""The lists: commitments, reciprocity, what is late, what has no indicator, which program serves what, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from convenio.core.words import Message, _
from convenio.programs.framework import content
from convenio.programs.framework.pages.desk import Desk
from convenio.programs.framework.shown import Lists
from convenio.web.table import Table

LISTS: Sequence[tuple[str, Message, Message, Message | None]] = (
    (
        "commitments",
        _("Commitments"),
        _("Every statement of principle or promise. A principle is shown, not scored."),
        None,
    ),
    (
        "reciprocity",
        _("What each side owes"),
        _("Who owes each promise, on each side, and which steps are done."),
        _("Where the text names nobody, the owner is the agency whose field of work it is."),
    ),
    (
        "late",
        _("What is late"),
        _("Steps whose day has passed, and judgements that expired with their evidence."),
        _("A step moves only by an amendment that says who, when and why; its first day stays."),
    ),
    (
        "without",
        _("What has no indicator"),
        _("Promises of which no result can be told, and what each of them lacks."),
        None,
    ),
    (
        "indicators",
        _("Indicators"),
        _("What is measured, from which baseline, how old it is, and what follows from it."),
        _("Improving or worse only where the interval excludes a change that was registered beforehand; else unknown."),
    ),
    (
        "serving",
        _("Which program serves what"),
        _("Where a program does the work of a commitment, by which command or page; the others are tracked only."),
        None,
    ),
    (
        "evidence",
        _("Evidence from operations"),
        _("Numbers that programs tell, each with its day and the query behind it. Counts below five are not told."),
        None,
    ),
)
BODIES: Sequence[tuple[str, Message]] = (
    ("audits", _("Audits and lessons")),
    ("instruments", _("What binds")),
    ("frameworks", _("Frameworks")),
)


def tables_of(name: str, lists: Lists) -> list[Table]:
    """The tables of a page."""
    makers: dict[str, Sequence[Callable[[], Table]]] = {
        "commitments": (lists.commitments,),
        "reciprocity": (lists.sides, lists.reciprocity),
        "late": (lists.late, lists.expired),
        "without": (lists.without,),
        "indicators": (lists.indicators,),
        "serving": (lists.serving,),
        "evidence": (lists.evidence,),
    }
    return [make() for make in makers[name]]


def add(made: APIRouter, desk: Desk) -> None:
    """Add the routes."""
    for name, title, lead, note in LISTS:
        made.add_api_route(f"/{name}", _list_page(desk, name, title, lead, note), methods=["GET"], response_model=None)
    for name, title in BODIES:
        made.add_api_route(f"/{name}", _body_page(desk, name, title), methods=["GET"], response_model=None)


def _list_page(
    desk: Desk, name: str, title: Message, lead: Message, note: Message | None
) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        desk.web.person(request)
        lists = desk.lists(desk.reading(), request)
        tables = tables_of(name, lists)
        for each in tables:
            if form := request.query_params.get(f"{each.name}.download"):
                return lists.file(each.name, form)
        return desk.web.page(request, "page_list.html", **desk.given(title=title, lead=lead, note=note, tables=tables))

    return page


def _body_page(desk: Desk, name: str, title: Message) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        desk.web.person(request)
        return desk.web.page(
            request,
            "page_body.html",
            **desk.given(which=name, title=title, r=desk.reading(), plan=content.plan()),
        )

    return page
