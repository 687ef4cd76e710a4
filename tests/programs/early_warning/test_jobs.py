"""Detection in a node is a job: begun anew after a restart, kept once, in the language of the one who ordered it."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.programs.early_warning.detecting import KIND
from convenio.programs.early_warning.kept import Shelf
from convenio.programs.early_warning.program import PROGRAM
from convenio.web.maps import Maps
from convenio.work.queue import Queue
from convenio.work.tables import Job
from tests.console.conftest import OWN, PASSWORD, small_node
from tests.programs.early_warning.made_up import as_counts, counts, rows_of
from tests.programs.early_warning.test_pages import BASE, TWO, brought, ended, file_of, ran, sent


@pytest.fixture
def node(tmp_path):
    made = small_node(tmp_path)
    yield made
    made.store.close()


def signed_in(node):
    app = application(node, installed={"early_warning": PROGRAM})
    client = TestClient(app, base_url="http://localhost", follow_redirects=False)
    client.post("/sign-in", data={"name": "ana", "password": PASSWORD}, headers=OWN)
    return client


def ordered(client, node, **values):
    """Send the form of detection over the only counts there are; the answer to it."""
    number = Shelf(node.settings.home / "programs" / "early_warning", "uif").all()[0].id
    told = {"counts": number, "method": "ears-c1", "last": "1", "status": "final", "gaps": "refuse"}
    return sent(client, "alerts", **{**told, **values})


def stored(node, number="00000000000000aa", **changes):
    """A job as a node that was killed left it: running, with no one at work on it."""
    shelf = Shelf(node.settings.home / "programs" / "early_warning", "uif")
    table = as_counts([row for each in TWO for row in each])
    kept = shelf.take("Visits", table, chosen_map="us-states", by="ana", now=node.clock())
    params = {"counts": kept.id, "detect": {"method": "farrington-flexible", "last": 1}, "language": "en", **changes}
    with node.store.transaction() as session:
        session.add(
            Job(
                id=number,
                kind=KIND,
                title={"en": "Detection", "es": "Detección"},
                account="ana",
                state="running",
                share=0.4,
                params=params,
                created_at=node.clock(),
            )
        )
    return kept, f"/jobs/{number}"


def jobs_of(node):
    with node.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Job))


class At:
    """An answer that leads to an address."""

    def __init__(self, address):
        self.headers = {"location": address}


def test_a_job_that_a_restart_cut_short_is_taken_up_and_ends(node):
    _kept, address = stored(node)
    client = signed_in(node)
    page = ended(client, At(address)).text
    assert "2 series tested, 1 alarms, 1 of them new" in page
    assert "US-CA" in page


def test_a_job_that_was_stopped_after_its_end_was_kept_is_one_run(node):
    kept, address = stored(node)
    ended(signed_in(node), At(address))
    with node.store.transaction() as session:
        session.get(Job, "00000000000000aa").state = "running"
    page = ended(signed_in(node), At(address)).text
    assert "1 alarms, 1 of them new" in page
    shelf = Shelf(node.settings.home / "programs" / "early_warning", "uif")
    assert len(shelf.runs(kept.id)) == 1
    assert len(Queue(node.store, node.clock).all(node.people.person("ana"))) == 1


def test_a_job_over_counts_that_are_gone_fails_and_says_so(node):
    _kept, address = stored(node, counts="0123456789abcdef")
    client = signed_in(node)
    assert "there are no such counts here" in ended(client, At(address)).text


def test_what_a_run_notes_is_in_the_language_of_the_one_who_ordered_it(node):
    client = signed_in(node)
    short = rows_of(counts(20, last=9), name="TX")
    brought(client, file_of(TWO[0], short))
    page = client.get(f"{BASE}/alerts?lang=es").text
    number = re.search(r'<option value="([0-9a-f]{16})"', page)[1]
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    told = {"counts": number, "method": "farrington-flexible", "last": "1", "status": "final", "gaps": "refuse"}
    answer = client.post(f"{BASE}/alerts?lang=es", data={"once": once, **told}, headers=OWN)
    ended(client, answer)
    shelf = Shelf(node.settings.home / "programs" / "early_warning", "uif")
    notes = " ".join(row["note"] for row in shelf.result(number).to_pylist())
    assert "más corta que su línea de base" in notes, notes


def test_a_form_sent_twice_starts_one_job_and_leads_both_times_to_it(node):
    client = signed_in(node)
    brought(client)
    shown = client.get(f"{BASE}/alerts").text
    number = re.search(r'<option value="([0-9a-f]{16})"', shown)[1]
    once = re.search(r'name="once" value="([^"]+)"', shown)[1]
    told = {"counts": number, "method": "ears-c1", "last": "1", "status": "final", "gaps": "refuse", "once": once}
    one, two = (client.post(f"{BASE}/alerts", data=told, headers=OWN) for _each in range(2))
    assert one.headers["location"] == two.headers["location"]
    ended(client, one)
    assert jobs_of(node) == 1


def test_counts_sent_twice_by_one_form_are_taken_once(node):
    client = signed_in(node)
    once = re.search(r'name="once" value="([^"]+)"', client.get(f"{BASE}/counts").text)[1]
    told = {"title": "Visits", "weeks": "iso", "map": "", "once": once}

    def send():
        files = {"file": ("counts.csv", file_of(*TWO), "text/csv")}
        return client.post(f"{BASE}/counts", data=told, files=files, headers=OWN)

    first = send()
    node.clock.forward(minutes=2)
    again = send()
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["location"] == first.headers["location"]
    (kept,) = Shelf(node.settings.home / "programs" / "early_warning", "uif").all()
    assert kept.at == "2021-10-06T12:00:00+00:00"


def test_an_argument_without_effect_is_refused_before_a_job_begins(node):
    client = signed_in(node)
    brought(client)
    answer = ordered(client, node, method="glr", alpha="0.01")
    assert answer.status_code == 422
    assert "no effect with glr" in answer.text
    assert "c_ARL" in answer.text
    assert jobs_of(node) == 0


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("en", "the season as waves", "2 series tested, 1 alarms"),
        ("es", "la estacionalidad en ondas", "2 series probadas"),
    ],
)
def test_harmonic_is_chosen_in_words_and_runs(node, language, words, told):
    client = signed_in(node)
    brought(client)
    assert words in client.get(f"{BASE}/alerts?lang={language}").text
    assert "harmonic" in client.get(f"{BASE}/methods/detect?lang={language}").text
    answer = ordered(client, node, method="harmonic")
    assert told in ended(client, answer).text


def a_map(tmp_path):
    """Three municipalities as GeoJSON, two of one name."""
    squares = [
        {
            "type": "Feature",
            "properties": {"CVEGEO": code, "NOMGEO": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[-99 + n, 19], [-98 + n, 19], [-98 + n, 20], [-99 + n, 20], [-99 + n, 19]]],
            },
        }
        for n, (code, name) in enumerate(
            [("09014", "Benito Juárez"), ("23005", "Benito Juárez"), ("09002", "Azcapotzalco")]
        )
    ]
    path = tmp_path / "municipios.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": squares}), encoding="utf-8")
    return path


def test_counts_stand_on_a_map_that_was_brought_in_by_code_and_by_a_name_that_is_one_places(node, tmp_path):
    maps = Maps(node.settings.home / "maps")
    maps.add("mx-municipios", a_map(tmp_path), key="CVEGEO", label="NOMGEO")
    client = signed_in(node)
    assert '<option value="mx-municipios"' in client.get(f"{BASE}/counts").text
    names = ("09014", "azcapotzalco", "Benito Juárez")
    content = file_of(*(rows_of(counts(seed=each, last=30), name=name) for each, name in enumerate(names)))
    brought(client, content, map="mx-municipios")
    ran(client)
    page = client.get(f"{BASE}/map").text
    assert re.search(r'data-said="Azcapotzalco: [0-9]', page)
    assert re.search(r'data-said="Benito Juárez: [0-9]', page)
    assert "1 place is not on this map: Benito Juárez" in page
    other = client.get(f"{BASE}/map?on=mx-states").text
    assert "3 places are not on this map" in other or "the numbers stand alone" in other
    maps.drop("mx-municipios")
    gone = client.get(f"{BASE}/map").text
    assert "The map mx-municipios is not here, or no longer" in gone
    assert "azcapotzalco" in gone


def test_counts_without_a_map_ask_for_one(node):
    client = signed_in(node)
    assert "No counts are held here yet" in client.get(f"{BASE}/map").text
    brought(client, map="")
    assert "choose one" in client.get(f"{BASE}/map").text
