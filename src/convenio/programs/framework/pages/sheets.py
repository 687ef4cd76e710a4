"""The scorecard's first page, one commitment, one number's query, and the report as one file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from convenio.core.errors import NotFound
from convenio.core.words import _, language
from convenio.programs.framework.model import Publication
from convenio.programs.framework.pages.desk import DONE, SECRETARIAT, Desk
from convenio.programs.framework.shown import figure_of
from convenio.programs.framework.site import report_text, site_zip
from convenio.web.program_pages import Sent


def add(made: APIRouter, desk: Desk) -> None:
    """Add the routes."""
    web = desk.web

    @made.get("/scorecard")
    def scorecard(request: Request) -> Response:
        person = web.person(request)
        reading = desk.reading()
        lists = desk.lists(reading, request)
        table = lists.evidence()
        if form := request.query_params.get("evidence.download"):
            return lists.file("evidence", form)
        return web.page(
            request, "page_scorecard.html", **desk.given(r=reading, evidence=table, may_take=desk.acts(person))
        )

    @made.post("/evidence")
    def take_stock(request: Request, sent: Sent) -> Response:
        del sent
        web.require(request, *SECRETARIAT)
        desk.take_stock()
        return RedirectResponse(f"{web.base}/evidence", status_code=303)

    @made.get("/commitments/{number}")
    def commitment(request: Request, number: str) -> Response:
        person = web.person(request)
        sheet = desk.reading().sheet(number)
        figures = {
            each.indicator.id: figure_of(each, request.query_params, request.url.path)
            for each in sheet.measured
            if each.observations
        }
        return web.page(
            request,
            "page_commitment.html",
            **desk.given(
                s=sheet,
                figures=figures,
                may_act=desk.acts(person),
                may_rate=desk.rater(person) is not None and sheet.scored,
                level="internal",
                done=DONE.get(request.query_params.get("done", "")),
            ),
        )

    @made.get("/evidence/{program}/{indicator}")
    def value(request: Request, program: str, indicator: str) -> Response:
        web.person(request)
        history = desk.evidence().history(program, indicator)
        if not history:
            raise NotFound(_("there is no number {name}", name=f"{program}, {indicator}"[:80]))
        title = _("{title}", title=history[-1].title[language.get()])
        return web.page(
            request, "page_body.html", **desk.given(which="value", title=title, v=history[-1], history=history)
        )

    @made.get("/report")
    def report(request: Request) -> Response:
        web.person(request)
        level: Publication = "parties" if request.query_params.get("level") == "parties" else "public"
        text = report_text(desk.card(), desk.values(), desk.today, level=level)
        name = "framework" if language.get() == "en" else "marco"
        return Response(
            text,
            media_type="text/html; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}-{desk.today}.html"'},
        )

    @made.get("/site.zip")
    def site(request: Request) -> Response:
        web.require(request, *SECRETARIAT)
        return Response(
            site_zip(desk.card(), desk.values(), desk.today),
            media_type="application/zip",
            headers={"content-disposition": f'attachment; filename="framework-site-{desk.today}.zip"'},
        )
