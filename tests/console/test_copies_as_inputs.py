"""A method runs on what a peer released: under the copy's conditions, and its result is gone when the copy is."""

from __future__ import annotations

import re
import time

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.program import Program
from convenio.core.words import Message
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import kinds

PATIENCE = 120.0
OWN = {"sec-fetch-site": "same-origin"}
NEIGHBOUR = Program(
    name="neighbour",
    title=Message("Neighbour"),
    answers=Message("Who is it?"),
    goal="prevent",
    package="tests.console.neighbour",
    methods="methods",
)
FORM = "/programs/neighbour/methods/initials"


@pytest.fixture
def pages(pair):  # noqa: F811
    app = application(pair.us, installed={"neighbour": NEIGHBOUR})
    with TestClient(app, base_url="http://localhost", follow_redirects=True) as made:
        made.post("/sign-in", data={"name": US.player("analyst").name, "password": PASSWORD}, headers=OWN)
        yield made


def run(pages, copy, **told):
    once = re.search(r'name="once" value="([^"]+)"', pages.get(FORM).text)[1]
    data = {"once": once, "held.holders": f"copy:{copy}", "purpose": PURPOSE, "case": CASE, **told}
    return pages.post(FORM, data=data, headers=OWN)


def finished(pages, answer) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = re.search(r'href="(/programs/neighbour/methods/initials/results/[0-9a-f]+)"', answer.text)
        if found:
            return found[1]
        time.sleep(0.05)
        answer = pages.get(str(answer.url))
    raise AssertionError(answer.text)


def test_its_result_is_shown_as_long_as_the_copy_may_be_read(pair, pages):  # noqa: F811
    _request, copy = pair.released()
    (row,) = pair.us.copies.open(copy, pair.person(US, "analyst"), purpose=PURPOSE, case=CASE)
    assert f"copy:{copy}" in pages.get(FORM).text
    address = finished(pages, run(pages, copy))
    shown, sheet = pages.get(address).text, pages.get(f"{address}?download=csv").text
    assert row["name"] in shown
    assert row["name"] in sheet
    assert f"{copy[:8]}-1" in shown
    assert kinds(pair.us, "border-mx").count("derived") == 1
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()
    for door in (address, f"{address}?download=csv"):
        answer = pages.get(door)
        assert answer.status_code in {403, 404}
        assert row["name"] not in answer.text
    assert f"copy:{copy}" not in pages.get(FORM).text


def test_a_use_that_does_not_fit_runs_nothing(pair, pages):  # noqa: F811
    _request, copy = pair.released()
    for told in ({"purpose": "tax-collection"}, {"case": ""}, {"held.holders": "copy:" + "0" * 32}):
        answer = run(pages, copy, **told)
        assert answer.status_code == 400
        assert "/jobs/" not in str(answer.url)
    assert "derived" not in kinds(pair.us, "border-mx")


def test_only_copies_that_hold_what_the_method_needs_are_offered_and_only_to_their_agency(pair, pages):  # noqa: F811
    _request, copy = pair.released()
    assert f"copy:{copy}" not in pages.get("/programs/neighbour/methods/shoes").text
    pair.us.people.add("cara.cdc", PASSWORD, full_name="Cara Dale", agency="cdc", roles=["analyst"])
    pages.post("/sign-in", data={"name": "cara.cdc", "password": PASSWORD}, headers=OWN)
    assert f"copy:{copy}" not in pages.get(FORM).text
    assert run(pages, copy).status_code == 400
