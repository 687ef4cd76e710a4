"""The HTTP interface: what it promises, kept under whatever schemathesis thinks of."""

from __future__ import annotations

import datetime as dt

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.console.app import application
from convenio.core.errors import InputError
from convenio.core.program import discover
from convenio.demo.cast import MX, PASSWORD, US
from convenio.work.papers import Papers
from tests.exchange.conftest import pair as real_pair
from tests.exchange.conftest import planted  # noqa: F401 - a fixture
from tests.exchange.travel import loosened

PROGRAMS = discover()
OF_A_METHOD = 3
BEYOND = [ignored_auth, positive_data_acceptance]
"""Left to tests of our own: it takes our token for its own try without one, and no schema says what a peer knows."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory, planted):  # noqa: F811
    """Two nodes with a release between them, for all tests of this module."""
    making = real_pair._get_wrapped_function()(tmp_path_factory.mktemp("pair"), planted)
    made = next(making)
    made.released()
    yield made
    next(making, None)


@pytest.fixture(scope="module")
def app(pair):
    return api(pair.us, programs=PROGRAMS)


@pytest.fixture(scope="module")
def schema(app):
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def token(node, name: str, *scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {node.people.token(name, scopes)}"}


def examples(number: int, operation):
    """How an operation is tried: the same examples every time; of a method, whose rows take long to make up, a few."""
    return settings(
        max_examples=OF_A_METHOD if "methods" in (operation.tags or ()) else number,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


def test_every_operation_keeps_to_its_contract(schema, pair):
    held, tried = token(pair.us, US.player("analyst").name), []
    for found in schema.get_all_operations():
        operation = found.ok()

        @examples(12, operation)
        @given(operation.as_strategy())
        def keeps(case):
            case.call_and_validate(headers=held, excluded_checks=BEYOND)

        keeps()
        tried.append(operation.label)
    assert {"POST /copies/{number}/{use}", "POST /finance/screen", "GET /framework/commitments"} <= set(tried)
    assert len(tried) == len(schema)


def test_no_operation_does_anything_for_a_token_that_was_made_for_something_else(schema, pair):
    held, open_to_all, told = token(pair.us, US.player("analyst").name, "nothing"), {"POST /sign-in"}, {}
    for found in schema.get_all_operations():
        operation = found.ok()
        told[operation.label] = set()

        @examples(8, operation)
        @given(operation.as_strategy())
        def asks(case):
            told[case.operation.label].add(case.call(headers=held).status_code)

        asks()
    assert {label for label, seen in told.items() if any(each < 400 for each in seen)} == set()
    assert {label for label, seen in told.items() if 403 not in seen} - open_to_all == set()


def test_a_token_with_scopes_opens_no_page(pair):
    secret = pair.us.people.token(US.player("analyst").name, ["read"])
    pages = application(pair.us, installed={})
    with TestClient(pages, base_url="http://localhost", follow_redirects=False) as desk:
        desk.cookies.set(pages.state.console.cookies.name("session"), secret)
        answer = desk.get("/findings")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Ffindings")
        sent = {"reference": "X-1", "title": "x", "purpose": "joint-designation"}
        assert desk.post("/cases", data=sent, headers={"sec-fetch-site": "same-origin"}).status_code == 401


@pytest.fixture
def client(app):
    with TestClient(app, base_url="http://localhost") as made:
        yield made


def test_without_a_token_there_is_a_problem_document_in_the_callers_language(client):
    answer = client.get("/requests", headers={"accept-language": "es-MX"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "about:blank"
    assert answer.json()["title"] != client.get("/requests").json()["title"]


def test_a_token_does_what_it_was_made_for_and_no_more(client, pair):
    reading = token(pair.us, US.player("analyst").name, "read")
    assert client.get("/copies", headers=reading).status_code == 200
    copy = client.get("/copies", headers=reading).json()[0]["id"]
    use = {"purpose": "joint-designation", "case": "OFAC-2021-1006"}
    assert client.post(f"/copies/{copy}/open", json=use, headers=reading).status_code == 403
    using = token(pair.us, US.player("analyst").name, "use")
    assert client.post(f"/copies/{copy}/open", json=use, headers=using).status_code == 200


def test_lists_show_each_what_is_theirs_to_see(client, pair):
    seen = {
        role: [len(client.get(path, headers=token(pair.us, US.player(role).name)).json()) for path in LISTS]
        for role in ("analyst", "auditor", "administrator", "secretariat")
    }
    assert seen["auditor"][:2] == [1, 1]
    assert seen["analyst"][:3] == [1, 1, 1]
    assert seen["administrator"] == seen["secretariat"] == [0, 0, 0, 0]


LISTS = ("/matches", "/requests", "/copies", "/receipts")


def test_pages_follow_each_other_without_gap_or_repeat(client, pair):
    auditor = token(pair.us, US.player("auditor").name)
    whole = [each["id"] for each in client.get("/receipts?limit=1000", headers=auditor).json()]
    found, address = [], "/receipts?limit=2"
    while address:
        answer = client.get(address, headers=auditor)
        found += [each["id"] for each in answer.json()]
        address = answer.links["next"]["url"] if "next" in answer.links else None
    assert found == whole
    assert len(whole) > 2
    assert client.get("/receipts?after=nothing", headers=auditor).status_code == 400


@pytest.mark.parametrize("key", ["x", "MjAyMQ", "\x00", "MjAyMS0xMC0wNnxhYmM", "é", "A" * 200])
def test_a_key_that_is_none_is_refused(pair, key):
    with pytest.raises(InputError):
        Papers(pair.us.store).receipts(pair.person(US, "auditor"), after=key, limit=5)


def test_a_decision_is_shown_to_those_who_decide_or_check_alone(pair):
    match = pair.match()
    number = pair.us.requests.open(
        match.run, [match.hits[0].place], ["name"], pair.person(US, "analyst"), reason="joint designation"
    )
    pair.settle()
    with TestClient(api(pair.mx, programs=PROGRAMS), base_url="http://localhost") as mx:
        seen = {
            role: mx.get(f"/requests/{number}/decision", headers=token(pair.mx, MX.player(role).name)).status_code
            for role in ("releasing_officer", "auditor", "analyst", "administrator")
        }
    assert seen == {"releasing_officer": 200, "auditor": 200, "analyst": 404, "administrator": 404}


def test_signing_in_over_the_api_gives_a_token(client):
    answer = client.post("/sign-in", json={"name": US.player("analyst").name, "password": PASSWORD})
    held = {"authorization": f"Bearer {answer.json()['token']}"}
    assert client.get("/status", headers=held).json()["party"] == "us"
    wrong = client.post("/sign-in", json={"name": US.player("analyst").name, "password": "no"})
    assert wrong.status_code == 403


def test_a_body_too_large_is_refused(client):
    answer = client.post("/sign-in", content=b"", headers={"content-length": str(1 << 31)})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["advice"]


def test_a_body_that_goes_on_and_on_is_refused_without_being_kept(client):
    parts = (b"x" * 1_000_000 for _part in range(80))
    answer = client.post("/sign-in", content=parts)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_officers_sign_of_consents_and_corrections_is_for_those_who_decide_or_check_alone(pair):
    loosened(pair, onward="consent")
    pair.clock.forward(minutes=1)
    _request, copy = pair.released()
    until = pair.clock() + dt.timedelta(days=3)
    consent = pair.us.onward.ask(copy, pair.person(US, "analyst"), to="cdc", case="C-1", reason="why", until=until)
    pair.settle()
    change = [(0, "institution", "Banco")]
    correction = pair.mx.corrections.propose(copy, pair.person(MX, "analyst"), reason="because", changes=change)
    with TestClient(api(pair.mx, programs=PROGRAMS), base_url="http://localhost") as mx:
        for path in (f"/consents/{consent}/decision", f"/corrections/{correction}/decision"):
            seen = {
                role: mx.get(path, headers=token(pair.mx, MX.player(role).name)).status_code
                for role in ("releasing_officer", "auditor", "analyst", "administrator")
            }
            assert seen == {"releasing_officer": 200, "auditor": 200, "analyst": 404, "administrator": 404}
        for path in ("/consents", "/corrections"):
            for role, number in (("auditor", 1), ("analyst", 0), ("administrator", 0)):
                assert len(mx.get(path, headers=token(pair.mx, MX.player(role).name)).json()) == number
