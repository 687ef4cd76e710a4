"""A received copy at every door of a node, under every condition that ends or narrows its use: one grid, cell by cell.

The threat model prints the same grid; `test_the_threat_model_prints_this_grid` holds the two together.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from convenio.api.app import api
from convenio.cli.peer import app as command_line
from convenio.console.app import application
from convenio.core.errors import NotFound, Refused
from convenio.demo.cast import CASE, MX, PASSWORD, PURPOSE, US
from convenio.node.node import bootstrap
from convenio.work.noted import made_from
from convenio.work.queue import Queue
from tests.exchange.travel import loosened

OWN = {"sec-fetch-site": "same-origin"}
CLAIM = "Quiroga holds the account at the second bank"
WORD = "Quiroga"
OTHER = "tax-collection"
DOCS = Path(__file__).resolve().parents[2] / "docs"

CONDITIONS = ("term over", "recalled", "another purpose", "no onward transfer", "no judicial use", "humanitarian only",
              "another agency")  # fmt: skip
GONE, REFUSED, UNSEEN, SHOWN, LOST = ("gone", 1), ("refused", 2), ("unseen", 3), ("shown, marked", 4), ("gone", 5)
"""What a cell promises, and the test below that holds it: nothing is shown any more; the use is refused with a receipt;
for that person there is none; or nothing is used at this door beyond looking, and what is shown bears its conditions
or the one who looked; and nothing without the key store."""
ENDED = dict.fromkeys(CONDITIONS[:2], GONE)
USED = {**dict.fromkeys(CONDITIONS[2:6], REFUSED), "another agency": UNSEEN}
SEEN = {"another purpose": REFUSED, **dict.fromkeys(CONDITIONS[3:6], SHOWN), "another agency": UNSEEN}
USES = ("page", "API", "command line")
GRID = {
    **{door: {**ENDED, **USED} for door in USES},
    **{door: {**ENDED, **SEEN} for door in ("search", "export", "PDF", "derived finding", "graph")},
    "backup without key store": dict.fromkeys(CONDITIONS, LOST),
}


@dataclass
class Desk:
    """The United States' node with one copy, one finding made from it and one case file that holds the finding."""

    pair: object
    node: object
    copy: str
    person: str
    finding: str = ""
    case_file: str = ""
    pages: dict[str, TestClient] = field(default_factory=dict)

    def at(self, name):
        """A person's pages, signed in anew: time has passed."""
        if name not in self.pages:
            made = application(self.node, installed={})
            self.pages[name] = TestClient(made, base_url="http://localhost", follow_redirects=True)
        self.pages[name].post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
        return self.pages[name]


def desk_of(pair, **clause):
    """A desk under the story's clause, or one with other values."""
    pair.clock.at = dt.datetime.now(dt.UTC)
    if clause:
        loosened(pair, **clause)
    pair.us.people.add("cara.cdc", PASSWORD, full_name="Cara Dale", agency="cdc", roles=["analyst"])
    _request, copy = pair.released()
    analyst = pair.person(US, "analyst")
    (row,) = pair.us.copies.open(copy, analyst, purpose=PURPOSE, case=CASE)
    made = Desk(pair, pair.us, copy, row["name"])
    told = {"purpose": PURPOSE, "case": CASE, "claim": CLAIM, "reason": "two rows bear one number"}
    finding = made_from(pair.us.derived, pair.us.vault, [copy], analyst, **told)
    Queue(pair.us.store, pair.clock, pair.us.derived).add_derived(finding, agency="ofac", by=analyst.name)
    made.finding = finding.id
    made.case_file = opened(made, PURPOSE, CASE)
    linked = {"version": "1", "case_file": made.case_file}
    assert made.at(analyst.name).post(f"/findings/{finding.id}/link", data=linked, headers=OWN).status_code == 200
    return made


def opened(desk, purpose, reference):
    """A case file of the analyst's; its number."""
    told = {"reference": reference, "title": "A case", "purpose": purpose, "once": reference}
    made = desk.at(US.player("analyst").name).post("/cases", data=told, headers=OWN)
    assert made.status_code == 200
    return str(made.url).rpartition("/")[2]


@dataclass(frozen=True)
class Asked:
    """Who comes to a door, and what for."""

    name: str = US.player("analyst").name
    purpose: str = PURPOSE
    use: str = "open"
    to: str = ""


def page(desk, who):
    told = {"use": who.use, "purpose": who.purpose, "case": CASE, "to": who.to}
    return desk.at(who.name).post(f"/copies/{desk.copy}/use", data=told, headers=OWN).text


def by_api(desk, who):
    held = {"authorization": f"Bearer {desk.node.people.token(who.name, ())}"}
    sent = {"purpose": who.purpose, "case": CASE, "to": who.to}
    made = TestClient(api(desk.node, programs={}))
    return made.post(f"/copies/{desk.copy}/{who.use}", json=sent, headers=held).text


