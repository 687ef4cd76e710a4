"""Hits as findings: a claim, a score with its meaning, reasons in both languages, evidence by digest."""

from __future__ import annotations

from convenio.core.finding import Evidence, Finding, Score, Text, keyed_digest
from convenio.core.marking import Marking
from convenio.core.words import _
from convenio.programs.finance.screening.screener import Hit

METHOD, VERSION = "screen", "1"


def as_finding(hit: Hit, *, key: bytes, originator: str, threshold: float) -> Finding:
    """A hit as a finding, for the queue.

    Args:
        hit: the hit.
        key: the node's key for digests, so that a customer cannot be guessed from one.
        originator: the party or agency whose customer it is; the finding is for its own eyes until it says otherwise.
        threshold: the score from which a pair was a hit.
    """
    weighed = hit.weighed
    said = [each.why for each in weighed.evidence if each.verdict != "silent"]
    said.append(_("what would change it: {what}", what=hit.would_change))
    meaning = _("how many times likelier what is seen is if they are one person than if they are two, as calibrated")
    return Finding(
        program="finance",
        method=METHOD,
        version=VERSION,
        claim=Text.of(
            _(
                "Customer {customer} may be “{listed}” of the list {source}",
                customer=hit.customer.id,
                listed=weighed.listed.name[:80],
                source=hit.entry.source,
            )
        ),
        score=Score(
            value=float(f"{10 ** min(max(weighed.calibrated, -12.0), 12.0):.3g}"),
            kind="likelihood_ratio",
            meaning=Text.of(meaning),
        ),
        reasons=tuple(Text.of(each) for each in said),
        evidence=(
            Evidence(kind="record", reference=f"{hit.entry.source}/{hit.entry.id}"),
            Evidence(kind="digest", reference=keyed_digest(key, {"customer": hit.customer.id})),
        ),
        inputs=keyed_digest(key, {"compared": hit.fingerprint}),
        params={"threshold": threshold},
        marking=Marking(originators=frozenset({originator})),
    )
