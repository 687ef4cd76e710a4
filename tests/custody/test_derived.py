"""What is made from a received copy inherits its conditions, and is gone from every door when the copy is."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.console.app import application
from convenio.core.canonical import digest
from convenio.core.errors import InputError, NotFound, Refused
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from convenio.node.node import bootstrap
from convenio.people.credentials import sign_decision
from convenio.work.noted import GONE, SHELL, made_from
from convenio.work.queue import Queue
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import entries, kinds

CLAIM = "Estela Quiroga holds the account at the second bank"
OWN = {"sec-fetch-site": "same-origin"}


def analyst(pair):  # noqa: F811
    return pair.person(US, "analyst")


def noted(pair, copy, **other):  # noqa: F811
    told = {"purpose": PURPOSE, "case": CASE, "claim": CLAIM, "reason": "two rows bear one number", **other}
    finding = made_from(pair.us.derived, pair.us.vault, [copy], analyst(pair), **told)
    Queue(pair.us.store, pair.clock, pair.us.derived).add_derived(finding, agency="ofac", by=analyst(pair).name)
    return finding


def signed_in(node, name):
    client = TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=True)
    client.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
    return client


def bearer(node, name):
    return {"authorization": f"Bearer {node.people.token(name, ())}"}


def end_by_recall(pair, copy):  # noqa: F811
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()


def end_by_term(pair, _copy):  # noqa: F811
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())


def end_by_cosigned_time_alone(pair, _copy):  # noqa: F811
    pair.us.clock.cosigned(pair.clock() + dt.timedelta(days=91))
    pair.clock.forward(days=-30)


def end_by_clock_that_jumped(pair, _copy):  # noqa: F811
    pair.us.clock.cosigned(pair.clock())
    pair.clock.forward(days=900)


def end_by_correction(pair, copy):  # noqa: F811
    changes = [(0, "institution", "Banco Corregido")]
    officers = [pair.person(MX, "releasing_officer", which) for which in (0, 1)]
    number = pair.mx.corrections.propose(copy, officers[0], reason="it was another", changes=changes)
    for each in officers:
        told = digest(pair.mx.corrections.decision(number))
        pair.mx.corrections.approve(number, each, sign_decision(pair.keys[each.name], told))
    pair.settle()


def test_a_finding_from_a_copy_bears_its_marking_and_stands_sealed(pair, tmp_path):  # noqa: F811
    _request, copy = pair.released()
    finding = noted(pair, copy)
    held = pair.us.copies.all()[0]
    assert finding.marking.expires_at == held.expires_at
    assert (finding.marking.judicial_use, finding.marking.onward) == ("forbidden", "none")
    assert finding.marking.originators == {"mx"}
    for path in (tmp_path / "us").rglob("*"):
        if path.is_file() and "keys" not in path.parts:
            assert CLAIM.encode() not in path.read_bytes(), path
    assert kinds(pair.us, "border-mx").count("derived") == 1
    assert kinds(pair.us, "internal").count("combined") == 1


@pytest.mark.parametrize(
    "end",
    [end_by_recall, end_by_term, end_by_cosigned_time_alone, end_by_clock_that_jumped, end_by_correction],
)
def test_it_is_gone_from_every_door_when_its_copy_is(pair, end):  # noqa: F811
    _request, copy = pair.released()
    finding, name = noted(pair, copy), US.player("analyst").name
    word = CLAIM.split()[1]
    queue = Queue(pair.us.store, pair.clock, pair.us.derived)

    pages, api_app = signed_in(pair.us, name), TestClient(api(pair.us, programs={}))

    def open_doors():
        held = bearer(pair.us, name)
        said = {
            "list": pages.get("/findings").text,
            "page": pages.get(f"/findings/{finding.id}").text,
            "search": pages.get("/search", params={"q": CLAIM.split(maxsplit=1)[0]}).text,
            "export": pages.get("/findings?download=csv").text,
            "copy": pages.get(f"/copies/{copy}").text,
            "graph": pages.get(f"/links/finding/{finding.id}").text,
            "api": api_app.get(f"/derived/{finding.id}", headers=held).text,
        }
        return {door for door, text in said.items() if word in text}

    assert open_doors() == {"list", "page", "search", "export", "copy", "graph", "api"}
    end(pair, copy)
    pages.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
    assert open_doors() == set()
    assert GONE.in_language("en") in pages.get("/findings").text
    with pytest.raises(Refused):
        queue.get(analyst(pair), finding.id)
    assert queue.all(analyst(pair))[0]["claim"] == GONE.in_both()


def test_its_key_goes_with_the_copys_key_and_a_tombstone_and_an_entry_stay(pair):  # noqa: F811
    _request, copy = pair.released()
    finding = noted(pair, copy)
    (held,) = pair.us.derived.of_copy(copy, analyst(pair))
    end_by_recall(pair, copy)
    assert not pair.us.vault.has(held.key)
    assert {each.id for each in pair.us.copies.tombstones()} == {copy, finding.id}
    erased = [each for each in entries(pair.us, "internal") if each.kind == "erased"]
    assert [(each.subject, each.body["why"]) for each in erased] == [(finding.id, "recalled")]
    assert CLAIM.split()[1] not in repr(entries(pair.us, "internal"))


def test_a_legal_hold_keeps_its_key_and_shows_it_to_nobody(pair):  # noqa: F811
    _request, copy = pair.released()
    finding = noted(pair, copy)
    (held,) = pair.us.derived.of_copy(copy, analyst(pair))
    pair.us.copies.hold(copy, pair.person(US, "supervisor"), "a court asked to keep it")
    end_by_term(pair, copy)
    assert pair.us.copies.expire() == 0
    assert pair.us.vault.has(held.key)
    with pytest.raises(Refused):
        pair.us.derived.read(finding.id, analyst(pair))


def test_a_backup_brought_back_without_its_key_store_shows_none_of_it(pair, tmp_path):  # noqa: F811
    _request, copy = pair.released()
    finding = noted(pair, copy)
    queue = Queue(pair.us.store, pair.clock, pair.us.derived)
    assert CLAIM in str(queue.all(analyst(pair))[0]["claim"])
    pair.us.store.close()
    shutil.copytree(tmp_path / "us", tmp_path / "restored")
    (tmp_path / "restored" / "keys" / "keys.db").unlink()
    settings = pair.us.settings.model_copy(update={"home": tmp_path / "restored"})
    node = bootstrap(settings, clock=pair.clock, fast=True)
    try:
        queue, person = Queue(node.store, pair.clock, node.derived), node.people.person(analyst(pair).name)
        assert queue.all(person)[0]["claim"] == GONE.in_both()
        for act in (
            lambda: queue.get(person, finding.id),
            lambda: node.derived.read(finding.id, person),
            lambda: node.copies.open(copy, person, purpose=PURPOSE, case=CASE),
        ):
            with pytest.raises((Refused, NotFound)):
                act()
    finally:
        node.close()


def test_what_the_copys_conditions_forbid_makes_nothing(pair):  # noqa: F811
    _request, copy = pair.released()
    for other in ({"purpose": "tax-collection"}, {"case": ""}):
        with pytest.raises(Refused):
            noted(pair, copy, **other)
    for other in ({"claim": " "}, {"reason": ""}, {"claim": "x" * 3000}):
        with pytest.raises(InputError):
            noted(pair, copy, **other)
    with pytest.raises(NotFound):
        noted(pair, "0" * 32)
    assert pair.us.derived.of_copy(copy, analyst(pair)) == []


def test_a_case_file_its_pdf_and_its_graph_say_it_as_long_as_the_copy_may_be_read(pair, monkeypatch):  # noqa: F811
    _request, copy = pair.released()
    finding = noted(pair, copy)
    pages = signed_in(pair.us, US.player("analyst").name)
    made = pages.post(
        "/cases", data={"reference": CASE, "title": "One case", "purpose": PURPOSE, "once": "a"}, headers=OWN
    )
    number = str(made.url).rpartition("/")[2]
    linked = {"version": "1", "case_file": number}
    pages.post(f"/findings/{finding.id}/link", data=linked, headers=OWN)
    shown = pages.get(f"/cases/{number}").text
    assert CLAIM in shown
    assert SHELL.in_language("en") in shown
    monkeypatch.setattr("convenio.web.report.pdf", str.encode)
    assert CLAIM.encode() in pages.get(f"/cases/{number}?form=pdf").content
    assert CLAIM in pages.get(f"/links/case/{number}").text
    end_by_recall(pair, copy)
    assert CLAIM.split()[1].encode() not in pages.get(f"/cases/{number}?form=pdf").content
    assert CLAIM.split()[1] not in pages.get(f"/links/case/{number}").text
    shown = pages.get(f"/cases/{number}").text
    assert CLAIM.split()[1] not in shown
    assert GONE.in_language("en") in shown
