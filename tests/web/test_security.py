from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from convenio.web.security import SecurityHeaders, SizeLimit


async def app(scope, receive, send):
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def test_a_body_that_goes_on_past_the_limit_is_cut_off():
    client = TestClient(SecurityHeaders(SizeLimit(app, largest=1_000)))
    read = []

    def endless():
        for _part in range(100):
            read.append(1)
            yield b"x" * 100

    assert client.post("/", content=b"x" * 1_000).text == "1000"
    answer = client.post("/", content=endless())
    assert answer.status_code == 413
    assert "larger" in answer.text
    assert "línea de comandos" in answer.text


def test_a_length_that_is_no_number_is_refused():
    client = TestClient(SizeLimit(app, largest=1_000))
    assert client.post("/", content=b"x", headers={"content-length": "ten"}).status_code == 413
