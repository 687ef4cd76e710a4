from __future__ import annotations

import io
import re
import time

import pyarrow.csv
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.errors import InputError
from convenio.core.method import Method
from convenio.core.program import Program
from convenio.core.words import Message
from convenio.stores.tables import Intent
from convenio.work.tables import Job
from tests.console.conftest import OWN, PASSWORD

PATIENCE = 120.0
STRANGER = Program(
    name="stranger",
    title=Message("Ports"),
    answers=Message("Which ports are busy?"),
    goal="prevent",
    package="tests.console.stranger",
    methods="methods",
    pages="pages:router",
)
CSV = "fecha,puerto,contenedores\n2021-10-06,Manzanillo,12\n2021-10-07,=cmd(),30\n2021-10-08,Veracruz,3\n"


@pytest.fixture
def client(node):
    with TestClient(
        application(node, installed={"stranger": STRANGER}), base_url="http://localhost", follow_redirects=False
    ) as made:
        made.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        yield made


def run(client, text: str, **params: str):
    page = client.get("/programs/stranger/methods/busy")
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    return client.post(
        "/programs/stranger/methods/busy",
        data={"once": once, **params},
        files={"file.crossings": ("../../evil/crossings.csv", io.BytesIO(text.encode()), "text/csv")},
        headers=OWN,
    )


def finished(client, address: str) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page = client.get(address).text
        found = re.search(r'href="(/programs/stranger/methods/busy/results/[0-9a-f]+)"', page)
        if found:
            return found[1]
        time.sleep(0.05)
    raise AssertionError(page)


def test_a_strangers_program_has_its_place_and_its_pages(client, node):
    page = client.get("/programs/stranger")
    assert "Which ports are busy?" in page.text
    assert "/programs/stranger/ports" in page.text
    assert "Ports for Ana Torres" in client.get("/programs/stranger/ports").text
    assert (node.settings.home / "programs" / "stranger" / "seen").read_text() == "ana"


def test_a_role_is_led_only_to_the_pages_that_it_may_open(client):
    assert "/programs/stranger/ports" in client.get("/programs/stranger").text
    client.post("/sign-in", data={"name": "aldo", "password": PASSWORD}, headers=OWN)
    assert "/programs/stranger/ports" not in client.get("/programs/stranger").text


def test_a_table_of_counts_comes_as_a_file_with_its_own_columns_alone(client, node):
    file = client.get("/programs/stranger/ports?download=csv&sort=port")
    assert file.headers["content-disposition"] == 'attachment; filename="ports-2021.csv"'
    assert file.content.decode("utf-8-sig").split("\r\n") == ["Port,Ships", "'=cmd(),3", "Manzanillo,12", ""]
    with node.store.reading() as session:
        assert [each for each in session.scalars(select(Intent.kind)) if each == "exported"] == []


def test_a_programs_form_sent_twice_acts_once_and_what_was_changed_acts_again(client, node):
    led = []
    for port in ("Veracruz", "Veracruz", "Altamira"):
        sent = client.post("/programs/stranger/ports", data={"once": "a", "port": port}, headers=OWN)
        led.append(sent.headers["location"].rpartition("=")[2])
    assert led == ["Veracruz", "Veracruz", "Altamira"]
    assert (node.settings.home / "programs" / "stranger" / "closed").read_text() == "Veracruz\nAltamira\n"


def test_a_page_for_another_role_does_not_exist(client):
    client.post("/sign-in", data={"name": "aldo", "password": PASSWORD}, headers=OWN)
    hidden, nothing = client.get("/programs/stranger/ports"), client.get("/programs/stranger/nothing")
    assert hidden.status_code == nothing.status_code == 404
    assert "there is no such page for you" in hidden.text
    assert "there is no such page for you" in nothing.text


def test_a_method_runs_from_its_declaration_alone(client):
    sent = run(client, CSV, least="10")
    assert sent.status_code == 303
    address = finished(client, sent.headers["location"])
    page = client.get(address).text
    assert "2 rows" in page
    assert "=cmd()" in page
    assert "Veracruz" not in page
    file = client.get(f"{address}?download=csv")
    assert "'=cmd()" in file.text
    table = pyarrow.csv.read_csv(io.BytesIO(file.content))
    assert table.num_rows == 2


def test_an_error_of_a_run_on_a_file_is_kept_without_the_values_in_it(client, node, monkeypatch):
    """What went wrong is kept in the database, which no key seals."""

    def failing(_self, tables, *_args, **_more):
        port = tables["crossings"].column("port")[0].as_py()
        advice = Message("look at {row}", {"row": port})
        raise InputError(Message("{name} has {n:.1f}", {"name": port, "n": 12.0}), where=port, advice=advice)

    monkeypatch.setattr(Method, "run", failing)
    number = run(client, CSV, least="1").headers["location"].rpartition("/")[2]
    until = time.monotonic() + PATIENCE
    while (held := job(node, number)).state != "failed" and time.monotonic() < until:
        time.sleep(0.02)
    assert "… has …" in held.trouble["en"]
    assert "look at …" in held.trouble["en"]
    assert "the command line shows them" in held.trouble["en"]
    assert "Manzanillo" not in repr(held.trouble) + client.get(f"/jobs/{number}").text
    files = [each for each in node.settings.home.rglob("*") if each.is_file()]
    assert not [each for each in files if b"Manzanillo" in each.read_bytes()]


def job(node, number):
    with node.store.reading() as session:
        return session.get(Job, number)


def test_a_result_is_its_owners_alone(client):
    address = finished(client, run(client, CSV, least="1").headers["location"])
    client.post("/sign-in", data={"name": "olga", "password": PASSWORD}, headers=OWN)
    assert client.get(address).status_code == 404


def test_a_run_that_a_restart_cut_short_begins_anew_and_its_result_outlives_the_next(client, node, monkeypatch):
    monkeypatch.setattr(client.app.state.console.jobs, "_go", lambda *_given: None)
    sent = run(client, CSV, least="10")
    for each in (node.settings.home / "parcels").rglob("*.parquet"):
        assert b"Manzanillo" not in each.read_bytes()

    def again():
        return TestClient(
            application(node, installed={"stranger": STRANGER}),
            base_url="http://localhost",
            follow_redirects=False,
            cookies=client.cookies,
        )

    address = finished(again(), sent.headers["location"])
    assert "Manzanillo" in again().get(address).text
    node.clock.forward(days=1)
    client.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
    gone = again().get(address)
    assert gone.status_code == 404
    assert "kept for a day" in gone.text


def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(client):
    answer = run(client, CSV, least="0")
    assert answer.status_code == 400
    assert "at least 1 is needed" in answer.text
    assert 'value="0"' in answer.text
    wrong = run(client, "a,b\n1,2\n", least="5")
    assert wrong.status_code == 400
    assert "its columns are a, b" in wrong.text
    nothing = client.post("/programs/stranger/methods/busy", data={"least": "5"}, headers=OWN)
    assert "choose a file" in nothing.text


def test_the_same_form_sent_twice_runs_once(client):
    page = client.get("/programs/stranger/methods/busy")
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    sent = [
        client.post(
            "/programs/stranger/methods/busy",
            data={"once": once, "least": "1"},
            files={"file.crossings": ("c.csv", io.BytesIO(CSV.encode()), "text/csv")},
            headers=OWN,
        ).headers["location"]
        for _time in range(2)
    ]
    assert sent[0] == sent[1]
