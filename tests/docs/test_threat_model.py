"""The threat model claims nothing whose test is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("page", ["docs/en/threat-model.md", "docs/es/modelo-de-amenazas.md"])
def test_every_named_test_exists(page):
    named = NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) >= 25
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (file, test)


def test_both_languages_name_the_same_tests():
    pages = ("docs/en/threat-model.md", "docs/es/modelo-de-amenazas.md")
    english, spanish = (NAMED.findall((ROOT / page).read_text(encoding="utf-8")) for page in pages)
    assert english == spanish
