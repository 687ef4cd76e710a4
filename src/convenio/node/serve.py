"""Serve a node: its pages and API on one port, the exchange over mutual TLS on another, and its rounds."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import uvicorn

from convenio.core.errors import ConvenioError
from convenio.core.words import _
from convenio.exchange.transport import PeerProtocol, server_context
from convenio.exchange.wire import exchange_app
from convenio.node.node import Node

log = logging.getLogger("convenio.node")
BACKLOG = 512


class _Server(uvicorn.Server):
    """A server that leaves signals to us: there are two in this process."""

    def capture_signals(self) -> Any:
        """Capture nothing."""
        return nullcontext()


def serve(node: Node, site: Any) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        node: the node.
        site: the ASGI application of its pages and API.

    Raises:
        ConvenioError: a port is in use, or another process serves from this folder; nothing was started.
    """
    with node.home.held(), ExitStack() as stack:
        pages = stack.enter_context(_bound(node.settings.host, node.settings.port))
        exchange = stack.enter_context(_bound(node.settings.host, node.settings.exchange_port))
        node.start()
        try:
            asyncio.run(_serve(node, site, pages, exchange))
        finally:
            node.stop()


def let_go(site: Any) -> None:
    """Tell the applications of a site that the node stops: their streams end by themselves, rather than being cut."""
    for app in (site, *(getattr(each, "app", None) for each in getattr(site, "routes", ()))):
        stopping = getattr(getattr(app, "state", None), "stopping", None)
        if stopping is not None:
            stopping.set()


async def _serve(node: Node, site: Any, pages: socket.socket, exchange: socket.socket) -> None:
    context = server_context(node.keys, node.peers.certificates())
    node.peers.trusted_by(context)
    inner = uvicorn.Config(
        exchange_app(node.exchange()),
        http=PeerProtocol,
        log_level="warning",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=64 * 1024,
    )
    inner.load()
    inner.ssl = context
    outer = uvicorn.Config(
        site,
        log_level="warning",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    servers = [(_Server(outer), pages), (_Server(inner), exchange)]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        let_go(site)
        for server, _socket in servers:
            server.should_exit = True

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    log.info("serving %s on %s and %s", node.settings.party, node.settings.address, node.settings.exchange_address)
    await asyncio.gather(*(server.serve(sockets=[held]) for server, held in servers))


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((host, port))
            held.listen(BACKLOG)
        except OSError as error:
            raise ConvenioError(
                _("the port {port} cannot be used: {why}", port=port, why=error.strerror or str(error)),
                where=host,
                advice=_("stop the program that uses it, or choose another in node.toml"),
                kept=_("nothing was started"),
            ) from error
        held.setblocking(False)
        yield held
    finally:
        held.close()
