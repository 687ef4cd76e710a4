"""Hits as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from convenio.programs.finance.schema import ScreeningHit
from convenio.programs.finance.screening.screener import Hit


def hits_table(hits: Iterable[Hit]) -> pa.Table:
    """One row per hit by the schema of `ScreeningHit`."""
    rows = []
    for hit in hits:
        said, change = hit.explanation.in_both(), hit.would_change.in_both()
        found = hit.weighed
        rows.append(
            {
                "customer_id": hit.customer.id,
                "customer_name": hit.customer.name,
                "source": hit.entry.source,
                "entry_id": hit.entry.id,
                "listed_name": found.listed.name,
                "score": round(found.score, 4),
                "similarity": round(found.similarity, 4),
                "weight": round(found.weight, 3),
                "likelihood_ratio": float(f"{10 ** min(max(found.calibrated, -300.0), 300.0):.4g}"),
                "posterior": hit.posterior,
                "explanation_en": said["en"],
                "explanation_es": said["es"],
                "would_change_en": change["en"],
                "would_change_es": change["es"],
                "fingerprint": hit.fingerprint,
            }
        )
    return pa.Table.from_pylist(rows, schema=ScreeningHit.arrow_schema())
