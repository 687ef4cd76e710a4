"""Every rule, tried through every door: page, interface, command and import; each refuses it and changes nothing."""

from __future__ import annotations

import datetime as dt
import html
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.console.app import application
from convenio.core.program import discover
from convenio.programs.framework.model import Milestone, Observation, Rating, Target
from convenio.programs.framework.program import PROGRAM
from convenio.programs.framework.scorecard import Scorecard
from tests.console.conftest import OWN, PASSWORD, small_node
from tests.programs.framework.forms import send
from tests.programs.framework.made_up import indicator, run

PAGES = "/programs/framework"
NOW = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
MARKED = "0" * 32


@dataclass(frozen=True)
class Attempt:
    """One rule broken: how each door would be asked to, and what it answers.

    `page` and `api` are an address and what is sent there; `command` the words after the folder; `parts` a file's.
    A door that has no way to ask for it is left out: the page does not ask when a judgement expires, when a change that
    matters was registered, and of a baseline that is there nothing. A file is believed when it says on which day a
    change was registered; README says so.
    """

    said: str
    parts: dict[str, list[dict[str, Any]]]
    page: tuple[str, dict[str, str]] | None = None
    api: tuple[str, dict[str, Any]] | None = None
    command: tuple[str, ...] = ()
    otherwise: dict[str, str] = field(default_factory=dict)


VISIT = "visit, 2024-01-01"
RATED = {"rater": "mx", "given_on": "2024-02-01", "by": "eve"}
OF_COMMAND = ("--by", "eve", "--rater", "mx")


def rating(
    number: str, said: str, completion: str, evidence: tuple[str, ...] = (), result: str = "", **more: str
) -> Attempt:
    sent = {"completion": completion, "evidence": list(evidence), "result": result, **more}
    typed = {"version": "1", "completion": completion, "evidence": "\n".join(evidence), "result": result, **more}
    words = [word for each in evidence for word in ("--evidence", each)]
    return Attempt(
        said,
        {"ratings": [{"commitment": number, **RATED, **sent}]},
        (f"/commitments/{number}/rate", typed),
        (f"/commitments/{number}/ratings", sent),
        ("rate", number, "--completion", completion, "--result", result, *words, *OF_COMMAND),
    )


def value(said: str, **more: Any) -> Attempt:
    told = {"on": "2024-01-31", "value": 12.0, "source": "eve", "version": 1, **more}
    words = [word for name in ("low", "high") if name in told for word in (f"--{name}", str(told[name]))]
    return Attempt(
        said,
        {"observations": [{"indicator": "share", "entered_at": "2024-02-01T12:00:00Z", "entered_by": "eve", **told}]},
        ("/indicators/share/observe", {name: str(each) for name, each in told.items()}),
        ("/indicators/share/observations", told),
        ("observe", "share", str(told["value"]), "--on", str(told["on"]), "--source", "eve", "--by", "eve",
         "--version", str(told["version"]), *words),
    )  # fmt: skip


def kept(said: str, kind: str, part: dict[str, Any], typed: dict[str, str], place: str, seen: str = "") -> Attempt:
    return Attempt(
        said, {kind: [part]}, (place, {"seen": seen, **typed}), (f"/kept/{kind}", {"part": part, "seen": seen})
    )


SHARE = {"id": "share", "commitment": "C56", "title_en": "Share", "title_es": "Parte", "unit": "%", "level": "outcome",
         "direction": "up", "source": "made up", "action_began": "2022-06-01", "registered_change": 2,
         "registered_on": "2022-01-01"}  # fmt: skip
BASE = {"value": 10, "on": "2021-12-31", "instrument": "made up"}
ROOM = {"id": "room", "commitment": "C69", "title_en": "A room", "title_es": "Una sala", "first_due": "2023-06-01"}
FUNDS = {"id": "m-1", "commitment": "C56", "party": "us", "currency": "USD", "source": "x",
         "period": {"began": "2023-01-01", "ended": "2023-12-31"}}  # fmt: skip
ACTION = {"id": "a-1", "commitment": "C56", "title_en": "A", "title_es": "A", "state": "active"}
GAO = {"id": "GAO-20-388", "auditor": "GAO", "published": "2020-05-12", "title_en": "x", "title_es": "y"}
OPEN = {"number": 1, "state": "open", "state_on": "2024-01-01", "state_source": "x"}

