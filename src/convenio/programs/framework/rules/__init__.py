"""The rules that the software holds, in one place: page, interface, command and import all come through here."""

from convenio.programs.framework.rules.ages import (
    MONTHS,
    age_in_months,
    good_until,
    is_stale,
    stale_baseline,
    told_days,
)
from convenio.programs.framework.rules.entries import may_observe, may_register, may_set_target, registering
from convenio.programs.framework.rules.misfit import Misfit
from convenio.programs.framework.rules.plans import (
    completed,
    may_commit,
    may_hold_audit,
    may_hold_evaluation,
    may_hold_funding,
    may_hold_instrument,
    may_start,
    merged,
    moved,
)
from convenio.programs.framework.rules.ratings import evidence_good_until, may_rate, needs_evidence, side_by_side
from convenio.programs.framework.rules.results import (
    RESULTS,
    Change,
    Result,
    change_of,
    has_true_outcome,
    latest,
    result_of,
)

__all__ = [
    "MONTHS",
    "RESULTS",
    "Change",
    "Misfit",
    "Result",
    "age_in_months",
    "change_of",
    "completed",
    "evidence_good_until",
    "good_until",
    "has_true_outcome",
    "is_stale",
    "latest",
    "may_commit",
    "may_hold_audit",
    "may_hold_evaluation",
    "may_hold_funding",
    "may_hold_instrument",
    "may_observe",
    "may_rate",
    "may_register",
    "may_set_target",
    "may_start",
    "merged",
    "moved",
    "needs_evidence",
    "registering",
    "result_of",
    "side_by_side",
    "stale_baseline",
    "told_days",
]
