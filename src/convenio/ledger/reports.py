"""The paperwork that two laws ask for, written from a border ledger's entries, without content, one per exchange.

*Contact report*: the reform of Mexico's National Security Law of December 2020 asks officials to report contacts with
foreign agents in writing within three days. *Accounting of disclosures*: the US Privacy Act, 5 U.S.C. 552a(c), asks an
agency to keep date, nature, purpose and recipient of each disclosure for five years. The term is counted as 72 hours
from the first entry, the strictest reading; counsel may read it more widely.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from convenio.core.words import Language, Message, _
from convenio.ledger.entry import KINDS
from convenio.ledger.exchanges import Exchange, Placed, exchanges

TERM = dt.timedelta(hours=72)
NEAR = dt.timedelta(hours=24)
KEPT_YEARS = 5
REPORTED = "contact-reported"
DISCLOSING = frozenset(name for name, kind in KINDS.items() if kind.operation == "disclosure")

Due = Literal["filed", "due", "near", "overdue"]

CONTACT_HEADINGS: dict[str, Message] = {
    "exchange": _("exchange"),
    "began": _("date and time"),
    "people": _("officials"),
    "with": _("foreign party"),
    "kind": _("kind of contact"),
    "agreement": _("agreement"),
    "clause": _("clause"),
    "messages": _("entries"),
    "outcome": _("outcome"),
    "entry": _("ledger entry"),
    "due": _("to be reported by"),
    "state": _("state"),
}
ACCOUNTING_HEADINGS: dict[str, Message] = {
    "disclosure": _("disclosure"),
    "at": _("date and time"),
    "nature": _("nature"),
    "subjects": _("persons"),
    "agreement": _("agreement"),
    "purpose": _("purpose (clause)"),
    "recipient": _("recipient"),
    "entry": _("ledger entry"),
    "kept_until": _("to be kept until"),
}
KINDS_OF_CONTACT = {"match": _("blind match"), "request": _("request for information")}
STATES: dict[Due, Message] = {
    "filed": _("reported"),
    "due": _("to be reported"),
    "near": _("term is near"),
    "overdue": _("term is over"),
}


@dataclass(frozen=True)
class ContactReport:
    """One contact that has to be reported.

    Args:
        exchange: what it is about.
        peer: the other party.
        due: until when.
        state: reported, to be reported, the term near, or over.
    """

    exchange: Exchange
    peer: str
    due: dt.datetime
    state: Due

    def row(self, to: Language) -> dict[str, Any]:
        """The report in the language `to`, without content."""
        told = self.exchange
        return {
            "exchange": told.id,
            "began": told.began.isoformat(timespec="seconds"),
            "people": ", ".join(told.people) or _("the node itself").in_language(to),
            "with": self.peer,
            "kind": KINDS_OF_CONTACT[told.kind].in_language(to),
            "agreement": told.agreement,
            "clause": told.clause,
            "messages": len(told.steps),
            "outcome": told.outcome.in_language(to),
            "entry": told.index,
            "due": self.due.isoformat(timespec="seconds"),
            "state": STATES[self.state].in_language(to),
        }


@dataclass(frozen=True)
class Disclosure:
    """One disclosure that has to be accounted for."""

    id: str
    at: dt.datetime
    kind: str
    subjects: int | None
    agreement: str
    clause: str
    recipient: str
    index: int

    def row(self, to: Language) -> dict[str, Any]:
        """The accounting in the language `to`, without content."""
        return {
            "disclosure": self.id,
            "at": self.at.isoformat(timespec="seconds"),
            "nature": KINDS[self.kind].words.in_language(to),
            "subjects": self.subjects,
            "agreement": self.agreement,
            "purpose": self.clause,
            "recipient": self.recipient,
            "entry": self.index,
            "kept_until": years_after(self.at.date(), KEPT_YEARS).isoformat(),
        }


def contact_reports(
    entries: Iterable[Placed], peer: str, *, now: dt.datetime, filed: Collection[str] = ()
) -> list[ContactReport]:
    """One contact report per exchange of a border ledger.

    Args:
        entries: the ledger's entries with their indexes.
        peer: the other party.
        now: the time.
        filed: the exchanges that have been reported (`filed_in` of the internal ledger).
    """
    found = []
    for each in exchanges(entries):
        due = each.began + TERM
        state: Due = "filed" if each.id in filed else "overdue" if now > due else "near" if due - now < NEAR else "due"
        found.append(ContactReport(each, peer, due, state))
    return found


def filed_in(entries: Iterable[Placed]) -> set[str]:
    """The exchanges that an internal ledger says have been reported."""
    return {entry.subject for _index, entry in entries if entry.kind == REPORTED}


def alarm(reports: Iterable[ContactReport]) -> list[ContactReport]:
    """Those whose term is near or over, the most urgent first."""
    return sorted((each for each in reports if each.state in {"near", "overdue"}), key=lambda each: each.due)


def accounting(entries: Iterable[Placed], peer: str) -> list[Disclosure]:
    """One line per disclosure to the other party that a border ledger has.

    Args:
        entries: the ledger's entries with their indexes.
        peer: the other party.
    """
    found: dict[tuple[str, str], Disclosure] = {}
    placed = list(entries)
    agreements = {step.subject: each.agreement for each in exchanges(placed) for _index, step in each.steps}
    for index, entry in placed:
        if entry.kind not in DISCLOSING:
            continue
        body = entry.body
        subjects = body.get("subjects")
        key = (entry.kind, entry.subject if entry.kind == "released" else f"{entry.subject}#{index}")
        told = Disclosure(
            id=entry.subject,
            at=entry.at,
            kind=entry.kind,
            subjects=subjects if isinstance(subjects, int) else None,
            agreement=str(body.get("agreement") or agreements.get(entry.subject, "")),
            clause=str(body.get("clause", "")),
            recipient=str(body.get("to") or peer),
            index=index,
        )
        found.setdefault(key, told)
    return list(found.values())


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
