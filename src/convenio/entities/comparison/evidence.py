"""One field's contribution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from convenio.core.words import Message

Verdict = Literal["agrees", "close", "differs", "silent"]


@dataclass(frozen=True)
class Evidence:
    """What one field says.

    Args:
        field: `name`, `birth_date`, `birth_state`, `sex`, `curp`, `rfc`, `passport`, …
        verdict: whether it agrees, nearly agrees, differs, or says nothing.
        bans: base-10 logarithm of its likelihood ratio; 0 where it says nothing or was counted elsewhere.
        why: one sentence for a person to read.
    """

    field: str
    verdict: Verdict
    bans: float
    why: Message


def total(evidence: Iterable[Evidence]) -> float:
    """The sum of weights, in bans."""
    return sum(each.bans for each in evidence)


def posterior(bans: float, prior: float) -> float:
    """The probability that the two are one person, by Bayes' rule.

    Args:
        bans: total weight of evidence, base-10 logarithm of the likelihood ratio.
        prior: probability before looking, above 0 and below 1; the user's own.
    """
    odds = prior / (1 - prior) * 10 ** min(max(bans, -300.0), 300.0)
    return odds / (1 + odds)
