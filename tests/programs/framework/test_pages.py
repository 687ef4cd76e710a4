"""The pages: the first one tells what has an outcome indicator; acts go through the rules, by the right person."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.ledger.intents import entry_of
from convenio.programs.framework.content import commitments
from convenio.programs.framework.model import Instrument, Milestone, Observation, Rating
from convenio.programs.framework.program import PROGRAM
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown import BODIES, LISTS
from convenio.stores.tables import Intent
from tests.console.conftest import OWN, PASSWORD
from tests.programs.framework.conftest import TODAY

BASE = "/programs/framework"


@pytest.fixture(scope="module")
def app(node):
    return application(node, installed={"framework": PROGRAM})


@pytest.fixture
def card(node):
    return Scorecard(node.settings.home / "programs" / "framework" / "scorecard")


@pytest.fixture(scope="module")
def as_(app):
    """A client in which someone is signed in; the same one each time, unless a fresh one is asked for."""
    held = {}

    def opened(name, *, fresh=False):
        if fresh or name not in held:
            client = TestClient(app, base_url="http://localhost", follow_redirects=False)
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
            assert answer.status_code == 303
            held[name] = client
        return held[name]

    return opened


def filled(client, address, **typed):
    """Send a form as the page shows it, with some fields filled in."""
    page = client.get(BASE + address)
    assert page.status_code == 200, page.text
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return client.post(BASE + address, data={"publication": "internal", **held, **typed}, headers=OWN)


def main(page):
    return page.text.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_first_page_counts_what_has_a_true_outcome_indicator(as_):
    page = as_("saul").get(f"{BASE}/scorecard")
    assert "Of 74 promises, 5 have an indicator that can tell a result, and 69 have none." in page.text
    assert "Protect our people" in page.text
    assert "Take stock now" in page.text
    assert "Take stock now" not in as_("ana").get(f"{BASE}/scorecard").text


def test_every_page_opens_in_both_languages_and_draws_without_inline_style_or_script(as_):
    client = as_("ana", fresh=True)
    names = ["scorecard", *(each[0] for each in LISTS), *(each[0] for each in BODIES)]
    numbers = [f"commitments/{each}" for each in ("C01", "C40", "C48", "C69", "C76")]
    for name in [*names, *numbers, "evidence/framework/refusals"]:
        seen = {}
        for to in ("en", "es"):
            page = client.get(f"{BASE}/{name}", params={"lang": to}, follow_redirects=True)
            assert page.status_code == 200, (name, page.text[-2000:])
            assert "style=" not in main(page), name
            assert not re.search(r"<script(?! type=\"(application/json|module)\")", page.text), name
            seen[to] = re.search(r"<h1[^>]*>(.*?)</h1>", page.text)[1]
        assert seen["en"] != seen["es"], name
    client.get(f"{BASE}/scorecard", params={"lang": "en"})


def test_every_commitment_has_its_page(as_):
    client = as_("ana")
    for each in commitments()[::12]:
        assert each.text_es in client.get(f"{BASE}/commitments/{each.id}").text
    assert client.get(f"{BASE}/commitments/C999").status_code == 404
    assert client.get(f"{BASE}/commitments/%3Cb%3E").status_code == 404


def test_a_list_comes_as_a_file(as_):
    answer = as_("ana").get(f"{BASE}/commitments", params={"commitments.download": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.count("\n") == 96


def test_the_report_is_one_file_without_what_is_above_its_level(as_, card):
    told = {"indicator": "traces-failed", "value": 49, "entered_at": TODAY, "entered_by": "saul"}
    card.observe(Observation(on="2023-06-30", source="kept to ourselves", **told))
    card.observe(Observation(on="2023-07-31", source="for both of us", publication="parties", **told))
    client = as_("ana")
    seen = {level: client.get(f"{BASE}/report", params={"level": level}).text for level in ("public", "parties", "x")}
    assert "<script" not in seen["parties"]
    assert {level for level, text in seen.items() if "for both of us" in text} == {"parties"}
    assert not any("kept to ourselves" in text for text in seen.values())
    assert "kept to ourselves" in client.get(f"{BASE}/commitments/C60").text


def test_the_public_site_comes_as_an_archive_for_the_secretariat(as_):
    answer = as_("saul").get(f"{BASE}/site.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"index.html", "style.css", "es/commitments/C40.html"} <= set(archive.namelist())
        assert "kept to ourselves" not in archive.read("en/commitments/C60.html").decode()
    assert as_("ana").get(f"{BASE}/site.zip").status_code == 404


def test_every_version_of_a_value_and_every_earlier_judgement_stays_readable(as_, card):
    client = as_("saul")
    typed = {"on": "2024-01-15", "value": "12.5", "source": "first count"}
    filled(client, "/indicators/fentanyl-share-us/observe", version="1", **typed)
    again = {**typed, "value": "12.9", "version": "2", "said": "two laboratories more", "source": "second count"}
    filled(client, "/indicators/fentanyl-share-us/observe", **again)
    assert [(each.value, each.version) for each in card.observations("fentanyl-share-us")][-2:] == [
        (12.5, 1),
        (12.9, 2),
    ]
    for completion in ("no-evidence", "not-started"):
        version = str(len(card.ratings("C78")) + 1)
        filled(client, "/commitments/C78/rate", completion=completion, version=version)
    page = client.get(f"{BASE}/commitments/C43").text
    assert "first count" in page
    assert "two laboratories more" in page
    assert "1 earlier judgement" in client.get(f"{BASE}/commitments/C78").text


TWICE = [
    (
        "/indicators/us-share-traced/observe",
        {"on": "2024-02-12", "value": "71", "source": "sent twice", "version": "1"},
    ),
    ("/commitments/C79/rate", {"completion": "no-evidence", "version": "1"}),
    (
        "/keep/lessons/new",
        {"id": "sent-twice", "text_en": "Ask once", "text_es": "Pregunte una vez", "source": "a day"},
    ),
]


@pytest.mark.parametrize(("address", "typed"), TWICE, ids=lambda each: each if isinstance(each, str) else "")
def test_a_form_that_is_sent_twice_acts_once_and_leads_both_times_to_the_same_page(as_, node, address, typed):
    client = as_("saul")
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(BASE + address).text))
    data = {"publication": "internal", **held, **typed}

    def entries():
        with node.store.reading() as session:
            return len([each for each in session.scalars(select(Intent)) if each.kind.startswith("framework-")])

    before = entries()
    first, second = (client.post(BASE + address, data=data, headers=OWN) for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303), first.text
    assert first.headers["location"] == second.headers["location"]
    assert entries() == before + 1


@pytest.mark.parametrize("name", ["ana", "olga", "sara", "ada"])
@pytest.mark.parametrize(
    "address",
    ["/commitments/C40/rate", "/indicators/homicides-mx/observe", "/milestones/cyber-task-force/amend",
     "/milestones/cyber-task-force/done"],
)  # fmt: skip
def test_acts_are_open_to_the_secretariat_alone(as_, name, address):
    client = as_(name)
    assert client.get(BASE + address).status_code == 404
    assert client.post(BASE + address, data={"version": "1"}, headers=OWN).status_code == 404
    page = client.get(f"{BASE}/commitments/C40")
    assert "Give a judgement" not in page.text
    assert "Enter a value" not in page.text


def test_the_secretariat_judges_for_its_own_side_and_the_result_is_kept(as_, card):
    answer = filled(as_("saul"), "/commitments/C40/rate", completion="limited", evidence="homicides-mx", result="Fewer")
    assert answer.status_code == 303, answer.text
    (kept,) = card.ratings("C40")
    assert (kept.rater, kept.by, kept.completion, kept.version) == ("mx", "saul", "limited", 1)
    assert kept.expires_on == dt.date(2024, 12, 31)
    page = as_("ana").get(f"{BASE}/commitments/C40")
    assert "Fewer" in page.text
    assert page.text.count("no judgement") == 2


def test_two_who_judge_at_once_do_not_overwrite_each_other_and_nothing_typed_is_lost(as_, card):
    client = as_("saul")
    shown = client.get(f"{BASE}/commitments/C62/rate").text
    assert 'name="version" value="1"' in shown
    card.rate(
        Rating(
            commitment="C62",
            rater="mx",
            completion="not-started",
            given_on=TODAY.date(),
            expires_on=dt.date(2026, 3, 1),
            by="nora",
        )
    )
    typed = {
        "version": "1",
        "completion": "limited",
        "evidence": "us-share-traced",
        "result": "Less than before",
        "publication": "public",
    }
    answer = client.post(f"{BASE}/commitments/C62/rate", data=typed, headers=OWN)
    assert answer.status_code == 409
    assert "not started, by nora" in answer.text
    assert "Less than before" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert [each.by for each in card.ratings("C62")] == ["nora"]
    assert client.post(f"{BASE}/commitments/C62/rate", data={**typed, "version": "2"}, headers=OWN).status_code == 303
    assert [each.by for each in card.ratings("C62")] == ["nora", "saul"]


@pytest.mark.parametrize(
    ("number", "typed", "status", "said"),
    [
        ("C01", {"completion": "complete", "evidence": "homicides-mx"}, 403, "a principle is shown, not scored"),
        ("C52", {"completion": "limited", "evidence": "visit, 2024-01-01", "result": "Better"}, 403, "no result is shown"),
        ("C52", {"completion": "complete"}, 403, "a rating rests on evidence"),
        ("C52", {"completion": "complete", "evidence": "somebody said so"}, 403, "how old this evidence is"),
        ("C52", {"completion": "complete", "evidence": "visit, 2021-01-01"}, 422, "expires after it is given"),
        ("C52", {"completion": "splendid", "evidence": "visit, 2024-01-01"}, 422, "choose one of the list"),
        ("C52", {"completion": "no-evidence", "version": "x"}, 400, "is no whole number"),
    ],
)  # fmt: skip
def test_a_judgement_that_the_rules_do_not_admit_is_refused_and_kept_in_the_form(
    as_, card, number, typed, status, said
):
    client = as_("saul")
    answer = client.post(
        f"{BASE}/commitments/{number}/rate", data={"version": "1", "publication": "public", **typed}, headers=OWN
    )
    assert answer.status_code in (status, 400), answer.text
    assert said in answer.text
    for each in typed.get("evidence", ""), typed.get("result", ""):
        assert each in answer.text
    assert card.ratings(number) == []


def test_of_two_who_send_at_the_same_moment_one_is_kept_and_one_is_told(as_, card):
    clients = [as_("saul", fresh=True), as_("saul", fresh=True)]
    typed = {"version": "1", "evidence": "visit, 2024-02-01", "publication": "internal"}
    sent = [{**typed, "completion": each} for each in ("limited", "substantial")]

    def post(pair):
        return pair[0].post(f"{BASE}/commitments/C43/rate", data=pair[1], headers=OWN).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(post, zip(clients, sent, strict=True)))
    assert answers == [303, 409]
    assert len(card.ratings("C43")) == 1


def test_what_each_side_owes_is_summed_and_a_task_of_a_clause_is_late_too(as_, card):
    task = {"id": "t1", "text_en": "Write a plan", "text_es": "Escribir un plan", "owed_by": "mx", "due": "2023-01-01"}
    clause = {"number": "3", "text_en": "Plans", "text_es": "Planes", "tasks": [task]}
    held = next(each for each in card.instruments() if each.id == "mental-health")
    card.add(Instrument.model_validate({**held.model_dump(), "clauses": [clause]}))
    assert "Write a plan" in as_("ana").get(f"{BASE}/late").text
    page = main(as_("ana").get(f"{BASE}/reciprocity"))
    sums = page.split('id="sides"', 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r'<td[^>]*class="num">([^<]*)', row) for row in sums.split("<tr>")[2:]]
    assert sum(int(row[0]) for row in rows) == 74
    assert sum(int(row[1]) for row in rows) == 5


def test_a_reviewer_says_why_it_is_independent(as_, card):
    typed = {"completion": "no-evidence"}
    answer = filled(as_("aldo"), "/commitments/C85/rate", **typed)
    assert answer.status_code == 403
    assert "why it is independent" in answer.text
    typed |= {"independence": "Of a university", "comments_from": "2024-01-01", "comments_to": "2024-02-01"}
    assert filled(as_("aldo"), "/commitments/C85/rate", **typed).status_code == 303
    assert [each.rater for each in card.ratings("C85")] == ["reviewer"]


def test_a_value_is_entered_once_and_corrected_by_the_next_version(as_, card):
    address, client = "/indicators/containers-inspected/observe", as_("saul")
    typed = {"on": "2024-01-31", "value": "3.5", "source": "ANAM"}
    assert filled(client, address, version="1", **typed).status_code == 303
    answer = filled(client, address, version="1", **{**typed, "value": "3.7"})
    assert answer.status_code == 409
    assert "3.5, entered by saul" in answer.text
    assert "a correction is version 2" in answer.text
    assert 'value="3.7"' in answer.text
    assert filled(client, address, **{**typed, "value": "3.1", "version": "2", "said": "recount"}).status_code == 303
    assert [(each.value, each.version) for each in card.observations("containers-inspected")] == [(3.5, 1), (3.1, 2)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": "101"}, "is no percentage"),
        ({"value": "3,5"}, "with a decimal point"),
        ({"value": "much"}, "is no number"),
        ({"value": "nan"}, "does not fit"),
        ({"on": "31/01/2024"}, "could be two days"),
        ({"on": "2030-01-01"}, "still to come"),
        ({"low": "9", "high": "8"}, "interval"),
        ({"source": ""}, "this is needed"),
        ({"version": "5"}, "would leave out version"),
    ],
)
def test_a_value_that_cannot_be_is_told_and_what_was_typed_is_kept(as_, card, typed, said):
    given = {"on": "2024-02-01", "value": "4", "source": "ANAM & others", "version": "1", "publication": "public"}
    before = len(card.observations())
    answer = as_("saul").post(f"{BASE}/indicators/containers-inspected/observe", data={**given, **typed}, headers=OWN)
    assert 400 <= answer.status_code < 500
    assert said in answer.text, answer.text
    assert "ANAM &amp; others" in answer.text or typed.get("source") == ""
    assert len(card.observations()) == before


def test_a_step_moves_only_with_a_reason_and_two_who_move_it_see_each_other(as_, card):
    card.plan(Milestone(id="hall", commitment="C69", title_en="A hall", title_es="Una sala", first_due="2024-06-01"))
    client = as_("saul")
    assert "this is needed" in filled(client, "/milestones/hall/amend", due="2024-07-01").text
    stale = {"seen": "0", "due": "2024-09-01", "reason": "Floods"}
    assert filled(client, "/milestones/hall/amend", due="2024-07-01", reason="The hall is closed").status_code == 303
    answer = client.post(f"{BASE}/milestones/hall/amend", data=stale, headers=OWN)
    assert answer.status_code == 409
    assert "The hall is closed" in answer.text
    assert "Floods" in answer.text
    page = client.get(f"{BASE}/commitments/C69").text
    assert "moved to Jul 1, 2024" in page
    assert filled(client, "/milestones/hall/done", on="2024-02-20", evidence="minutes").status_code == 303
    assert filled(client, "/milestones/hall/done", on="2024-02-21").status_code == 409
    assert card.milestone("hall").done_on == dt.date(2024, 2, 20)


def test_another_sites_form_changes_nothing(as_, card):
    before = len(card.ratings())
    answer = as_("saul").post(
        f"{BASE}/commitments/C57a/rate",
        data={"version": "1", "completion": "no-evidence", "publication": "public"},
        headers={"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert len(card.ratings()) == before


def test_stock_is_taken_on_demand_and_its_query_opens(as_, node):
    client = as_("saul")
    assert client.post(f"{BASE}/evidence", headers=OWN).status_code == 303
    page = client.get(f"{BASE}/evidence/framework/refusals")
    assert "counts of the border and of the holdings" in page.text
    assert "suppressed: fewer than five" in page.text
    assert client.get(f"{BASE}/evidence/framework/nonsense").status_code == 404
    assert as_("ana").post(f"{BASE}/evidence", headers=OWN).status_code == 404


def test_the_home_shows_the_framework_to_those_who_read_and_not_to_administrators(as_):
    page = as_("saul").get("/")
    assert "Of 74 promises, 5 have an indicator that can tell a result" in page.text
    assert f'href="{BASE}/scorecard"' in page.text
    assert "74 promises" not in as_("ada").get("/").text


def test_a_damaged_file_of_the_program_leaves_the_home_as_it_is(as_, node):
    path = node.settings.home / "programs" / "framework" / "scorecard" / "evidence.jsonl"
    held = path.read_text(encoding="utf-8")
    path.write_text("{}\n", encoding="utf-8")
    try:
        page = as_("saul").get("/")
        assert page.status_code == 200
        assert "this line is damaged" in page.text
    finally:
        path.write_text(held, encoding="utf-8")


def test_the_programs_own_place_shows_it_at_a_glance(as_):
    page = as_("saul").get(BASE)
    assert "Of 74 promises" in page.text
    assert "This program has no methods yet" not in page.text


def test_every_act_leaves_one_entry_without_its_words_and_a_refused_one_leaves_none(as_, node):
    def entries():
        with node.store.reading() as session:
            rows = session.scalars(select(Intent).where(Intent.kind.startswith("framework-"))).all()
            return [(each.kind, each.actor, each.subject, entry_of(each)) for each in rows]

    client, before = as_("saul"), len(entries())
    filled(client, "/commitments/C80/rate", completion="not-started")
    filled(client, "/commitments/C80/rate", completion="complete")
    observed = {"on": "2024-02-10", "value": "70", "source": "a quiet word"}
    filled(client, "/indicators/us-share-traced/observe", version="1", **observed)
    filled(client, "/milestones/plan-three-years/amend", due="2026-01-31", reason="a quiet reason")
    filled(client, "/milestones/plan-three-years/done", on="2024-02-20")
    made = entries()[before:]
    assert [each[:3] for each in made] == [
        ("framework-rated", "saul", "C80"),
        ("framework-observed", "saul", "us-share-traced"),
        ("framework-amended", "saul", "plan-three-years"),
        ("framework-done", "saul", "plan-three-years"),
    ]
    assert not any(b"quiet" in each[3] for each in made)
