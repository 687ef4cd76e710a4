"""A file on its way into a node: looked at, mapped, checked, taken in; and erased again."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.demo.cast import PASSWORD, US
from convenio.stores.tables import Intent
from tests.console.conftest import OWN
from tests.console.conftest import PASSWORD as SMALL
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

CSV = (
    "Nombre completo;Fecha de nacimiento;CURP;Institución\n"
    "María Elena Torres Salas;03/04/1984;TOSE840403MDFRLL09;Banco del Sur\n"
    "José Ángel Ruiz;31/02/1990;;Banco del Sur\n"
    "=cmd();28/12/1990;;Caja Popular\n"
).encode("cp1252")


@pytest.fixture
def desk(pair):  # noqa: F811
    node = pair.us
    with TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=False) as made:
        made.node, made.person = node, pair.person(US, "analyst")
        made.post("/sign-in", data={"name": made.person.name, "password": PASSWORD}, headers=OWN)
        yield made


def brought(desk, data: bytes = CSV, name: str = "../../clientes.csv") -> str:
    answer = desk.post("/records/check", files={"file": (name, data, "text/csv")}, headers=OWN)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def kept(desk, address: str, **more: str):
    once = re.search(r'name="once" value="([^"]+)"', desk.get(address).text)[1]
    data = {"as": "person", "title": "Customers", "category": "customer-identity", "once": once, **more}
    return desk.post(f"{address.split('?', maxsplit=1)[0]}/keep", data=data, headers=OWN)


def test_a_file_is_looked_at_before_anything_is_asked(desk):
    page = desk.get(brought(desk)).text
    for told in ("clientes.csv", "cp1252", "Fecha de nacimiento", "day first", "Person (person) · 3 columns fit"):
        assert told in page, told
    assert "Take these rows in" not in page
    assert list(desk.node.holdings.all()) == []


def test_rows_that_do_not_fit_are_told_and_the_rest_is_taken_in(desk):
    address = brought(desk)
    page = desk.get(f"{address}?as=person").text
    assert "2 rows fit; 1 row was set aside" in page
    assert "row 3" in page
    assert "31/02/1990" in page
    answer = kept(desk, f"{address}?as=person", **{"other.Institución": "institution"})
    assert answer.headers["location"] == "/records?done=kept"
    (held,) = desk.node.holdings.all()
    assert (held.rows, held.category, held.columns) == (
        2,
        "customer-identity",
        ("name", "birth_date", "curp", "institution"),
    )
    with desk.node.store.reading() as session:
        entries = session.scalars(select(Intent).where(Intent.kind == "collected")).all()
    assert [(each.actor, each.subject) for each in entries] == [(desk.person.name, held.id)]
    assert "Customers" in desk.get("/records").text
    assert desk.get(address).status_code == 404


def test_the_same_form_takes_in_once(desk):
    address = brought(desk)
    once = re.search(r'name="once" value="([^"]+)"', desk.get(f"{address}?as=person").text)[1]
    data = {"as": "person", "title": "Customers", "category": "customer-identity", "once": once}
    first = desk.post(f"{address}/keep", data=data, headers=OWN)
    desk.post(f"{address}/keep", data=data, headers=OWN)
    assert first.status_code == 303
    assert len(list(desk.node.holdings.all())) == 1


def test_a_person_maps_what_the_headings_do_not_say(desk):
    address = brought(desk, b"who,when\nAna Ruiz,1990-12-28\n", "x.csv")
    unclear = desk.get(f"{address}?as=person").text
    assert "say which one it is" in unclear
    page = desk.get(f"{address}?as=person&map.name=who&map.birth_date=when&map.curp=-").text
    assert "1 row fits" in page
    told = json.loads(desk.get(f"{address}/mapping?as=person&map.name=who&map.birth_date=when").content)
    assert told["columns"] == {"name": "who", "birth_date": "when"}


def test_what_was_set_aside_comes_as_a_file_that_no_spreadsheet_runs(desk):
    held = desk.get(f"{brought(desk, CSV + b'=x;99/99/9999;;y' + bytes([10]))}/aside?as=person")
    assert held.headers["content-disposition"] == 'attachment; filename="aside-clientes.csv"'
    assert "31/02/1990" in held.text
    assert "\n=" not in held.text


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "empty"), (b"\x00\x01\x02\xff" * 40, ""), (b"PK\x03\x04broken", ""), (b"a\n", "")],
)
def test_a_file_that_cannot_be_read_says_so_and_nothing_is_lost(desk, data, told):
    page = desk.get(f"{brought(desk, data, 'x.csv')}?as=person")
    assert page.status_code == 200
    assert told in page.text
    assert "Take these rows in" not in page.text


@pytest.mark.parametrize("query", ["as=planet", "as=person&other.Instituci%C3%B3n=DROP TABLE", "as=person&header=999"])
def test_what_is_asked_wrongly_is_told(desk, query):
    page = desk.get(f"{brought(desk)}?{query}")
    assert page.status_code == 200
    assert 'class="problem"' in page.text


def test_records_are_erased_with_a_reason_and_leave_a_tombstone(desk):
    kept(desk, f"{brought(desk)}?as=person")
    (held,) = desk.node.holdings.all()
    assert desk.post(f"/records/{held.id}/erase", data={"reason": " "}, headers=OWN).status_code == 400
    gone = desk.post(f"/records/{held.id}/erase", data={"reason": "taken in twice"}, headers=OWN)
    assert gone.headers["location"] == "/records?done=erased"
    assert list(desk.node.holdings.all()) == []
    assert not desk.node.vault.has(f"dataset/{held.id}")


def test_a_file_is_its_owners_alone(client, signed_in):
    address = signed_in("ana").post("/records/check", files={"file": ("x.csv", CSV, "text/csv")}, headers=OWN)
    address = address.headers["location"]
    assert signed_in("sara").get(address).status_code == 404
    for name in ("ada", "olga", "aldo", "saul"):
        assert signed_in(name).get("/records").status_code == 404
    page = signed_in("ana").get(f"{address}?as=person").text
    assert "2 rows fit" in page
    assert "Take these rows in" not in page
    assert SMALL not in page
