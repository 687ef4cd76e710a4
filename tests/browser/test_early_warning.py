"""Early warning on real pages: counts come in, detection runs, a place and the map are looked at, wide and narrow."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.console.app import application
from convenio.programs.early_warning.demo import made_up_counts, show_alerts
from convenio.programs.early_warning.kept import Shelf
from convenio.programs.early_warning.program import PROGRAM
from convenio.work.queue import Queue
from tests.browser.conftest import follow, pictures, served, sign_in
from tests.browser.test_pages import looked_at
from tests.console.conftest import small_node

pytestmark = pytest.mark.browser
BASE = "/programs/early-warning"


@pytest.fixture(scope="module")
def health(tmp_path_factory):
    """A node of a health agency with made-up counts, two vintages of them, and alarms in the queue."""
    home = tmp_path_factory.mktemp("health")
    node = small_node(home)
    person, now = node.people.person("ana"), node.clock()
    folder = home / "programs" / "early_warning"
    show_alerts(folder, "us", Queue(node.store, node.clock), person, now)
    (kept,) = Shelf(folder, person.agency).all()
    older = made_up_counts("us", now.date())
    shelf = Shelf(folder, person.agency)
    shelf.take(kept.title, older, chosen_map="", by="ana", now=now - dt.timedelta(days=7))
    with served(application(node, installed={"early_warning": PROGRAM})) as address:
        yield address, kept.id
    node.store.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 360)])
def test_every_page_is_open_to_everyone_and_fits(health, open_page, language, width):
    address, number = health
    page = open_page(viewport={"width": width, "height": 800})
    sign_in(page, address, "ana", language=language)
    place = f"place?counts={number}&series=CA&substance=fentanyl"
    for name in ("", "/alerts", "/counts", "/map", f"/{place}", "/methods/detect"):
        page.goto(f"{address}{BASE}{name}")
        assert looked_at(page) == ([], 0), name
        if folder := pictures():
            label = name.strip("/").partition("?")[0].replace("/", "-") or "home"
            page.screenshot(path=str(folder / f"early-warning-{label}-{language}-{width}.png"), full_page=True)


def test_an_analyst_goes_from_an_alarm_to_its_place_and_decides(health, open_page):
    address, _number = health
    page = open_page()
    sign_in(page, address, "ana")
    page.goto(f"{address}{BASE}/alerts")
    follow(page, "tbody tr:first-child th a")
    page.wait_for_selector("figure svg .alarm")
    assert page.locator("#history tbody tr").count() == 1
    page.click("#history-title")
    page.select_option("#f-as_of", index=1)
    follow(page, "main form button[type=submit]")
    page.wait_for_selector("main .note")
    assert "as known on" in page.inner_text("main .note")
    page.goto(f"{address}{BASE}/alerts")
    page.select_option("#f-method", "ears-c1")
    page.click("form.entry button[type=submit]")
    page.wait_for_selector("[role=status] a[href='/findings']", timeout=120_000)
    assert "series tested" in page.inner_text("main [role=status]")
    follow(page, "main a[href^='/findings/']")
    page.wait_for_selector(".reasons")
    assert "were expected from its own past" in page.inner_text(".reasons")
