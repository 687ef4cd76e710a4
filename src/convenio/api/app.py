"""The HTTP interface, under `/api/v1`: OpenAPI 3.1, tokens, problem documents (RFC 9457)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import convenio
from convenio.api import border, lists, methods, signing_in, standing, travelling, worklists
from convenio.api import programs as own_operations
from convenio.api.refusals import PROBLEM, REFUSALS
from convenio.core.errors import ConvenioError
from convenio.core.program import Program
from convenio.core.unfit import why
from convenio.core.words import Language, _
from convenio.node.node import Node
from convenio.web.language import negotiate
from convenio.web.security import SecurityHeaders, SizeLimit

log = logging.getLogger("convenio.api")
MOST_ERRORS = 20


def api(node: Node, *, programs: Mapping[str, Program] | None = None) -> FastAPI:
    """The API of a node, to be mounted at `/api/v1`.

    Args:
        node: the node.
        programs: the programs whose methods are offered; all that are installed without it.
    """
    app = FastAPI(title=f"Convenio, {node.settings.party}", version=convenio.__version__, docs_url=None, redoc_url=None)
    app.state.node = node
    own = (signing_in.router, travelling.router, border.router, standing.router, lists.router, worklists.router)
    for router in (*own, methods.router(programs), own_operations.router(node, programs)):
        app.include_router(router, responses=REFUSALS)
    app.add_exception_handler(ConvenioError, _told)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _mistake)
    app.add_middleware(SizeLimit, answer=_too_large)
    app.add_middleware(SecurityHeaders)
    return app


def spoken(request: Request) -> Language:
    """The language the caller wants, English unless Spanish comes first."""
    header = request.headers.get("accept-language")
    return negotiate(asked=None, cookie=None, own=None, header=header, default="en")


async def _told(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ConvenioError)
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else {}
    return _problem(request, error, error.status, headers=headers)


async def _unfit(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(map(str, each["loc"])), "what": str(why(each))} for each in error.errors()[:MOST_ERRORS]
    ]
    return _problem(request, ConvenioError(_("this does not fit")), 422, errors=wrong)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    words = {404: _("there is no such operation"), 405: _("this operation is not called like this")}
    what = words.get(error.status_code, _("{why}", why=str(error.detail)))
    return _problem(request, ConvenioError(what), error.status_code, headers=dict(error.headers or {}))


def _too_large(scope: Any, error: ConvenioError) -> JSONResponse:
    return _problem(Request(scope), error, 413)


async def _mistake(request: Request, error: Exception) -> JSONResponse:
    number = secrets.token_hex(4)
    log.error("%s %s failed, number %s", request.method, request.url.path, number, exc_info=error)
    return _problem(request, ConvenioError(_("this node made a mistake, number {number}", number=number)), 500)


def _problem(
    request: Request, error: ConvenioError, status: int, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    language = spoken(request)
    said: dict[str, Any] = {"type": "about:blank", "status": status, "title": error.what.in_language(language), **more}
    if error.where is not None:
        said["where"] = error.where if isinstance(error.where, str) else error.where.in_language(language)
    for name in ("advice", "kept"):
        part = getattr(error, name)
        if part is not None:
            said[name] = part.in_language(language)
    named = {**(headers or {}), "content-language": language}
    return JSONResponse(said, status_code=status, media_type=PROBLEM, headers=named)
