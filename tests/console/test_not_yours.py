"""A link to what one may not see answers like a link to what is not there; and two who decide at the same moment."""

from __future__ import annotations

import re
import threading

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.console.samples import sample_finding
from convenio.core.canonical import digest
from convenio.core.words import Message
from convenio.demo.cast import FIELDS, MX, PASSWORD, US
from convenio.people.credentials import sign_decision
from convenio.work.case_files import CaseFiles
from convenio.work.queue import Queue
from tests.console.conftest import OWN
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

NOTHING = "0"
COUNTED = ("/matches/{}",)
"""Shown to those who keep the node or count for the secretariat, without its case."""


@pytest.fixture
def things(pair):  # noqa: F811
    """One of each kind of thing at the asking node, made by or for its first analyst, and the desks of others."""
    node, analyst = pair.us, pair.person(US, "analyst")
    request, copy = pair.released()
    queue = Queue(node.store, pair.clock)
    queue.add([sample_finding()], agency=analyst.agency, by=analyst.name)
    case = CaseFiles(node.store, pair.clock).open(analyst, reference="A-1", title="Names", purpose="joint-designation")
    app = application(node, installed={})
    jobs = app.state.console.jobs
    jobs.handle("none", lambda _task: "/jobs", again=False)
    run = node.requests.get(request).run
    return app, {
        "/findings/{}": queue.all(analyst)[0]["id"],
        "/cases/{}": case,
        "/cases/{}?form=pdf": case,
        "/matches/{}": run,
        "/requests/{}": request,
        "/copies/{}": copy,
        "/receipts/{}": next(iter(node.receipts.all())).id,
        "/receipts/{}?download=json": next(iter(node.receipts.all())).id,
        "/jobs/{}": jobs.start("none", analyst, Message("x")),
        "/jobs/{}/events": jobs.start("none", analyst, Message("y")),
        "/links/finding/{}": queue.all(analyst)[0]["id"],
        "/links/case/{}": case,
        "/links/copy/{}": copy,
        "/links/request/{}/more": request,
    }


def test_what_is_not_yours_and_what_is_nowhere_are_answered_alike(things, pair):  # noqa: F811
    app, held = things
    jobs = app.state.console.jobs
    jobs.close()
    other = next(each for each in US.players if "analyst" in each.roles and each.agency != US.player("analyst").agency)
    for name in (US.player("administrator").name, US.player("secretariat").name, other.name):
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as desk:
            desk.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
            for place, number in held.items():
                if place in COUNTED and name != other.name:
                    continue
                nowhere = NOTHING * len(number)
                there, none = desk.get(place.format(number)), desk.get(place.format(nowhere))
                assert (there.status_code, none.status_code) == (404, 404), (name, place)
                said = there.text.replace(number, nowhere).replace(number[:16], nowhere[:16])
                assert said == none.text, (name, place)
                assert there.headers.keys() == none.headers.keys()


def test_who_counts_blind_matches_sees_none_of_their_cases(things, pair):  # noqa: F811
    app, held = things
    for role in ("administrator", "secretariat"):
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as desk:
            desk.post("/sign-in", data={"name": US.player(role).name, "password": PASSWORD}, headers=OWN)
            page = desk.get(f"/matches/{held['/matches/{}']}").text
            assert "OFAC-2021-1006" not in page
            assert US.player("analyst").name not in page


def test_two_officers_who_sign_at_the_same_moment_release_once(pair):  # noqa: F811
    match = pair.match()
    number = pair.us.requests.open(match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="why")
    pair.settle()
    app, both, answers = application(pair.mx, installed={}), threading.Barrier(2), {}
    told = digest(pair.mx.deciding.decision(number))

    def sign(officer):
        with TestClient(app, base_url="http://localhost", follow_redirects=False) as desk:
            desk.post("/sign-in", data={"name": officer.name, "password": PASSWORD}, headers=OWN)
            signed = sign_decision(pair.keys[officer.name], told)
            both.wait(120)
            answers[officer.name] = desk.post(f"/requests/{number}/approve", data=signed, headers=OWN).status_code

    threads = [threading.Thread(target=sign, args=(each,)) for each in [e for e in MX.players if e.officer][:2]]
    for each in threads:
        each.start()
    for each in threads:
        each.join(240)
    assert sorted(answers.values()) == [303, 303]
    assert len(pair.mx.requests.approvals(number)) == 2
    assert pair.mx.requests.get(number).state == "released"
    assert len([each for each in pair.mx.releases.all() if each.request == number]) == 1


CODES = ("finance-designation", "joint-designation", "us-mx-joint-action", "released", "delivered", "case_file")


def test_no_page_shows_a_code_where_there_is_a_word_for_it(things, pair):  # noqa: F811
    app, held = things
    Queue(pair.us.store, pair.clock).link(pair.person(US, "analyst"), held["/findings/{}"], 1, held["/cases/{}"])
    CaseFiles(pair.us.store, pair.clock).open(
        pair.person(US, "analyst"), reference="OFAC-2021-1006", title="Names", purpose="joint-designation"
    )
    with TestClient(app, base_url="http://localhost", follow_redirects=True) as desk:
        desk.post("/sign-in", data={"name": US.player("analyst").name, "password": PASSWORD}, headers=OWN)
        desk.get("/?lang=es")
        listed = re.findall(r'href="(/cases/[0-9a-f]+)"', desk.get("/cases").text)
        places = [place.format(number) for place, number in held.items() if "/links/" not in place and "?" not in place]
        for place in [*places, *listed, "/cases", "/search?q=OFAC-2021-1006&lang=es", "/search?q=ruth", "/"]:
            if place.endswith("/events"):
                continue
            main = desk.get(place).text.partition("<main")[2].partition("<details")[0]
            seen = re.sub(r"<[^>]*>", " ", re.sub(r"<(script|option)[^>]*>.*?</\1>", " ", main, flags=re.DOTALL))
            assert [each for each in CODES if each in seen] == [], place
