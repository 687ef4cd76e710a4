"""What every answer of a node's pages carries and every request must: policy headers, size limits, same origin.

One place says what a page may load (nothing but this node's own files), and no request that changes something is
taken from another site. Cross-site requests are told by the headers that browsers set and pages cannot
(`Sec-Fetch-Site` and `Origin`), so forms carry no token that a cache or a second tab could spoil.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convenio.core.errors import Refused
from convenio.core.words import LANGUAGES, _

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS: Mapping[str, str] = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST = 64 * 1024 * 1024
LARGEST_FILE = 64_000_000
"""Bytes of one file, so that it and the rest of its form fit into a body."""
READ_ON = 256 * 1024 * 1024
READ_ON_SECONDS = 10.0


class SecurityHeaders:
    """Puts the policy on every answer, and `no-store` on every answer that says nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


class BodyTooLarge(Exception):
    """A request's body went on past the limit; never leaves this module's middleware."""


Refusing = Callable[[Scope, Refused], Response]


def plainly(scope: Scope, error: Refused) -> Response:
    """The refusal as text in both languages, where no page can be made."""
    del scope
    return PlainTextResponse("\n".join(error.explain(each) for each in LANGUAGES), status_code=413)


class SizeLimit:
    """Refuses a body larger than `largest` bytes: by its announced length before it is kept, else while it is read.

    A browser that is answered while it still sends shows no answer but a broken connection; so what it sends is read
    and thrown away for a while, unless it asked first (`Expect: 100-continue`).

    Args:
        app: the application behind it.
        largest: bytes of a body.
        answer: makes the answer from what was refused.
    """

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST, answer: Refusing = plainly) -> None:
        self.app = app
        self.largest = largest
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        started = False
        if not announced.isdigit() or int(announced) > self.largest:
            asked_first = headers.get("expect", "").lower() == "100-continue"
            await self._refuse(scope, receive, send, read_on=not asked_first)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.largest:
                raise BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            if seen > self.largest and not started:
                return  # what the application makes of the broken body is not what is said of it
            started = True
            await send(message)

        with suppress(BodyTooLarge):
            await self.app(scope, counted, noted)
        if seen > self.largest and not started:
            await self._refuse(scope, receive, send, read_on=True)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, *, read_on: bool) -> None:
        if read_on:
            await _thrown_away(receive)
        error = Refused(
            _("what was sent is larger than {limit} MB", limit=self.largest // (1024 * 1024)),
            advice=_("import large files with the command line"),
            kept=_("nothing was changed"),
        )
        answer = self.answer(scope, error)
        answer.headers["connection"] = "close"
        await answer(scope, receive, send)


async def _thrown_away(receive: Receive) -> None:
    read = 0
    with anyio.move_on_after(READ_ON_SECONDS):
        while read < READ_ON:
            message = await receive()
            read += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return


def refuse_other_sites(method: str, headers: Mapping[str, str]) -> None:
    """Let a request that changes something pass only when it comes from this node's own pages.

    A request that carries neither header is no browser's; it passes only with an `Authorization` header, which a
    browser sends to no one by itself.

    Raises:
        Refused: it comes from elsewhere.
    """
    if method in SAFE:
        return
    site, origin, host = headers.get("sec-fetch-site"), headers.get("origin"), headers.get("host", "")
    if site is not None:
        fits = site == "same-origin"
    elif origin is not None:
        fits = urlsplit(origin).netloc == host
    else:
        fits = "authorization" in headers
    if not fits:
        raise Refused(
            _("this request does not come from this node's own pages"),
            advice=_("open the page in this browser and send it again from there"),
            kept=_("nothing was changed"),
        )


def local(address: str | None, default: str = "/") -> str:
    """An address on this node to go on to, or `default` when it would lead anywhere else."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return default
    parts = urlsplit(address)
    odd = parts.scheme or parts.netloc or "\\" in address or any(ord(each) < 32 for each in address)
    return default if odd else address


def file_name(text: str, default: str = "file") -> str:
    """A file's own name, without any folder it tries to reach and without characters that a header cannot carry."""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(each if each.isascii() and (each.isalnum() or each in "._- ") else "_" for each in last)
    return kept.strip(". ")[:120] or default