def by_command(desk, who):
    told = ["--as", who.name, "--purpose", who.purpose, "--case", CASE, "--use", who.use, "--to", who.to]
    answer = CliRunner().invoke(command_line, ["copy", "use", str(desk.node.settings.home), desk.copy, *told])
    return answer.output + str(answer.exception or "")


def search(desk, who):
    return desk.at(who.name).get("/search", params={"q": "second bank"}).text


def export(desk, who):
    pages = desk.at(who.name)
    told = {"use": "export", "purpose": who.purpose, "case": CASE}
    return (
        pages.get("/findings?download=csv").text + pages.post(f"/copies/{desk.copy}/use", data=told, headers=OWN).text
    )


def pdf(desk, who):
    return desk.at(who.name).get(f"/cases/{desk.case_file}?form=pdf").text


def derived(desk, who):
    held = {"authorization": f"Bearer {desk.node.people.token(who.name, ())}"}
    told = TestClient(api(desk.node, programs={})).get(f"/derived/{desk.finding}", headers=held).text
    return told + desk.at(who.name).get(f"/findings/{desk.finding}").text


def graph(desk, who):
    pages = desk.at(who.name)
    told = pages.get(f"/links/case/{desk.case_file}").text + pages.get(f"/links/finding/{desk.finding}/more").text
    return told + pages.get(f"/links/copy/{desk.copy}").text


DOORS = {"page": page, "API": by_api, "command line": by_command, "search": search, "export": export, "PDF": pdf,
         "derived finding": derived, "graph": graph}  # fmt: skip


@pytest.fixture
def quick(monkeypatch):
    """The command line reads the password from its variable, and checks it as quickly as the tests' nodes do."""
    monkeypatch.setenv("CONVENIO_PASSWORD", PASSWORD)
    monkeypatch.setattr("convenio.people.accounts.People.__init__.__kwdefaults__", {"fast": True})
    monkeypatch.setattr("convenio.web.report.pdf", str.encode)


def seen(desk, who):
    """The doors at which something of the copy or of what was made from it is shown."""
    said = {door: act(desk, who) for door, act in DOORS.items()}
    return {door for door, text in said.items() if desk.person in text or WORD in text}


def refusals(desk):
    return desk.node.receipts.count()["refused"]


def cells(word):
    """The cells of the grid that promise this."""
    return {(door, condition) for door, row in GRID.items() for condition, each in row.items() if each == word}


def end_by_recall(pair, copy):
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()


def end_by_term(pair, _copy):
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())


@pytest.mark.parametrize(("condition", "end"), [("recalled", end_by_recall), ("term over", end_by_term)])
@pytest.mark.usefixtures("quick")
def test_what_has_ended_is_gone_at_every_door(pair, condition, end):
    desk = desk_of(pair)
    assert seen(desk, Asked()) == set(DOORS)
    end(pair, desk.copy)
    assert seen(desk, Asked()) == set()
    assert "is not used in court" not in pdf(desk, Asked())
    assert {(door, condition) for door in DOORS} == {each for each in cells(GONE) if each[1] == condition}


NARROWED = {
    "another purpose": ({}, Asked(purpose=OTHER)),
    "no onward transfer": ({}, Asked(use="forward", to="cdc")),
    "no judicial use": ({}, Asked(use="court")),
    "humanitarian only": ({"humanitarian_only": True, "judicial_use": "allowed"}, Asked(use="court")),
}


@pytest.mark.parametrize(
    "clause", [{}, {"humanitarian_only": True, "judicial_use": "allowed"}], ids=["story", "humane"]
)
@pytest.mark.usefixtures("quick")
def test_a_use_that_does_not_fit_is_refused_at_every_door_that_uses(pair, clause):
    desk = desk_of(pair, **clause)
    held = set()
    for condition, (under, who) in NARROWED.items():
        if under != clause:
            continue
        for door in USES:
            before = refusals(desk)
            assert desk.person not in DOORS[door](desk, who), (door, condition)
            assert refusals(desk) == before + 1, (door, condition)
            held.add((door, condition))
        if condition == "another purpose":
            held |= {(door, condition) for door in another_purpose(desk)}
    assert seen(desk, Asked()) == set(DOORS)
    assert held == {each for each in cells(REFUSED) if NARROWED[each[1]][0] == clause}


def another_purpose(desk):
    """For another purpose nothing is taken out or made, nor put into that purpose's case file, which shows nothing."""
    analyst = desk.pair.person(US, "analyst")
    before, pages = refusals(desk), desk.at(analyst.name)
    told = {"use": "export", "purpose": OTHER, "case": CASE}
    assert desk.person not in pages.post(f"/copies/{desk.copy}/use", data=told, headers=OWN).text
    made = {"purpose": OTHER, "case": CASE, "claim": "Zacarias owes taxes at the second bank", "reason": "one number"}
    with pytest.raises(Refused):
        made_from(desk.node.derived, desk.node.vault, [desk.copy], analyst, **made)
    assert "Zacarias" not in search(desk, Asked()) + pages.get("/findings").text
    foreign = opened(desk, OTHER, "TAX-1")
    linked = {"version": "2", "case_file": foreign}
    assert pages.post(f"/findings/{desk.finding}/link", data=linked, headers=OWN).status_code == 403
    for path in (f"/cases/{foreign}", f"/cases/{foreign}?form=pdf", f"/links/case/{foreign}"):
        assert WORD not in pages.get(path).text, path
    assert refusals(desk) == before + 3
    return {"search", "export", "PDF", "derived finding", "graph"}


