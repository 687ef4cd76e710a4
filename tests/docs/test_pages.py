"""Every command that a page of docs/ prints is run, every link leads somewhere, every page has its twin."""

from __future__ import annotations

import re

import pytest

from tests.docs.printed import PAGES, READMES, ROOT, commands, run_every_command, there


@pytest.mark.parametrize("page", [each for each in PAGES if commands(each)], ids=there)
def test_every_printed_command_runs(page, tmp_path):
    run_every_command(page, tmp_path)


@pytest.mark.parametrize("page", READMES + PAGES, ids=there)
def test_every_link_in_the_docs_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{there(page)} names {target}"


def test_every_page_of_the_docs_has_its_twin():
    """English and Spanish are equals: each has as many pages as the other."""
    assert len(list((ROOT / "docs/en").glob("*.md"))) == len(list((ROOT / "docs/es").glob("*.md")))
