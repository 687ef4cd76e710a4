"""Holding two border ledgers side by side: every disclosure has its reception, every request its answer.

Only openly standing facts are compared: kinds, identifiers, digests, times. No content is needed, so that an auditor of
either side can do it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.ledger.entry import KINDS, Entry
from convenio.ledger.tree import Tree

GRACE = dt.timedelta(minutes=15)
Placed = tuple[int, Entry]
State = Literal["missing", "differs", "twice", "open"]


@dataclass(frozen=True)
class Pair:
    """An entry on one side and the one that has to stand on the other, about the same subject.

    Args:
        kind: what one side enters.
        other: what the other side enters.
        unless: kinds that settle it on the first side without the other's entry.
        instead: kinds that do as well on the other side.
        same: facts in the body that have to agree.
    """

    kind: str
    other: str
    unless: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()
    same: tuple[str, ...] = ()


PAIRS = (
    Pair(
        "asked", "answered", unless=frozenset({"match-refused", "match-failed"}), same=("clause", "keys", "commitment")
    ),
    Pair("answered", "asked"),
    Pair("requested", "request-received", same=("clause",)),
    Pair("request-received", "requested"),
    Pair(
        "released",
        "accepted",
        unless=frozenset({"recalled", "release-withdrawn"}),
        same=("content_digest", "request", "root", "subjects"),
    ),
    Pair("accepted", "released"),
    Pair("accepted", "acceptance-received"),
    Pair("decided", "decision-received"),
    Pair("decision-received", "decided"),
    Pair("standing-ended", "standing-end-received"),
    Pair("standing-end-received", "standing-ended"),
    Pair("received", "delivered"),
    Pair("delivered", "received"),
    Pair("recalled", "recall-received"),
    Pair("recalled", "erased", instead=frozenset({"expired", "held"})),
    Pair(
        "finding-recalled",
        "finding-recall-received",
        instead=frozenset({"finding-recall-moot"}),
        same=("release", "place"),
    ),
    Pair("finding-recall-received", "finding-recalled", same=("release", "place")),
    Pair("finding-recall-received", "finding-recall-acknowledged"),
    Pair("finding-recall-moot", "finding-recalled", same=("release", "place")),
    Pair(
        "corrected", "correction-received", instead=frozenset({"correction-moot"}), same=("content_digest", "release")
    ),
    Pair("correction-moot", "corrected", same=("content_digest", "release")),
    Pair("correction-received", "corrected", same=("content_digest", "release")),
    Pair("correction-received", "correction-acknowledged"),
    Pair("consent-asked", "consent-asked-received", same=("release", "act", "to")),
    Pair("consent-asked-received", "consent-asked", same=("release", "act", "to")),
    Pair("consented", "consent-received", same=("release", "act", "to")),
    Pair("consent-received", "consented", same=("release", "act", "to")),
    Pair("consent-refused", "consent-refusal-received"),
    Pair("consent-refusal-received", "consent-refused"),
    Pair("consent-withdrawn", "consent-withdrawal-received"),
    Pair("consent-withdrawal-received", "consent-withdrawn"),
)
ONCE = frozenset({each.kind for each in PAIRS} | {"request-answered", "recall-acknowledged", "acceptance-received"})


@dataclass(frozen=True)
class Orphan:
    """An entry whose counterpart is not there, or says something else.

    Args:
        state: `missing`, `differs`, `twice`; `open` where it is too young to be called missing, or waits for people.
        party: on whose ledger the entry stands.
        index: its index there.
        entry: the entry.
        wanted: the kind that should stand on the other ledger.
        what: in words.
    """

    state: State
    party: str
    index: int
    entry: Entry
    wanted: str
    what: Message

    def as_json(self) -> dict[str, Any]:
        """The orphan as a JSON object."""
        return {
            "state": self.state,
            "party": self.party,
            "index": self.index,
            "kind": self.entry.kind,
            "subject": self.entry.subject,
            "at": self.entry.at.isoformat(),
            "wanted": self.wanted,
            "what": self.what.in_both(),
        }


@dataclass
class Reconciliation:
    """What two ledgers have in common.

    Args:
        entries: how many entries each side has, by party.
        paired: how many entries have their counterpart.
        orphans: those that do not, by state, party and index.
    """

    entries: dict[str, int]
    paired: int = 0
    orphans: list[Orphan] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is missing, different or twice; what is open does not count."""
        return all(each.state == "open" for each in self.orphans)

    def as_json(self) -> dict[str, Any]:
        """The reconciliation as a JSON object."""
        orphans = [each.as_json() for each in self.orphans]
        return {"entries": self.entries, "paired": self.paired, "holds": self.holds, "orphans": orphans}


