"""First paint of list pages in Debian's Chromium, on two nodes with a release between them and a queue of findings."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from bench.harness import Row, shell
from convenio.console.app import application
from convenio.console.samples import sample_finding
from convenio.demo.cast import PASSWORD, US
from convenio.work.queue import Queue
from convenio.world.world import World
from tests.browser.conftest import served, sign_in
from tests.exchange.conftest import pair

PAGES = ("", "findings", "requests", "copies", "receipts", "ledgers", "agreements/us-mx-joint-action")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def run(*, quick: bool = False) -> list[Row]:
    chromium = shutil.which("chromium")
    if chromium is None:
        return [Row("first contentful paint", "Chromium is not installed", "")]
    from playwright.sync_api import sync_playwright

    findings, times = (50, 1) if quick else (2_000, 5)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make = pair._get_wrapped_function()  # noqa: SLF001 - the function behind the fixture
        making = make(Path(folder), World().plant(shared=2, nominees=3, customers=300))
        nodes = next(making)
        nodes.released()
        base = sample_finding()
        many = [base.model_copy(update={"params": {"n": n}}) for n in range(findings)]
        Queue(nodes.us.store, nodes.clock).add(many, agency="ofac", by="ruth.analyst")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        made = []
        with served(application(nodes.us)) as address:
            page = browser.new_page()
            sign_in(page, address, US.player("analyst").name, PASSWORD)
            for each in PAGES:
                taken = []
                for _time in range(times):
                    page.goto(f"{address}/{each}")
                    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
                    taken.append(page.evaluate(PAINT))
                made.append(
                    Row(f"/{each}: first contentful paint", round(statistics.median(taken)), "ms", note="loopback")
                )
        browser.close()
        next(making, None)
    return made


if __name__ == "__main__":
    shell(run)