@pytest.mark.usefixtures("quick")
def test_for_another_agency_of_the_same_party_there_is_none_at_any_door(pair):
    desk = desk_of(pair)
    cara = Asked(name="cara.cdc")
    assert seen(desk, cara) == set()
    with pytest.raises(NotFound):
        desk.node.copies.open(desk.copy, desk.node.people.person(cara.name), purpose=PURPOSE, case=CASE)
    with pytest.raises(NotFound):
        desk.node.derived.read(desk.finding, desk.node.people.person(cara.name))
    assert cells(UNSEEN) == {(door, "another agency") for door in DOORS}


@pytest.mark.parametrize(
    "clause", [{}, {"humanitarian_only": True, "judicial_use": "allowed"}], ids=["story", "humane"]
)
@pytest.mark.usefixtures("quick")
def test_what_is_only_looked_at_bears_its_conditions_or_who_looked(pair, clause):
    """A use in court is forbidden also where the clause allows it and serves humanitarian ends alone."""
    desk, who = desk_of(pair, **clause), Asked()
    for door in ("PDF", "derived finding"):
        text = DOORS[door](desk, who)
        assert "is not used in court" in text, door
        assert "is not passed on" in text, door
    for door in ("search", "export", "PDF", "derived finding", "graph"):
        text = DOORS[door](desk, who)
        assert WORD in text
        assert who.name in text, door
    assert {door for door, _condition in cells(SHOWN)} == {"search", "export", "PDF", "derived finding", "graph"}


@pytest.mark.usefixtures("quick")
def test_a_backup_without_its_key_store_shows_nothing_at_any_door(pair, tmp_path):
    desk = desk_of(pair)
    pair.us.store.close()
    shutil.copytree(tmp_path / "us", tmp_path / "restored")
    (tmp_path / "restored" / "keys" / "keys.db").unlink()
    settings = pair.us.settings.model_copy(update={"home": tmp_path / "restored"})
    desk.node, desk.pages = bootstrap(settings, clock=pair.clock, fast=True), {}
    try:
        for who in (Asked(), Asked(name="cara.cdc"), *(who for _clause, who in NARROWED.values())):
            assert seen(desk, who) == set(), who
    finally:
        desk.node.close()


SPANISH = {
    "door": "puerta", "term over": "plazo vencido", "recalled": "retirada", "another purpose": "otra finalidad",
    "no onward transfer": "sin transferencia ulterior", "no judicial use": "sin uso judicial",
    "humanitarian only": "solo humanitaria", "another agency": "otra dependencia de la misma parte",
    "page": "página", "API": "API", "command line": "línea de comandos", "search": "búsqueda",
    "export": "exportación", "PDF": "PDF", "derived finding": "hallazgo derivado", "graph": "grafo",
    "backup without key store": "respaldo sin almacén de llaves", "gone": "ya no está", "refused": "se rechaza",
    "unseen": "para ella no existe", "shown, marked": "se muestra con su marca",
}  # fmt: skip
ENGLISH = {**{each: each for each in SPANISH}, "another agency": "another agency of the same party"}
TESTS = {
    1: test_what_has_ended_is_gone_at_every_door,
    2: test_a_use_that_does_not_fit_is_refused_at_every_door_that_uses,
    3: test_for_another_agency_of_the_same_party_there_is_none_at_any_door,
    4: test_what_is_only_looked_at_bears_its_conditions_or_who_looked,
    5: test_a_backup_without_its_key_store_shows_nothing_at_any_door,
}


def printed(words):
    """The grid as the threat model prints it."""
    head = [words["door"], *(words[each] for each in CONDITIONS)]
    rows = [
        [words[door], *(f"{words[row[each][0]]} ({row[each][1]})" for each in CONDITIONS)] for door, row in GRID.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        ["| " + " | ".join(each) + " |" if each != lines[1] else "|" + "---|" * len(head) for each in lines]
    )


@pytest.mark.parametrize(
    ("path", "words"), [("en/threat-model.md", ENGLISH), ("es/modelo-de-amenazas.md", SPANISH)], ids=["en", "es"]
)
def test_the_threat_model_prints_this_grid_and_names_its_tests(path, words):
    told = (DOCS / path).read_text(encoding="utf-8")
    assert printed(words) in told
    for number, test in TESTS.items():
        assert f"{number}. `tests/exchange/test_doors.py::{test.__name__}`" in told
