"""The program's page: a pedigree is drawn with its table, and an error says which line."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.program import discover
from convenio.programs.missing.program import PROGRAM
from tests.console.conftest import OWN, PASSWORD, small_node

TEXT = "family Robles\nLuis male\nAna female\n<b>Pedro male child of Luis and Ana missing\n"


@pytest.fixture
def client(tmp_path):
    discover()
    made = small_node(tmp_path)
    with TestClient(
        application(made, installed={"missing": PROGRAM}), base_url="http://localhost", follow_redirects=False
    ) as opened:
        opened.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        yield opened
    made.store.close()


def sent(client, text):
    shown = client.get("/programs/missing/pedigree")
    once = re.search(r'name="once" value="([^"]+)"', shown.text)[1]
    return client.post("/programs/missing/pedigree", data={"once": once, "pedigree": text}, headers=OWN)


def test_a_pedigree_is_drawn_beside_its_table(client):
    page = sent(client, TEXT)
    assert page.status_code == 200
    assert page.text.count("<rect") == 2
    assert "<circle" in page.text
    assert '<th scope="row">Luis</th>' in page.text
    assert "<b>Pedro" not in page.text
    assert "&lt;b&gt;Pedro" in page.text
    assert "style=" not in page.text.split("<main", 1)[1].split("</main>", 1)[0]


def test_a_pedigree_that_cannot_be_is_shown_again_with_the_reason(client):
    page = sent(client, TEXT.replace("Ana female", "Ana male"))
    assert page.status_code == 422
    assert "swapped" in page.text or "Ana is male but mother" in page.text
    assert "Luis male" in page.text


def test_the_page_speaks_spanish(client):
    page = client.get("/programs/missing/pedigree", params={"lang": "es"})
    assert "<h1>Dibujar una genealogía</h1>" in page.text
