"""Re-screening when a list changes: only what changed is compared again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convenio.programs.finance.delta import Delta
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.party import Party
from convenio.programs.finance.screening.screener import Hit, Screener
from convenio.programs.finance.screening.weigh import THRESHOLD


@dataclass(frozen=True)
class Change:
    """What a new state of a list changes.

    Args:
        opened: hits that were not there before.
        altered: hits that were there and say something else now, as they are now.
        delisted: hits whose entry is no longer on the list.
        closed: hits whose entry changed so that it is no hit any more.
        kept: every hit that is open now, the opened and altered ones included.
    """

    opened: tuple[Hit, ...]
    altered: tuple[Hit, ...]
    delisted: tuple[Hit, ...]
    closed: tuple[Hit, ...]
    kept: tuple[Hit, ...]


def rescreen(
    customers: Sequence[Party],
    open_hits: Sequence[Hit],
    change: Delta,
    *,
    threshold: float = THRESHOLD,
    prior: float | None = None,
) -> Change:
    """Screen the customers against the entries that were added or changed, and close what is delisted.

    The result is the same as screening against the whole new list (a test shows it).
    """
    gone = {_key(entry) for entry in change.removed}
    touched: list[ListEntry] = [*change.added, *(each.new for each in change.changed)]
    changed = {_key(entry) for entry in touched}
    found: dict[tuple[str, str, str], Hit] = {}
    if touched:
        screener = Screener(touched, threshold=threshold, prior=prior)
        found = {_pair(hit): hit for hit in screener.screen(customers)}
    before = {_pair(hit): hit for hit in open_hits}
    untouched = [hit for hit in open_hits if _key(hit.entry) not in gone | changed]
    return Change(
        opened=tuple(hit for pair, hit in found.items() if pair not in before),
        altered=tuple(
            hit for pair, hit in found.items() if pair in before and before[pair].fingerprint != hit.fingerprint
        ),
        delisted=tuple(hit for hit in open_hits if _key(hit.entry) in gone),
        closed=tuple(hit for hit in open_hits if _key(hit.entry) in changed and _pair(hit) not in found),
        kept=(*untouched, *found.values()),
    )


def _key(entry: ListEntry) -> tuple[str, str]:
    return entry.source, entry.id


def _pair(hit: Hit) -> tuple[str, str, str]:
    return hit.customer.id, hit.entry.source, hit.entry.id
