"""The wire between two nodes: mutual TLS, each side's certificate pinned by the other's roster.

The server hands the certificate that the handshake proved to the application in the connection's scope. It is never
taken from a header.
"""

from __future__ import annotations

import datetime as dt
import json
import ssl
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import httpx2 as httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from uvicorn.protocols.http.h11_impl import H11Protocol

from convenio.core.errors import InputError, Unreachable
from convenio.core.words import _
from convenio.exchange.keys import NodeKeys

CERTIFICATE = "convenio.peer_certificate"
CONNECT_SECONDS = 10.0
"""A handshake that takes longer is a line that is down; a node under load takes several seconds."""
READ_SECONDS = 120.0
MOST_REPLY = 256 * 1024 * 1024


class PeerProtocol(H11Protocol):
    """HTTP/1.1 that tells the application which certificate the other side proved to hold."""

    def connection_made(self, transport: Any) -> None:
        """Put the certificate into the scope of every request of this connection."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        proved = tls.getpeercert(binary_form=True) if tls is not None else None
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await inner({**scope, CERTIFICATE: proved}, receive, send)

        self.app = app


def server_context(keys: NodeKeys, certificates: Sequence[bytes]) -> ssl.SSLContext:
    """TLS 1.3 for the exchange port: only the peers' own certificates are let in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _common(context, keys)
    context.verify_mode = ssl.CERT_REQUIRED
    trust(context, certificates)
    return context


def trust(context: ssl.SSLContext, certificates: Sequence[bytes]) -> None:
    """Let certificates (DER) in, also on a context that serves already."""
    if certificates:
        context.load_verify_locations(cadata="".join(pem(each) for each in certificates))


def client_context(keys: NodeKeys, certificate: bytes) -> ssl.SSLContext:
    """TLS 1.3 towards one peer: its own certificate and no other is accepted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _common(context, keys)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    trust(context, [certificate])
    return context


def pem(certificate: bytes) -> str:
    """A certificate's text form from its DER form.

    Raises:
        InputError: it is no certificate.
    """
    try:
        made = x509.load_der_x509_certificate(certificate)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(_("this is no certificate")) from error
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


@lru_cache(256)
def _end(certificate: bytes) -> dt.datetime:
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc


def in_time(certificate: bytes, now: dt.datetime) -> bool:
    """Whether a certificate (DER) has not ended, also on a connection that was made before it did."""
    try:
        return now <= _end(certificate)
    except (ValueError, UnsupportedAlgorithm):
        return False


class Line:
    """Calls to one peer.

    Args:
        party: the peer's party, for messages.
        address: its exchange address, `https://host:port`.
        keys: this node's keys.
        certificate: the peer's certificate, DER, from its roster.
        patience: seconds to wait for an answer.
    """

    def __init__(
        self, party: str, address: str, keys: NodeKeys, certificate: bytes, *, patience: float = READ_SECONDS
    ) -> None:
        self.party = party
        self.address = address.rstrip("/")
        self._client = httpx.Client(
            verify=client_context(keys, certificate),
            timeout=httpx.Timeout(patience, connect=CONNECT_SECONDS),
            trust_env=False,
            follow_redirects=False,
        )

    def post(self, path: str, content: bytes, *, kind: str = "application/json") -> bytes:
        """Send bytes, return the answer's.

        Raises:
            Unreachable: the peer does not answer, hangs, is not who its roster says, or answers garbage.
            PeerSaysNo: it answered with an error of its own, which is told.
        """
        status, said, body = self._call(path, content, kind)
        return self._judged(status, said, body, path)

    def call(self, path: str, content: bytes, *, kind: str = "text/plain") -> tuple[int, bytes]:
        """Send bytes, return status and body as they came, for protocols that speak by status.

        Raises:
            Unreachable: the peer does not answer, hangs, or is not who its roster says.
        """
        status, _said, body = self._call(path, content, kind)
        return status, body

    def _call(self, path: str, content: bytes, kind: str) -> tuple[int, str, bytes]:
        try:
            with self._client.stream(
                "POST", f"{self.address}{path}", content=content, headers={"content-type": kind}
            ) as answer:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_REPLY:
                        raise Unreachable(_("the answer of {party} is too long", party=self.party), where=path)
                return answer.status_code, answer.headers.get("content-type", ""), bytes(body)
        except httpx.TimeoutException as error:
            raise Unreachable(
                _("{party} did not answer in time", party=self.party),
                where=self.address,
                advice=_("it is tried again; is the other node under load, or the line cut?"),
            ) from error
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            raise Unreachable(
                _("{party} cannot be reached: {why}", party=self.party, why=str(error)[:200]),
                where=self.address,
                advice=_("is the other node serving, and does its roster name its present certificate?"),
            ) from error

    def _judged(self, status: int, said: str, body: bytes, path: str) -> bytes:
        if status == httpx.codes.OK:
            return body
        if said.startswith("application/problem+json"):
            raise PeerSaysNo.from_problem(self.party, status, body)
        raise Unreachable(
            _("{party} answered something that is no answer ({status})", party=self.party, status=status),
            where=path,
            advice=_("is there a Convenio node at this address?"),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class PeerSaysNo(Unreachable):
    """The peer answered, with an error of its own."""

    problem: dict[str, Any]

    @classmethod
    def from_problem(cls, party: str, status: int, body: bytes) -> PeerSaysNo:
        """From an RFC 9457 document; what is no such document is told as it is."""
        try:
            problem = json.loads(body)
            what = str(problem["title"])[:500]
        except (ValueError, KeyError, TypeError):
            problem, what = {}, body[:200].decode("utf-8", "replace")
        made = cls(
            _("{party} refused: {what}", party=party, what=what),
            advice=_("{advice}", advice=str(problem["advice"])) if isinstance(problem.get("advice"), str) else None,
        )
        made.problem = problem if isinstance(problem, dict) else {}
        made.status = status
        return made


def _common(context: ssl.SSLContext, keys: NodeKeys) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(keys.tls_certificate, keys.tls_key)
