"""What the program ships with: the joint statement's commitments and what is publicly known of them, in both languages.

The texts are our own words. A place whose text is not public stands empty; what is not known stands as not known; no
rating is shipped.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from convenio.programs.framework.model import (
    Action,
    Audit,
    Commitment,
    Crosswalk,
    Element,
    Framework,
    Indicator,
    Instrument,
    Lesson,
    Milestone,
    Observation,
    Owner,
    Side,
)

FOLDER = Path(__file__).parent
ENTERED_AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
ENTERED_BY = "Convenio"
PLAN = "action-plan-2022"
STEPS = "C48"
"""The commitment to take concrete steps: what the plan's actions serve as long as their texts are not public."""


@dataclass(frozen=True)
class Agency:
    """An agency that owes something: its short name, its party, its name in both languages."""

    id: str
    party: Side
    name_en: str
    name_es: str


@dataclass(frozen=True)
class Plan:
    """The action plan of January 2022: what the communiqué counts, and where this was read."""

    agreed: dt.date
    said_en: str
    said_es: str
    source: str
    address: str
    counts: dict[str, int]


def _json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _public(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "publication": "public"}


def frameworks() -> list[Framework]:
    """Mérida, Bicentennial, the implementation group of 2025, Sustainable Development Goal 16."""
    return [Framework.model_validate(_public(each)) for each in _json("frameworks.json")["frameworks"]]


def elements() -> list[Element]:
    """The places of every framework; those of the action plan stand empty where their texts are not public."""
    others = [Element.model_validate(_public(each)) for each in _json("frameworks.json")["elements"]]
    return [*others, *_plan_places()]


def crosswalks() -> list[Crosswalk]:
    """What the other frameworks' places have to do with the commitments."""
    return [Crosswalk.model_validate(_public(each)) for each in _json("frameworks.json")["crosswalks"]]


def commitments() -> list[Commitment]:
    """The 95 statements of principle or promise."""
    return [Commitment.model_validate(_public(row)) for row in _rows("commitments.csv")]


@cache
def agencies() -> dict[str, Agency]:
    """Agencies by their short name."""
    return {
        row["id"]: Agency(row["id"], cast("Side", row["party"]), row["name_en"], row["name_es"])
        for row in _rows("agencies.csv")
    }


def owners() -> list[Owner]:
    """Who owes each commitment, on each side; by the text's own naming, or else by field of work."""
    return [
        Owner.model_validate(_public({**row, "us": _split(row["us"]), "mx": _split(row["mx"])}))
        for row in _rows("owners.csv")
    ]


@cache
def spanish() -> dict[str, str]:
    """Spanish of texts that the model holds in one language (units, sources, instruments), by their English."""
    return {row["en"]: row["es"] for row in _rows("spanish.csv")}


def plan() -> Plan:
    """The action plan of January 2022, as far as it is public."""
    told = _json("plan.json")
    return Plan(
        dt.date.fromisoformat(told["agreed"]),
        told["said_en"],
        told["said_es"],
        told["source"],
        told["address"],
        told["counts"],
    )


def actions() -> list[Action]:
    """The plan's 102 actions: places without a text, since the list is not public."""
    return [
        Action(id=f"action-{number:03}", commitment=STEPS, publication="public")
        for number in range(1, plan().counts["actions"] + 1)
    ]


def milestones() -> list[Milestone]:
    """Steps whose day is public."""
    return [Milestone.model_validate(_public(each)) for each in _json("milestones.json")]


def indicators() -> list[Indicator]:
    """Indicators with a baseline where a public figure exists, each with its source; the baselines are locked."""
    found = []
    for told in _json("indicators.json"):
        made = Indicator.model_validate(
            _public({name: value for name, value in told.items() if name != "observations"})
        )
        if made.baseline is not None:
            made = made.model_copy(update={"baseline": made.baseline.locked()})
        found.append(made)
    return found


def observations() -> list[Observation]:
    """Public figures since."""
    terms = {each.id: each.terms for each in indicators()}
    return [
        Observation.model_validate(
            _public(
                {
                    **each,
                    "indicator": told["id"],
                    "entered_at": ENTERED_AT,
                    "entered_by": ENTERED_BY,
                    "terms": terms[told["id"]],
                }
            )
        )
        for told in _json("indicators.json")
        for each in told["observations"]
    ]


def audits() -> list[Audit]:
    """Six reports of the US Government Accountability Office, with the auditor's own words where they stand."""
    return [Audit.model_validate(_public(each)) for each in _json("audits.json")["audits"]]


def instruments() -> list[Instrument]:
    """Treaties, memoranda and declarations that are publicly known."""
    return [Instrument.model_validate(_public(each)) for each in _json("instruments.json")]


def lessons() -> list[Lesson]:
    """What auditors and others have found, tied to commitments."""
    return [Lesson.model_validate(_public(each)) for each in _json("lessons.json")]


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())


def _plan_places() -> list[Element]:
    told = _json("plan.json")
    known = {(each["place"], each["number"]): each for each in told["known"]}
    framework = told["framework"]
    made = [_element(framework, "goal", each["id"], each["id"], None, each) for each in told["goals"]]
    for place in ("area", "objective"):
        for number in range(1, told["counts"][f"{place}s"] + 1):
            held = known.get((place, number), {})
            name = held.get("id") or f"{place}-{number:02}"
            parent = name.rpartition(".")[0] or None
            made.append(_element(framework, place, name, held.get("id", ""), parent, held))
    return made


def _element(framework: str, place: str, name: str, number: str, parent: str | None, words: dict[str, Any]) -> Element:
    return Element.model_validate(
        {
            "id": name,
            "framework": framework,
            "place": place,
            "parent": parent,
            "number": number,
            "title_en": words.get("title_en", ""),
            "title_es": words.get("title_es", ""),
            "publication": "public",
        }
    )
