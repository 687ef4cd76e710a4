"""Real pages in Debian's Chromium: the console of a node, served by uvicorn in this process."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from convenio.console.app import application
from convenio.node.serve import let_go
from tests.console.conftest import PASSWORD, small_node

PATIENCE = 180.0
CHROMIUM = os.environ.get("CONVENIO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def served(app: object) -> Iterator[str]:
    """Serve an application on a free port of this machine; its address by name, as WebAuthn wants it."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    port = held.getsockname()[1]
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield f"http://localhost:{port}"
    finally:
        let_go(app)
        server.should_exit = True
        thread.join(PATIENCE)
        held.close()
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """Debian's Chromium, for one module: while it runs, nothing else on this thread can run an event loop."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; set CONVENIO_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE * 1000
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A node that stands alone, with its development pages."""
    node = small_node(tmp_path_factory.mktemp("small"))
    with served(application(node, installed={}, development=True)) as address:
        node.address = address
        yield node
    node.store.close()


@pytest.fixture
def open_page(chromium) -> Iterator[Callable[..., object]]:
    """Open a page in a browser of its own; whatever the page complains about fails the test."""
    contexts, complaints = [], []

    def opened(**options: object) -> object:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda each: complaints.append(each.text) if each.type in ("error", "warning") else None)
        page.on("pageerror", lambda each: complaints.append(str(each)))
        return page

    opened.complaints = complaints
    yield opened
    for each in contexts:
        each.close()
    known = ("Failed to load resource", "GPU", "pubKeyCredParams")
    wrong = [each for each in complaints if not any(part in each for part in known)]
    assert not wrong, wrong


@contextmanager
def led_on(page) -> Iterator[None]:
    """Do what leads to another page, and wait until that one is there with its scripts: what is looked at next is it.

    A press returns before the page that it asks for has come; what is read then may still be the page before.
    """
    with page.expect_navigation(wait_until="load"):
        yield


def follow(page, selector: str, **options: object) -> None:
    """Press a link or a button that leads to another page, and be there."""
    with led_on(page):
        page.click(selector, **options)


def sign_in(page, address: str, name: str, password: str = PASSWORD, *, language: str = "en") -> None:
    """Sign in as a person does."""
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("#f-name", name)
    page.fill("#f-password", password)
    with led_on(page):
        page.keyboard.press("Enter")
    page.wait_for_selector(".who")


def pictures() -> Path | None:
    """Where pictures for the docs go, when they are asked for (CONVENIO_PICTURES)."""
    wanted = os.environ.get("CONVENIO_PICTURES")
    if wanted:
        Path(wanted).mkdir(parents=True, exist_ok=True)
    return Path(wanted) if wanted else None
