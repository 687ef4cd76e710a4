"""What the site and the report are rendered with: the program's templates, outside any node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import convenio
from convenio.core.program import discover
from convenio.programs.framework.shown import Codes, Links, said_once, words_of
from convenio.web.pages import Pages, Site, on_paper

TEMPLATES = Path(__file__).parents[1] / "templates"


@lru_cache(maxsize=2)
def paper(today: dt.date) -> Pages:
    """Pages of no node, on one day; kept, since most of the work of a report is to make its templates ready."""
    discover()
    site = Site(party="", title="Convenio", version=convenio.__version__)
    at = dt.datetime.combine(today, dt.time(), dt.UTC)
    return Pages(site, {"framework": TEMPLATES}, lambda: at)


def given(links: Links, **values: Any) -> dict[str, Any]:
    """What every template of the program wants."""
    return {"links": links, "words": words_of, "once": said_once, "w": Codes, **values}


@contextmanager
def still() -> Iterator[None]:
    """Pictures as drawn, no script, every table whole, for as long as the block lasts."""
    token = on_paper.set(True)
    try:
        yield
    finally:
        on_paper.reset(token)
