"""Findings, case files and jobs over the API: what their pages show, to those whom their pages show it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from convenio.api.app import api
from convenio.console.samples import sample_finding
from convenio.core.words import Message
from convenio.demo.cast import US
from convenio.stores.tables import Intent
from convenio.work.case_files import CaseFiles
from convenio.work.jobs import Jobs
from convenio.work.marks import Marks
from convenio.work.queue import Queue
from tests.exchange.conftest import pair as real_pair
from tests.exchange.conftest import planted  # noqa: F401 - a fixture

MANY = 7
PLACES = ("findings", "cases", "jobs")


def finding_number(n):
    return sample_finding().model_copy(update={"inputs": f"{n:064x}", "program": "finance" if n else "missing"})


@pytest.fixture(scope="module")
def pair(tmp_path_factory, planted):  # noqa: F811
    """Two nodes, for all tests of this module."""
    making = real_pair._get_wrapped_function()(tmp_path_factory.mktemp("pair"), planted)
    yield next(making)
    next(making, None)


@pytest.fixture(scope="module")
def desk(pair):
    """The API of the asking node, whose first analyst has findings, a case file with one of them, and a job."""
    node, analyst = pair.us, pair.person(US, "analyst")
    queue, cases = Queue(node.store, pair.clock, node.derived), CaseFiles(node.store, pair.clock)
    queue.add([finding_number(n) for n in range(MANY)], agency=analyst.agency, by=analyst.name)
    case = cases.open(analyst, reference="A-1", title="Names", purpose="joint-designation")
    cases.add(analyst, case, "note", text="looked at the lists")
    first = queue.all(analyst)[0]["id"]
    queue.verify(analyst, first, 1, "both lists")
    queue.link(analyst, first, 2, case)
    jobs = Jobs(node.store, node.people, pair.clock)
    jobs.handle("none", lambda _task: "/findings", again=False)
    job = jobs.start("none", analyst, Message("x"))
    jobs.close()
    with TestClient(api(node, programs={})) as client:
        yield client, {"findings": first, "cases": case, "jobs": job}


def token(node, name, *scopes):
    return {"authorization": f"Bearer {node.people.token(name, scopes)}"}


def shown(node):
    with node.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Intent).where(Intent.kind == "shown"))


def test_pages_follow_each_other_without_gap_or_repeat(desk, pair):
    client, _held = desk
    analyst = token(pair.us, US.player("analyst").name)
    found, address = [], "/findings?limit=2"
    while address:
        answer = client.get(address, headers=analyst)
        assert len(answer.json()) <= 2
        found += [each["id"] for each in answer.json()]
        address = answer.links["next"]["url"] if "next" in answer.links else None
    assert sorted(found) == sorted(finding_number(n).id for n in range(MANY))


def test_the_state_and_the_program_choose(desk, pair):
    client, held = desk
    analyst = token(pair.us, US.player("analyst").name)

    def ids(query):
        return [each["id"] for each in client.get(f"/findings?{query}", headers=analyst).json()]

    assert ids("state=verified") == [held["findings"]]
    assert len(ids("state=new")) == MANY - 1
    assert ids("program=missing") == [finding_number(0).id]
    assert ids("program=nowhere") == []
    assert client.get("/findings?state=lost", headers=analyst).status_code == 422


def test_one_finding_and_one_case_file_leave_the_entry_that_their_pages_leave(desk, pair):
    client, held = desk
    node, analyst = pair.us, token(pair.us, US.player("analyst").name)
    for place in ("findings", "cases"):
        before = shown(node)
        told = client.get(f"/{place}/{held[place]}", headers=analyst).json()
        assert shown(node) == before + 1
        mark = Marks(node.store, pair.clock).find(told["shown_to"])
        assert mark is not None
        assert (mark.who, mark.subject) == (US.player("analyst").name, held[place])


def test_what_is_read_is_whole(desk, pair):
    client, held = desk
    analyst = token(pair.us, US.player("analyst").name)
    finding = client.get(f"/findings/{held['findings']}", headers=analyst).json()
    assert finding["finding"]["claim"] == sample_finding().claim.model_dump()
    assert (finding["state"], finding["case_file"]) == ("verified", held["cases"])
    case = client.get(f"/cases/{held['cases']}", headers=analyst).json()
    assert [each["text"] for each in case["events"]] == ["looked at the lists"]
    assert [each["id"] for each in case["findings"]] == [held["findings"]]
    assert case["marking"] == sample_finding().marking.model_dump(mode="json")
    job = client.get(f"/jobs/{held['jobs']}", headers=analyst).json()
    assert (job["state"], job["address"]) == ("done", "/findings")


def test_what_is_not_yours_and_what_is_nowhere_are_answered_alike(desk, pair):
    client, held = desk
    own = US.player("analyst")
    other = next(each for each in US.players if "analyst" in each.roles and each.agency != own.agency)
    before = shown(pair.us)
    for name in (US.player("administrator").name, US.player("secretariat").name, other.name):
        headers = token(pair.us, name)
        for place in PLACES:
            number, nowhere = held[place], "0" * len(held[place])
            there, none = (client.get(f"/{place}/{each}", headers=headers) for each in (number, nowhere))
            assert (there.status_code, none.status_code) == (404, 404), (name, place)
            assert there.headers["content-type"] == "application/problem+json"
            assert there.text.replace(number[:16], nowhere[:16]) == none.text, (name, place)
            assert client.get(f"/{place}", headers=headers).json() == [], (name, place)
    assert shown(pair.us) == before


def test_a_token_for_something_else_reads_none_of_it(desk, pair):
    client, held = desk
    narrow = token(pair.us, US.player("analyst").name, "request")
    for place in PLACES:
        assert client.get(f"/{place}", headers=narrow).status_code == 403
        assert client.get(f"/{place}/{held[place]}", headers=narrow).status_code == 403
        assert client.get(f"/{place}").status_code == 401
