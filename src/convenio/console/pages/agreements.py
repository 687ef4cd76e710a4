"""Agreements: both languages side by side, what each clause permits, and what is left of today's budgets."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from convenio.console.clauses import budgets, facts, version_of, versions
from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.web.security import file_name


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/agreements")
    def agreements(request: Request, person: Someone) -> Response:
        del person
        return console.pages.page(request, "console/agreements.html", versions=versions(console))

    @made.get("/agreements/{name}")
    def agreement(request: Request, person: Someone, name: str, version: int | None = None) -> Response:
        del person
        held = version_of(console, name, version)
        peers = [each["party"] for each in console.peers()]
        return console.pages.page(
            request,
            "console/agreement.html",
            held=held,
            others=[each for each in versions(console) if each.agreement.id == name and each.digest != held.digest],
            clauses=[(each, facts(each), budgets(console, each, peers)) for each in held.agreement.clauses],
        )

    @made.get("/agreements/{name}/{version}/signed")
    def signed(person: Someone, name: str, version: int) -> Response:
        del person
        held = version_of(console, name, version)
        row = next(each for each in console.border.agreements() if each["digest"] == held.digest)
        title = file_name(f"{name}-{version}.json")
        return JSONResponse(row["signed"], headers={"content-disposition": f'attachment; filename="{title}"'})

    return made
