"""What is sent that should not be, over a real line: too much, too long, for ever; and a stream when the node stops."""

from __future__ import annotations

import http.client
import threading
import urllib.parse

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from convenio.console.app import application
from convenio.core.words import Message
from tests.browser.conftest import PATIENCE, follow, served, sign_in
from tests.console.conftest import OWN, PASSWORD, small_node

pytestmark = pytest.mark.browser
LARGE = 70_000_000


@pytest.fixture
def line(small):
    """A connection to the node of somebody who is signed in, and the headers that go with it."""
    where = urllib.parse.urlsplit(small.address)
    made = http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)
    body = urllib.parse.urlencode({"name": "ana", "password": PASSWORD})
    form = {"content-type": "application/x-www-form-urlencoded", **OWN}
    made.request("POST", "/sign-in", body=body, headers=form)
    answer = made.getresponse()
    answer.read()
    held = {**OWN, "cookie": answer.getheader("set-cookie").partition(";")[0]}
    yield made, held
    made.close()


def still_there(line) -> bool:
    made, held = line
    made.close()
    made.request("GET", "/findings", headers=held)
    answer = made.getresponse()
    answer.read()
    return answer.status == 200


def test_two_gigabytes_are_refused_before_they_are_sent(line):
    made, held = line
    made.putrequest("POST", "/records/check")
    for name, value in {**held, "content-length": str(2 << 30), "expect": "100-continue"}.items():
        made.putheader(name, value)
    made.endheaders()
    answer = made.getresponse()
    assert answer.status == 413
    assert b"larger than 64 MB" in answer.read()
    assert still_there(line)


def test_a_stream_that_never_ends_is_cut(line):
    made, held = line
    sent = []

    def endless():
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
        while len(sent) < 2_000:
            sent.append(1)
            yield b"x" * 1_000_000

    try:
        headers = {**held, "content-type": "multipart/form-data; boundary=x", "transfer-encoding": "chunked"}
        made.request("POST", "/records/check", body=endless(), headers=headers, encode_chunked=True)
        status = made.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = None
    assert status in (413, None)
    assert len(sent) < 2_000
    assert still_there(line)


def test_a_filter_with_a_million_values_is_refused_and_the_node_goes_on(line):
    made, held = line
    try:
        made.request("GET", "/findings?" + "&".join(["f.state=x"] * 1_000_000), headers=held)
        status = made.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = None
    assert status in (400, 414, 431, None)
    assert still_there(line)


def test_a_file_too_large_is_refused_in_the_page_before_anything_is_sent(small, open_page, tmp_path):
    with (tmp_path / "large.csv").open("wb") as out:
        out.truncate(LARGE)
    page = open_page()
    sign_in(page, small.address, "ana", language="es")
    page.goto(f"{small.address}/records")
    sent = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    page.set_input_files("#file", tmp_path / "large.csv")
    page.click("form[action='/records/check'] button")
    assert page.eval_on_selector("#file", "field => field.validationMessage") == (
        "Este archivo pesa más de 64 MB. Incorpórelo por la línea de comandos."
    )
    assert sent == []
    small_file = tmp_path / "small.csv"
    small_file.write_text("name\nAna\n")
    page.set_input_files("#file", small_file)
    follow(page, "form[action='/records/check'] button")
    assert page.inner_text("h1") == "small.csv"


def test_without_scripts_a_file_too_large_is_answered_by_a_page(small, open_page, tmp_path):
    with (tmp_path / "large.csv").open("wb") as out:
        out.truncate(LARGE)
    page = open_page(java_script_enabled=False)
    page.goto(f"{small.address}/sign-in?lang=es")
    page.fill("#f-name", "ana")
    page.fill("#f-password", PASSWORD)
    follow(page, "main form button[type=submit]")
    page.goto(f"{small.address}/records")
    page.set_input_files("#file", tmp_path / "large.csv")
    follow(page, "form[action='/records/check'] button")
    assert "lo que se envió pesa más de 64 MB" in page.inner_text(".problem")


def test_a_stream_ends_by_itself_when_the_node_stops(tmp_path, open_page, caplog):
    node, go = small_node(tmp_path), threading.Event()
    app = application(node, installed={})
    jobs, ana = app.state.console.jobs, node.people.person("ana")

    def wait(task):
        task.tell(0.5)
        go.wait(PATIENCE)
        return "/jobs"

    jobs.handle("wait", wait, again=False)
    page = open_page()
    with served(Starlette(routes=[Mount("/", app)])) as address:
        sign_in(page, address, "ana")
        number = jobs.start("wait", ana, Message("Wait"))
        page.goto(f"{address}/jobs/{number}")
        page.wait_for_function("document.querySelector('progress').value === 50")
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
    go.set()
    jobs.close()
    assert jobs.get(ana, number)["state"] == "done"
    node.store.close()
