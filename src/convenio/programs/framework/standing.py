"""How a scorecard stands, in counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from convenio.programs.framework import rules
from convenio.programs.framework.scorecard import Scorecard


def standing(card: Scorecard, today: dt.date) -> dict[str, Any]:
    """Counts and names: what there is, which promises have no true outcome indicator, what is late, stale or expired.

    A principle is no promise: it is shown, and not counted among those that lack an indicator.

    Args:
        card: the scorecard; at a level, only what may be seen there is counted.
        today: the day it is asked.
    """
    commitments, indicators, ratings = card.commitments(), card.indicators(), card.ratings()
    promises = [each for each in commitments if each.modality != "principle"]
    true_outcomes = {each.commitment for each in indicators if rules.has_true_outcome(each)}
    return {
        "commitments": len(commitments),
        "by_modality": dict(Counter(each.modality for each in commitments)),
        "by_program": dict(Counter(each.program for each in commitments).most_common()),
        "promises": len(promises),
        "with_outcome_indicator": sum(each.id in true_outcomes for each in promises),
        "without_outcome_indicator": sum(each.id not in true_outcomes for each in promises),
        "indicators": len(indicators),
        "observations": len(card.observations()),
        "ratings": len(ratings),
        "expired_ratings": sum(each.expires_on <= today for each in ratings),
        "late": sorted(each.id for each in card.milestones() if each.done_on is None and each.due < today),
        "stale_baselines": sorted(each.id for each in indicators if rules.stale_baseline(each, today)),
        "results": {name: result for name, (result, _why) in card.results(today).items()},
    }
