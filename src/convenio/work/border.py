"""What passed the border, as lists for people: runs, requests, releases, receipts, copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.custody.consents import passed_copies
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Agreement, Approval, Budget, MatchRun, Peer, Receipt, ReceivedCopy, Release, Request
from convenio.work.sight import sees_all, sees_cases, sees_paper

MOST = 2_000
HIDDEN = "–"
Row = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How much passed the border: runs asked and answered, requests decided, releases, refusals."""

    asked: int
    answered: int
    requests: int
    waiting: int
    released: int
    received: int
    refused: int


class Border:
    """Lists of the border's papers, each only as far as the one who looks may see it.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def counts(self) -> Counts:
        """Numbers alone: they name nobody."""
        with self._store.reading() as session:

            def count(table: Any, *where: Any) -> int:
                return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

            return Counts(
                asked=count(MatchRun, MatchRun.side == "ask"),
                answered=count(MatchRun, MatchRun.side == "answer"),
                requests=count(Request),
                waiting=count(Request, Request.state == "waiting"),
                released=count(Release),
                received=count(ReceivedCopy),
                refused=count(Receipt, Receipt.allowed.is_(False)),
            )

    def waiting_since(self, moment: dt.datetime) -> int:
        """How many requests have waited for a decision since before a moment; it names nobody."""
        where = (Request.state == "waiting", Request.side == "answer", Request.opened_at < moment)
        with self._store.reading() as session:
            return session.scalar(select(func.count()).select_from(Request).where(*where)) or 0

    def runs(self, person: Person, *, limit: int = MOST) -> list[Row]:
        """Blind matches, newest first."""
        with self._store.reading() as session:
            held = session.scalars(select(MatchRun).order_by(MatchRun.started_at.desc()).limit(limit)).all()
        return [
            run_row(person, each)
            for each in held
            if person.has("administrator", "secretariat")
            or sees_paper(person, side=each.side, agency=each.details.get("agency", ""))
        ]

    def run(self, person: Person, number: str) -> Row:
        """One blind match.

        Raises:
            NotFound: there is none, or not for this person.
        """
        with self._store.reading() as session:
            held = session.get(MatchRun, number)
        if held is None or not (
            person.has("administrator", "secretariat")
            or sees_paper(person, side=held.side, agency=held.details.get("agency", ""))
        ):
            raise NotFound(_("there is no such run for you"), where=number[:16])
        return run_row(person, held)

    def requests(
        self, person: Person, *, limit: int = MOST, number: str = "", case: str = "", run: str = ""
    ) -> list[Row]:
        """Requests in both directions, newest first; one, or those of a case or a blind match, where it is given."""
        where = [Request.case_reference == case] if case else []
        where += [Request.run == run] if run else []
        where += [Request.id == number] if number else []
        with self._store.reading() as session:
            wanted = select(Request).where(*where).order_by(Request.opened_at.desc()).limit(limit)
            held = session.scalars(wanted).all()
            counted = select(Approval.request, func.count()).where(Approval.request.in_([each.id for each in held]))
            given = session.execute(counted.group_by(Approval.request)).all()
        approvals = {row[0]: row[1] for row in given}
        return [
            request_row(each, approvals.get(each.id, 0))
            for each in held
            if sees_paper(person, side=each.side, agency=each.asker_agency)
        ]

    def request(self, person: Person, number: str) -> Row:
        """One request, with its approvals.

        Raises:
            NotFound: there is none, or not for this person.
        """
        with self._store.reading() as session:
            held = session.get(Request, number)
            given = session.scalars(select(Approval).where(Approval.request == number).order_by(Approval.id)).all()
            releases = session.scalars(select(Release).where(Release.request == number)).all()
            copies = session.scalars(select(ReceivedCopy).where(ReceivedCopy.request == number)).all()
        if held is None or not sees_paper(person, side=held.side, agency=held.asker_agency):
            raise NotFound(_("there is no such request for you"), where=number[:16])
        answer = held.answer or {}
        return {
            **request_row(held, len(given)),
            "reason": held.reason,
            "references": len(held.references),
            "reasons": answer.get("reasons"),
            "receipt": answer.get("receipt", ""),
            "given": [{"account": each.account, "credential": each.credential, "at": each.at} for each in given],
            "releases": [release_row(each) for each in releases],
            "copies": [copy_row(each) for each in copies],
        }

    def releases(self, person: Person, *, limit: int = MOST) -> list[Row]:
        """What was released to peers, newest first; for those who decide or check."""
        if not sees_all(person):
            return []
        with self._store.reading() as session:
            held = session.scalars(select(Release).order_by(Release.released_at.desc()).limit(limit)).all()
        return [release_row(each) for each in held]

    def copies(self, person: Person, *, limit: int = MOST) -> list[Row]:
        """What peers released to us, the soonest to expire first: without content."""
        with self._store.reading() as session:
            held = session.scalars(select(ReceivedCopy).order_by(ReceivedCopy.expires_at).limit(limit)).all()
            shared = set(session.scalars(passed_copies(person.agency)))
        if not person.has("analyst", "supervisor", "auditor", "ombudsperson", "releasing_officer"):
            return []
        return [
            copy_row(each) for each in held if sees_all(person) or each.agency == person.agency or each.id in shared
        ]

    def copy(self, person: Person, number: str) -> Row:
        """One received copy, without content.

        Raises:
            NotFound: there is none, or not for this person.
        """
        with self._store.reading() as session:
            held = session.get(ReceivedCopy, number)
            shared = set(session.scalars(passed_copies(person.agency)))
        theirs = held is not None and (held.agency == person.agency or held.id in shared)
        if held is None or not (sees_all(person) or (person.has("analyst") and theirs)):
            raise self.no_copy(number)
        return copy_row(held)

    @staticmethod
    def no_copy(number: str) -> NotFound:
        """What is said of a copy that is not there, or not for this person."""
        return NotFound(_("there is no such copy for you"), where=number[:16])

    def receipts(self, person: Person, *, limit: int = MOST) -> list[Row]:
        """Decisions with their receipts, denials too, newest first: all for those who check, else one's own."""
        wanted = select(Receipt).order_by(Receipt.at.desc()).limit(limit)
        if not sees_all(person):
            wanted = wanted.where(Receipt.actor == person.name)
        with self._store.reading() as session:
            held = session.scalars(wanted).all()
        return [receipt_row(each) for each in held]

    def receipt(self, person: Person, number: str) -> Row:
        """One receipt with its body.

        Raises:
            NotFound: there is none, or not for this person.
        """
        with self._store.reading() as session:
            held = session.get(Receipt, number)
        if held is None or not (sees_all(person) or held.actor == person.name):
            raise NotFound(_("there is no such receipt for you"), where=number[:16])
        return {**receipt_row(held), "body": held.body}

    def last_receipt(self, person: Person, subject: str, act: str) -> str:
        """The number of the person's newest receipt of an act on something; empty without one."""
        wanted = select(Receipt.id).where(Receipt.actor == person.name, Receipt.subject == subject, Receipt.act == act)
        with self._store.reading() as session:
            return session.scalars(wanted.order_by(Receipt.at.desc(), Receipt.id)).first() or ""

    def peers(self) -> list[Row]:
        """The peers of this node and when they were last heard of."""
        with self._store.reading() as session:
            held = session.scalars(select(Peer).order_by(Peer.party)).all()
        return [
            {
                "party": each.party,
                "address": each.address,
                "roster_version": each.roster_version,
                "added": each.added_at,
                "seen": each.last_seen,
            }
            for each in held
        ]

    def agreements(self) -> list[Row]:
        """Every version of every agreement, as it was signed."""
        with self._store.reading() as session:
            held = session.scalars(select(Agreement).order_by(Agreement.id, Agreement.version.desc())).all()
        return [
            {
                "digest": each.digest,
                "id": each.id,
                "version": each.version,
                "signed": each.signed,
                "adopted": each.adopted_at,
                "suspended": each.suspended_at,
                "why": each.suspended_why,
            }
            for each in held
        ]

    def used_today(self) -> Mapping[tuple[str, str, str, str], int]:
        """What was used of budgets today (UTC), by peer, clause, side and what."""
        today = self._now().astimezone(dt.UTC).date().isoformat()
        with self._store.reading() as session:
            held = session.scalars(select(Budget).where(Budget.day == today)).all()
        return {(each.peer, each.clause, each.side, each.what): each.used for each in held}


