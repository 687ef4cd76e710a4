"""What shows persons bears a mark; the mark leads to who had it and to the ledger."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from convenio.console.samples import sample_finding
from convenio.stores.tables import Intent
from convenio.work.queue import Queue
from tests.console.conftest import OWN

MARK = re.compile(r"ana · 2021-10-06 12:00:00 UTC · (M-\d+)")


@pytest.fixture
def finding(node, client):
    queue = Queue(node.store, node.clock)
    queue.add([sample_finding()], agency="uif", by="ana")
    return queue.all(node.people.person("ana"))[0]["id"]


def entries(node) -> list[tuple[str, str, str, dict]]:
    with node.store.reading() as session:
        rows = session.scalars(select(Intent).order_by(Intent.id)).all()
        return [(each.kind, each.actor, each.subject, dict(each.body)) for each in rows if each.kind != "signed-in"]


def test_a_finding_that_is_shown_leaves_one_entry_and_bears_its_number(signed_in, node, finding):
    page = signed_in("ana").get(f"/findings/{finding}").text
    assert len(MARK.findall(page)) == 1
    assert entries(node) == [("shown", "ana", finding, {"agency": "uif", "form": "page"})]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_file_of_findings_is_marked_for_the_one_who_took_it(signed_in, node, finding, form):
    file = signed_in("ana").get(f"/findings?download={form}")
    kind, actor, _subject, body = entries(node)[-1]
    assert (kind, actor, body["form"]) == ("exported", "ana", form)
    if form == "csv":
        assert MARK.search(file.content.decode())


def test_who_checks_finds_who_had_a_leaked_copy_and_an_analyst_does_not(signed_in, node, finding):
    code = MARK.search(signed_in("ana").get(f"/findings/{finding}").text)[1]
    found = signed_in("aldo").get("/search", params={"q": f"photographed: {code}"}).text
    assert "shown to ana on" in found
    assert finding in found
    assert "shown to ana" not in signed_in("ana").get("/search", params={"q": code}).text
    assert "shown to" not in signed_in("aldo").get("/search", params={"q": "M-999999"}).text


@pytest.mark.parametrize(("act", "state"), [("verify", "verified"), ("dismiss", "dismissed")])
def test_what_a_person_says_of_a_finding_stands_in_the_ledger_without_its_words(signed_in, node, finding, act, state):
    sent = signed_in("ana").post(
        f"/findings/{finding}/{act}", data={"version": "1", "text": "both certificates compared"}, headers=OWN
    )
    assert sent.status_code == 303
    kind, actor, subject, body = entries(node)[-1]
    assert (kind, actor, subject) == (f"finding-{state}", "ana", finding)
    assert "certificates" not in str(body)


def test_a_page_for_nobody_in_particular_bears_none(signed_in, node):
    assert "M-" not in signed_in("ana").get("/jobs").text
    assert entries(node) == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_the_table_beside_a_figure_comes_as_a_file_too_with_its_mark(signed_in, node, finding, form):
    address = f"/links/finding/{finding}"
    page = signed_in("ana").get(address).text
    assert f"{address}?links.download={form}" in page
    file = signed_in("ana").get(f"{address}?links.download={form}")
    assert file.headers["content-disposition"].endswith(f'.{form}"')
    assert entries(node)[-1][:2] == ("exported", "ana")
    if form == "csv":
        assert MARK.search(file.text)
        assert "9f2c51aa" in file.text or "list, row 12" in file.text


def test_a_table_in_a_form_that_is_none_is_refused(signed_in, finding):
    answer = signed_in("ana").get(f"/links/finding/{finding}?links.download=exe")
    assert answer.status_code == 400
    assert "tables come as" in answer.text
