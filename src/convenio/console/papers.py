"""The border's papers as tables on pages: the database finds the page, also among half a million."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from convenio.console.clauses import titled, titles_of
from convenio.console.context import Console
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.web.pages import said
from convenio.web.table import Column, Query, Slice
from convenio.work.paper_page import Paper, Wanted, papers_page

MOST = 200_000


class PaperRows:
    """One kind of paper as a table for one person.

    Args:
        console: the console.
        person: who looks.
        paper: which papers.
        **only: columns that must have these values.
    """

    def __init__(self, console: Console, person: Person, paper: Paper, **only: Any) -> None:
        self._console = console
        self._person = person
        self._paper: Paper = paper
        self._only = only

    def slice(self, query: Query, columns: Sequence[Column]) -> Slice:
        """One page of papers."""
        del columns
        return self._page(query, (query.page - 1) * query.size, query.size)

    def whole(self, query: Query, columns: Sequence[Column]) -> pa.Table:
        """All papers that fit, for a download.

        Raises:
            InputError: there are more than a file should hold.
        """
        found = self._page(query, 0, MOST)
        if found.total > MOST:
            raise InputError(
                _("{number} rows are more than one file takes", number=found.total),
                advice=_("narrow the list with a filter, such as from and to a day"),
            )
        return pa.table({each.name: [_plain(row.get(each.name)) for row in found.rows] for each in columns})

    def _page(self, query: Query, start: int, limit: int) -> Slice:
        titles = {pair: said(title) for pair, title in titles_of(self._console).items()}
        wanted = Wanted(query.search, query.filters, query.sort, query.down, start, limit, titles, self._only)
        rows, total = papers_page(self._console.node.store, self._person, self._paper, wanted)
        return Slice(titled(self._console, rows), total)


def _plain(value: Any) -> Any:
    return said(value) if isinstance(value, dict) else value
