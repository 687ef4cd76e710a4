"""A blind match ordered on a page survives the node's restart: what was not sent is asked, what was is followed."""

from __future__ import annotations

import re
import time

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.demo.cast import AGREEMENT, CASE, CLAUSE, PASSWORD, US
from convenio.work.jobs import Jobs
from convenio.work.tables import Job
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.test_going_on import Killed

OWN = {"sec-fetch-site": "same-origin"}
PATIENCE = 120.0


@pytest.fixture
def ordered(pair, monkeypatch):  # noqa: F811
    """A match that is ordered on a page of a node that stops before it begins; the job's row."""
    monkeypatch.setattr(Jobs, "_go", lambda *_given: None)
    pages = signed_in(pair)
    page = pages.get("/matches").text
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    typed = {"once": once, "peer": "mx", "clause": f"{AGREEMENT}/{CLAUSE}", "kind": "curp", "case": CASE}
    people = "\n".join(f"{row['name']}, {row['curp']}" for row in pair.nominees.select(["name", "curp"]).to_pylist())
    answer = pages.post("/matches", data=typed | {"subject_role": "suspect", "subjects": people}, headers=OWN)
    assert "/jobs/" in str(answer.url), answer.text
    monkeypatch.undo()
    with pair.us.store.reading() as session:
        return session.get(Job, str(answer.url).rpartition("/")[2])


def signed_in(pair):  # noqa: F811
    pages = TestClient(application(pair.us, installed={}), base_url="http://localhost", follow_redirects=True)
    name = next(each.name for each in US.players if "analyst" in each.roles)
    pages.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
    return pages


def came(pair, job):  # noqa: F811
    """The page that a job led to, once the node has started again."""
    pages = signed_in(pair)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with pair.us.store.reading() as session:
            held = session.get(Job, job.id)
        if held.state in {"done", "failed"}:
            assert held.state == "done", held.trouble
            return pages.get(held.address).text
        time.sleep(0.05)
    raise AssertionError(held.state)


def test_what_had_not_begun_is_asked_after_the_restart(pair, ordered):  # noqa: F811
    assert pair.us.asking.state(ordered.params["run"]) == ""
    page = came(pair, ordered)
    assert sum(row["shared"] for row in pair.truth.to_pylist()) == page.count('name="place"')
    assert pair.us.asking.state(ordered.params["run"]) == "done"


def test_what_had_been_sent_is_gone_on_with_and_not_asked_again(pair, ordered, monkeypatch):  # noqa: F811
    run, post = ordered.params["run"], pair.us.peers.post

    def dying(peer, path, body, **more):
        if path.endswith("/set"):
            raise Killed
        return post(peer, path, body, **more)

    monkeypatch.setattr(pair.us.peers, "post", dying)
    with pytest.raises(Killed):
        pair.us.asking.ask(pair.order(), pair.person(US, "analyst"), run=run)
    monkeypatch.undo()
    assert pair.us.asking.go_on_with_all() == 1
    assert 'name="place"' in came(pair, ordered)
    assert [each.id for each in pair.us.asking.runs() if each.side == "ask"] == [run]
