"""What people decided of doubtful pairs; a judgement can be taken back, and clusters follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from convenio.core.errors import InputError
from convenio.core.words import _

Key = tuple[str, str]
"""Source and identifier of a record."""


@dataclass(frozen=True)
class Judgement:
    """One person's decision on one pair.

    Args:
        left: one record.
        right: the other.
        verdict: `same`, `different`, or `open` to take an earlier judgement back.
        by: who decided.
        reason: why, in the decider's own words; not empty.
        when: at what time; the latest judgement of a pair counts.
    """

    left: Key
    right: Key
    verdict: Literal["same", "different", "open"]
    by: str
    reason: str
    when: dt.datetime

    def __post_init__(self) -> None:
        if self.left == self.right:
            raise InputError(_("a record cannot be judged against itself"))
        if not self.by.strip() or not self.reason.strip():
            raise InputError(
                _("a judgement needs a name and a reason"), advice=_("say who decided, and why, in a few words")
            )
        if self.when.tzinfo is None:
            raise InputError(_("the time of a judgement has no time zone"))

    @property
    def pair(self) -> tuple[Key, Key]:
        """Both records, the smaller first."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)


def standing(judgements: Iterable[Judgement]) -> dict[tuple[Key, Key], Judgement]:
    """The judgement that counts for each pair; pairs whose latest one is `open` are left out."""
    latest: dict[tuple[Key, Key], Judgement] = {}
    for each in sorted(judgements, key=lambda one: one.when):
        latest[each.pair] = each
    return {pair: each for pair, each in latest.items() if each.verdict != "open"}
