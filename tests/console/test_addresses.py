"""Where the frame of a page leads: the other language, other colours, and what a role is led to."""

from __future__ import annotations

import html
import re

import pytest

from tests.console.conftest import OWN


def spanish(page: str) -> str:
    return html.unescape(re.search(r'<a href="([^"]+)" lang="es"', page)[1])


def test_another_language_shows_the_same_view(signed_in):
    desk = signed_in("ana")
    page = desk.get("/findings?f.state=new&f.state=assigned&sort=-rank&page=1&q=a%26b").text
    there = spanish(page)
    assert there == "/findings?f.state=new&f.state=assigned&sort=-rank&page=1&q=a%26b&lang=es"
    answer = desk.get(there)
    assert '<html lang="es"' in answer.text
    assert 'value="a&amp;b"' in answer.text
    assert spanish(answer.text) == there


def test_colours_are_changed_where_one_is(signed_in):
    desk = signed_in("ana")
    back = html.unescape(re.search(r'name="back" value="([^"]+)"', desk.get("/findings?sort=rank").text)[1])
    sent = desk.post("/preferences", data={"back": back, "theme": "dark"}, headers=OWN)
    assert sent.headers["location"] == "/findings?sort=rank"


def test_what_answers_a_form_leads_to_the_forms_own_page_in_the_other_language(signed_in):
    desk = signed_in("ana")
    headers = {**OWN, "referer": "http://localhost/cases?sort=at"}
    answer = desk.post("/cases", data={"reference": ""}, headers=headers)
    assert answer.status_code == 400
    assert spanish(answer.text) == "/cases?sort=at&lang=es"
    assert desk.get(spanish(answer.text)).status_code == 200


@pytest.mark.parametrize("away", ["https://evil.example/x", "http://localhost//evil.example", "http://localhost/\\x"])
def test_no_referer_leads_to_another_host(signed_in, away):
    answer = signed_in("ana").post("/cases", data={"reference": ""}, headers={**OWN, "referer": away})
    assert spanish(answer.text) == "/?lang=es"


def test_what_is_too_large_is_answered_by_a_page_in_the_readers_language(signed_in):
    desk = signed_in("ana")
    headers = {**OWN, "content-length": str(2 << 30)}
    answer = desk.post("/records/check?lang=es", content=b"", headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "lo que se envió pesa más de 64 MB" in answer.text
    assert "no se modificó nada" in answer.text
    assert "Ana Torres" in answer.text


def test_a_body_that_does_not_say_how_long_it_is_is_refused_when_it_has_gone_on_too_long(signed_in):
    desk = signed_in("ana")
    first = b'--x\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    parts = (first if n == 0 else b"x" * 1_000_000 for n in range(80))
    headers = {**OWN, "content-type": "multipart/form-data; boundary=x"}
    answer = desk.post("/records/check", content=parts, headers=headers)
    assert answer.status_code == 413
    assert "larger than 64 MB" in answer.text
    assert desk.get("/records").status_code == 200
