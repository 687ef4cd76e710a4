"""Made-up files to try the commands on."""

from __future__ import annotations

import json
from pathlib import Path

from convenio.files.writing import whole


def write_example(folder: Path) -> list[Path]:
    """Write `scorecard.json`: a made-up indicator with baseline, target and observation, a plan, a risk, a milestone.

    Returns:
        The files.
    """
    path = folder / "scorecard.json"
    with whole(path) as place:
        place.write_text(json.dumps(EXAMPLE, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [path]


EXAMPLE = {
    "indicators": [
        {
            "id": "waiting-days",
            "commitment": "C51",
            "title_en": "Days from asking for treatment to its first day (made up)",
            "title_es": "Días desde que se pide tratamiento hasta su primer día (inventado)",
            "unit": "days",
            "level": "outcome",
            "direction": "down",
            "source": "made up",
            "registered_change": 3,
            "registered_on": "2024-01-15",
            "action_began": "2024-03-01",
            "baseline": {"value": 21, "on": "2023-12-31", "instrument": "made up", "low": 19.5, "high": 22.5},
            "said_en": "Median over all who asked in the year; those who never began are counted at 365.",
            "said_es": "Mediana de quienes lo pidieron en el año; quien no comenzó cuenta como 365.",
            "frequency": "yearly",
            "disaggregation": ["sex"],
            "quality": "unverified",
            "publication": "public",
        }
    ],
    "targets": [
        {
            "indicator": "waiting-days",
            "on": "2026-12-31",
            "value": 14,
            "agreed_by": "made-up working group",
            "agreed_on": "2024-01-15",
            "publication": "public",
        }
    ],
    "observations": [
        {
            "indicator": "waiting-days",
            "on": "2025-12-31",
            "value": 15,
            "low": 13.8,
            "high": 16.2,
            "source": "made up",
            "entered_at": "2026-02-01T12:00:00Z",
            "entered_by": "made up",
            "publication": "public",
        }
    ],
    "plans": [
        {
            "id": "plan-waiting",
            "commitment": "C51",
            "aims_en": "People who ask for treatment begin it within two weeks (made up)",
            "aims_es": "Quien pide tratamiento lo comienza en dos semanas (inventado)",
            "indicators": ["waiting-days"],
            "frequency": "yearly",
            "responsible": "made-up unit",
            "agreed_on": "2024-01-15",
            "publication": "public",
        }
    ],
    "risks": [
        {
            "id": "risk-staff",
            "commitment": "C51",
            "kind": "risk",
            "text_en": "Trained staff leave (made up)",
            "text_es": "El personal capacitado se va (inventado)",
            "likelihood": "medium",
            "effect": "high",
            "response": "made up",
            "reviewed_on": "2026-01-10",
            "publication": "parties",
        }
    ],
    "milestones": [
        {
            "id": "directory-open",
            "commitment": "C51",
            "title_en": "The directory of services is open to the public (made up)",
            "title_es": "El directorio de servicios está abierto al público (inventado)",
            "first_due": "2025-06-30",
            "amendments": [
                {"due": "2027-03-31", "by": "made-up unit", "on": "2025-06-01", "reason": "two states were missing"}
            ],
            "publication": "public",
        }
    ],
}
