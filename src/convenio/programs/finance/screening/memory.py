"""False hits that a person cleared: remembered with the reason, and back only if something changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.screening.screener import Hit


@dataclass(frozen=True)
class Cleared:
    """A hit that a named person found to be false.

    Args:
        customer_id: the customer.
        source: the list.
        entry_id: the entry.
        fingerprint: digest of what was compared then.
        reason: why it is not the same person, in the person's own words.
        by: who cleared it.
        on: the day, ISO 8601.
    """

    customer_id: str
    source: str
    entry_id: str
    fingerprint: str
    reason: str
    by: str
    on: str


class Memory:
    """What was cleared, by customer and entry; the latest clearance counts."""

    def __init__(self, cleared: Iterable[Cleared] = ()) -> None:
        self._held = {(each.customer_id, each.source, each.entry_id): each for each in cleared}

    def __len__(self) -> int:
        return len(self._held)

    def of(self, hit: Hit) -> Cleared | None:
        """What is remembered of a hit's customer and entry, whether or not something changed since."""
        return self._held.get((hit.customer.id, hit.entry.source, hit.entry.id))

    def sift(self, hits: Iterable[Hit]) -> Iterator[tuple[Hit, Message | None]]:
        """The hits that a person has to see; with a note where one was cleared before and something changed since."""
        for hit in hits:
            held = self.of(hit)
            if held is None:
                yield hit, None
            elif held.fingerprint != hit.fingerprint:
                yield (
                    hit,
                    _(
                        "cleared on {on} by {by} (“{reason}”); the customer or the entry has changed since",
                        on=held.on,
                        by=held.by,
                        reason=held.reason,
                    ),
                )


def clear(hit: Hit, *, reason: str, by: str, on: dt.date) -> Cleared:
    """Clear a hit.

    Raises:
        InputError: no reason or no name is given.
    """
    if not reason.strip() or not by.strip():
        raise InputError(
            _("a hit is cleared by a named person with a reason"), advice=_("say who clears it and why it is false")
        )
    return Cleared(
        hit.customer.id, hit.entry.source, hit.entry.id, hit.fingerprint, reason.strip(), by.strip(), on.isoformat()
    )


def read_cleared(path: Path) -> list[Cleared]:
    """The clearances in a file of JSON lines, in order; none where the file is not there yet.

    Raises:
        InputError: a line is no clearance; the error names it.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Cleared(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise InputError(
                _("this line is no clearance"),
                where=_("{file}, line {line}", file=path.name, line=f"{number:,}"),
                advice=_("each line is written by `convenio finance clear`"),
            ) from error
    return found


def write_cleared(path: Path, cleared: Cleared) -> None:
    """Add a clearance at the end of the file; nothing that stands in it is changed."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(cleared), ensure_ascii=False) + "\n")
