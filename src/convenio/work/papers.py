"""The border's papers page by page, the newest first: each page ends with a key from which the next one begins.

Keyset paging: what is added meanwhile moves nothing, and the last page costs no more than the first.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select, tuple_

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.custody.consents import passed_copies
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import MatchRun, Receipt, ReceivedCopy, Release, Request
from convenio.work.sight import sees_all, sees_paper

Paper = TypeVar("Paper")
BATCH = 500


@dataclass(frozen=True)
class PaperPage(Generic[Paper]):
    """One page, and the key of the next; None on the last."""

    rows: list[Paper]
    following: str | None


class Papers:
    """The papers of one node, each only for those who may see it.

    Args:
        store: the operational store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def runs(self, person: Person, *, after: str | None, limit: int) -> PaperPage[MatchRun]:
        """Blind matches, asked and answered."""

        def fits(each: MatchRun) -> bool:
            return sees_paper(person, side=each.side, agency=each.details.get("agency", ""))

        return self._page(MatchRun, MatchRun.started_at, fits, after, limit)

    def requests(
        self, person: Person, *, after: str | None, limit: int, side: str | None = None, state: str | None = None
    ) -> PaperPage[Request]:
        """Requests in both directions."""

        def fits(each: Request) -> bool:
            return sees_paper(person, side=each.side, agency=each.asker_agency)

        where: list[Any] = [Request.side == side] if side else []
        where += [Request.state == state] if state else []
        return self._page(Request, Request.opened_at, fits, after, limit, *where)

    def releases(self, person: Person, *, after: str | None, limit: int) -> PaperPage[Release]:
        """What was released to peers."""
        return self._page(Release, Release.released_at, lambda _each: sees_all(person), after, limit)

    def copies(self, person: Person, *, after: str | None, limit: int) -> PaperPage[ReceivedCopy]:
        """What peers released to us, without content."""
        with self._store.reading() as session:
            shared = set(session.scalars(passed_copies(person.agency)))

        def fits(each: ReceivedCopy) -> bool:
            theirs = each.agency == person.agency or each.id in shared
            return sees_all(person) or (person.has("analyst") and theirs)

        return self._page(ReceivedCopy, ReceivedCopy.received_at, fits, after, limit)

    def receipts(
        self, person: Person, *, after: str | None, limit: int, allowed: bool | None = None
    ) -> PaperPage[Receipt]:
        """Receipts of decisions."""
        where: list[Any] = [] if allowed is None else [Receipt.allowed.is_(allowed)]
        where += [] if sees_all(person) else [Receipt.actor == person.name]
        return self._page(Receipt, Receipt.at, lambda _each: True, after, limit, *where)

    def _page(
        self, model: Any, at: Any, fits: Callable[[Any], bool], after: str | None, limit: int, *where: Any
    ) -> PaperPage[Any]:
        key = None if after is None else _read_key(after)
        rows: list[Any] = []
        with self._store.reading() as session:
            while len(rows) <= limit:
                wanted = select(model).where(*where).order_by(at.desc(), model.id.desc()).limit(BATCH)
                if key is not None:
                    wanted = wanted.where(tuple_(at, model.id) < tuple_(*key))
                found = session.scalars(wanted).all()
                rows += [each for each in found if fits(each)]
                if len(found) < BATCH:
                    break
                key = (getattr(found[-1], at.key), found[-1].id)
        if len(rows) <= limit:
            return PaperPage(rows, None)
        last = rows[limit - 1]
        return PaperPage(rows[:limit], _write_key(getattr(last, at.key), last.id))


def _write_key(at: dt.datetime, number: str) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{number}".encode()).decode().rstrip("=")


def _read_key(text: str) -> tuple[dt.datetime, str]:
    try:
        told = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        at, _bar, number = told.partition("|")
        moment = dt.datetime.fromisoformat(at)
        if moment.tzinfo is None or not number.isalnum():
            raise ValueError(told)
        return moment.astimezone(dt.UTC), number
    except (ValueError, OverflowError, binascii.Error) as error:
        raise InputError(
            _("this is no key of a page"), where="after", advice=_("use the address that the page before gives as next")
        ) from error
