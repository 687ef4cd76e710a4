"""The HTTP operations that come from declarations."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from convenio.api import methods
from convenio.api.access import node_of, person_of
from convenio.api.app import _told
from convenio.core.errors import ConvenioError
from convenio.people.accounts import Person
from tests.conformance.sample.program import PROGRAM


def signed(*scopes):
    return Person("ana", "Ana", "uif", frozenset({"analyst"}), "en", frozenset(scopes))


@pytest.fixture
def client():
    app = FastAPI()
    app.include_router(methods.router({"sample": PROGRAM}))
    app.add_exception_handler(ConvenioError, _told)
    app.dependency_overrides[node_of] = lambda: None
    app.dependency_overrides[person_of] = lambda: signed("methods", "read")
    with TestClient(app) as made:
        yield made


COUNTS = [
    {"series": "A", "week": "2021-02-01", "observed": 3},
    {"series": "A", "week": "2021-02-08", "observed": 8},
]


def test_a_declared_method_is_an_operation(client):
    answer = client.post("/sample/weekly_change", json={"tables": {"counts": COUNTS}})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [row["change"] for row in told["rows"]] == [None, 5.0]
    assert told["params"] == {"lag": 1}
    assert set(told["score_meaning"]) == {"en", "es"}


def test_rows_and_parameters_that_do_not_fit_are_refused(client):
    bad = [{**COUNTS[0], "observed": -1}]
    assert client.post("/sample/weekly_change", json={"tables": {"counts": bad}}).status_code == 422
    for params in ({"lag": 0}, {"lagg": 1}):
        sent = {"tables": {"counts": COUNTS}, "params": params}
        assert client.post("/sample/weekly_change", json=sent).status_code == 422
    assert client.post("/sample/weekly_change", json={"tables": {}}).status_code == 422


@pytest.mark.parametrize("change", [{"series": "\\ud800"}, {"observed": 10**30}])
def test_values_that_no_table_holds_are_refused(client, change):
    sent = json.dumps({"tables": {"counts": [{**COUNTS[0], **change}]}}).replace("\\\\ud800", "\\ud800")
    answer = client.post("/sample/weekly_change", content=sent, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}, answer.text


def test_a_token_for_something_else_is_refused(client):
    client.app.dependency_overrides[person_of] = lambda: signed("read")
    assert client.post("/sample/weekly_change", json={"tables": {"counts": COUNTS}}).status_code == 403


def test_every_declaration_is_listed_and_documented(client):
    listed = client.get("/methods").json()
    assert [each["method"] for each in listed] == ["clean_people", "weekly_change"]
    assert listed[1]["tables"]["counts"]["columns"]["observed"]["required"]
    assert "/sample/clean_people" in client.get("/openapi.json").json()["paths"]


def test_own_records_are_read_through_custody(client):
    asked = {}

    class Holdings:
        def rows(self, dataset, *, actor, purpose):
            asked.update(dataset=dataset, actor=actor.name, purpose=purpose.purpose, case=purpose.case)
            import datetime as dt

            import pyarrow as pa

            return pa.table({"series": ["A"], "week": [dt.date(2021, 2, 1)], "observed": [1]})

    class Node:
        holdings = Holdings()

    client.app.dependency_overrides[node_of] = Node
    sent = {"tables": {"counts": {"dataset": "0" * 32, "purpose": "statistics", "case": "C-1"}}}
    assert client.post("/sample/weekly_change", json=sent).json()["rows"][0]["series"] == "A"
    assert asked == {"dataset": "0" * 32, "actor": "ana", "purpose": "statistics", "case": "C-1"}
