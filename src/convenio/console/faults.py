"""How errors are answered: as a page for people, as problem+json (RFC 9457) below `/api/`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from convenio.console.doors import SignInNeeded
from convenio.core.errors import ConvenioError
from convenio.core.unfit import why
from convenio.core.words import Message, _, language
from convenio.web.pages import Pages
from convenio.web.security import local

log = logging.getLogger("convenio.console")
KEPT = "kept."
FILES = "kept.:files"
HEADINGS: dict[int, Message] = {
    400: _("This does not fit"),
    403: _("Not allowed"),
    404: _("Nothing here for you"),
    405: _("Not allowed"),
    409: _("Overtaken"),
    413: _("Too large"),
    501: _("Not installed here"),
    502: _("The other side did not answer"),
}


def answer_errors(app: FastAPI, pages: Pages) -> None:
    """Answer every error of the application."""

    async def convenio(request: Request, error: Exception) -> Response:
        assert isinstance(error, ConvenioError)
        return shown(pages, request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        what = _("there is no such page for you") if error.status_code == 404 else _("this request does not fit here")
        answer = shown(pages, request, ConvenioError(what, where=request.url.path), status=error.status_code)
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return shown(pages, request, ConvenioError(why(first), where=where), status=422)

    async def sign_in(request: Request, error: Exception) -> Response:
        del error
        return await ask_to_sign_in(pages, request)

    async def anything(request: Request, error: Exception) -> Response:
        number = secrets.token_hex(4)
        log.error("request %s %s failed, number %s", request.method, request.url.path, number, exc_info=error)
        fault = ConvenioError(
            _("this node made a mistake, number {number}", number=number),
            advice=_("tell the engineers of this node the number; the reason stands in its log"),
        )
        return shown(pages, request, fault, status=500)

    handlers: list[tuple[Any, Callable[[Request, Exception], Awaitable[Response]]]] = [
        (ConvenioError, convenio),
        (HTTPException, http),
        (RequestValidationError, invalid),
        (SignInNeeded, sign_in),
        (Exception, anything),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


def shown(pages: Pages, request: Request, error: ConvenioError, *, status: int | None = None) -> Response:
    """An error as an answer."""
    status = status or error.status
    heading = HEADINGS.get(status, _("Something went wrong"))
    if request.url.path.startswith("/api/"):
        return problem(error, status=status, heading=heading)
    return pages.page(
        request,
        "error.html",
        status=status,
        heading=heading,
        what=error.what,
        where=error.where,
        advice=error.advice,
        kept=error.kept,
        back=local(request.headers.get("referer", "").partition(request.url.netloc)[2] or "/"),
    )


def problem(error: ConvenioError, *, status: int, heading: Message) -> JSONResponse:
    """An error as a problem document."""
    body: dict[str, Any] = {"type": "about:blank", "title": str(heading), "status": status, "detail": str(error.what)}
    if error.where is not None:
        body["where"] = str(error.where)
    if error.advice is not None:
        body["advice"] = str(error.advice)
    if error.kept is not None:
        body["kept"] = str(error.kept)
    return JSONResponse(
        body,
        status_code=status,
        media_type="application/problem+json",
        headers={"content-language": language.get()},
    )


async def ask_to_sign_in(pages: Pages, request: Request) -> Response:
    """The sign-in page; what was typed into a form when the session ended is kept in it."""
    if request.url.path.startswith("/api/"):
        error = ConvenioError(
            _("this needs a token"), advice=_("send it as: Authorization: Bearer TOKEN; make one on your own page")
        )
        answer = problem(error, status=401, heading=_("Not signed in"))
        answer.headers["www-authenticate"] = "Bearer"
        return answer
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?back={quote(back, safe='')}", status_code=303)
    async with request.form() as form:
        texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        files = any(not isinstance(value, str) and value.filename for _name, value in form.multi_items())
    kept = [(KEPT + name, value) for name, value in texts if name != "password"]
    kept += [(FILES, "yes")] if files else []
    from convenio.console.pages.sign_in import sign_in_form

    return pages.page(
        request, "console/sign_in.html", status=401, form=sign_in_form(), back=local(back), kept=kept, ended=True
    )