RULES: dict[str, Attempt] = {
    "a principle is not scored": rating("C01", "a principle is shown, not scored", "complete", (VISIT,)),
    "no result without a baseline older than the action": rating(
        "C57a", "no result is shown without an outcome baseline", "limited", (VISIT,), "Better"
    ),
    "a rating rests on evidence": rating("C57a", "a rating rests on evidence", "complete"),
    "evidence has a day": rating("C57a", "how old this evidence is", "complete", ("somebody said so",)),
    "evidence is not younger": rating("C57a", "is younger than the rating", "limited", ("visit, 2099-01-01",)),
    "old evidence is none": rating("C57a", "expires after it is given", "limited", ("visit, 2021-01-01",)),
    "no evidence and evidence at once": rating("C57a", "no evidence and evidence at once", "no-evidence", (VISIT,)),
    "a rating does not outlive its evidence": Attempt(
        "outlives its evidence",
        {"ratings": [{"commitment": "C57a", **RATED, "completion": "limited", "evidence": [VISIT],
                      "expires_on": "2030-01-01"}]},
        None,
        ("/commitments/C57a/ratings", {"completion": "limited", "evidence": [VISIT], "expires_on": "2030-01-01"}),
        ("rate", "C57a", "--completion", "limited", "--evidence", VISIT, "--expires", "2099-01-01", *OF_COMMAND),
        {"api": "no such field"},
    ),
    "a second judgement sees the first": rating("C60", "has rated it already", "limited", (VISIT,)),
    "a reviewer is independent and took comments": Attempt(
        "why it is independent",
        {"ratings": [{"commitment": "C57a", "rater": "reviewer", "given_on": "2024-02-01", "by": "eve",
                      "completion": "no-evidence"}]},
        ("/commitments/C57a/rate", {"version": "1", "completion": "no-evidence", "as": "aldo"}),
        ("/commitments/C57a/ratings", {"completion": "no-evidence", "as": "aldo"}),
        ("rate", "C57a", "--completion", "no-evidence", "--by", "eve", "--rater", "reviewer"),
    ),
    "a value is not overwritten": value("is there already", on="2023-12-31", value=90),
    "no version is left out": value("would leave out version", version=4),
    "a percentage stays below 100": value("is no percentage", value=101),
    "a value lies after its baseline": value("lies before its baseline", on="2020-01-01"),
    "a value is not of tomorrow": value("still to come", on="2099-01-01"),
    "an interval holds its value": value("the interval does not hold the value", low=20, high=30),
    "a baseline is locked": kept(
        "the baseline is locked", "indicators", {**SHARE, "baseline": {**BASE, "value": 1}}, {}, "", MARKED
    ),
    "terms stand still after a value": kept(
        "these stand still", "indicators", {**SHARE, "baseline": BASE, "level": "output"},
        {"level": "output"}, "/keep/indicators/share", MARKED,
    ),
    "a change that matters is not backdated": Attempt(
        "on the day it is entered",
        {},
        api=("/kept/indicators", {"part": {**SHARE, "id": "late", "registered_on": "2020-01-01"}, "seen": ""}),
    ),
    "a target lies after the baseline": kept(
        "is not after its baseline", "targets",
        {"indicator": "share", "on": "2021-01-01", "value": 5, "agreed_by": "x", "agreed_on": "2021-01-01"},
        {"on": "2021-01-01", "value": "5", "agreed_by": "x", "agreed_on": "2021-01-01", "version": "1",
         "indicator": "share"}, "/keep/targets/new?of=share",
    ),
    "another target says why": kept(
        "another target says why", "targets",
        {"indicator": "share", "on": "2025-01-01", "value": 6, "agreed_by": "x", "agreed_on": "2023-01-01", "version": 2},
        {"on": "2025-01-01", "value": "6", "agreed_by": "x", "agreed_on": "2023-01-01", "version": "2",
         "indicator": "share"}, "/keep/targets/new?of=share",
    ),
    "a step moves only by an amendment": kept(
        "the milestone room is there already", "milestones", {**ROOM, "first_due": "2025-06-01"}, {}, "", MARKED
    ),
    "an amendment is not lost": kept("the milestone room is there already", "milestones", ROOM, {}, "", MARKED),
    "an amendment says why": Attempt(
        "this is needed",
        {"milestones": [{**ROOM, "id": "hall", "amendments": [{"due": "2025-01-01", "by": "x", "on": "2023-05-01",
                                                               "reason": ""}]}]},
        ("/milestones/room/amend", {"due": "2025-01-01", "reason": "", "seen": "1"}),
        ("/milestones/room/amendments", {"due": "2025-01-01", "reason": " ", "seen": 1}),
        ("amend", "room", "--due", "2025-01-01", "--by", "eve", "--reason", " "),
        {"api": "does not have the form", "import": "shorter than 1", "command": "shorter than 1"},
    ),
    "an amendment moves something": Attempt(
        "an amendment moves the day",
        {"milestones": [{**ROOM, "id": "hall", "amendments": [{"due": "2023-06-01", "by": "x", "on": "2023-05-01",
                                                               "reason": "y"}]}]},
        ("/milestones/room/amend", {"due": "2024-06-01", "reason": "y", "seen": "1"}),
        ("/milestones/room/amendments", {"due": "2024-06-01", "reason": "y", "seen": 1}),
        ("amend", "room", "--due", "2024-06-01", "--by", "eve", "--reason", "y"),
    ),
    "a step is not done tomorrow": Attempt(
        "still to come",
        {"milestones": [{**ROOM, "id": "hall", "done_on": "2099-01-01", "done_by": "eve"}]},
        ("/milestones/room/done", {"on": "2099-01-01"}),
        ("/milestones/room/done", {"on": "2099-01-01"}),
        ("done", "room", "--on", "2099-01-01", "--by", "eve"),
    ),
    "no action is under way without a plan": kept(
        "without a monitoring plan", "actions", ACTION,
        {"id": "a-1", "commitment": "C56", "title_en": "A", "title_es": "A", "state": "active", "owed_by": "both"},
        "/keep/actions/new?of=C56",
    ),
    "money says which stage": kept(
        "neither what was asked", "funding", FUNDS,
        {"id": "m-1", "commitment": "C56", "party": "us", "currency": "USD", "source": "x", "period_began": "2023-01-01",
         "period_ended": "2023-12-31"}, "/keep/funding/new?of=C56",
    ),
    "money is tied to results that exist": kept(
        "there is no indicator nothing", "funding", {**FUNDS, "asked": "1", "results": ["nothing"]},
        {"id": "m-1", "commitment": "C56", "party": "us", "currency": "USD", "source": "x", "period_began": "2023-01-01",
         "period_ended": "2023-12-31", "asked": "1", "results": "nothing"}, "/keep/funding/new?of=C56",
    ),
    "an auditor's word is its own": kept(
        "no state attended", "audits", {**GAO, "recommendations": [{**OPEN, "state": "attended"}, {**OPEN, "number": 2}]},
        {**{name: str(each) for name, each in OPEN.items()}, "state": "attended"},
        "/keep/audits/GAO-20-388/recommendations/1", MARKED,
    ),
    "an auditor's word has its day": kept(
        "day of the auditor's word", "audits", {**GAO, "recommendations": [{**OPEN, "state_on": ""}, {**OPEN, "number": 2}]},
        {**{name: str(each) for name, each in OPEN.items()}, "state_on": ""},
        "/keep/audits/GAO-20-388/recommendations/1", MARKED,
    ),
    "a recommendation is not dropped": kept(
        "left out: 1, 2", "audits", GAO, {}, "", MARKED,
    ),
    "what a commitment says does not change": Attempt(
        "what a commitment says does not change",
        {"commitments": [{"id": "C57a", "goal": "protect", "section": "x", "modality": "affirm", "software": "tracks",
                          "program": "framework", "text_en": "Less", "text_es": "Menos"}]},
    ),
}  # fmt: skip
RULES["an auditor's word is its own"].otherwise["page"] = "choose one of the list"
DOORS = ("page", "api", "command", "import")


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    discover()
    made = small_node(tmp_path_factory.mktemp("node"))
    made.clock.at = NOW
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def card(node):
    held = Scorecard(node.settings.home / "programs" / "framework" / "scorecard")
    held.register(indicator(**{**SHARE, "baseline": BASE}))
    entered = {"entered_at": "2024-01-10T12:00:00Z", "entered_by": "ana", "source": "made up"}
    held.observe(Observation(indicator="share", on="2023-12-31", value=11, low=10, high=12, **entered))
    held.add(Target(indicator="share", on="2025-01-01", value=5, agreed_by="x", agreed_on="2022-01-01"))
    moved = {"due": "2024-06-01", "by": "ana", "on": "2023-05-01", "reason": "floods"}
    held.plan(Milestone.model_validate({**ROOM, "amendments": [moved]}))
    told = {"completion": "not-started", "given_on": "2024-01-01", "expires_on": "2026-01-01", "by": "ana"}
    held.rate(Rating(commitment="C60", rater="mx", **told))
    return held


