"""A form sent twice: it acts once, both answers lead to the same place, and what was changed meanwhile is not lost."""

from __future__ import annotations

import re

import pytest

from convenio.console.samples import sample_finding
from convenio.work.queue import Queue
from tests.console.conftest import OWN


def once_in(page: str, action: str) -> str:
    """The name of the showing of the form that goes to `action`."""
    found = re.search(rf'action="{re.escape(action)}"[^>]*>\s*<input type="hidden" name="once" value="([^"]+)"', page)
    assert found is not None, action
    return found[1]


@pytest.fixture
def finding(node, client):
    queue = Queue(node.store, node.clock)
    queue.add([sample_finding()], agency="uif", by="ana")
    return queue.all(node.people.person("ana"))[0]["id"]


def test_a_decision_pressed_twice_leads_twice_to_what_came_of_it(signed_in, finding):
    desk = signed_in("ana")
    action = f"/findings/{finding}/verify"
    once = once_in(desk.get(f"/findings/{finding}").text, action)
    sent = {"once": once, "version": "1", "text": "both certificates compared"}
    answers = [desk.post(action, data=sent, headers=OWN) for _press in range(2)]
    assert {(each.status_code, each.headers["location"]) for each in answers} == {
        (303, f"/findings/{finding}?done=verify")
    }


def test_the_other_button_of_the_same_form_is_another_act(signed_in, finding):
    desk = signed_in("ana")
    once = once_in(desk.get(f"/findings/{finding}").text, f"/findings/{finding}/verify")
    sent = {"once": once, "version": "1", "text": "both certificates compared"}
    desk.post(f"/findings/{finding}/verify", data=sent, headers=OWN)
    answer = desk.post(f"/findings/{finding}/dismiss", data=sent, headers=OWN)
    assert answer.status_code == 409


def test_a_note_that_was_changed_and_sent_again_from_the_page_before_is_kept_too(signed_in):
    desk = signed_in("ana")
    case = desk.post(
        "/cases", data={"reference": "A-1", "title": "Names", "purpose": "joint-designation"}, headers=OWN
    ).headers["location"]
    once = once_in(desk.get(case).text, f"{case}/notes")
    for text in ("first", "first", "second, after Back"):
        assert desk.post(f"{case}/notes", data={"once": once, "text": text}, headers=OWN).status_code == 303
    page = desk.get(case).text
    assert page.count("<p>first</p>") == 1
    assert page.count("<p>second, after Back</p>") == 1


def test_a_view_kept_twice_is_one(signed_in):
    desk = signed_in("ana")
    once = once_in(desk.get("/findings?sort=rank&q=names").text, "/views")
    sent = {"once": once, "title": "Ranked", "address": "/findings?sort=rank&q=names"}
    for _press in range(2):
        assert desk.post("/views", data=sent, headers=OWN).headers["location"] == "/findings?sort=rank&q=names"
    home = desk.get("/").text
    assert home.count('href="/findings?sort=rank&amp;q=names"') == 1


def test_an_account_opened_twice_is_opened_without_complaint(signed_in, node):
    desk = signed_in("ada")
    once = once_in(desk.get("/administration").text, "/administration/accounts")
    sent = {
        "once": once,
        "name": "nora",
        "full_name": "Nora Paz",
        "agency": "uif",
        "language": "es",
        "password": "a long first password",
        "role": ["analyst"],
    }
    answers = [desk.post("/administration/accounts", data=sent, headers=OWN) for _press in range(2)]
    assert [each.headers.get("location") for each in answers] == ["/administration?done=account"] * 2
    assert node.people.person("nora").has("analyst")


def test_a_token_is_made_once_is_listed_without_its_secret_and_ends(signed_in, node):
    desk = signed_in("ana")
    once = once_in(desk.get("/me").text, "/me/tokens")
    sent = {"once": once, "scope": ["read", "match"]}
    first = desk.post("/me/tokens", data=sent, headers=OWN)
    again = desk.post("/me/tokens", data=sent, headers=OWN)
    secret = re.search(r"<p><code>([^<]+)</code></p>", first.text)[1]
    assert again.headers["location"] == "/me?done=token#tokens"
    page = desk.get("/me").text
    assert secret not in page
    assert page.count("read lists, make blind matches") == 1
    assert node.people.by_secret(secret).scopes == {"read", "match"}
    address = re.search(r'action="(/me/tokens/[0-9a-f]{12}/end)"', page)[1]
    assert signed_in("olga").post(address, headers=OWN).status_code == 404
    assert node.people.by_secret(secret) is not None
    assert signed_in("ana").post(address, headers=OWN).status_code == 303
    assert node.people.by_secret(secret) is None
