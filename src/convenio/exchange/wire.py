"""The exchange interface: what a peer's node may call, over mutual TLS, with limits on size, time and rate."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convenio.core.errors import ConvenioError, InputError, NotFound, Refused, Unreachable
from convenio.core.words import _
from convenio.exchange.answering import Answering
from convenio.exchange.envelope import MOST_BYTES
from convenio.exchange.post import INBOX, Post
from convenio.exchange.transport import CERTIFICATE

BASE = "/exchange/v1"
MOST_STATEMENT = 64 * 1024
MOST_CHECKPOINT = 256 * 1024
MOST_ELEMENTS = 32 * 1024 * 1024
BODY_SECONDS = 60.0
CALLS_PER_MINUTE = 6_000
AT_ONCE = 16
Work = Callable[[str, Request, bytes], Response]


class CallersBook(Protocol):
    """What the wire needs to know of peers."""

    def by_certificate(self, certificate: bytes) -> str | None:
        """The party whose present roster names this certificate."""

    def seen(self, party: str) -> None:
        """The peer was heard from."""


@dataclass(frozen=True)
class Exchange:
    """What stands behind the interface.

    Args:
        peers: who may call.
        post: takes letters.
        answering: answers matches.
        witness: takes a peer's checkpoint: party and body in, status and body out.
        status: what a peer may know of this node's state.
        latest: the last checkpoint of the peer's ledger that this node cosigned, as a note; empty before the first.
        ledger: a file of this node's ledger with the peer, by its tlog-tiles path.
        mirror: a file of this node's mirror of the peer's ledger.
    """

    peers: CallersBook
    post: Post
    answering: Answering
    witness: Callable[[str, bytes], tuple[int, bytes]]
    status: Callable[[], dict[str, Any]]
    latest: Callable[[str], bytes]
    ledger: Callable[[str, str], bytes]
    mirror: Callable[[str, str], bytes]


class TooMuch(ConvenioError):
    """More than the interface takes at once."""

    status = 429


class NoPeer(Refused):
    """A certificate that no roster names: what comes over it is not taken, and may be sent again once one does."""

    status = 421


class TooLong(InputError):
    """A body beyond the limit."""

    status = 413


class _Rate:
    """Calls of one peer within the last minute, and at once."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[float]] = {}
        self._now: dict[str, int] = {}

    def enter(self, party: str) -> None:
        calls, moment = self._calls.setdefault(party, deque()), time.monotonic()
        while calls and calls[0] < moment - 60:
            calls.popleft()
        if len(calls) >= CALLS_PER_MINUTE or self._now.get(party, 0) >= AT_ONCE:
            raise TooMuch(_("too many calls at once"), advice=_("wait a minute; what waits is tried again"))
        calls.append(moment)
        self._now[party] = self._now.get(party, 0) + 1

    def leave(self, party: str) -> None:
        self._now[party] = self._now.get(party, 1) - 1


def exchange_app(exchange: Exchange) -> Starlette:
    """The ASGI application of the exchange port."""
    rate = _Rate()

    def call(most: int, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                party = _caller(exchange, request)
                rate.enter(party)
            except ConvenioError as error:
                return problem(error)
            try:
                body = await _body(request, most)
                answer = await run_in_threadpool(work, party, request, body)
                await run_in_threadpool(exchange.peers.seen, party)
            except ConvenioError as error:
                return problem(error)
            except ClientDisconnect:
                return Response(status_code=400)
            finally:
                rate.leave(party)
            return answer

        return endpoint

    return Starlette(
        routes=[Route(path, call(most, work), methods=["POST"]) for path, most, work in doors(exchange)],
        exception_handlers={404: _not_here, 405: _not_here, Exception: _broken},
    )


def doors(exchange: Exchange) -> list[tuple[str, int, Work]]:
    """Every path, how long a body it takes, and what it does with party, request and body."""

    def evaluate(party: str, request: Request, body: bytes) -> Response:
        return _bytes(exchange.answering.evaluate(party, request.path_params["run"], body))

    def coded_set(party: str, request: Request, _body: bytes) -> Response:
        return _bytes(exchange.answering.coded_set(party, request.path_params["run"]))

    def inbox(party: str, _request: Request, body: bytes) -> Response:
        return Response(exchange.post.receive(body, wire=party), media_type="application/json")

    def witness(party: str, _request: Request, body: bytes) -> Response:
        status, said = exchange.witness(party, body)
        return Response(said, status_code=status, media_type="text/plain; charset=utf-8")

    return [
        (
            f"{BASE}/match/open",
            MOST_STATEMENT,
            lambda party, _request, body: JSONResponse(exchange.answering.open(party, read_json(body))),
        ),
        (f"{BASE}/match/{{run}}/evaluate", MOST_ELEMENTS, evaluate),
        (f"{BASE}/match/{{run}}/set", 0, coded_set),
        (INBOX, MOST_BYTES, inbox),
        (f"{BASE}/witness/add-checkpoint", MOST_CHECKPOINT, witness),
        (f"{BASE}/witness/latest", 0, lambda party, _request, _body: _bytes(exchange.latest(party))),
        (
            f"{BASE}/ledger/{{path:path}}",
            0,
            lambda party, request, _body: _bytes(exchange.ledger(party, request.path_params["path"])),
        ),
        (
            f"{BASE}/mirror/{{path:path}}",
            0,
            lambda party, request, _body: _bytes(exchange.mirror(party, request.path_params["path"])),
        ),
        (f"{BASE}/status", 0, lambda _party, _request, _body: JSONResponse(exchange.status())),
    ]


def problem(error: ConvenioError) -> Response:
    """An error as a peer is told it (RFC 9457), in both languages."""
    said: dict[str, Any] = {"status": error.status, "title": error.what.in_language("en")}
    said["title_es"] = error.what.in_language("es")
    for name in ("advice", "kept"):
        part = getattr(error, name)
        if part is not None:
            said[name], said[f"{name}_es"] = part.in_language("en"), part.in_language("es")
    return JSONResponse(said, status_code=error.status, media_type="application/problem+json")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object from bytes.

    Raises:
        InputError: it is none.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError(_("this is no JSON")) from error
    if not isinstance(said, dict):
        raise InputError(_("this is no JSON object"))
    return said


def _caller(exchange: Exchange, request: Request) -> str:
    certificate = request.scope.get(CERTIFICATE)
    party = exchange.peers.by_certificate(certificate) if isinstance(certificate, bytes) else None
    if party is None:
        raise NoPeer(
            _("this certificate is in no peer's roster"),
            advice=_("the other side adds this node's newest roster first"),
        )
    return party


async def _body(request: Request, most: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise _too_long(most)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise _too_long(most)
    except TimeoutError as error:
        raise Unreachable(_("the body did not come within {seconds} seconds", seconds=int(BODY_SECONDS))) from error
    return bytes(body)


def _too_long(most: int) -> TooLong:
    return TooLong(_("the body is longer than {most} bytes", most=most), kept=_("nothing was taken"))


def _bytes(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream")


async def _not_here(_request: Request, _error: Exception) -> Response:
    return problem(NotFound(_("there is nothing here")))


async def _broken(_request: Request, _error: Exception) -> Response:
    broken = ConvenioError(_("something went wrong inside this node"), kept=_("nothing was taken"))
    broken.status = 500
    return problem(broken)
