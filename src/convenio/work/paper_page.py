"""One page of the border's papers, found by the database: the last of half a million costs what the first costs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, cast, false, func, or_, select, tuple_

from convenio.custody.consents import passed_copies
from convenio.people.accounts import Person
from convenio.stores.base import Moment
from convenio.stores.operational import Store
from convenio.stores.tables import Approval, MatchRun, Receipt, ReceivedCopy, Release, Request
from convenio.work.border import Row, copy_row, receipt_row, release_row, request_row, run_row
from convenio.work.sight import sees_all, sees_cases

Paper = Literal["runs", "requests", "releases", "copies", "receipts"]
Titles = Mapping[tuple[str, str], str]
Wheres = list[ColumnElement[bool]]
EXACT = ("state", "side", "act")


@dataclass(frozen=True)
class Wanted:
    """What is asked of a list of papers.

    Args:
        search: words that one of its texts holds.
        filters: values by column; `name.min` and `name.max` are bounds.
        sort: the column; the newest first without one.
        down: from the highest.
        start: how many rows come before the page.
        limit: rows on the page.
        titles: the titles of clauses as the reader sees them, by agreement and clause.
        only: columns that must have these values, such as `{"allowed": False}`.
    """

    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    down: bool = False
    start: int = 0
    limit: int = 25
    titles: Titles = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Listing:
    """How one kind of paper is listed: its table, who sees what, its columns, and a row for the page."""

    model: Any
    newest: Any
    sees: Callable[[Person], Wheres]
    columns: Mapping[str, Any]
    row: Callable[[Person, Any, int], Row]
    texts: tuple[str, ...] = ("peer", "case", "actor")
    counts_approvals: bool = False


def papers_page(store: Store, person: Person, paper: Paper, wanted: Wanted) -> tuple[list[Row], int]:
    """The rows of a page, and how many fit in all.

    Args:
        store: the operational store.
        person: who looks; what is not this person's is neither shown nor counted.
        paper: which papers.
        wanted: the page.
    """
    listing = LISTINGS[paper]
    if not sees_cases(person):  # what is hidden is not found by searching or sorting either
        listing = replace(listing, columns={k: v for k, v in listing.columns.items() if k not in ("case", "actor")})
    where = [*listing.sees(person), *_where(listing, wanted)]
    with store.reading() as session:
        total = session.scalar(select(func.count()).select_from(listing.model).where(*where)) or 0
        chosen = select(listing.model).where(*where).order_by(*_order(listing, wanted))
        held = session.scalars(chosen.offset(wanted.start).limit(wanted.limit)).all()
        given: dict[str, int] = {}
        if listing.counts_approvals and held:
            numbers = [each.id for each in held]
            counted = select(Approval.request, func.count()).where(Approval.request.in_(numbers))
            given = {row[0]: row[1] for row in session.execute(counted.group_by(Approval.request))}
    return [listing.row(person, each, given.get(each.id, 0)) for each in held], total


def _order(listing: _Listing, wanted: Wanted) -> list[Any]:
    by = listing.columns.get(wanted.sort)
    if wanted.sort == "title":
        by = listing.model.clause
    first = listing.newest.desc() if by is None else by.desc() if wanted.down else by.asc()
    return [first, listing.model.id.desc()]


def _where(listing: _Listing, wanted: Wanted) -> Wheres:
    made: Wheres = [listing.columns[name] == value for name, value in wanted.only.items()]
    if wanted.search:
        texts = [listing.columns[name] for name in listing.texts if name in listing.columns]
        made.append(or_(*(_holds(each, wanted.search) for each in texts), _titled(listing, wanted, wanted.search)))
    for key, values in wanted.filters.items():
        name, _dot, bound = key.partition(".")
        if name == "title":
            made.append(or_(*(_titled(listing, wanted, each) for each in values)))
        elif name in EXACT and name in listing.columns:
            made.append(listing.columns[name].in_(list(values)))
        elif name in listing.columns:
            made.append(_fits(listing.columns[name], bound, values))
    return made


def _titled(listing: _Listing, wanted: Wanted, text: str) -> ColumnElement[bool]:
    pairs = [pair for pair, title in wanted.titles.items() if text.casefold() in title.casefold()]
    return tuple_(listing.model.agreement, listing.model.clause).in_(pairs) if pairs else false()


def _fits(column: Any, bound: str, values: Sequence[str]) -> ColumnElement[bool]:
    kind = dt.datetime if isinstance(column.type, Moment) else column.type.python_type
    if bound:
        limit = _limit(kind, bound, values[0])
        if limit is None:
            return false()
        made: ColumnElement[bool] = column >= limit if bound == "min" else column <= limit
        return made
    if kind is bool:
        return or_(*(column.is_(each == "1") for each in values))
    if kind is int:
        return or_(*(column == int(each) for each in values if each.strip().isdecimal())) if values else false()
    return or_(*(_holds(column, each) for each in values))


def _limit(kind: type, bound: str, text: str) -> Any:
    try:
        if kind is dt.datetime:
            day = dt.date.fromisoformat(text) + dt.timedelta(days=bound == "max")
            return dt.datetime.combine(day, dt.time(), dt.UTC)
        return int(float(text)) if kind is int else None
    except (ValueError, OverflowError):
        return None


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """A text holds another; in a document also as JSON writes it."""
    forms = {text.lower(), json.dumps(text.lower())[1:-1]}
    return or_(*(func.lower(cast(column, String)).contains(each, autoescape=True) for each in forms))


def _sees_runs(person: Person) -> Wheres:
    if sees_all(person) or person.has("administrator", "secretariat"):
        return []
    if person.has("analyst"):
        return [MatchRun.side == "ask", MatchRun.details["agency"].as_string() == person.agency]
    return [false()]


def _sees_requests(person: Person) -> Wheres:
    if sees_all(person):
        return []
    return [Request.side == "ask", Request.asker_agency == person.agency] if person.has("analyst") else [false()]


def _sees_copies(person: Person) -> Wheres:
    if sees_all(person):
        return []
    shared = ReceivedCopy.id.in_(passed_copies(person.agency))
    return [or_(ReceivedCopy.agency == person.agency, shared)] if person.has("analyst") else [false()]


LISTINGS: Mapping[Paper, _Listing] = {
    "runs": _Listing(
        MatchRun,
        MatchRun.started_at,
        _sees_runs,
        {
            "at": MatchRun.started_at,
            "side": MatchRun.side,
            "peer": MatchRun.peer,
            "case": MatchRun.case_reference,
            "actor": MatchRun.actor,
            "asked": MatchRun.asked,
            "hits": MatchRun.hits,
            "state": MatchRun.state,
        },
        lambda person, held, _given: run_row(person, held),
    ),
    "requests": _Listing(
        Request,
        Request.opened_at,
        _sees_requests,
        {
            "at": Request.opened_at,
            "side": Request.side,
            "peer": Request.peer,
            "case": Request.case_reference,
            "actor": Request.asker,
            "state": Request.state,
            "run": Request.run,
        },
        lambda _person, held, given: request_row(held, given),
        counts_approvals=True,
    ),
    "releases": _Listing(
        Release,
        Release.released_at,
        lambda person: [] if sees_all(person) else [false()],
        {
            "at": Release.released_at,
            "peer": Release.peer,
            "state": Release.state,
            "expires": Release.expires_at,
            "request": Release.request,
        },
        lambda _person, held, _given: release_row(held),
    ),
    "copies": _Listing(
        ReceivedCopy,
        ReceivedCopy.received_at,
        _sees_copies,
        {
            "at": ReceivedCopy.received_at,
            "peer": ReceivedCopy.peer,
            "agency": ReceivedCopy.agency,
            "state": ReceivedCopy.state,
            "expires": ReceivedCopy.expires_at,
            "request": ReceivedCopy.request,
        },
        lambda _person, held, _given: copy_row(held),
    ),
    "receipts": _Listing(
        Receipt,
        Receipt.at,
        lambda person: [] if sees_all(person) else [Receipt.actor == person.name],
        {
            "at": Receipt.at,
            "act": Receipt.act,
            "actor": Receipt.actor,
            "allowed": Receipt.allowed,
            "failed": Receipt.body,
            "subject": Receipt.subject,
        },
        lambda _person, held, _given: receipt_row(held),
        texts=("act", "actor", "subject", "failed"),
    ),
}