class _Side:
    """One ledger's entries by kind and subject."""

    def __init__(self, party: str, entries: Iterable[Placed]) -> None:
        self.party = party
        self.count = 0
        self.found: dict[tuple[str, str], list[Placed]] = defaultdict(list)
        self.subjects: dict[str, set[str]] = defaultdict(set)
        for index, entry in entries:
            self.count += 1
            self.found[entry.kind, entry.subject].append((index, entry))
            self.subjects[entry.subject].add(entry.kind)
            request = entry.body.get("request")
            if entry.kind in {"accepted", "released"} and isinstance(request, str):
                self.subjects[request].add(entry.kind)

    def of(self, kind: str) -> list[Placed]:
        """The first entry of this kind about each subject, in order."""
        return sorted((places[0] for (each, _s), places in self.found.items() if each == kind), key=lambda p: p[0])


def reconcile(
    ours: tuple[str, Iterable[Placed]],
    theirs: tuple[str, Iterable[Placed]],
    *,
    now: dt.datetime,
    grace: dt.timedelta = GRACE,
) -> Reconciliation:
    """Reconcile the border ledgers of two parties with each other.

    Args:
        ours: a party and its ledger's entries with their indexes (`read_entries`).
        theirs: the other party and its entries.
        now: the time; what is younger than `grace` may still be on its way.
        grace: how long a message may take.
    """
    one, two = _Side(*ours), _Side(*theirs)
    found = Reconciliation({one.party: one.count, two.party: two.count})
    for side, other in ((one, two), (two, one)):
        for pair in PAIRS:
            for index, entry in side.of(pair.kind):
                _hold_against(found, pair, (side, other), (index, entry), young=now - entry.at < grace)
        _unanswered(found, side, other)
        _twice(found, side)
    found.orphans.sort(key=lambda each: (each.state == "open", each.party, each.index))
    return found


def read_entries(tree: Tree) -> Iterable[Placed]:
    """A ledger's entries with their indexes; those of another form (a successor's first) are passed over."""
    for index, data in enumerate(tree.entries()):
        try:
            yield index, Entry.parse(data)
        except InputError:
            continue


def _hold_against(
    found: Reconciliation, pair: Pair, sides: tuple[_Side, _Side], placed: Placed, *, young: bool
) -> None:
    side, other = sides
    index, entry = placed
    counterparts = other.found.get((pair.other, entry.subject))
    if counterparts is None:
        if side.subjects[entry.subject] & pair.unless or other.subjects[entry.subject] & pair.instead:
            return
        what = _("{party} has no counterpart: {wanted}", party=other.party, wanted=_words(pair.other))
        state: State = "open" if young else "missing"
        found.orphans.append(Orphan(state, side.party, index, entry, pair.other, what))
        return
    other_body = counterparts[0][1].body
    differing = [name for name in pair.same if name in entry.body and _differs(entry.body, other_body, name)]
    if differing:
        what = _("the two sides differ in {names}", names=", ".join(differing))
        found.orphans.append(Orphan("differs", side.party, index, entry, pair.other, what))
        return
    found.paired += 1


def _unanswered(found: Reconciliation, side: _Side, other: _Side) -> None:
    """Requests that nobody has decided, and refusals that never came."""
    for index, entry in side.of("requested"):
        if side.subjects[entry.subject] & {"request-answered", "accepted", "decision-received", "standing-ended"}:
            continue
        decided = other.subjects[entry.subject] & {"refused", "released"}
        if decided:
            what = _("{party} has decided this request, and the answer is not here", party=other.party)
            found.orphans.append(Orphan("missing", side.party, index, entry, "request-answered", what))
        else:
            what = _("{party} has not decided this request yet", party=other.party)
            found.orphans.append(Orphan("open", side.party, index, entry, "request-answered", what))


def _twice(found: Reconciliation, side: _Side) -> None:
    for (kind, _subject), places in side.found.items():
        if kind in ONCE:
            for index, entry in places[1:]:
                what = _("this stands twice, first as entry {index}", index=places[0][0])
                found.orphans.append(Orphan("twice", side.party, index, entry, kind, what))


def _differs(ours: Mapping[str, Any], theirs: Mapping[str, Any], name: str) -> bool:
    return name in theirs and ours[name] != theirs[name]


def _words(kind: str) -> Message:
    return KINDS[kind].words
