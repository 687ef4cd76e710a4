"""Two real processes on loopback, over mutual TLS."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
import time

import httpx2 as httpx
import pytest

from convenio.core.errors import ConvenioError, Unreachable
from convenio.demo.cast import PASSWORD, US
from convenio.demo.stage import Stage
from convenio.demo.story import Story
from convenio.exchange.keys import create_keys
from convenio.exchange.transport import Line
from convenio.node.node import now, open_node


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    made = Stage(tmp_path_factory.mktemp("stage"), free_ports=True)
    steps = []
    told = Story(made, steps.append, customers=2_000).run()
    made.told, made.steps = told, steps
    yield made
    made.drop_curtain()


@pytest.fixture(scope="module")
def line(stage):
    """A line from the United States' node to Mexico's, with its real keys."""
    node = open_node(stage.settings["us"].home)
    yield node.peers._line("mx", 20.0)
    node.close()


def test_the_story_comes_out(stage):
    told = stage.told
    assert (told.planted, told.hits, told.false_hits, told.asked) == (4, 4, 0, 4)
    assert told.released == 2
    assert told.refused >= 5
    assert told.receipts > told.refused
    assert told.ledgers_verified == 2
    assert (told.name_hits, told.name_false_hits) == (4, 0)
    assert len(stage.steps) == 13


def test_ledgers_verify_from_the_command_line(stage):
    for party in ("us", "mx"):
        done = subprocess.run(
            [sys.executable, "-m", "convenio", "ledger", "verify", str(stage.settings[party].home), "--json", "-"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert all(each["holds"] for each in json.loads(done.stdout))


def test_without_a_certificate_nobody_gets_in(stage):
    settings = stage.settings["mx"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        pytest.raises((httpx.HTTPError, ssl.SSLError)),
        httpx.Client(verify=context, trust_env=False, timeout=10) as client,
    ):
        client.post(f"{settings.exchange_address}/exchange/v1/status")


def test_a_stranger_s_certificate_does_not_get_in_and_the_node_still_serves(stage, line, tmp_path):
    stranger = create_keys(tmp_path / "keys", "xx", now())
    certificate = stage_certificate(stage)
    theirs = Line("mx", stage.settings["mx"].exchange_address, stranger, certificate, patience=10)
    with pytest.raises(Unreachable):
        theirs.post("/exchange/v1/status", b"")
    theirs.close()
    assert json.loads(line.post("/exchange/v1/status", b""))["party"] == "mx"


def stage_certificate(stage):
    from convenio.core.canonical import unb64

    node = open_node(stage.settings["mx"].home)
    try:
        return unb64(node.keys.public()["tls"])
    finally:
        node.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/exchange/v1/match/open", b"not json"),
        ("/exchange/v1/match/open", b"[]"),
        ("/exchange/v1/match/open", b'{"statement": {}}'),
        ("/exchange/v1/match/open", b"[" * 60_000),
        ("/exchange/v1/match/" + "0" * 32 + "/evaluate", bytes(32)),
        ("/exchange/v1/match/" + "0" * 32 + "/set", b""),
        ("/exchange/v1/match/../../etc/set", b""),
        ("/exchange/v1/inbox", b""),
        ("/exchange/v1/inbox", b"{}"),
        ("/exchange/v1/inbox", b"\xff\xfe" * 100),
        ("/exchange/v1/status", b"more than nothing"),
        ("/exchange/v1/match/open", b" " * 70_000),
        ("/nothing", b""),
    ],
)
def test_what_does_not_fit_is_told_and_the_node_still_serves(line, path, body):
    status, said = line.call(path, body)
    assert 400 <= status < 500
    told = json.loads(said)
    assert told["title"]
    assert told["title_es"]
    assert json.loads(line.post("/exchange/v1/status", b""))["party"] == "mx"


def test_garbage_to_the_witness_is_refused(line):
    for body in (b"", b"old x\n\nnothing", b"\x00" * 1000, b"old 0\n" + b"AAAA\n" * 80 + b"\nx\n"):
        status, _said = line.call("/exchange/v1/witness/add-checkpoint", body)
        assert status in {400, 403, 404, 409, 422}


def test_a_second_node_on_one_folder_is_refused(stage):
    done = serve(stage.settings["us"].home)
    assert done.returncode == 2
    assert "another node serves from this folder" in done.stderr
    assert alive(stage)


def test_a_port_in_use_is_refused_before_anything_is_started(tmp_path):
    stage = Stage(tmp_path, free_ports=True)
    stage.set_up()
    settings = stage.settings["us"]
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((settings.host, settings.exchange_port))
        taken.listen()
        done = serve(settings.home)
    assert done.returncode == 2
    assert str(settings.exchange_port) in done.stderr
    assert "nothing was started" in done.stderr
    again = open_node(settings.home)
    assert again.store.answers()
    again.close()


def serve(home):
    return subprocess.run(
        [sys.executable, "-m", "convenio", "node", "serve", str(home)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )


def alive(stage):
    return httpx.get(f"{stage.settings['us'].address}/health", trust_env=False, timeout=20).status_code == 200


def test_cookies_of_two_nodes_on_one_host_do_not_collide(stage):
    names = set()
    with httpx.Client(trust_env=False, timeout=30, follow_redirects=False) as browser:
        for party, person in (("us", "ruth.analyst"), ("mx", "lucia.analista")):
            address = stage.settings[party].address
            answer = browser.post(
                f"{address}/sign-in",
                data={"name": person, "password": PASSWORD},
                headers={"origin": address, "sec-fetch-site": "same-origin"},
            )
            assert answer.status_code in {302, 303}, answer.text[:500]
            names |= set(answer.headers.get_list("set-cookie"))
        for party, words in (("us", "Ruth Ashdown"), ("mx", "Lucía Arroyo Nieves")):
            assert words in browser.get(f"{stage.settings[party].address}/", follow_redirects=True).text
    assert len({each.partition("=")[0] for each in names}) >= 2


def test_a_peer_that_hangs_is_given_up_on(tmp_path):
    keys = create_keys(tmp_path / "us", "us", now())
    certificate = ssl.PEM_cert_to_DER_cert((tmp_path / "us" / "tls.crt").read_text())
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        line = Line("mx", f"https://127.0.0.1:{silent.getsockname()[1]}", keys, certificate, patience=0.5)
        began = time.monotonic()
        with pytest.raises(Unreachable) as hung:
            line.post("/exchange/v1/status", b"")
        assert time.monotonic() - began < 30
        assert hung.value.advice is not None
        line.close()


def test_a_peer_that_answers_garbage_instead_of_tls_is_told_apart(tmp_path):
    keys = create_keys(tmp_path / "us", "us", now())
    certificate = ssl.PEM_cert_to_DER_cert((tmp_path / "us" / "tls.crt").read_text())
    with socket.socket() as loud:
        loud.bind(("127.0.0.1", 0))
        loud.listen()

        def answer():
            held, _address = loud.accept()
            with held:
                held.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        line = Line("mx", f"https://127.0.0.1:{loud.getsockname()[1]}", keys, certificate, patience=2)
        with pytest.raises(Unreachable):
            line.post("/exchange/v1/status", b"")
        line.close()
        thread.join(5)


def test_the_api_speaks_the_caller_s_language_and_needs_a_token(stage):
    address = stage.settings["us"].address
    answer = httpx.get(f"{address}/api/v1/requests", headers={"accept-language": "es-MX"}, trust_env=False, timeout=20)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    desk = stage.desktop(US, "administrator")
    assert desk.get("/status")["party"] == "us"
    desk.close()


def test_a_folder_that_is_not_empty_is_never_made_a_node(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    done = subprocess.run(
        [sys.executable, "-m", "convenio", "node", "init", str(tmp_path), "--party", "us"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_node_without_its_keys_says_so(tmp_path):
    stage = Stage(tmp_path, free_ports=True)
    stage.set_up()
    (stage.settings["us"].home / "keys" / "node.pem").unlink()
    with pytest.raises(ConvenioError) as missing:
        open_node(stage.settings["us"].home)
    assert "key" in str(missing.value)
