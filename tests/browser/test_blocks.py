from __future__ import annotations

import pytest

from convenio.console.pages.blocks import BLOCKS
from tests.browser.conftest import led_on, sign_in

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LISTENING = """
window.listening = [];
const Told = window.EventSource;
window.EventSource = class extends Told {
  constructor(...given) { super(...given); window.listening.push(this); }
};
"""
STATES = {
    "table": {".table-block": 2, "#empty .empty": 1, "#table .pager": 1, "#table .downloads a": 3},
    "table?q=nobody": {"#table .filtered a": 1, "#table .empty": 1},
    "plot": {"figure": 4, "#nothing > .empty": 1, "#series svg .alarm": 3, "details.twin": 4},
    "map": {"figure": 4, "#own path": 2, "#unbuilt .note": 1, "details.twin": 4},
    "graph": {"figure": 2, "#nothing > .empty": 1, "details.twin": 2},
    "form": {"main form.entry .field": 8, ".problem": 0},
    "form?state=wrong": {"main form.entry .field.wrong": 3, ".problem li": 3, "[aria-invalid=true]": 2},
    "timeline": {".timeline li": 4, ".timeline .good": 1, ".timeline .bad": 1, ".timeline-block .empty": 1},
    "reasons": {".reasons": 2, ".score": 1, ".evidence": 1},
    "marking": {".marking": 6, ".tlp-red": 2},
    "progress": {".progress-block": 4, "[data-progress]": 1, "progress:not([value])": 1},
    "report": {"main figure svg.drawn": 3, ".reasons": 2, ".marking": 1},
}


def faults(page) -> list[tuple[str, list[str]]]:
    """What axe finds, by rule."""
    found = axe_playwright.Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]


@pytest.mark.parametrize(("language", "theme"), [("es", "dark")])
def test_every_block_is_open_to_everyone(small, open_page, language, theme):
    page = open_page(color_scheme=theme)
    sign_in(page, small.address, "ana", language=language)
    for block in BLOCKS:
        assert page.goto(f"{small.address}/blocks/{block}").status == 200
        for each in page.query_selector_all("details"):
            each.evaluate("element => element.open = true")
        assert faults(page) == [], (block, language, theme)


def test_no_block_is_wider_than_a_phone(small, open_page):
    page = open_page(viewport={"width": 360, "height": 740})
    sign_in(page, small.address, "ana", language="es")
    for block in BLOCKS:
        assert page.goto(f"{small.address}/blocks/{block}").status == 200
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (block, over)


def test_a_plot_tells_its_numbers_to_the_arrow_keys(small, open_page):
    page = open_page()
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/plot")
    page.focus("#series .canvas")
    page.keyboard.press("End")
    last = page.inner_text("#series .figure-said")
    assert last.startswith("Dec 25, 2022")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#series .figure-said").startswith("Dec 18, 2022")


def test_progress_ends_by_itself_and_asks_no_more(small, open_page):
    page = open_page()
    page.add_init_script(LISTENING)
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/progress")
    page.wait_for_selector(".progress-block:has(#p-one) [data-status] >> text=done")
    page.wait_for_function("window.listening.length === 1 && window.listening[0].readyState === EventSource.CLOSED")


def test_what_a_table_shows_is_text_whatever_it_says(small, open_page):
    page = open_page()
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/table?q=bold")
    assert page.locator("tbody b").count() == 0
    assert page.locator("td >> text=<b>bold</b>").count() == 25


def test_a_table_is_sorted_filtered_and_paged_by_keyboard_alone(small, open_page):
    page = open_page()
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/table")
    for order in ("ascending", "descending"):
        page.focus("#table thead th:first-child a")
        with led_on(page):
            page.keyboard.press("Enter")
        assert page.get_attribute("#table thead th:first-child", "aria-sort") == order
    assert page.inner_text("#table tbody tr:first-child th") == "499"
    page.focus("#table a[rel=next]")
    with led_on(page):
        page.keyboard.press("Enter")
    assert page.inner_text("#table tbody tr:first-child th") == "474"
    page.focus("#table .filters summary")
    page.keyboard.press("Enter")
    page.focus("#table-number-max")
    page.keyboard.type("9")
    with led_on(page):
        page.keyboard.press("Enter")
    assert page.locator("#table tbody tr").count() == 10
    assert "10 rows fit" in page.inner_text("#table .filtered")


@pytest.fixture
def sixty(small, open_page):
    """The graph of sixty things, drawn."""
    page = open_page()
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/graph")
    if page.locator("[data-figure=graph]").count() == 0:
        assert page.locator("#graph svg.drawn circle").count() == 60
        pytest.skip("the graph's module is not bundled here; the server's drawing stands for it")
    page.wait_for_selector("#graph [data-drawn]")
    return page


def ends(page, first: str, second: str) -> None:
    """Ask for the path between two."""
    fields = page.locator("#graph .graph-tools input[list]")
    for n, name in enumerate((first, second)):
        fields.nth(n).fill(name)
        fields.nth(n).press("Tab")


def test_a_graph_finds_a_path_between_two(sixty):
    ends(sixty, "person 0", "company 40")
    sixty.wait_for_selector("#graph .graph-said >> text=/^person 0 → .*company 40$/")
    sixty.click("#graph .graph-tools button")
    sixty.wait_for_function("document.querySelector('#graph .graph-said').textContent === ''")


@pytest.mark.parametrize(
    ("label", "value", "shown"),
    [("Kind", "company", 20), ("Program", "cargo", 30), ("Marking", "TLP:RED", 12)],
)
def test_a_graph_is_filtered_by_kind_program_and_marking(sixty, label, value, shown):
    sixty.select_option(f"#graph .graph-filters label:has-text('{label}') select", value)
    sixty.wait_for_selector(f"#graph .graph-said >> text={shown} shown")


def test_a_graph_is_filtered_by_time_and_a_path_leads_through_nothing_that_is_hidden(sixty):
    days = sixty.locator("#graph .graph-filters input[type=date]")
    days.nth(0).fill("2021-01-13")
    sixty.wait_for_selector("#graph .graph-said >> text=50 shown")
    days.nth(1).fill("2021-02-11")
    sixty.wait_for_selector("#graph .graph-said >> text=30 shown")
    ends(sixty, "person 0", "company 16")
    sixty.wait_for_selector("#graph .graph-said >> text=No path leads")


def test_five_thousand_nodes_are_drawn_and_looked_through(small, open_page):
    page = open_page()
    sign_in(page, small.address, "ana")
    page.goto(f"{small.address}/blocks/graph?nodes=5000")
    if page.locator("[data-figure=graph]").count() == 0:
        pytest.skip("the graph's module is not bundled here")
    page.wait_for_selector("#graph [data-drawn]")
    assert page.locator("#graph canvas").count() > 0
    page.select_option("#graph .graph-filters label:has-text('Kind') select", "vessel")
    page.wait_for_selector("#graph .graph-said >> text=1666 shown")
    page.select_option("#graph .graph-filters label:has-text('Kind') select", "")
    ends(page, "person 0", "company 4999")
    page.wait_for_selector("#graph .graph-said >> text=/^person 0 → .*company 4999$/")


def test_every_state_of_the_blocks_is_shown(small, open_page):
    page = open_page()
    sign_in(page, small.address, "ana", language="es")
    for block, states in STATES.items():
        page.goto(f"{small.address}/blocks/{block}")
        found = {selector: page.locator(selector).count() for selector in states}
        assert found == states, block
