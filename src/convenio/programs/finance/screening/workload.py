"""How much work a threshold makes, and what another one would have missed and saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from convenio.programs.finance.screening.screener import Hit

THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(11))
LOWEST = THRESHOLDS[0]

Outcome = Mapping[tuple[str, str, str], bool]
"""What people decided: customer, list and entry to whether it was the listed party."""


@dataclass(frozen=True)
class Load:
    """What one threshold means.

    Args:
        threshold: the score from which a pair is a hit.
        hits: pairs at or above it.
        customers: customers with at least one.
        per_100_000: those customers for every hundred thousand screened.
        hours: time that people spend on the hits.
        confirmed: hits that people decided are the listed party.
        missed: such decisions that this threshold would have missed.
        saved: decisions that it was not, which this threshold would have spared.
    """

    threshold: float
    hits: int
    customers: int
    per_100_000: float
    hours: float
    confirmed: int
    missed: int
    saved: int


def workload(
    hits: Iterable[Hit],
    screened: int,
    decided: Outcome,
    *,
    minutes: float,
    thresholds: Sequence[float] = THRESHOLDS,
) -> list[Load]:
    """The load at each threshold, lowest first.

    Args:
        hits: hits at the lowest of the thresholds or below.
        screened: how many customers were screened.
        decided: what people decided on such hits before; may be empty.
        minutes: time that one hit takes a person.
        thresholds: the scores to look at.
    """
    scored = [(hit.weighed.score, hit.customer.id, (hit.customer.id, hit.entry.source, hit.entry.id)) for hit in hits]
    reached = {pair: score for score, _customer, pair in scored}
    loads = []
    for threshold in sorted(thresholds):
        above = [each for each in scored if each[0] >= threshold]
        people = len({customer for _score, customer, _pair in above})
        loads.append(
            Load(
                threshold,
                len(above),
                people,
                round(people / screened * 100_000, 2) if screened else 0.0,
                round(len(above) * minutes / 60, 2),
                sum(true and reached.get(pair, 0.0) >= threshold for pair, true in decided.items()),
                sum(true and reached.get(pair, 0.0) < threshold for pair, true in decided.items()),
                sum(not true and reached.get(pair, 0.0) < threshold for pair, true in decided.items()),
            )
        )
    return loads
