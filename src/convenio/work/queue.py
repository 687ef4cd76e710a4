"""The findings queue: what methods claim, ranked, until a person has looked at it. A score decides nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.finding import Finding
from convenio.core.words import _
from convenio.custody.derived import Derived
from convenio.ledger.intents import INTERNAL, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Account
from convenio.work.noted import claims, shell_of
from convenio.work.outcomes import Outcome, outcomes
from convenio.work.tables import FindingRow

STATES = ("new", "assigned", "verified", "dismissed")
OPEN = ("new", "assigned")
MOST = 20_000
Row = dict[str, Any]


class Queue:
    """The findings of one node, each in the queue of the agency it was made for.

    Args:
        store: the operational store.
        now: the clock.
        derived: custody's room for what was made from received copies; None on a node that has no peer.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime], derived: Derived | None = None) -> None:
        self._store = store
        self._now = now
        self._derived = derived

    def add(self, findings: Sequence[Finding], *, agency: str, by: str, ranks: Sequence[float] | None = None) -> int:
        """Put findings into an agency's queue; one that is there already stays as it is.

        Args:
            findings: the findings.
            agency: whose queue.
            by: the account that ran the method.
            ranks: where each stands, the highest first; the findings' scores where they are not given.

        Returns:
            How many were new.
        """
        if ranks is not None and len(ranks) != len(findings):
            raise ValueError("one rank per finding")
        now, new = self._now(), 0
        with self._store.transaction() as session:
            for n, each in enumerate(findings):
                if session.get(FindingRow, (each.id, agency)) is not None:
                    continue
                rank = ranks[n] if ranks is not None else (each.score.value if each.score else 0.0)
                session.add(_new(each, agency, rank, each.model_dump(mode="json"), now, by))
                session.flush()
                new += 1
        return new

    def add_derived(self, finding: Finding, *, agency: str, by: str) -> None:
        """Put a finding made from received copies into the queue: a shell of it, since custody keeps what it says."""
        with self._store.transaction() as session:
            if session.get(FindingRow, (finding.id, agency)) is None:
                shell = shell_of(finding.model_dump(mode="json"))
                session.add(_new(finding, agency, 0.0, shell, self._now(), by))

    def claims(self, person: Person, numbers: Sequence[str]) -> dict[str, Any]:
        """What may be shown of those findings that were made from received copies."""
        return claims(self._derived, numbers, person)

    def all(
        self,
        person: Person,
        *,
        case_file: str | None = None,
        numbers: Sequence[str] | None = None,
        resting_on: str | None = None,
        limit: int = MOST,
    ) -> list[Row]:
        """The findings of the person's agency, the highest rank first.

        Args:
            person: who looks.
            case_file: only those in this case file.
            numbers: only these.
            resting_on: only those with this reference among their evidence.
            limit: at most so many.
        """
        if not person.has("analyst", "supervisor", "auditor", "ombudsperson"):
            return []
        wanted = select(FindingRow).where(FindingRow.agency == person.agency)
        if case_file is not None:
            wanted = wanted.where(FindingRow.case_file == case_file)
        if numbers is not None:
            wanted = wanted.where(FindingRow.id.in_(list(numbers)))
        if resting_on is not None:
            wanted = wanted.where(cast(FindingRow.finding["evidence"], String).contains(resting_on, autoescape=True))
        with self._store.reading() as session:
            rows = session.scalars(wanted.order_by(FindingRow.rank.desc(), FindingRow.id).limit(limit)).all()
        told = self.claims(person, [each.id for each in rows])
        return [{**_row(each), "claim": told.get(each.id, each.finding["claim"])} for each in rows]

    def get(self, person: Person, number: str) -> tuple[Row, Finding]:
        """One finding, whole.

        Raises:
            NotFound: there is none, or not for this person.
            Refused: it was made from a received copy that may no longer be read.
        """
        if not person.has("analyst", "supervisor", "auditor", "ombudsperson"):
            raise _unknown(number)
        with self._store.reading() as session:
            held = session.get(FindingRow, (number, person.agency))
        if held is None:
            raise _unknown(number)
        if self._derived is not None and self.claims(person, [number]):
            finding = Finding.model_validate(self._derived.read(number, person))
            return {**_row(held), "claim": finding.claim.model_dump()}, finding
        return _row(held), Finding.model_validate(held.finding)

    def is_derived(self, person: Person, number: str) -> bool:
        """Whether a finding was made from a received copy: its words are not written anywhere else."""
        return bool(self.claims(person, [number]))

    def waiting(self, person: Person) -> int:
        """How many open findings are assigned to the person."""
        with self._store.reading() as session:
            return (
                session.scalar(
                    select(func.count())
                    .select_from(FindingRow)
                    .where(
                        FindingRow.agency == person.agency,
                        FindingRow.assignee == person.name,
                        FindingRow.state == "assigned",
                    )
                )
                or 0
            )

    def open(self, person: Person) -> int:
        """How many findings of the person's agency nobody has looked at."""
        with self._store.reading() as session:
            wanted = select(func.count()).select_from(FindingRow)
            held = wanted.where(FindingRow.agency == person.agency, FindingRow.state == "new")
            return session.scalar(held) or 0

    def outcomes(self, program: str) -> list[Outcome]:
        """What became of a program's findings, for aggregates alone: no content, no person, no agency."""
        return outcomes(self._store, program)

    def assign(self, person: Person, number: str, version: int, to: str) -> None:
        """Give a finding to an analyst of the agency, oneself included."""
        with self._store.transaction() as session:
            held = self._held(session, person, number, version)
            account = session.get(Account, to)
            if account is None or account.agency != person.agency or account.closed_at is not None:
                raise InputError(_("{name} works in no queue of this agency", name=to))
            if "analyst" not in account.roles:
                raise InputError(_("{name} is no analyst", name=account.full_name))
            held.state, held.assignee = "assigned", to
            self._changed(held, person)

    def verify(self, person: Person, number: str, version: int, note: str) -> None:
        """Say that a finding holds; what follows is another person's decision, never the score's."""
        if not note.strip():
            raise InputError(_("say in a sentence what you checked"))
        self._decide(person, number, version, "verified", note)

    def dismiss(self, person: Person, number: str, version: int, reason: str) -> None:
        """Say that a finding does not hold, and why."""
        if not reason.strip():
            raise InputError(_("a dismissal needs a reason"))
        self._decide(person, number, version, "dismissed", reason)

    def link(self, person: Person, number: str, version: int, case_file: str) -> None:
        """Put a finding into a case file."""
        with self._store.transaction() as session:
            held = self._held(session, person, number, version, any_state=True)
            held.case_file = case_file
            self._changed(held, person)

    def _decide(self, person: Person, number: str, version: int, state: str, reason: str) -> None:
        with self._store.transaction() as session:
            held = self._held(session, person, number, version)
            held.state, held.reason = state, reason.strip()
            self._changed(held, person)
            remember(
                session,
                INTERNAL,
                f"finding-{state}",
                at=held.changed_at,
                actor=person.name,
                subject=number,
                content={"reason": held.reason},
                agency=person.agency,
                program=held.program,
            )

    def _held(
        self, session: Session, person: Person, number: str, version: int, *, any_state: bool = False
    ) -> FindingRow:
        if not person.has("analyst", "supervisor"):
            raise Refused(_("findings are worked on by analysts and supervisors"), where=person.name)
        held = session.get(FindingRow, (number, person.agency), with_for_update=True)
        if held is None:
            raise _unknown(number)
        if held.version != version or (not any_state and held.state not in OPEN):
            raise Conflict(
                _("{name} changed this finding meanwhile", name=held.changed_by),
                advice=_("read it again; what you typed is kept"),
                kept=_("nothing was changed"),
            )
        return held

    def _changed(self, held: FindingRow, person: Person) -> None:
        held.version += 1
        held.changed_at, held.changed_by = self._now(), person.name


def _new(finding: Finding, agency: str, rank: float, told: dict[str, Any], now: dt.datetime, by: str) -> FindingRow:
    return FindingRow(
        id=finding.id,
        agency=agency,
        program=finding.program,
        method=finding.method,
        rank=rank,
        finding=told,
        state="new",
        made_at=now,
        changed_at=now,
        changed_by=by,
    )


def _unknown(number: str) -> NotFound:
    return NotFound(_("there is no such finding for you"), where=number[:16])


def _row(held: FindingRow) -> Row:
    return {
        "id": held.id,
        "program": held.program,
        "method": held.method,
        "rank": held.rank,
        "claim": held.finding["claim"],
        "evidence": held.finding.get("evidence", ()),
        "marking": held.finding["marking"],
        "state": held.state,
        "assignee": held.assignee,
        "case_file": held.case_file,
        "reason": held.reason,
        "made": held.made_at,
        "changed": held.changed_at,
        "changed_by": held.changed_by,
        "version": held.version,
    }
