"""The console of a node as an ASGI application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Depends, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response

from convenio.console.context import Console, open_console
from convenio.console.doors import own_pages_only
from convenio.console.faults import answer_errors, shown
from convenio.console.pages import (
    administration,
    agreements,
    blocks,
    border,
    cases,
    consents,
    copies,
    corrections,
    findings,
    home,
    jobs,
    ledgers,
    links,
    maps,
    matches,
    me,
    paperwork,
    programs,
    receipts,
    records,
    requests,
    search,
    sign_in,
    sources,
    standing,
)
from convenio.console.view import NodeView
from convenio.console.visits import Visits
from convenio.core.errors import ConvenioError
from convenio.core.program import Program, discover
from convenio.web.download import download
from convenio.web.pages import find_asset
from convenio.web.security import SecurityHeaders, SizeLimit
from convenio.web.table import FileAsked

FOR_EVER = "public, max-age=31536000, immutable"
ROOMS = (
    sign_in,
    home,
    me,
    findings,
    cases,
    records,
    search,
    jobs,
    links,
    border,
    matches,
    corrections,
    requests,
    consents,
    standing,
    copies,
    receipts,
    agreements,
    ledgers,
    paperwork,
    sources,
    maps,
    administration,
)


def application(
    node: NodeView, *, installed: Mapping[str, Program] | None = None, development: bool = False
) -> FastAPI:
    """The pages and the HTTP interface of a node.

    Args:
        node: the node.
        installed: the programs whose pages are shown; all that are installed where it is not given.
        development: whether `/blocks` shows every building block in all its states.
    """
    console = open_console(node, discover() if installed is None else installed)
    app = FastAPI(
        title="Convenio",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(own_pages_only)],
    )
    app.state.console = console
    app.state.stopping = console.stopping
    _assets(app)
    for room in ROOMS:
        app.include_router(room.router(console), include_in_schema=False)
    if development:
        app.include_router(blocks.router(console), include_in_schema=False)
    for each in console.programs.values():
        app.include_router(programs.router_of(console, each), prefix=each.base, include_in_schema=False)
    answer_errors(app, console.pages)
    _files(app, console)
    console.jobs.resume()
    _wrap(app, console)
    return app


def _wrap(app: FastAPI, console: Console) -> None:
    visits: dict[str, Any] = {
        "people": console.people,
        "cookies": console.cookies,
        "default": console.language,
        "frame": console.frame,
    }

    def too_large(scope: Any, error: ConvenioError) -> Response:
        return shown(console.pages, Request(scope), error, status=413)

    app.add_middleware(SizeLimit, answer=too_large)
    app.add_middleware(Visits, **visits)
    app.add_middleware(SecurityHeaders)


def _files(app: FastAPI, console: Console) -> None:
    """Answer with the whole table, marked for the one who asks, where an address asks for it."""

    async def file(request: Request, asked: Exception) -> Response:
        assert isinstance(asked, FileAsked)
        person, form = request.state.person, asked.query.form

        def made() -> Response:
            marked = asked.marked and person is not None
            mark = console.marks.show(person, request.url.path, form=form) if marked else None
            name = asked.file or str(asked.title)
            return download(form, asked.rows, asked.columns, asked.query, name=name, mark=mark)

        try:
            return await run_in_threadpool(made)
        except ConvenioError as error:
            return shown(console.pages, request, error)

    app.add_exception_handler(FileAsked, file)


def _assets(app: FastAPI) -> None:
    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        path = find_asset(name)
        if path is None:
            return PlainTextResponse("404", status_code=404)
        return FileResponse(path, headers={"cache-control": FOR_EVER})

    @app.get("/health", include_in_schema=False)
    def health() -> Response:
        return PlainTextResponse("ok")
