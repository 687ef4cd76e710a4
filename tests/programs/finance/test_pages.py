"""The program's pages on a small node: lists come in, an entry is shown, customers are screened into the queue."""

import re

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.programs.finance.example import write_example
from convenio.programs.finance.program import PROGRAM
from tests.console.conftest import OWN, PASSWORD, small_node


@pytest.fixture
def node(tmp_path):
    made = small_node(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def example(tmp_path):
    folder = tmp_path / "example"
    write_example(folder, customers=300)
    return folder


@pytest.fixture
def client(node):
    application_ = application(node, installed={"finance": PROGRAM})
    with TestClient(application_, base_url="http://localhost", follow_redirects=False) as made:
        made.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        yield made


def sent(client, page, file, **values):
    shown = client.get(f"/programs/finance/{page}")
    once = re.search(r'name="once" value="([^"]+)"', shown.text)[1]
    with file.open("rb") as content:
        return client.post(
            f"/programs/finance/{page}",
            data={"once": once, **values},
            files={"file": (file.name, content, "text/csv")},
            headers=OWN,
        )


def test_a_list_comes_in_and_its_entries_have_pages(client, example):
    assert "No list is held" in client.get("/programs/finance/screening").text
    assert sent(client, "lists", example / "list" / "sdn_2021-09-30.csv").status_code == 303
    assert sent(client, "lists", example / "list" / "sdn_2021-10-06.csv").status_code == 303
    page = client.get("/programs/finance/lists").text
    assert "sdn_2021-10-06.csv" in page
    assert "sdn_2021-09-30.csv" not in page
    entry = client.get("/programs/finance/lists/ofac_sdn/90005").text
    assert "EXAMPLE" in entry
    assert "curp" in entry
    assert client.get("/programs/finance/lists/ofac_sdn/1").status_code == 404


def test_a_broken_list_is_refused_and_the_one_held_stays(client, example, tmp_path):
    sent(client, "lists", example / "list" / "sdn_2021-10-06.csv")
    broken = tmp_path / "sdn.csv"
    broken.write_text("a,b\n")
    answer = sent(client, "lists", broken)
    assert answer.status_code == 422
    assert "columns" in answer.text
    assert "sdn_2021-10-06.csv" in client.get("/programs/finance/lists").text


def test_screening_shows_hits_and_puts_them_into_the_queue(client, example):
    sent(client, "lists", example / "list" / "sdn_2021-10-06.csv")
    answer = sent(client, "screening", example / "customers.csv", threshold="0.70")
    assert answer.status_code == 200
    assert "11 new findings" in answer.text
    assert "For it" in answer.text
    assert "may be" in client.get("/findings").text
    again = sent(client, "screening", example / "customers.csv", threshold="0.70")
    assert "0 new findings" in again.text
    refused = sent(client, "screening", example / "customers.csv", threshold="0")
    assert refused.status_code == 422


def test_two_names_are_compared_on_a_page(client):
    page = client.get("/programs/finance/compare", params={"one": "Chuy Ruiz Gil", "two": "RUIZ GIL, Jesus"}).text
    assert "the same name" in page
    assert "CHUY ~ JESUS" in page


def test_who_may_not_screen_finds_no_page(node, example):
    application_ = application(node, installed={"finance": PROGRAM})
    with TestClient(application_, base_url="http://localhost", follow_redirects=False) as client:
        client.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers=OWN)
        assert client.get("/programs/finance/screening").status_code == 404
        assert client.get("/programs/finance/lists").status_code == 404


def test_rows_that_were_set_aside_are_named_with_the_reason(client, example):
    sent(client, "lists", example / "list" / "sdn_2021-10-06.csv")
    path = example / "some.csv"
    path.write_text("customer_id,name,birth_date\n1,Ana Gil,31/02/1980\n2,<b>,\n3,,\n", encoding="utf-8")
    page = sent(client, "screening", path, threshold="0.7").text
    assert "row 2: the birth date of customer 1 cannot be read: 31/02/1980: that day does not exist" in page
    assert "row 4: customer 3 has no name" in page
    assert "<b>" not in page


def test_the_key_of_digests_is_made_once_and_whole(client, node, example):
    sent(client, "lists", example / "list" / "sdn_2021-10-06.csv")
    sent(client, "screening", example / "customers.csv", threshold="0.7")
    (path,) = node.settings.home.rglob("digest.key")
    key = path.read_bytes()
    assert len(key) == 32
    assert path.stat().st_mode & 0o077 == 0
    sent(client, "screening", example / "customers.csv", threshold="0.7")
    assert path.read_bytes() == key
    assert not list(path.parent.glob(".digest-*"))
