"""Every page of the console, wide in English and narrow in Spanish: open to everyone, and no wider than its window."""

from __future__ import annotations

import pytest

from convenio.console.app import application
from convenio.console.samples import sample_finding
from convenio.demo.cast import MX, PASSWORD, US
from convenio.work.case_files import CaseFiles
from convenio.work.queue import Queue
from tests.browser.conftest import follow, served, sign_in
from tests.browser.test_blocks import faults
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
LISTS = ("findings", "cases", "records", "matches", "requests", "copies", "receipts")
PLAIN = (
    "",
    "search?q=OFAC",
    "jobs",
    "border",
    "agreements",
    "agreements/us-mx-joint-action",
    "ledgers",
    "consents",
    "corrections",
    "paperwork",
    "paperwork/contact/us",
    "me",
    "sources",
    "maps",
    "programs/finance",
    "programs/finance/methods/screen",
    "nowhere",
)


@pytest.mark.parametrize(("side", "language", "width"), [(US, "en", 1280), (MX, "es", 360)])
def test_every_page_is_open_to_everyone_and_fits(pair, open_page, side, language, width):  # noqa: F811
    pair.released()
    node = pair.us if side is US else pair.mx
    agency = side.player("analyst").agency
    Queue(node.store, pair.clock).add([sample_finding()], agency=agency, by="node")
    CaseFiles(node.store, pair.clock).open(
        node.people.person(side.player("analyst").name), reference="A-1", title="x" * 90, purpose="joint-designation"
    )
    node.logs.step()
    page = open_page(viewport={"width": width, "height": 800})
    with served(application(node)) as address:
        for role, places in {
            "supervisor" if side is MX else "analyst": [*PLAIN, *LISTS, "ledgers/internal", "ledgers/internal/0"],
            "administrator": ["", "administration", "sources"],
        }.items():
            sign_in(page, address, side.player(role).name, PASSWORD, language=language)
            seen = [each for place in places for each in opened(page, address, place)]
            assert all(found == ([], 0) for _place, found in seen), [each for each in seen if each[1] != ([], 0)]
            page.goto(f"{address}/")
            follow(page, "form[action='/sign-out'] button")


def opened(page, address: str, place: str):
    """A page, and the first thing that it lists: what axe finds, and by how much it is too wide."""
    page.goto(f"{address}/{place}")
    yield place, looked_at(page)
    if place in LISTS and (first := page.query_selector("tbody tr:first-child th a")):
        page.goto(f"{address}{first.get_attribute('href')}")
        yield f"{place}/…", looked_at(page)
        if place == "findings":
            page.goto(f"{address}/links{first_address(page)}")
            yield "links/…", looked_at(page)


def first_address(page) -> str:
    """The path of the page that is open, with its kind in the singular."""
    return page.url.split("/findings/")[-1].join(("/finding/", ""))


def looked_at(page) -> tuple[list[tuple[str, list[str]]], int]:
    """What axe finds, and how many pixels lie beyond the window."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return faults(page), max(0, over)
