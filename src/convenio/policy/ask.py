"""What is asked of policy, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from convenio.core.words import Message

ATTRIBUTES = frozenset(
    {
        "purpose",
        "role",
        "agency",
        "asking_party",
        "answering_party",
        "subject_role",
        "case",
        "categories",
        "fields",
        "match_key",
        "keys_in_run",
        "keys_today",
        "requests_today",
        "subjects",
        "group",
        "at",
    }
)
"""What every question tells; one that tells more or less is not evaluated."""

PRINCIPAL: dict[str, tuple[str, ...]] = {
    "between": ("asking_party", "answering_party"),
    "who": ("asking_party", "agency", "role"),
}
"""What Cedar knows of who asks: attributes joined by a slash. A word with a slash of its own is none that is listed."""

WORDS = ("purpose", "subject_role", "match_key")
LISTS = ("categories", "fields")
SHAPE = frozenset({*WORDS, *LISTS})
"""What many questions have in common: Cedar knows it of the one who asks, read once for all of them."""


@dataclass(frozen=True)
class Ask:
    """One act that somebody wants to do under a clause. Every attribute is given; what is left out never allows.

    Args:
        action: `match`, `request`, `release` or `aggregate`.
        agreement: the agreement's short name.
        clause: the clause's.
        purpose: why.
        actor: who.
        role: the role in which that person acts.
        agency: that person's agency.
        asking_party: the party that asks.
        answering_party: the party that is asked.
        subject_role: the role of the people it is about.
        case: the case reference; may be empty where the clause needs none.
        categories: categories of data.
        fields: fields asked for.
        match_key: the kind of match key, for a match.
        keys_in_run: match keys in this run.
        keys_today: match keys today, this run included.
        requests_today: requests today, this one included.
        subjects: people in this request or release.
        group: the smallest group, for an aggregate.
    """

    action: str
    agreement: str
    clause: str
    purpose: str
    actor: str
    role: str
    agency: str
    asking_party: str
    answering_party: str
    subject_role: str
    case: str = ""
    categories: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    match_key: str = ""
    keys_in_run: int = 0
    keys_today: int = 0
    requests_today: int = 0
    subjects: int = 0
    group: int = 0

    def context(self, at: dt.datetime) -> dict[str, Any]:
        """The attributes as Cedar's context."""
        return {
            "purpose": self.purpose,
            "role": self.role,
            "agency": self.agency,
            "asking_party": self.asking_party,
            "answering_party": self.answering_party,
            "subject_role": self.subject_role,
            "case": self.case.strip(),
            "categories": list(self.categories),
            "fields": list(self.fields),
            "match_key": self.match_key,
            "keys_in_run": self.keys_in_run,
            "keys_today": self.keys_today,
            "requests_today": self.requests_today,
            "subjects": self.subjects,
            "group": self.group,
            "at": int(at.timestamp()),
        }


@dataclass(frozen=True)
class Failure:
    """What failed: its short name, and the words for people."""

    name: str
    words: Message


@dataclass(frozen=True)
class Decision:
    """What policy answers.

    Args:
        allowed: whether agreement and national law both allow it.
        agreement: the agreement's short name.
        version: its version; 0 where there is none.
        digest: its digest; empty where there is none.
        clause: the clause.
        explain: finds what failed, where it is not allowed; asked only when somebody reads it.
        obligations: what comes with it, where it is allowed: retention, onward transfer, judicial use, marking.
    """

    allowed: bool
    agreement: str
    version: int
    digest: str
    clause: str
    explain: Callable[[], tuple[Failure, ...]] = tuple
    obligations: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """What failed; empty where it is allowed."""
        return self.explain()

    def reasons(self) -> dict[str, str]:
        """What failed, in both languages."""
        return {to: "; ".join(each.words.in_language(to) for each in self.failures) for to in ("en", "es")}
