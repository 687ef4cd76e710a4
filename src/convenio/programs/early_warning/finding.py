"""An alarm as a finding: the claim, the score with its meaning, the reasons, the counts it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.finding import Evidence, Finding, Score, Text, digest_inputs
from convenio.core.marking import Marking
from convenio.core.words import Message, _

MEANING = _(
    "how far the count lies from what was expected, on a scale on which the upper bound is 1; not a probability"
)


def as_finding(
    row: Mapping[str, Any],
    counts: pa.Table,
    *,
    collection: str,
    params: Mapping[str, Any],
    version: str,
    key: bytes,
    originator: str,
) -> Finding:
    """An alarm as a finding, for the queue; the same alarm from the same counts is the same finding.

    Args:
        row: the alarm, columns of `Alarm`.
        counts: the counts of its series, columns of `Count`.
        collection: where the counts are kept.
        params: what detection was told, as JSON values.
        version: the method's version.
        key: the node's key for digests.
        originator: the party or agency whose counts they are.
    """
    before = counts.filter(pc.less_equal(counts.column("period"), pa.scalar(row["period"], pa.date32())))
    place = row["series"] if row["substance"] is None else f"{row['series']} · {row['substance']}"
    reasons: list[Message] = []
    if row["expected"] is not None:
        reasons.append(_("{expected} cases were expected from its own past", expected=f"{row['expected']:.1f}"))
    if row["upperbound"] is not None:
        reasons.append(
            _(
                "the upper bound is {bound}; it was {observed}",
                bound=f"{row['upperbound']:.1f}",
                observed=row["observed"],
            )
        )
    if row["history"]:
        reasons.append(_("the counts before it: {history}", history=row["history"]))
    if row["completeness"] is not None:
        reasons.append(_("the period is {percent} % complete", percent=f"{row['completeness']:g}"))
    if row["note"]:
        reasons.append(_("to be known: {note}", note=row["note"]))
    return Finding(
        program="early_warning",
        method="detect",
        version=version,
        claim=Text.of(
            _(
                "{place}: {observed} cases in the period from {day}",
                place=place,
                observed=row["observed"],
                day=str(row["period"]),
            )
        ),
        score=None
        if row["score"] is None
        else Score(value=float(f"{row['score']:.4g}"), kind="measure", meaning=Text.of(MEANING)),
        reasons=tuple(Text.of(each) for each in reasons),
        evidence=(Evidence(kind="record", reference=f"{collection}/{place}/{row['period']}"),),
        inputs=digest_inputs(key, {"counts": before}, dict(params)),
        params=dict(params),
        marking=Marking(originators=frozenset({originator})),
    )
