"""The program's pages on a small node: counts come in, detection runs, alarms wait in the queue, a place has its series."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from types import SimpleNamespace
from urllib.parse import urlencode

import pyarrow.csv
import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.programs.early_warning.places import Atlas, outlines
from convenio.programs.early_warning.program import PROGRAM
from convenio.web.map import bundled_shapes
from tests.console.conftest import OWN, PASSWORD, small_node
from tests.programs.early_warning.made_up import as_counts, counts, rows_of

PATIENCE = 120.0
BASE = "/programs/early-warning"


@pytest.fixture
def node(tmp_path):
    made = small_node(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def client(node):
    app = application(node, installed={"early_warning": PROGRAM})
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as made:
        made.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        yield made


def file_of(*series):
    out = io.BytesIO()
    pyarrow.csv.write_csv(as_counts([row for each in series for row in each]), out)
    return out.getvalue()


TWO = (rows_of(counts(last=40), name="US-CA"), rows_of(counts(seed=5), name="TX"))


def sent(client, page, file=None, **values):
    shown = client.get(f"{BASE}/{page}")
    once = re.search(r'name="once" value="([^"]+)"', shown.text)[1]
    files = {"file": ("counts.csv", file, "text/csv")} if file is not None else None
    return client.post(f"{BASE}/{page}", data={"once": once, **values}, files=files, headers=OWN)


def brought(client, content=None, **values):
    content = file_of(*TWO) if content is None else content
    return sent(client, "counts", content, **{"title": "Visits", "weeks": "iso", "map": "us-states", **values})


def ended(client, answer):
    """The page that a job leads to, once it is at its end."""
    until = time.monotonic() + PATIENCE
    number = answer.headers["location"].removeprefix("/jobs/")
    while time.monotonic() < until:
        held = client.app.state.console.jobs.get(SimpleNamespace(name="ana"), number)
        if held["state"] == "done":
            return client.get(held["address"])
        if held["state"] == "failed":
            return client.get(f"/jobs/{number}")
        time.sleep(0.02)
    raise AssertionError(held)


def ran(client, **values):
    number = re.search(r'<option value="([0-9a-f]{16})"', client.get(f"{BASE}/alerts").text)[1]
    told = {"counts": number, "method": "farrington-flexible", "last": "1", "status": "final", "gaps": "refuse"}
    answer = sent(client, "alerts", **{**told, **values})
    return ended(client, answer) if answer.status_code == 303 else answer


def test_counts_come_in_detection_runs_and_a_named_person_decides(client):
    assert "No counts are held" in client.get(f"{BASE}/alerts").text
    assert brought(client).status_code == 303
    assert "Visits" in client.get(f"{BASE}/counts").text
    answer = ran(client)
    assert "2 series tested, 1 alarms, 1 of them new" in answer.text
    assert "US-CA" in answer.text
    assert "0 of them new" in ran(client).text
    number = re.search(r'href="/findings/([0-9a-f]{64})"', answer.text)[1]
    finding = client.get(f"/findings/{number}").text
    assert "US-CA: 40 cases" in finding
    assert "were expected from its own past" in finding
    version = re.search(r'name="version" value="([^"]+)"', finding)[1]
    decided = client.post(
        f"/findings/{number}/dismiss",
        data={"version": version, "text": "a clinic reported twice"},
        headers=OWN,
    )
    assert decided.status_code == 303, decided.text
    assert "dismissed" in client.get(f"{BASE}/alerts").text


def test_a_place_shows_its_series_its_alarms_and_what_was_known_when(client, node):
    brought(client, known_on="2023-05-01")
    brought(client, file_of(rows_of(counts(last=7), name="US-CA"), TWO[1]), known_on="2023-06-01")
    number = re.search(r'<option value="([0-9a-f]{16})"', client.get(f"{BASE}/alerts").text)[1]
    ran(client, as_of="2023-05-01")
    page = client.get(f"{BASE}/place?{urlencode({'counts': number, 'series': 'US-CA'})}").text
    assert "<svg" in page
    assert "History of its alarms" in page
    assert ">40<" in page
    then = client.get(f"{BASE}/place?{urlencode({'counts': number, 'series': 'US-CA', 'as_of': '2023-05-01'})}").text
    assert "as known on 2023-05-01" in then
    assert client.get(f"{BASE}/place?{urlencode({'counts': number, 'series': 'XX'})}").status_code == 404
    assert client.get(f"{BASE}/place?counts=0000000000000000&series=TX").status_code == 404


def test_the_map_shows_cases_by_what_was_expected(client):
    brought(client, file_of(*TWO, rows_of(counts(seed=9), name="Atlantis")))
    ran(client)
    page = client.get(f"{BASE}/map").text
    assert "Atlantis" in page
    if bundled_shapes("us-states") is not None:
        assert "1 place is not on this map: Atlantis" in page
        assert "California" in page
        assert re.search(r"California: [5-9]\.", page)


def test_what_does_not_fit_is_told_and_what_is_held_stays(client):
    brought(client)
    assert "no file was chosen" in sent(client, "counts", title="Visits", weeks="iso").text
    wrong = brought(client, b"place,week,cases\na,2020-W54,3\n")
    assert wrong.status_code == 422
    assert "2020-W54" in wrong.text
    assert ">660<" in client.get(f"{BASE}/counts").text
    assert ran(client, last="no").status_code == 422
    refused = ran(client, method="cusum", alpha="0.01")
    assert refused.status_code == 422
    assert "no effect with cusum" in refused.text


def test_another_agency_sees_none_of_it_and_an_administrator_no_page(node):
    node.people.add_agency("ssa", en="Ministry of Health", es="Secretaría de Salud")
    node.people.add("celia", PASSWORD, full_name="Celia Paz", agency="ssa", roles=["analyst"])
    app = application(node, installed={"early_warning": PROGRAM})
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        client.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
        brought(client)
        number = re.search(r'<option value="([0-9a-f]{16})"', client.get(f"{BASE}/alerts").text)[1]
        client.cookies.clear()
        client.post("/sign-in", data={"name": "celia", "password": PASSWORD}, headers=OWN)
        assert "Visits" not in client.get(f"{BASE}/counts").text
        assert client.get(f"{BASE}/place?counts={number}&series=TX").status_code == 404
        client.cookies.clear()
        client.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers=OWN)
        assert client.get(f"{BASE}/alerts").status_code == 404


def test_a_supervisor_reads_and_does_not_run(node):
    app = application(node, installed={"early_warning": PROGRAM})
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        client.post("/sign-in", data={"name": "sara", "password": PASSWORD}, headers=OWN)
        page = client.get(f"{BASE}/alerts")
        assert page.status_code == 200
        assert "Run detection" not in page.text
        assert client.post(f"{BASE}/alerts", data={}, headers=OWN).status_code == 404


def test_the_methods_own_page_takes_its_arguments_as_they_are(client):
    page = client.get(f"{BASE}/methods/detect").text
    assert '<option value="true">' in page
    assert "thresholdMethod" in page or "nbPlugin" in page


@pytest.mark.skipif(bundled_shapes("us-states") is None, reason="the maps are not built here")
@pytest.mark.parametrize(
    ("place", "chosen", "shape"),
    [
        ("06", "us-states", "06"),
        ("ca", "us-states", "06"),
        ("US-CA", "us-states", "06"),
        ("California", "us-states", "06"),
        ("09", "mx-states", "09"),
        ("MX-09", "mx-states", "09"),
        ("campeche", "mx-states", "04"),
        ("04015", "us-counties", "04015"),
        ("6", "us-states", None),
        ("06", "", None),
    ],
)
def test_a_place_is_found_on_its_map_by_code_or_name(place, chosen, shape):
    assert Atlas(chosen, outlines(None, chosen)).shape_of(place) == shape


def test_a_count_takes_the_place_of_the_same_count_of_the_same_day_only(tmp_path):
    from convenio.programs.early_warning.kept import Shelf

    shelf = Shelf(tmp_path, "ssa")
    now = dt.datetime(2023, 5, 2, tzinfo=dt.UTC)
    first = shelf.take("Visits", as_counts(TWO[1]), chosen_map="us-states", by="ana", now=now)
    again = shelf.take("visits", as_counts(TWO[1]), chosen_map="", by="ana", now=now)
    assert (first.id, again.rows, again.map) == (first.id, 330, "us-states")
    corrected = [{**TWO[1][0], "observed": 99}]
    shelf.take("Visits", as_counts(corrected), chosen_map="", by="ana", now=now)
    assert 99 in shelf.counts(first.id).column("observed").to_pylist()
    assert shelf.get(first.id).rows == 330
    other = shelf.take("Visits", as_counts(TWO[0]), chosen_map="", by="ana", now=now)
    assert other.rows == 660
    later = shelf.take("Visits", as_counts(TWO[1]), chosen_map="", by="ana", now=now + dt.timedelta(days=7))
    assert later.rows == 990
    assert later.vintages == ("2023-05-02", "2023-05-09")


def test_two_who_write_at_once_lose_nothing(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    from convenio.programs.early_warning.kept import Run, Shelf
    from convenio.programs.early_warning.schema import Alarm

    now = dt.datetime(2023, 5, 2, tzinfo=dt.UTC)
    kept = Shelf(tmp_path, "ssa").take("Visits", as_counts(TWO[1]), chosen_map="", by="ana", now=now)
    empty = Alarm.arrow_schema().empty_table()

    def act(number):
        shelf = Shelf(tmp_path, "ssa")
        shelf.ran(kept.id, Run(str(number), "ana", {}, 1, []), empty)
        days = now + dt.timedelta(days=number + 1)
        shelf.take("Visits", as_counts(TWO[1][:1]), chosen_map="", by="ana", now=days)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(8)))
    shelf = Shelf(tmp_path, "ssa")
    assert sorted(int(each.at) for each in shelf.runs(kept.id)) == list(range(8))
    assert len(shelf.get(kept.id).vintages) == 9


@pytest.mark.parametrize(
    ("page", "head", "holds"),
    [
        ("alerts?download=csv", "place", "US-CA"),
        ("counts?download=csv", "Title", "Visits"),
        ("map?map.download=csv", "place", "methamphetamine"),
        ("place?series=US-CA&h.download=csv&counts=", "first day of the period", "40"),
        ("place?series=US-CA&series.download=csv&counts=", "first day of the period", "40"),
    ],
)
def test_every_table_can_be_taken_as_a_file(client, page, head, holds):
    brought(client, file_of(*TWO, rows_of(counts(seed=9), name="NV", substance="methamphetamine")))
    ran(client)
    number = re.search(r'<option value="([0-9a-f]{16})"', client.get(f"{BASE}/alerts").text)[1]
    taken = client.get(f"{BASE}/{page}{number if page.endswith('counts=') else ''}")
    assert "attachment" in taken.headers["content-disposition"]
    assert head in taken.text.splitlines()[0]
    if "map" not in page or bundled_shapes("us-states") is not None:
        assert holds in taken.text
    assert client.get(f"{BASE}/alerts?download=pdf").status_code == 400
