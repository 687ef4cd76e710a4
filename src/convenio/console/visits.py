"""Who is here and in which language: cookies, sessions, and what each request carries of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import cast
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convenio.core.words import Language, speaking
from convenio.people.accounts import People, Person
from convenio.web.language import known, negotiate
from convenio.web.pages import Theme, Viewer

YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Cookies:
    """The names of a node's cookies: they carry the node and its port, since cookies of one host share all ports.

    Args:
        node: what tells this node from others on the host, e.g. its party and folder.
        port: the port its pages are served on.
    """

    node: str
    port: int

    def name(self, kind: str) -> str:
        """The full name of a cookie, by what it holds: `session`, `language`, `theme`."""
        short = hashlib.sha256(self.node.encode()).hexdigest()[:10]
        return f"convenio_{kind}_{short}_{self.port}"

    def set(self, answer: Response, kind: str, value: str, *, secure: bool, lasts: int | None = None) -> None:
        """Set a cookie; without `lasts` it ends with the browser's session."""
        answer.set_cookie(self.name(kind), value, max_age=lasts, path="/", secure=secure, httponly=True, samesite="lax")

    def clear(self, answer: Response, kind: str) -> None:
        """Remove a cookie."""
        answer.delete_cookie(self.name(kind), path="/")


def read_cookies(header: str) -> Mapping[str, str]:
    """A request's cookies; what is no cookie is left out."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: each.value for name, each in jar.items()}


class Visits:
    """Middleware that finds out who asks and in which language to answer.

    It puts `person` (None without a session), `secret`, `viewer` and `language` into the request's state.

    Args:
        app: the application behind it.
        people: the node's accounts.
        cookies: how its cookies are called.
        default: the node's own language.
        frame: makes the viewer of a person: navigation and what waits.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        people: People,
        cookies: Cookies,
        default: Language,
        frame: Callable[[Person | None, Viewer], Viewer],
    ) -> None:
        self.app = app
        self.people = people
        self.cookies = cookies
        self.default = default
        self.frame = frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        held = read_cookies(headers.get("cookie", ""))
        secret = held.get(self.cookies.name("session"), "")
        person = await run_in_threadpool(self.people.by_secret, secret) if secret else None
        if person is not None and person.scopes:
            person = None  # a token with scopes opens the API alone: pages know no scopes
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
        spoken = negotiate(
            asked=asked,
            cookie=held.get(self.cookies.name("language")),
            own=person.language if person else None,
            header=headers.get("accept-language"),
            default=self.default,
        )
        theme = held.get(self.cookies.name("theme"), "auto")
        plain = Viewer(theme=cast("Theme", theme if theme in THEMES else "auto"), language=spoken)
        state = scope.setdefault("state", {})
        with speaking(spoken):
            whole = not scope["path"].startswith("/assets/")
            viewer = await run_in_threadpool(self.frame, person, plain) if person and whole else plain
            state.update({"person": person, "secret": secret if person else "", "viewer": viewer, "language": spoken})
            await self.app(scope, receive, self._remembering(known(asked), scope, send))

    def _remembering(self, chosen: Language | None, scope: Scope, send: Send) -> Send:
        if chosen is None:
            return send

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                carrier = Response()
                self.cookies.set(carrier, "language", chosen, secure=scope["scheme"] == "https", lasts=YEAR)
                cookies = [each for each in carrier.raw_headers if each[0] == b"set-cookie"]
                message["headers"] = [*message.get("headers", []), *cookies]
            await send(message)

        return with_cookie
