"""Parts of a scorecard as JSON values, in both languages, as the interface tells them."""

from __future__ import annotations

from typing import Any

from convenio.programs.framework.evidence import Value
from convenio.programs.framework.reading import Measured, Sheet


def line(sheet: Sheet) -> dict[str, Any]:
    """A commitment in one line."""
    held = sheet.commitment
    return {
        "id": held.id,
        "goal": held.goal,
        "modality": held.modality,
        "text": {"en": held.text_en, "es": held.text_es},
        "program": held.program,
        "software": held.software,
        "installed": sheet.installed,
        "scored": sheet.scored,
        "outcome_indicator": sheet.has_outcome if sheet.scored else None,
        "lacks": sheet.lacks.in_both() if sheet.scored and sheet.lacks is not None else None,
        "ratings": {
            rater: rating.model_dump(mode="json") if rating is not None else None
            for rater, rating in sheet.sides.items()
        },
        "late": [each.id for each in sheet.late],
    }


def whole(sheet: Sheet) -> dict[str, Any]:
    """A commitment with all that hangs on it."""
    return {
        **line(sheet),
        "owner": sheet.owner.model_dump(mode="json") if sheet.owner is not None else None,
        "expired": [each.model_dump(mode="json") for each in sheet.expired],
        "indicators": [measured(each) for each in sheet.measured],
        "milestones": [each.model_dump(mode="json") for each in sheet.milestones],
        "actions": [each.model_dump(mode="json") for each in sheet.actions],
        "plans": [each.model_dump(mode="json") for each in sheet.plans],
        "risks": [each.model_dump(mode="json") for each in sheet.risks],
        "funding": [each.model_dump(mode="json") for each in sheet.funding],
        "evaluations": [each.model_dump(mode="json") for each in sheet.evaluations],
        "recommendations": [
            {"audit": audit.id, **each.model_dump(mode="json")} for audit, each in sheet.recommendations
        ],
        "instruments": [each.id for each in sheet.instruments],
        "lessons": [each.id for each in sheet.lessons],
        "elsewhere": [{"relation": cross.relation, "place": place.id} for cross, place in sheet.crosswalks],
        "evidence": [value(each) for each in sheet.evidence],
        "documents": [each.model_dump(mode="json") for each in sheet.documents],
        "not_done": {"en": sheet.not_done.why_en, "es": sheet.not_done.why_es} if sheet.not_done else None,
        "served_by": [{"kind": each.kind, "name": each.name} for each in sheet.serving],
    }


def measured(one: Measured) -> dict[str, Any]:
    """An indicator with its values, and what follows from them."""
    return {
        **one.indicator.model_dump(mode="json"),
        "targets": [each.model_dump(mode="json") for each in one.targets],
        "observations": [each.model_dump(mode="json") for each in one.observations],
        "true_outcome": one.tells,
        "baseline_age_in_months": one.age,
        "result": one.result,
        "why": one.why.in_both(),
    }


def value(one: Value) -> dict[str, Any]:
    """An aggregate of operations."""
    return {**one.model_dump(mode="json"), "commitments": list(one.commitments), "publication": one.publication}
