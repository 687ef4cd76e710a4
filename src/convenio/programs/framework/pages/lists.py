"""The lists: commitments, reciprocity, what is late, what has no indicator, which program serves what, and the rest."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from convenio.core.words import Message
from convenio.programs.framework import content
from convenio.programs.framework.keeping import KEPT
from convenio.programs.framework.pages.desk import DONE, Desk
from convenio.programs.framework.shown import BODIES, LISTS, tables_of


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
        person = desk.web.person(request)
        given = desk.given(
            which=name,
            title=title,
            r=desk.reading(),
            plan=content.plan(),
            may_act=desk.acts(person),
            may_audit=person.has(*KEPT["audits"].roles),
            done=DONE.get(request.query_params.get("done", "")),
        )
        return desk.web.page(request, "page_body.html", **given)

    return page
