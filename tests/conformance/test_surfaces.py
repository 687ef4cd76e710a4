"""One declaration, one result: called from Python, typed on the command line, sent over HTTP, filled into a form."""

import json
import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from convenio.api import methods
from convenio.api.access import node_of, person_of
from convenio.cli.main import main
from convenio.core import program as programs
from convenio.files.reading import open_reading
from convenio.files.writing import plain_rows
from convenio.people.accounts import Person
from convenio.web.forms import form_of, parameters
from tests.conformance.sample.program import PROGRAM

METHODS = PROGRAM.declared_methods()
CASES = {
    "weekly_change": ("counts", "series,week,observed\nA,2021-02-01,3\nA,2021-02-08,8\nA,2021-02-15,1\n", {"lag": 2}),
    "clean_people": ("people", "record_id,name,curp\n1,Ana Ruiz,moal-920413 mvzlrzx2\n2,Eva,x\n", {"case": "as_is"}),
}


@pytest.fixture(autouse=True)
def installed():
    found = programs.discover()
    found["sample"] = PROGRAM
    yield
    del found["sample"]


@pytest.mark.parametrize("name", CASES)
def test_every_surface_gives_the_same_rows(name, tmp_path, monkeypatch, capsys):
    first, text, params = CASES[name]
    method = METHODS[name]
    path = tmp_path / "in.csv"
    path.write_text(text)
    table = open_reading(path, method.inputs[first].record).table()
    expected = list(plain_rows(method.run({first: table}, params)))
    assert expected

    options = [word for key, value in params.items() for word in (f"--{key}", str(value))]
    monkeypatch.setattr(sys, "argv", ["convenio", "sample", name.replace("_", "-"), str(path), *options, "--json", "-"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["rows"] == expected

    app = FastAPI()
    app.include_router(methods.router({"sample": PROGRAM}))
    app.dependency_overrides[node_of] = lambda: None
    app.dependency_overrides[person_of] = lambda: Person("ana", "Ana", "uif", frozenset(), "en")
    sent = {"params": params, "tables": {first: list(plain_rows(table))}}
    with TestClient(app) as client:
        assert client.post(f"/sample/{name}", json=sent).json()["rows"] == expected

    form = form_of(method.params)
    filled = parameters(form, method.params, {key: str(value) for key, value in params.items()})
    assert filled is not None, form.errors
    assert list(plain_rows(method.run({first: table}, filled))) == expected


@pytest.mark.parametrize("name", CASES)
def test_what_a_form_does_not_take_no_other_surface_takes(name):
    method = METHODS[name]
    (key,) = method.params.model_fields
    form = form_of(method.params)
    assert parameters(form, method.params, {key: "-7"}) is None
    assert key in form.errors
