"""The exchanges of a border ledger: every blind match and every request with all that followed from it, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from convenio.core.words import Message, _
from convenio.ledger.entry import Entry

Placed = tuple[int, Entry]
MATCH = frozenset({"asked", "answered"})
REQUEST = frozenset({"requested", "request-received"})
OUTCOMES: tuple[tuple[str, Message], ...] = (
    ("recalled", _("released, and recalled")),
    ("released", _("released to the other party")),
    ("received", _("received from the other party")),
    ("accepted", _("accepted, content under way")),
    ("standing-ended", _("standing order, ended")),
    ("standing-end-received", _("standing order, ended")),
    ("decided", _("approved as a standing order")),
    ("decision-received", _("approved as a standing order by the other party")),
    ("refused", _("refused")),
    ("request-answered", _("refused by the other party")),
    ("match-refused", _("blind match refused")),
    ("match-failed", _("blind match failed")),
    ("answered", _("blind match answered")),
    ("asked", _("blind match asked")),
    ("requested", _("request sent, not decided yet")),
    ("request-received", _("request received, not decided yet")),
)


@dataclass
class Exchange:
    """One exchange with the other party.

    Args:
        id: the run's or the request's identifier.
        kind: `match` or `request`.
        steps: its entries with their indexes, in order.
    """

    id: str
    kind: str
    steps: list[Placed] = field(default_factory=list)

    @property
    def index(self) -> int:
        """Where its first entry stands."""
        return self.steps[0][0]

    @property
    def began(self) -> dt.datetime:
        """When it began."""
        return self.steps[0][1].at

    @property
    def agreement(self) -> str:
        """The agreement it was held under."""
        return self._fact("agreement")

    @property
    def clause(self) -> str:
        """The clause it was held under."""
        return self._fact("clause")

    @property
    def people(self) -> tuple[str, ...]:
        """The accounts of this side that took part, in order."""
        return tuple(dict.fromkeys(entry.actor for _index, entry in self.steps if entry.actor != "node"))

    @property
    def outcome(self) -> Message:
        """What has become of it."""
        kinds = {entry.kind for _index, entry in self.steps}
        return next(words for kind, words in OUTCOMES if kind in kinds)

    def _fact(self, name: str) -> str:
        return next((str(entry.body[name]) for _index, entry in self.steps if name in entry.body), "")


def exchanges(entries: Iterable[Placed]) -> list[Exchange]:
    """The exchanges of a border ledger, in the order in which they began.

    Args:
        entries: the ledger's entries with their indexes (`reconcile.read_entries`).
    """
    found: dict[str, Exchange] = {}
    releases: dict[str, str] = {}
    for index, entry in entries:
        subject = releases.get(entry.subject, entry.subject)
        request = entry.body.get("request")
        if isinstance(request, str) and request in found:
            releases[entry.subject] = subject = request
        if entry.kind in MATCH | REQUEST and subject not in found:
            found[subject] = Exchange(subject, "match" if entry.kind in MATCH else "request")
        if subject in found:
            found[subject].steps.append((index, entry))
    return list(found.values())