@pytest.fixture(scope="module")
def clients(node, card):
    del card
    pages, operations = application(node, installed={"framework": PROGRAM}), api(node, programs={"framework": PROGRAM})
    made = {}
    for name in ("saul", "aldo"):
        page = TestClient(pages, base_url="http://localhost", follow_redirects=False)
        assert page.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN).status_code == 303
        held = {"authorization": f"Bearer {node.people.token(name, ())}"}
        made["page", name] = page
        made["api", name] = TestClient(operations, base_url="http://localhost", headers=held)
    return made


def everything(card):
    """What the folder holds, but for the evidence from operations, of which looking at a page takes stock."""
    files = [each for each in card.folder.iterdir() if each.suffix in (".json", ".jsonl")]
    return {each.name: each.read_bytes() for each in files if not each.name.startswith("evidence")}


def has_a_way(attempt, door):
    if door == "import":
        return attempt.parts != {}
    if door == "command":
        return attempt.command != ()
    asked = attempt.page if door == "page" else attempt.api
    return asked is not None and asked[0] != ""


@pytest.mark.parametrize(
    ("door", "rule"), [(door, rule) for door in DOORS for rule in RULES if has_a_way(RULES[rule], door)]
)
def test_every_rule_holds_at_every_door(card, clients, tmp_path, rule, door):
    attempt, before = RULES[rule], everything(card)
    refused, text = _tried(attempt, door, card, clients, tmp_path)
    assert refused, text
    assert attempt.otherwise.get(door, attempt.said) in html.unescape(text), text[-3000:]
    assert everything(card) == before