def run_row(person: Person, held: MatchRun) -> Row:
    """A blind match; its case and asker are hidden from those who see no cases."""
    seen = sees_cases(person)
    return {
        "id": held.id,
        "side": held.side,
        "peer": held.peer,
        "agreement": held.agreement,
        "clause": held.clause,
        "kind": held.key_kind,
        "case": held.case_reference if seen else HIDDEN,
        "actor": held.actor if seen else HIDDEN,
        "agency": held.details.get("agency", ""),
        "subjects": held.subjects,
        "asked": held.asked,
        "padded_size": held.padded_size or None,
        "hits": held.hits,
        "state": held.state,
        "at": held.started_at,
        "finished": held.finished_at,
        "commitment": held.commitment,
        "why": held.details.get("why", ""),
    }


def request_row(held: Request, approvals: int) -> Row:
    """A request with the number of its approvals."""
    return {
        "id": held.id,
        "side": held.side,
        "peer": held.peer,
        "agreement": held.agreement,
        "clause": held.clause,
        "purpose": held.purpose,
        "case": held.case_reference,
        "fields": list(held.fields),
        "run": held.run,
        "asker": held.asker,
        "agency": held.asker_agency,
        "subjects": len(held.references),
        "state": held.state,
        "approvals": approvals,
        "at": held.opened_at,
        "answered": held.answered_at,
    }


def release_row(held: Release) -> Row:
    """A release."""
    return {
        "id": held.id,
        "peer": held.peer,
        "request": held.request,
        "agreement": held.agreement,
        "clause": held.clause,
        "state": held.state,
        "accepted": held.acceptance is not None,
        "at": held.released_at,
        "expires": held.expires_at,
        "digest": held.content_digest,
    }


def copy_row(held: ReceivedCopy) -> Row:
    """A received copy, without content."""
    return {
        "id": held.id,
        "peer": held.peer,
        "request": held.request,
        "agency": held.agency,
        "agreement": held.agreement,
        "clause": held.clause,
        "conditions": held.conditions,
        "state": held.state,
        "at": held.received_at,
        "expires": held.expires_at,
        "held": held.held_reason,
        "digest": held.content_digest,
    }


def _both(failed: Any) -> dict[str, str] | None:
    """What failed, in both languages, as one text each."""
    return {to: "; ".join(each[to] for each in failed) for to in ("en", "es")} if failed else None


def receipt_row(held: Receipt) -> Row:
    """A decision."""
    return {
        "id": held.id,
        "at": held.at,
        "allowed": held.allowed,
        "act": held.act,
        "actor": held.actor,
        "agreement": held.agreement,
        "clause": held.clause,
        "subject": held.subject,
        "failed": _both(held.body.get("failed") or ()),
    }
