"""Case files: what belongs to one case, in the order it came; added to, never taken from."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.work.tables import CaseFileRow, CaseItem

KINDS: dict[str, Message] = {
    "note": _("note"),
    "finding": _("finding"),
    "match": _("blind match"),
    "request": _("request"),
    "copy": _("received copy"),
    "record": _("record"),
}
LONGEST = 10_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """Something in a case file's timeline."""

    at: dt.datetime
    kind: str
    reference: str
    text: str
    who: str


class CaseFiles:
    """The case files of one node, each of one agency.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def open(self, person: Person, *, reference: str, title: str, purpose: str) -> str:
        """Open a case file in the person's agency; its number.

        Raises:
            InputError: the reference, title or purpose is missing.
            Conflict: the agency has a case file with this reference.
        """
        self._may_write(person)
        if not (reference.strip() and title.strip() and purpose.strip()):
            raise InputError(_("a case file needs a reference, a title and a purpose"))
        number = secrets.token_hex(8)
        with self._store.transaction() as session:
            taken = select(CaseFileRow).where(
                CaseFileRow.agency == person.agency, CaseFileRow.reference == reference.strip()
            )
            if session.scalars(taken).first() is not None:
                raise Conflict(_("there is a case file {reference} already", reference=reference.strip()))
            session.add(
                CaseFileRow(
                    id=number,
                    agency=person.agency,
                    reference=reference.strip(),
                    title=title.strip(),
                    purpose=purpose.strip(),
                    opened_by=person.name,
                    opened_at=self._now(),
                )
            )
        return number

    def all(self, person: Person) -> list[Row]:
        """The case files of the person's agency, the newest first."""
        if not person.has("analyst", "supervisor", "auditor", "ombudsperson"):
            return []
        with self._store.reading() as session:
            wanted = select(CaseFileRow).where(CaseFileRow.agency == person.agency)
            return [_row(each) for each in session.scalars(wanted.order_by(CaseFileRow.opened_at.desc()))]

    def get(self, person: Person, number: str) -> Row:
        """One case file.

        Raises:
            NotFound: there is none, or not for this person.
        """
        found = next((each for each in self.all(person) if each["id"] == number), None)
        if found is None:
            raise _unknown(number)
        return found

    def events(self, person: Person, number: str) -> list[Event]:
        """What was put into a case file, the newest first."""
        self.get(person, number)
        with self._store.reading() as session:
            rows = session.scalars(select(CaseItem).where(CaseItem.case_file == number).order_by(CaseItem.id.desc()))
            return [Event(each.added_at, each.kind, each.reference, each.text, each.added_by) for each in rows]

    def add(self, person: Person, number: str, kind: str, *, reference: str = "", text: str = "") -> None:
        """Put something into a case file; the same thing twice is there once.

        Raises:
            InputError: an empty note, or a kind that is none.
            Conflict: the case file is closed.
        """
        self._may_write(person)
        if kind not in KINDS or (kind == "note" and not text.strip()) or (kind != "note" and not reference):
            raise InputError(_("there is nothing in this to add"), advice=_("write a note, or name what it is about"))
        if len(text) > LONGEST:
            raise InputError(_("a note has at most {most} characters", most=LONGEST))
        with self._store.transaction() as session:
            held = self._held(session, person, number)
            if held.closed_at is not None:
                raise Conflict(_("this case file is closed"), kept=_("nothing was added"))
            if kind != "note":
                there = select(CaseItem).where(
                    CaseItem.case_file == number, CaseItem.kind == kind, CaseItem.reference == reference
                )
                if session.scalars(there).first() is not None:
                    return
            session.add(
                CaseItem(
                    case_file=number,
                    kind=kind,
                    reference=reference,
                    text=text.strip(),
                    added_by=person.name,
                    added_at=self._now(),
                )
            )

    def close(self, person: Person, number: str) -> None:
        """Close a case file: nothing is added any more."""
        if not person.has("supervisor"):
            raise Refused(_("a supervisor closes case files"), where=person.name)
        with self._store.transaction() as session:
            held = self._held(session, person, number)
            held.closed_at = held.closed_at or self._now()

    @staticmethod
    def _may_write(person: Person) -> None:
        if not person.has("analyst", "supervisor"):
            raise Refused(_("case files are kept by analysts and supervisors"), where=person.name)

    @staticmethod
    def _held(session: Session, person: Person, number: str) -> CaseFileRow:
        held = session.get(CaseFileRow, number, with_for_update=True)
        if held is None or held.agency != person.agency:
            raise _unknown(number)
        return held


def _unknown(number: str) -> NotFound:
    return NotFound(_("there is no such case file for you"), where=number[:16])


def _row(held: CaseFileRow) -> Row:
    return {
        "id": held.id,
        "agency": held.agency,
        "reference": held.reference,
        "title": held.title,
        "purpose": held.purpose,
        "opened_by": held.opened_by,
        "at": held.opened_at,
        "closed": held.closed_at,
        "state": "open" if held.closed_at is None else "closed",
    }