def test_every_door_is_tried_often_and_only_what_a_door_does_not_ask_for_is_left_out():
    tried = {door: sum(has_a_way(each, door) for each in RULES.values()) for door in DOORS}
    assert tried["import"] >= len(RULES) - 1
    assert tried["api"] >= len(RULES) - 1
    assert tried["page"] >= len(RULES) - 7
    assert tried["command"] >= 18


def _tried(attempt, door, card, clients, tmp_path):
    """Whether the door refused, and what it said."""
    if door in ("import", "command"):
        return _typed(attempt, door, card, tmp_path)
    asked = attempt.page if door == "page" else attempt.api
    address, sent = asked[0], dict(asked[1])
    client = clients[door, sent.pop("as", "saul")]
    if door == "api":
        if sent.get("seen") == MARKED:
            held = {each["part"]["id"]: each["seen"] for each in client.get(f"/framework{address}").json()}
            sent["seen"] = held[sent["part"]["id"]]
        answer = client.post(f"/framework{address}", json=sent)
    elif sent.get("seen") == MARKED:
        answer = send(client, address, **{name: text for name, text in sent.items() if name != "seen"})
    else:
        answer = client.post(PAGES + address, data={"publication": "internal", **sent}, headers=OWN)
    return answer.status_code in range(400, 500), answer.text


def _typed(attempt, door, card, tmp_path):
    words = attempt.command
    if door == "import":
        path = tmp_path / "in.json"
        path.write_text(json.dumps(attempt.parts), encoding="utf-8")
        words = ("import", path, "--by", "eve")
    answer = run(words[0], card.folder, *words[1:])
    return answer.exit_code != 0, str(answer.exception) + answer.output
