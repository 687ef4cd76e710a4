from __future__ import annotations

from starlette.testclient import TestClient

from convenio.console.app import application
from tests.console.conftest import OWN, PASSWORD, small_node


def test_nobody_is_led_to_the_sign_in_page_and_back(client):
    answer = client.get("/border?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?back=%2Fborder%3Fx%3D1"
    there = client.post("/sign-in", data={"name": "ana", "password": PASSWORD, "back": "/border?x=1"}, headers=OWN)
    assert (there.status_code, there.headers["location"]) == (303, "/border?x=1")
    assert client.get("/border").status_code == 200


def test_a_wrong_password_says_neither_which_nor_shows_it_again(client):
    answer = client.post("/sign-in", data={"name": "ana", "password": "secret-typo-1"}, headers=OWN)
    nobody = client.post("/sign-in", data={"name": "nobody", "password": "secret-typo-1"}, headers=OWN)
    assert answer.status_code == nobody.status_code == 403
    assert "this name and password do not fit together" in answer.text
    assert "this name and password do not fit together" in nobody.text
    assert "secret-typo-1" not in answer.text
    assert 'value="ana"' in answer.text


def test_the_way_back_never_leads_to_another_host(client):
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post("/sign-in", data={"name": "ana", "password": PASSWORD, "back": back}, headers=OWN)
        assert answer.headers["location"] == "/"


def test_a_form_from_another_site_is_refused(client):
    answer = client.post(
        "/sign-in", data={"name": "ana", "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert client.post("/sign-in", data={"name": "ana", "password": PASSWORD}).status_code == 403


def test_two_nodes_on_one_host_keep_their_sessions_apart(tmp_path):
    one, other = small_node(tmp_path / "us", party="us", port=8701), small_node(tmp_path / "mx", party="mx", port=8801)
    with TestClient(application(one, installed={}), base_url="http://localhost:8701", follow_redirects=False) as us:
        us.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        with TestClient(
            application(other, installed={}),
            base_url="http://localhost:8801",
            follow_redirects=False,
            cookies=us.cookies,
        ) as mx:
            assert mx.get("/").status_code == 303
            mx.post("/sign-in", data={"name": "olga", "password": PASSWORD}, headers=OWN)
            assert "Olga Ruiz" in mx.get("/").text
            us.cookies.update(mx.cookies)
            assert "Ana Torres" in us.get("/").text
            assert len({each.name for each in mx.cookies.jar}) == 2


def test_signing_out_ends_the_session_itself(signed_in):
    client = signed_in("ana")
    kept = dict(client.cookies)
    client.post("/sign-out", headers=OWN)
    client.cookies.update(kept)
    assert client.get("/").status_code == 303


def test_what_was_typed_is_kept_when_the_session_ends_mid_form(signed_in, node):
    client = signed_in("ana")
    node.clock.forward(hours=11)
    typed = {"reference": "A-1", "title": "three <b>pages</b>", "password": "no"}
    answer = client.post("/cases", data=typed, headers=OWN)
    assert answer.status_code == 401
    assert 'name="kept.title" value="three &lt;b&gt;pages&lt;/b&gt;"' in answer.text
    assert "kept.password" not in answer.text
    kept = {"kept.reference": "A-1", "kept.title": typed["title"], "back": "/cases"}
    page = client.post("/sign-in", data={"name": "ana", "password": PASSWORD, **kept}, headers=OWN).text
    assert "<dt>Reference</dt><dd>A-1</dd>" in page
    assert "three &lt;b&gt;pages&lt;/b&gt;" in page


def test_of_a_file_that_was_chosen_when_the_session_ended_it_is_said_that_it_must_be_chosen_again(signed_in, node):
    client = signed_in("ana")
    node.clock.forward(hours=11)
    answer = client.post("/records/check", files={"file": ("x.csv", b"a,b\n", "text/csv")}, headers=OWN)
    assert answer.status_code == 401
    assert 'name="kept.:files"' in answer.text
    sent = {"name": "ana", "password": PASSWORD, "back": "/records/check", "kept.:files": "yes"}
    page = client.post("/sign-in", data=sent, headers=OWN).text
    assert "choose them again" in page
    assert ":files" not in page


def test_the_language_follows_address_then_choice_then_account(client):
    assert "Sign in" in client.get("/sign-in").text
    assert "Iniciar sesión" in client.get("/sign-in", headers={"accept-language": "es-MX,es;q=0.9"}).text
    spanish = client.get("/sign-in?lang=es")
    assert '<html lang="es"' in spanish.text
    assert '<html lang="es"' in client.get("/sign-in", headers={"accept-language": "en"}).text


def test_every_answer_carries_the_policy(signed_in):
    client = signed_in("ana")
    for path in ("/", "/border", "/nowhere", "/assets/convenio.css", "/assets/../app.py"):
        answer = client.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert client.get("/").headers["cache-control"] == "no-store"
