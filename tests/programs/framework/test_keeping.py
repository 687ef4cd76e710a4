"""Forms of what the secretariat keeps: filled in, changed, refused by the rules, and met by two at once."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.core.words import LANGUAGES
from convenio.programs.framework.keeping import KEPT, ROWS
from convenio.programs.framework.program import PROGRAM
from convenio.programs.framework.scorecard import Scorecard
from convenio.stores.tables import Intent
from tests.console.conftest import OWN, PASSWORD
from tests.programs.framework.forms import send, shown

BASE = "/programs/framework"


@pytest.fixture(scope="module")
def app(node):
    return application(node, installed={"framework": PROGRAM})


@pytest.fixture(scope="module")
def as_(app):
    held = {}

    def opened(name):
        if name not in held:
            held[name] = TestClient(app, base_url="http://localhost", follow_redirects=False)
            answer = held[name].post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
            assert answer.status_code == 303
        return held[name]

    return opened


@pytest.fixture
def card(node):
    return Scorecard(node.settings.home / "programs" / "framework" / "scorecard")


NEW = {
    "plans": (
        "C40",
        {"aims_en": "Fewer", "aims_es": "Menos", "indicators": "homicides-mx", "responsible": "Unit 5",
         "agreed_on": "2024-01-10", "frequency": "yearly"},
        {"responsible": "Unit 6"},
    ),
    "risks": (
        "C40",
        {"kind": "assumption", "text_en": "Registers stay open", "text_es": "Los registros siguen abiertos"},
        {"state": "happened"},
    ),
    "funding": (
        "C40",
        {"party": "us", "currency": "USD", "period_began": "2022-10-01", "period_ended": "2023-09-30",
         "asked": "100000000.5", "spent": "2.25", "results": "homicides-mx", "source": "a budget"},
        {"spent": "3"},
    ),
    "evaluations": (
        "C40",
        {"title_en": "Midway", "title_es": "A medio camino", "evaluator": "A university", "independent": "1",
         "published_on": "2023-12-01", "impact_grade": "mixed", "impact_said_en": "Some", "impact_said_es": "Algo"},
        {"coherence_said_en": "Fits", "coherence_said_es": "Cabe"},
    ),
    "documents": ("C40", {"title_en": "Minutes", "title_es": "Minuta", "on": "2024-01-05"}, {"on": "2024-01-06"}),
    "lessons": ("C40", {"text_en": "Ask first", "text_es": "Primero preguntar"}, {"learned_on": "2023-11"}),
    "instruments": (
        "",
        {"kind": "memorandum", "title_en": "On labs", "title_es": "Sobre laboratorios", "parties": "us; mx",
         "state": "in-force", "signed": "2023-05"},
        {"state": "ended"},
    ),
    "audits": (
        "",
        {"auditor": "ASF", "published": "2023-02-20", "kind": "report", "title_en": "Public audit",
         "title_es": "Cuenta pública", "count": "2"},
        {"address": "https://example.org/a"},
    ),
    "actions": ("C40", {"title_en": "Rooms", "title_es": "Salas", "owed_by": "mx", "state": "active"}, {"state": "closed"}),
    "milestones": (
        "C40",
        {"title_en": "First room", "title_es": "Primera sala", "first_due": "2024-09-01", "owed_by": "mx"},
        {"said_en": "In Colima", "said_es": "En Colima"},
    ),
    "indicators": (
        "C56",
        {"title_en": "Places in treatment", "title_es": "Lugares en tratamiento", "unit": "places", "level": "outcome",
         "direction": "up", "source": "a register", "baseline_value": "12.5", "baseline_on": "2021-01-31",
         "baseline_instrument": "a count", "references": "9 3.5.1", "disaggregation": "sex\nage"},
        {"action_began": "2021-06-01"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", NEW)
def test_one_of_each_kind_is_added_shown_and_changed_and_each_act_leaves_an_entry(as_, card, node, kind):
    client, (belongs, typed, change) = as_("saul"), NEW[kind]
    answer = send(client, f"/keep/{kind}/new?of={belongs}", **typed)
    assert answer.status_code == 303, answer.text
    model = KEPT[kind].model
    name = shown(client, f"/keep/{kind}/new?of={belongs}")["id"]
    name = re.sub(r"\d+$", lambda found: str(int(found[0]) - 1), name)
    made = card.found(model, name)
    assert made is not None
    page = client.get(answer.headers["location"]).text
    assert "It is kept." in page
    told = next(typed[each] for each in ("title_en", "text_en", "aims_en", "source") if each in typed)
    assert told in page
    for field, text in shown(client, f"/keep/{kind}/{name}").items():
        if field in typed:
            assert text == typed[field], field

    assert send(client, f"/keep/{kind}/{name}", **change).status_code == 303
    kept = card.found(model, name)
    assert kept != made
    assert kept.model_copy(update={each: getattr(made, each) for each in model.model_fields}) == made
    with node.store.reading() as session:
        rows = session.scalars(select(Intent).where(Intent.kind == "framework-kept")).all()
    assert [(each.actor, each.subject) for each in rows][-2:] == [("saul", f"{kind} {name}")] * 2


def test_sent_as_it_stands_nothing_changes(as_, card):
    client = as_("saul")
    before = {each.id: each for each in [*card.audits(), *card.instruments(), *card.indicators(), *card.milestones()]}
    for kind, parts in (("audits", card.audits()), ("instruments", card.instruments()), ("lessons", card.lessons()),
                        ("indicators", card.indicators()[:4]), ("milestones", card.milestones()[:3])):  # fmt: skip
        for each in parts:
            answer = send(client, f"/keep/{kind}/{each.id}")
            assert answer.status_code == 303, answer.text
    assert {
        each.id: each for each in [*card.audits(), *card.instruments(), *card.indicators(), *card.milestones()]
    } == before


def test_every_form_is_in_both_languages(as_):
    client = as_("saul")
    places = [f"/keep/{kind}/new?of={'homicides-mx' if kind == 'targets' else 'C40'}" for kind in KEPT]
    places += ["/keep/audits/GAO-20-388/recommendations/new", "/keep/instruments/mental-health/clauses/new"]
    for place in places:
        labels = {}
        for to in LANGUAGES:
            page = client.get(f"{BASE}{place}", headers={"cookie": ""}, params=None)
            page = client.get(f"{BASE}{place}{'&' if '?' in place else '?'}lang={to}", follow_redirects=True)
            form = page.text.split('<form class="entry', 1)[1].split("</form>", 1)[0]
            labels[to] = re.findall(r"<label[^>]*>([^<]+)", form)
            assert "style=" not in form
        client.get(f"{BASE}/scorecard?lang=en")
        same = [one for one, other in zip(labels["en"], labels["es"], strict=True) if one == other]
        assert not [each for each in same if each.strip() not in ("Id", "Auditor")], place


@pytest.mark.parametrize(
    ("kind", "belongs", "typed", "said"),
    [
        ("funding", "C40", {**NEW["funding"][1], "period_ended": "2021-01-01"}, "it ends before it begins"),
        ("funding", "C40", {**NEW["funding"][1], "asked": "1,5"}, "this is no number"),
        ("funding", "C40", {**NEW["funding"][1], "asked": "", "spent": ""}, "neither what was asked"),
        ("funding", "C40", {**NEW["funding"][1], "results": "no-such"}, "there is no indicator no-such"),
        ("funding", "C40", {**NEW["funding"][1], "currency": "dollars"}, "it does not have the form"),
        ("plans", "C40", {**NEW["plans"][1], "indicators": ""}, "this is needed"),
        ("plans", "C40", {**NEW["plans"][1], "agreed_on": "10/01/2024"}, "could be two days"),
        ("risks", "C40", {**NEW["risks"][1], "text_es": " "}, "this is needed"),
        ("evaluations", "C40", {**NEW["evaluations"][1], "impact_said_es": ""}, "it is shorter than"),
        ("evaluations", "C40", {k: v for k, v in NEW["evaluations"][1].items() if "impact" not in k}, "one of the six"),
        ("actions", "C54", {**NEW["actions"][1]}, "without a monitoring plan"),
        ("indicators", "C56", {**NEW["indicators"][1], "baseline_value": ""}, "this is needed"),
        ("indicators", "C56", {**NEW["indicators"][1], "unit": "%", "baseline_value": "101"}, "is no percentage"),
        ("indicators", "C56", {**NEW["indicators"][1], "id": "homicides-mx"}, "there is one of this name already"),
        ("indicators", "C999", NEW["indicators"][1], "there is no commitment"),
        ("targets", "homicides-mx", {"on": "2010-12-31", "value": "1", "agreed_by": "x", "agreed_on": "2024-01-01"},
         "is not after its baseline"),
        ("audits", "", {**NEW["audits"][1], "count": "1.5"}, "no whole number"),
        ("instruments", "", {**NEW["instruments"][1], "signed": "5/2023"}, "it does not have the form"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_admit_is_refused_and_what_was_typed_is_kept(as_, card, kind, belongs, typed, said):
    client = as_("saul")
    before = list(card.parts())
    address = f"/keep/{kind}/new?of={belongs}"
    held = {"id": "trial", "publication": "internal", "version": "1", "seen": ""}
    held |= {"commitment": belongs, "indicator": belongs, "commitments": belongs}
    answer = client.post(BASE + address, data={**held, **typed}, headers=OWN)
    assert 400 <= answer.status_code < 500, answer.text
    assert said in answer.text
    if answer.status_code != 404:
        assert all(
            html.escape(each, quote=False) in html.unescape(answer.text) for each in typed.values() if each.strip()
        )
    assert list(card.parts()) == before


def test_an_auditors_word_is_entered_with_its_day_and_source_and_an_older_one_does_not_replace_it(as_, card):
    client, audit = as_("aldo"), "/keep/audits/GAO-23-103795/recommendations/1"
    assert "closed-implemented" in client.get(BASE + audit).text
    said = {"state": "closed-implemented", "state_on": "2026-02-01", "state_source": "the auditor's page"}
    assert "this state" in send(client, audit, **{**said, "state_source": ""}).text
    assert "day of the auditor" in send(client, audit, **{**said, "state_on": ""}).text
    assert "choose one of the list" in send(client, audit, **{**said, "state": "attended"}).text
    assert send(client, audit, **said).status_code == 303
    page = client.get(f"{BASE}/audits").text
    assert "closed, implemented" in page
    answer = send(client, audit, **{**said, "state": "open", "state_on": "2020-01"})
    assert "a newer word of the auditor is held" in answer.text
    (first, *_rest) = next(each for each in card.audits() if each.id == "GAO-23-103795").recommendations
    assert (first.state, first.state_on) == ("closed-implemented", "2026-02-01")
    assert client.get(f"{BASE}/keep/instruments/mental-health").status_code == 404


def test_more_recommendations_than_the_audit_makes_are_refused(as_, card):
    answer = send(as_("saul"), "/keep/audits/GAO-23-103795/recommendations/new", number="9", state="not-known")
    assert "more than it makes" in answer.text


def test_a_clause_gets_tasks_and_a_task_is_done_with_what_shows_it(as_, card):
    client, base = as_("saul"), "/keep/instruments/mental-health"
    for number in ("2", "3"):
        assert send(client, f"{base}/clauses/new", number=number, text_en="Plans", text_es="Planes").status_code == 303
    task = {
        "clause": "2",
        "id": "t-1",
        "text_en": "Write it",
        "text_es": "Escribirlo",
        "owed_by": "us",
        "due": "2023-01-01",
    }
    assert send(client, f"{base}/tasks/new", **task).status_code == 303
    assert "Write it" in client.get(f"{BASE}/late").text
    assert "stands there twice" in send(client, f"{base}/tasks/new", **task).text
    done = {"clause": "3", "done_on": "2024-02-01", "evidence": "minutes"}
    assert send(client, f"{base}/tasks/1", **done).status_code == 303
    assert send(client, f"{base}/clauses/1", text_en="Plans of prevention").status_code == 303
    held = next(each for each in card.instruments() if each.id == "mental-health")
    assert [(each.number, each.text_en, [one.id for one in each.tasks]) for each in held.clauses] == [
        ("2", "Plans of prevention", []),
        ("3", "Plans", ["t-1"]),
    ]
    assert "Write it" not in client.get(f"{BASE}/late").text
    assert client.get(f"{BASE}{base}/tasks/7").status_code == 404
    assert client.get(f"{BASE}{base}/recommendations/new").status_code == 404


def test_two_who_change_one_thing_meet_and_nothing_typed_is_lost(as_, card):
    client, address = as_("saul"), "/keep/risks/{}"
    typed = {"kind": "risk", "text_en": "Floods", "text_es": "Inundaciones", "id": "flood"}
    assert send(client, "/keep/risks/new?of=C41", **typed).status_code == 303
    first, second = (shown(client, address.format("flood")) for _each in range(2))
    assert client.post(f"{BASE}/keep/risks/flood", data={**first, "response": "Dams"}, headers=OWN).status_code == 303
    again = client.post(f"{BASE}/keep/risks/flood", data={**first, "response": "Dams"}, headers=OWN)
    assert again.status_code == 303, "the same once more is no conflict"
    answer = client.post(f"{BASE}/keep/risks/flood", data={**second, "response": "Boats"}, headers=OWN)
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert "Boats" in answer.text
    assert [each.response for each in card.risks("C41")] == ["Dams"]
    mended = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    sent = {**second, "response": "Boats", "seen": mended["seen"]}
    assert client.post(f"{BASE}/keep/risks/flood", data=sent, headers=OWN).status_code == 303
    assert [each.response for each in card.risks("C41")] == ["Boats"]


def test_what_stands_still_is_not_asked_again(as_, card):
    client = as_("saul")
    asked = shown(client, "/keep/indicators/homicides-mx")
    assert not [each for each in asked if each.startswith("baseline") or each in ("id", "commitment")]
    base = card.indicator("homicides-mx").baseline
    assert send(client, "/keep/indicators/homicides-mx", owner="INEGI", baseline_value="1").status_code == 303
    assert (card.indicator("homicides-mx").baseline, card.indicator("homicides-mx").owner) == (base, "INEGI")
    answer = send(client, "/keep/indicators/homicides-mx", unit="deaths by hand")
    assert "stand still" in answer.text
    step = card.milestones()[0]
    assert "first_due" not in shown(client, f"/keep/milestones/{step.id}")
    assert send(client, f"/keep/milestones/{step.id}", first_due="2030-01-01").status_code == 303
    assert card.milestone(step.id).first_due == step.first_due


@pytest.mark.parametrize("name", ["ana", "olga", "ada"])
def test_the_forms_are_open_to_the_secretariat_alone(as_, name):
    client = as_(name)
    for kind in KEPT:
        assert client.get(f"{BASE}/keep/{kind}/new?of=C40").status_code == 404
        assert client.post(f"{BASE}/keep/{kind}/new?of=C40", data={"id": "x"}, headers=OWN).status_code == 404
    for row in ROWS.values():
        owner = "GAO-20-388" if row.owner == "audits" else "mental-health"
        assert client.get(f"{BASE}/keep/{row.owner}/{owner}/{row.name}/new").status_code == 404
    assert "/keep/" not in client.get(f"{BASE}/audits").text
    assert "/keep/" not in client.get(f"{BASE}/commitments/C40").text


def test_a_name_that_is_none_leads_nowhere(as_):
    client = as_("saul")
    for place in ("nonsense/new", "risks/none", "audits/GAO-20-388/nonsense/1", "audits/GAO-20-388/recommendations/0"):
        assert client.get(f"{BASE}/keep/{place}").status_code == 404
    assert client.get(f"{BASE}/keep/plans/new").status_code == 404, "a plan belongs to a commitment"
