"""Limits of what a peer may send: size, time, depth, rate, memory; each at the door where it comes in."""

from __future__ import annotations

import asyncio
import json
import os
import time
import tracemalloc

import pytest
from starlette.requests import Request

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import ConvenioError, InputError
from convenio.exchange import post, wire
from convenio.exchange.coded import decode, encode
from convenio.exchange.envelope import SIGNED, SUITE, EnvelopeError, _info, open_envelope, write_letter
from convenio.exchange.keys import envelope_key
from convenio.exchange.transport import CERTIFICATE
from convenio.exchange.wire import exchange_app
from convenio.policy.agreement import read_agreement
from convenio.policy.roster import read_signed_roster

DEEP = 100_000


def doors(pair):
    return [(path.replace("{run}", "0" * 32).replace("{path:path}", "checkpoint"), most)
            for path, most, _work in wire.doors(pair.mx.exchange())]  # fmt: skip


def test_no_door_takes_a_body_longer_than_its_own_limit(pair):
    """Told before a byte of it is read where the length is announced, and while it is read where it is not."""
    for path, most in doors(pair):
        status, _said = asyncio.run(called(pair, path, [], {"content-length": str(most + 1)}))
        assert status == 413, path
    small = [(path, most) for path, most in doors(pair) if most <= wire.MOST_CHECKPOINT]
    assert len(small) == 7
    for path, most in small:
        pieces = [b"x" * 4096] * (most // 4096 + 1)
        status, read = asyncio.run(called(pair, path, pieces, {}))
        assert status == 413, path
        assert read <= most // 4096 + 1


def test_a_body_that_trickles_is_given_up(pair, monkeypatch):
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.2)
    began = time.monotonic()
    status, _read = asyncio.run(called(pair, f"{wire.BASE}/inbox", [b"{"] * 1_000, {}, pause=0.05))
    assert status == 502
    assert time.monotonic() - began < 10


def test_calls_beyond_the_rate_are_told_to_wait_and_others_are_not(pair, monkeypatch):
    monkeypatch.setattr(wire, "CALLS_PER_MINUTE", 5)
    rate = wire._Rate()
    for _each in range(5):
        rate.enter("us")
        rate.leave("us")
    with pytest.raises(wire.TooMuch):
        rate.enter("us")
    rate.enter("ca")
    monkeypatch.setattr(wire, "AT_ONCE", 1)
    with pytest.raises(wire.TooMuch):
        rate.enter("ca")
    rate.leave("ca")
    rate.enter("ca")


def test_calls_beyond_the_rate_are_answered_429(pair, monkeypatch):
    monkeypatch.setattr(wire, "CALLS_PER_MINUTE", 3)
    app = exchange_app(pair.mx.exchange())
    answers = [asyncio.run(called(pair, f"{wire.BASE}/status", [], {}, app=app))[0] for _each in range(5)]
    assert answers == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("part", ["outer", "inner", "message"])
def test_what_is_nested_deep_is_told_at_every_depth_of_an_envelope(pair, part):
    deep = b"[" * DEEP + b"]" * DEEP
    letter = canonical(
        write_letter("request", {}, sender="us", recipient="mx", sequence=1, now=pair.clock()).model_dump(
            mode="json", by_alias=True
        )
    )
    message = letter.replace(b'"body":{}', b'"body":{"x":' + deep + b"}") if part == "message" else letter
    inner = (
        deep
        if part == "inner"
        else canonical(
            {
                "message": b64(message),
                "key": b64(pair.us.keys.node.public_key().public_bytes_raw()),
                "signature": b64(pair.us.keys.node.sign(SIGNED + message)),
            }
        )
    )
    key = envelope_key(pair.mx.keys.public()["envelope"])
    sealed = SUITE.encrypt(inner, key, info=_info("us", "mx"))
    told = {"v": 1, "id": json.loads(letter)["id"], "from": "us", "to": "mx", "sealed": b64(sealed)}
    envelope = deep if part == "outer" else canonical(told)
    with pytest.raises((InputError, EnvelopeError)):
        open_envelope(envelope, me="mx", key=pair.mx.keys.envelope, known=pair.mx.peers.known(), now=pair.clock())
    status, _said = pair.to_mx.call(post.INBOX, envelope)
    assert 400 <= status < 500


def test_what_is_nested_deep_is_told_in_statements_agreements_and_rosters(pair, tmp_path):
    deep = "[" * DEEP + "]" * DEEP
    status, _said = pair.to_mx.call(f"{wire.BASE}/match/open", f'{{"statement":{deep[: 2 * 30_000]}}}'.encode())
    assert 400 <= status < 500
    status, _said = pair.to_mx.call(
        f"{wire.BASE}/match/open", ('{"statement":' + "[" * 20_000 + "]" * 20_000 + "}").encode()
    )
    assert 400 <= status < 500
    path = tmp_path / "deep"
    path.write_text('{"document":' + deep + "}", encoding="utf-8")
    for read in (read_agreement, read_signed_roster):
        with pytest.raises(ConvenioError):
            read(path)


def test_an_agreement_longer_than_a_megabyte_or_that_unfolds_is_refused(tmp_path):
    long = tmp_path / "long.yml"
    long.write_text("id: x\ntitle: " + "y" * 1_100_000, encoding="utf-8")
    unfolds = tmp_path / "unfolds.yml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    unfolds.write_text("\n".join(lines), encoding="utf-8")
    for path in (long, unfolds):
        with pytest.raises(InputError):
            read_agreement(path)


def test_garbage_as_long_as_a_letter_may_be_costs_a_few_times_its_length(pair):
    """A megabyte at the door of the longest letters; nothing is built up from what is no envelope."""
    for garbage in (b"\x00" * 1_000_000, b'{"v":1,"sealed":"' + b"A" * 1_000_000 + b'"}', b"[" + b"1," * 500_000):
        tracemalloc.start()
        with pytest.raises(ConvenioError):
            pair.mx.post.receive(garbage, wire="us")
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20 * len(garbage), (peak, garbage[:20])


def test_a_coded_set_is_not_unfolded_beyond_what_was_announced():
    code = encode([os.urandom(16) for _each in range(60_000)], 40)
    tracemalloc.start()
    with pytest.raises(InputError):
        decode(code, most=1_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(code)


def test_an_asker_takes_no_hits_from_a_set_that_makes_hits_of_everything(pair):
    """A dishonest answerer codes its set as coarsely as the form allows, so that one key in 256 would seem to hit."""
    coarse = encode([n.to_bytes(2, "big") * 8 for n in range(200)], 8)
    pair.to_mx.instead = {"/set": coarse}
    with pytest.raises(ConvenioError):
        pair.match()
    held = pair.us.asking.runs()[0]
    assert (held.state, held.hits) == ("failed", None)
    assert pair.us.requests.all() == []


async def called(pair, path, pieces, headers, *, pause=0.0, app=None):
    """Status and how many pieces were read, of a call whose body comes in pieces without an announced length."""
    app = app or exchange_app(pair.mx.exchange())
    read, status = 0, []

    async def receive():
        nonlocal read
        if read < len(pieces):
            await asyncio.sleep(pause)
            read += 1
            return {"type": "http.request", "body": pieces[read - 1], "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "http_version": "1.1",
        "scheme": "https", "server": ("mx", 443), "client": ("us", 1), "root_path": "",
        CERTIFICATE: unb64(pair.us.keys.public()["tls"]),
    }  # fmt: skip
    assert Request(scope).method == "POST"
    await app(scope, receive, send)
    return status[0], read
