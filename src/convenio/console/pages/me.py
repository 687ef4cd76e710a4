"""One's own page: language, keys for approvals, tokens for the API."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.challenges import Challenges
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.enrolment import enrol_security_key
from convenio.core.errors import InputError
from convenio.core.words import Language, Message, _
from convenio.people.accounts import Person
from convenio.people.roles import TITLES
from convenio.people.tokens import Tokens
from convenio.web.forms import sending

SCOPES: dict[str, Message] = {
    "read": _("read lists"),
    "match": _("make blind matches"),
    "request": _("open requests"),
    "approve": _("decide on requests"),
    "use": _("use received copies"),
    "methods": _("run methods"),
    "framework": _("judge commitments, enter values and move steps"),
}
WITHIN: dict[Language, str] = {"en": "English", "es": "español"}
DAYS = 30
LABEL = 80


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    challenges, tokens = Challenges(console.now), Tokens(console.node.store, console.now)

    def page(request: Request, person: Person, **values: object) -> Response:
        from webauthn.helpers import bytes_to_base64url

        return console.pages.page(
            request,
            "console/me.html",
            person=person,
            roles=[TITLES[role] for role in TITLES if role in person.roles],
            keys=console.credentials.of(person.name),
            challenge=bytes_to_base64url(challenges.give(person.name)),
            handle=bytes_to_base64url(f"{console.node.settings.party}:{person.name}".encode()),
            host=request.url.hostname,
            scopes=SCOPES,
            language_name=WITHIN[request.state.language],
            tokens=[
                {"held": each, "may": ", ".join(str(SCOPES.get(name, name)) for name in each.scopes)}
                for each in tokens.of(person.name)
            ],
            token=values.get("token"),
            done=request.query_params.get("done"),
        )

    @made.get("/me")
    def me(request: Request, person: Someone) -> Response:
        return page(request, person)

    @made.post("/me/keys")
    def enrol(request: Request, person: Someone, sent: Sent) -> Response:
        label = str(sent.get("label", ""))[:LABEL]
        kind = str(sent.get("kind", ""))
        if kind == "webauthn":
            enrol_security_key(
                console.credentials,
                person,
                response=str(sent.get("response", "")),
                challenge=challenges.take(person.name),
                host=request.url.hostname or "",
                origin=f"{request.url.scheme}://{request.url.netloc}",
                label=label,
            )
        elif kind == "ed25519":
            console.credentials.enrol(
                person, kind="ed25519", public=str(sent.get("public", "")), details={"label": label}
            )
        else:
            raise InputError(_("this is no kind of key"), kept=_("no key was enrolled"))
        return RedirectResponse("/me?done=key", status_code=303)

    @made.post("/me/tokens")
    def token(request: Request, person: Someone, sent: Sent) -> Response:
        wanted = [each for each in map(str, sent.getlist("scope")) if each in SCOPES]
        if not wanted:
            raise InputError(
                _("a token needs at least one scope"), advice=_("choose what it may do"), kept=_("no token was made")
            )
        shown: list[str] = []

        def make() -> str:
            shown.append(console.people.token(person.name, wanted, lasts=dt.timedelta(days=DAYS)))
            return "/me?done=token#tokens"

        there = console.sent_forms.act(person, sending(sent), make)
        return page(request, person, token=shown[0]) if shown else RedirectResponse(there, status_code=303)

    @made.post("/me/tokens/{number}/end")
    def end(person: Someone, number: str) -> Response:
        tokens.end(person.name, number)
        return RedirectResponse("/me?done=ended#tokens", status_code=303)

    @made.post("/me/language")
    def speak(request: Request, person: Someone) -> Response:
        console.people.speak(person.name, request.state.language)
        return RedirectResponse("/me?done=language", status_code=303)

    return made
