"""One page of the findings queue, found by the database: a queue of many thousands costs what a page costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from convenio.core.words import Language
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.work.tables import FindingRow

SORTED: Mapping[str, Any] = {
    "program": FindingRow.program,
    "rank": FindingRow.rank,
    "state": FindingRow.state,
    "assignee": FindingRow.assignee,
    "made": FindingRow.made_at,
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is asked of the queue.

    Args:
        search: words that the claim holds, in the language it is read in.
        filters: values by column; `rank.min`, `rank.max`, `made.min`, `made.max` are bounds.
        sort: the column; the rank without one.
        down: from the highest.
        start: how many rows come before the page.
        limit: rows on the page.
    """

    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    down: bool = False
    start: int = 0
    limit: int = 25


def queue_page(store: Store, person: Person, wanted: Wanted, spoken: Language) -> tuple[list[Row], int]:
    """The rows of a page, and how many fit in all; nothing for those who see no finding."""
    if not person.has("analyst", "supervisor", "auditor", "ombudsperson"):
        return [], 0
    where = [FindingRow.agency == person.agency, *_where(wanted, spoken)]
    with store.reading() as session:
        total = session.scalar(select(func.count()).select_from(FindingRow).where(*where)) or 0
        rows = session.execute(_ordered(_columns().where(*where), wanted, spoken)).mappings().all()
    return [{**row, "claim": {"en": row["claim_en"], "es": row["claim_es"]}} for row in rows], total


def _claim(spoken: str) -> ColumnElement[str]:
    said: ColumnElement[str] = FindingRow.finding[("claim", spoken)].as_string()
    return said


def _columns() -> Any:
    return select(
        FindingRow.id,
        FindingRow.program,
        FindingRow.rank,
        FindingRow.state,
        FindingRow.assignee,
        FindingRow.made_at.label("made"),
        _claim("en").label("claim_en"),
        _claim("es").label("claim_es"),
    )


def _ordered(chosen: Any, wanted: Wanted, spoken: Language) -> Any:
    by = _claim(spoken) if wanted.sort == "claim" else SORTED.get(wanted.sort)
    order = FindingRow.rank.desc() if by is None else by.desc() if wanted.down else by.asc()
    return chosen.order_by(order, FindingRow.id).offset(wanted.start).limit(wanted.limit)


def _where(wanted: Wanted, spoken: Language) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    texts = {"claim": _claim(spoken), "assignee": FindingRow.assignee, "program": FindingRow.program}
    if wanted.search:
        made.append(
            or_(*(func.lower(each).contains(wanted.search.lower(), autoescape=True) for each in texts.values()))
        )
    for key, values in wanted.filters.items():
        name, _dot, bound = key.partition(".")
        if bound and name in ("rank", "made"):
            made += _bounded(name, bound, values[0])
        elif name in ("state", "program"):
            made.append(SORTED[name].in_(list(values)))
        elif name in texts:
            made.append(or_(*(_holds(texts[name], each) for each in values)))
    return made


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    held: ColumnElement[bool] = func.lower(column).contains(text.lower(), autoescape=True)
    return held


def _bounded(name: str, bound: str, text: str) -> list[ColumnElement[bool]]:
    try:
        if name == "rank":
            limit: Any = float(text)
        else:
            day = dt.date.fromisoformat(text) + dt.timedelta(days=bound == "max")
            limit = dt.datetime.combine(day, dt.time(), dt.UTC)
    except (ValueError, OverflowError):
        return []
    column = SORTED[name]
    return [column >= limit if bound == "min" else column <= limit]
