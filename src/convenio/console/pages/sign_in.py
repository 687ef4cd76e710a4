"""Signing in and out, the language and the colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent
from convenio.console.faults import FILES, KEPT
from convenio.console.visits import THEMES, YEAR
from convenio.core.errors import Refused
from convenio.core.words import Message, _
from convenio.web.forms import Field, Form
from convenio.web.security import local

TYPED: dict[str, Message] = {
    "act": _("What for"),
    "case": _("Case"),
    "case_file": _("Put into a case file"),
    "category": _("Data"),
    "claim": _("Claim"),
    "clause": _("Clause"),
    "field": _("Field"),
    "kind": _("Identifier"),
    "label": _("What you call it"),
    "name": _("Account name"),
    "place": _("Ask for"),
    "purpose": _("Purpose"),
    "reason": _("Why"),
    "reference": _("Reference"),
    "row": _("Row of the release"),
    "subjects": _("People"),
    "text": _("Your words"),
    "title": _("Title"),
    "to": _("To"),
    "until": _("Until"),
    "use": _("What you want to do"),
    "value": _("The right value"),
    "why": _("Why it holds"),
}
UNSEEN = frozenset({"once", "version", "back", "release", "signature", "client_data", "authenticator_data", "response"})


def sign_in_form() -> Form:
    """Name and password."""
    return Form(
        [
            Field("name", _("Account name"), required=True, autocomplete="username", longest=64),
            Field("password", _("Password"), "password", required=True, autocomplete="current-password", longest=1_000),
        ]
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/sign-in")
    def ask(request: Request, back: str = "/") -> Response:
        if request.state.person is not None:
            return RedirectResponse(local(back), status_code=303)
        return _asked(console, request, sign_in_form(), local(back), [])

    @made.post("/sign-in")
    def enter(request: Request, sent: Sent) -> Response:
        form = sign_in_form()
        typed = form.read(sent)
        back = local(str(sent.get("back", "/")))
        kept = [(name, str(value)) for name, value in sent.multi_items() if name.startswith(KEPT)]
        if form.errors:
            return _asked(console, request, form, back, kept, status=400)
        try:
            person, secret = console.people.sign_in(typed["name"], typed["password"])
        except Refused as error:
            form.wrong("", error.what)
            if error.advice is not None:
                form.wrong("password", error.advice)
            return _asked(console, request, form, back, kept, status=403)
        answer: Response = RedirectResponse(back, status_code=303)
        if kept:
            request.state.viewer = console.frame(person, request.state.viewer)
            fields = [(name.removeprefix(KEPT), value) for name, value in kept if name != FILES]
            held: dict[str, Any] = {"fields": fields, "words": TYPED, "unseen": UNSEEN, "files": FILES in dict(kept)}
            answer = console.pages.page(request, "console/resume.html", back=back, **held)
        console.cookies.set(answer, "session", secret, secure=request.url.scheme == "https")
        return answer

    @made.post("/sign-out")
    def leave(request: Request) -> Response:
        if request.state.secret:
            console.people.sign_out(request.state.secret)
        answer = RedirectResponse("/sign-in", status_code=303)
        console.cookies.clear(answer, "session")
        answer.headers["clear-site-data"] = '"cache"'
        return answer

    @made.post("/preferences")
    def prefer(request: Request, sent: Sent) -> Response:
        answer = RedirectResponse(local(str(sent.get("back", "/"))), status_code=303)
        theme = str(sent.get("theme", "auto"))
        if theme in THEMES:
            console.cookies.set(answer, "theme", theme, secure=request.url.scheme == "https", lasts=YEAR)
        return answer

    return made


def _asked(
    console: Console, request: Request, form: Form, back: str, kept: Sequence[tuple[str, str]], *, status: int = 200
) -> Response:
    return console.pages.page(
        request, "console/sign_in.html", status=status, form=form, back=back, kept=kept, ended=False
    )
