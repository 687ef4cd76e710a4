"""How a scorecard stands, in counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from convenio.programs.framework import rules
from convenio.programs.framework.scorecard import Scorecard


def standing(card: Scorecard, today: dt.date) -> dict[str, Any]:
    """Counts and names: what there is, what has no true outcome indicator, what is late, stale or expired.

    Args:
        card: the scorecard; at a level, only what may be seen there is counted.
        today: the day it is asked.
    """
    commitments, indicators, ratings = card.commitments(), card.indicators(), card.ratings()
    true_outcomes = {each.commitment for each in indicators if rules.has_true_outcome(each)}
    return {
        "commitments": len(commitments),
        "by_modality": dict(Counter(each.modality for each in commitments)),
        "by_program": dict(Counter(each.program for each in commitments).most_common()),
        "with_outcome_indicator": sum(each.id in true_outcomes for each in commitments),
        "without_outcome_indicator": sum(each.id not in true_outcomes for each in commitments),
        "indicators": len(indicators),
        "observations": len(card.observations()),
        "ratings": len(ratings),
        "expired_ratings": sum(each.expires_on <= today for each in ratings),
        "late": sorted(each.id for each in card.milestones() if each.done_on is None and each.due < today),
        "stale_baselines": sorted(each.id for each in indicators if rules.stale_baseline(each, today)),
        "results": {name: result for name, (result, _why) in card.results(today).items()},
    }
