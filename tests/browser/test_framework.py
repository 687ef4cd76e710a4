"""The framework's pages in Chromium: open to everyone, no wider than a phone, and a judgement given by keyboard."""

from __future__ import annotations

import datetime as dt

import pytest
from starlette.staticfiles import StaticFiles

from convenio.console.app import application
from convenio.core.program import discover
from convenio.programs.framework.program import PROGRAM
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown import BODIES, LISTS
from convenio.programs.framework.site import report_text, write_site
from tests.browser.conftest import follow, led_on, served, sign_in
from tests.browser.test_blocks import faults
from tests.console.conftest import small_node

pytestmark = pytest.mark.browser
NOW = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
PLACES = (
    "scorecard",
    *(each[0] for each in LISTS),
    *(each[0] for each in BODIES),
    "commitments/C40",
    "commitments/C69",
    "commitments/C40/rate",
    "indicators/homicides-mx/observe",
    "milestones/cyber-task-force/amend",
    "evidence/framework/refusals",
    "keep/evaluations/new?of=C40",
    "keep/funding/new?of=C40",
    "keep/indicators/homicides-mx",
    "keep/audits/GAO-20-388/recommendations/1",
    "keep/instruments/mental-health/clauses/new",
)


@pytest.fixture(scope="module")
def framework(tmp_path_factory):
    """A node with the program alone, served."""
    discover()
    node = small_node(tmp_path_factory.mktemp("node"))
    node.clock.at = NOW
    with served(application(node, installed={"framework": PROGRAM})) as address:
        node.address = address
        yield node
    node.store.close()


@pytest.mark.parametrize(
    ("language", "width", "places"),
    [("es", 360, PLACES), ("en", 1280, ("scorecard", "reciprocity", "audits", "frameworks", "commitments/C40"))],
)
def test_every_page_is_open_to_everyone_and_fits(framework, open_page, language, width, places):
    page = open_page(viewport={"width": width, "height": 800})
    sign_in(page, framework.address, "saul", language=language)
    wrong = []
    for place in ("", *(f"programs/framework/{each}" for each in places)):
        assert page.goto(f"{framework.address}/{place}").status == 200, place
        found = (place, faults(page), beyond(page))
        wrong += [found] if found[1:] != ([], 0) else []
    assert wrong == []


def beyond(page) -> int:
    """How many pixels lie beyond the window."""
    return max(0, page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_a_judgement_is_given_by_keyboard_alone_and_stands_beside_the_others(framework, open_page):
    page = open_page()
    sign_in(page, framework.address, "saul")
    page.goto(f"{framework.address}/programs/framework/commitments/C62/rate")
    page.focus("#f-completion")
    page.keyboard.type("lim")
    page.keyboard.press("Tab")
    page.keyboard.type("us-share-traced")
    page.keyboard.press("Tab")
    page.keyboard.type("The share fell, as far as weapons are traced")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with led_on(page):
        page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    assert "The share fell" in page.inner_text("section:has(#rater-C62-mx)")
    assert "no judgement" in page.inner_text("section:has(#rater-C62-us)")


def test_the_public_site_opens_from_a_disk_and_is_open_to_everyone(open_page, tmp_path):
    write_site(Scorecard(tmp_path / "card"), [], NOW.date(), tmp_path / "site")
    page = open_page(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page.goto((tmp_path / "site/index.html").as_uri())
    follow(page, "text=El tablero")
    follow(page, "nav >> text=Compromisos")
    follow(page, "text=C40")
    assert "Homicidios en México" in page.inner_text("main")
    follow(page, "nav >> text=English")
    assert "Homicides in Mexico" in page.inner_text("main")
    live = open_page(viewport={"width": 360, "height": 800})
    report = report_text(Scorecard(tmp_path / "card"), [], NOW.date())
    (tmp_path / "site" / "whole.html").write_text(report, encoding="utf-8")
    with served(StaticFiles(directory=tmp_path / "site")) as address:
        for place in ("en/serving.html", "es/commitments/C40.html"):
            live.goto(f"{address}/{place}")
            assert (place, faults(live), beyond(live)) == (place, [], 0)
        live.goto(f"{address}/whole.html")
        assert live.locator("h1").count() == 1
