"""The operations under /api/v1/framework: the same rules as on every other way in."""

from __future__ import annotations

import datetime as dt

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.programs.framework.program import PROGRAM
from convenio.programs.framework.scorecard import Scorecard


@pytest.fixture(scope="module")
def app(node):
    return api(node, programs={"framework": PROGRAM})


@pytest.fixture
def card(node):
    return Scorecard(node.settings.home / "programs" / "framework" / "scorecard")


@pytest.fixture
def as_(app, node):
    def opened(name, *scopes):
        headers = {"authorization": f"Bearer {node.people.token(name, scopes)}"}
        return TestClient(app, base_url="http://localhost", headers=headers)

    return opened


def test_the_scorecard_is_read_with_its_judgements_and_evidence(as_):
    client = as_("ana")
    lines = {each["id"]: each for each in client.get("/framework/commitments").json()}
    assert len(lines) == 95
    assert lines["C40"]["outcome_indicator"] is True
    assert lines["C52"]["lacks"]["es"] == "sin indicador"
    assert lines["C01"]["outcome_indicator"] is None
    whole = client.get("/framework/commitments/C40").json()
    assert {each["id"]: each["result"] for each in whole["indicators"]}["homicides-mx"] == "unknown"
    assert client.get("/framework/status").json()["commitments"] == 95
    assert {each["program"] for each in client.get("/framework/evidence").json()} >= {"framework", "finance"}
    assert client.get("/framework/commitments/C999").status_code == 404


def test_nobody_reads_without_a_token_and_a_narrow_token_does_not_write(app, as_):
    assert TestClient(app, base_url="http://localhost").get("/framework/commitments").status_code == 401
    sent = {"completion": "no-evidence"}
    assert as_("saul", "read").post("/framework/commitments/C40/ratings", json=sent).status_code == 403
    assert as_("ana").post("/framework/commitments/C40/ratings", json=sent).status_code == 403
    assert as_("ana").post("/framework/milestones/cyber-task-force/done", json={"on": "2024-01-01"}).status_code == 403


def test_two_who_judge_at_once_do_not_overwrite_each_other(as_, card):
    sent = {"completion": "limited", "evidence": ["homicides-mx"], "result": "Fewer", "publication": "public"}
    made = as_("saul").post("/framework/commitments/C40/ratings", json=sent)
    assert made.status_code == 201, made.text
    assert (made.json()["rater"], made.json()["expires_on"]) == ("mx", "2024-12-31")
    again = as_("saul").post("/framework/commitments/C40/ratings", json={**sent, "completion": "complete"})
    assert again.status_code == 409
    assert "by saul" in again.json()["title"]
    assert again.json()["advice"] == "a new judgement is version 2"
    assert [each.completion for each in card.ratings("C40")] == ["limited"]


@pytest.mark.parametrize(
    ("number", "sent", "status"),
    [
        ("C01", {"completion": "complete", "evidence": ["homicides-mx"]}, 403),
        ("C52", {"completion": "limited", "evidence": ["visit, 2024-01-01"], "result": "Better"}, 403),
        ("C52", {"completion": "complete"}, 403),
        ("C52", {"completion": "complete", "evidence": ["somebody said so"]}, 403),
        ("C52", {"completion": "no-evidence", "expires_on": "2099-01-01"}, 422),
        ("C52", {"completion": "no-evidence", "by": "somebody.else"}, 422),
        ("C999", {"completion": "no-evidence"}, 404),
    ],
)
def test_a_judgement_that_the_rules_do_not_admit_is_refused(as_, card, number, sent, status):
    answer = as_("saul").post(f"/framework/commitments/{number}/ratings", json=sent)
    assert answer.status_code == status, answer.text
    assert card.ratings(number) == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"value": 101}, 400),
        ({"on": "2030-01-01"}, 400),
        ({"on": "03/04/2022"}, 422),
        ({"low": 9, "high": 8}, 400),
        ({"version": 3}, 400),
        ({"source": " "}, 422),
        ({}, 201),
        ({"value": 5}, 409),
        ({"value": 5, "version": 2, "said": "recount"}, 201),
    ],
)
def test_a_value_goes_through_the_rules(as_, more, status):
    sent = {"on": "2024-01-31", "value": 4, "source": "ANAM", "publication": "parties"}
    answer = as_("saul").post("/framework/indicators/containers-inspected/observations", json={**sent, **more})
    assert answer.status_code == status, answer.text


def test_a_step_moves_with_a_reason_and_is_done_once(as_, card):
    client, step = as_("saul"), "/framework/milestones/cyber-task-force"
    moved = client.post(f"{step}/amendments", json={"due": "2024-06-01", "reason": "A new hall", "seen": 0})
    assert moved.status_code == 201
    late = client.post(f"{step}/amendments", json={"due": "2024-07-01", "reason": "Floods", "seen": 0})
    assert late.status_code == 409
    assert "A new hall" in late.json()["title"]
    assert client.post(f"{step}/done", json={"on": "2025-01-01"}).status_code == 400
    assert client.post(f"{step}/done", json={"on": "2024-02-01", "evidence": ["minutes"]}).status_code == 201
    assert client.post(f"{step}/done", json={"on": "2024-02-02"}).status_code == 409
    assert card.milestone("cyber-task-force").first_due == dt.date(2022, 12, 31)


def test_what_the_secretariat_keeps_is_added_and_changed_by_its_mark(as_, card):
    client, address = as_("saul"), "/framework/kept/risks"
    part = {"id": "r-9", "commitment": "C56", "kind": "risk", "text_en": "Floods", "text_es": "Inundaciones"}
    made = client.post(address, json={"part": part})
    assert made.status_code == 201, made.text
    assert client.post(address, json={"part": {**part, "text_en": "Fire"}}).status_code == 409
    mark = {each["part"]["id"]: each["seen"] for each in client.get(address).json()}["r-9"]
    assert mark == made.json()["seen"]
    answer = client.post(address, json={"part": {**part, "response": "Dams"}, "seen": mark})
    assert answer.status_code == 201
    stale = client.post(address, json={"part": {**part, "response": "Boats"}, "seen": mark})
    assert (stale.status_code, "in the meantime" in stale.json()["title"]) == (409, True)
    assert [each.response for each in card.risks("C56")] == ["Dams"]
    assert as_("aldo").post(address, json={"part": part}).status_code == 403
    assert as_("saul", "read").post(address, json={"part": part}).status_code == 403
    assert client.post(address, json={"part": {**part, "surprise": 1}}).status_code == 400
    assert client.post("/framework/kept/ratings", json={"part": {}}).status_code == 422


def test_every_operation_keeps_to_its_contract(app, node):
    held = {"authorization": f"Bearer {node.people.token('saul', ())}"}
    tried = []
    for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        if "/framework/" not in operation.path:
            continue

        @settings(
            max_examples=5,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(operation.as_strategy())
        def keeps(case):
            case.call_and_validate(headers=held, excluded_checks=[ignored_auth, positive_data_acceptance])

        keeps()
        tried.append(operation.label)
    assert len(tried) == 10
