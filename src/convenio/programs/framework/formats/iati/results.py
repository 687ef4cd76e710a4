"""Results: an indicator with its baseline, targets and actuals."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from convenio.programs.framework.formats.filling import Filling
from convenio.programs.framework.formats.iati.indicators import HOSTED, NATIVE, key_of
from convenio.programs.framework.formats.iati.names import (
    JOINED,
    KEY,
    PERCENTAGE,
    REST,
    RESULT_TYPES,
    SAME,
    UNIT,
)
from convenio.programs.framework.formats.iati.narratives import take_words
from convenio.programs.framework.formats.iati.plain import told_from
from convenio.programs.framework.model import Indicator, Observation, Part, Target
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import KINDS, Where

CODE = re.compile(r"^[!-~]{1,80}$")
LEVELS = {code: level for level, code in RESULT_TYPES.items()}


@dataclass(frozen=True)
class Host:
    """The activity that results belong to.

    Args:
        commitment: the commitment it is, or serves.
        action: the action it is, if it is one.
        reporter: who reports.
        filling: fills in what the file leaves out.
        where: where it stands.
        card: the scorecard it is for: what a file says anew of an indicator becomes the next version.
    """

    commitment: str
    action: str | None
    reporter: str
    filling: Filling
    where: Where
    card: Scorecard


def read(activity: etree._Element, host: Host) -> list[tuple[Part, Where]]:
    """Take the indicators out of an activity's results; what is not numeric stays where it is."""
    found: list[tuple[Part, Where]] = []
    for number, result in enumerate(activity.findall("result"), start=1):
        level = LEVELS.get(result.get("type", ""))
        taken = []
        for place, element in enumerate(result.findall("indicator"), start=1):
            if level is None or element.get("measure") not in {UNIT, PERCENTAGE}:
                continue
            name = f"{(host.action or host.commitment)[:28]}-{number}-{place}"
            found += _indicator(element, level, name, host)
            taken.append(str(element.get(KEY)))
        if taken:
            _mark_result(result, taken)
    return found


def _mark_result(result: etree._Element, taken: list[str]) -> None:
    """Leave the frame of a result only where it holds several indicators, or something of its own."""
    result.set(KEY, taken[0])
    del result.attrib["type"]
    if len(taken) > 1:
        result.set(JOINED, "1")


def _indicator(element: etree._Element, level: str, name: str, host: Host) -> list[tuple[Part, Where]]:
    rest = element.find(REST)
    told = told_from(rest) if rest is not None else {}
    if rest is not None:
        element.remove(rest)
    is_percentage = element.get("measure") == PERCENTAGE
    made: dict[str, Any] = {
        "id": name,
        "commitment": host.commitment,
        "unit": "%" if is_percentage else "unit",
        "source": host.reporter,
        "level": level,
        "direction": "down" if element.get("ascending") in {"0", "false"} else "up",
        "publication": "public",
        **({"action": host.action} if host.action else {}),
        **(_held(host.card, name) if rest is None else {}),
        **told,
        **take_words(element, "title", "title", needed=True),
        **take_words(element, "description", "said"),
    }
    made.setdefault("title_en", made["id"])
    made.setdefault("title_es", made["title_en"])
    references = [_reference(each) for each in element.findall("reference") if _is_plain(each)]
    if references:
        made["references"] = references
    baseline = _baseline(element)
    if baseline:
        made["baseline"] = baseline
    for attribute in ("measure", "ascending"):
        element.attrib.pop(attribute, "")
    element.set(KEY, made["id"])
    indicator = host.filling.part(KINDS["indicators"], made, host.where)
    return [(indicator, host.where), *_periods(element, made["id"], host)]


def _held(card: Scorecard, name: str) -> dict[str, Any]:
    """What is held of an indicator that the file says nothing of, e.g. a change that was registered here."""
    held = card.found(Indicator, name)
    return held.model_dump(exclude=NATIVE | HOSTED) if held is not None else {}


def _is_plain(reference: etree._Element) -> bool:
    return reference.get("vocabulary", "").isdigit() and bool(CODE.match(reference.get("code", "")))


def _reference(element: etree._Element) -> dict[str, str]:
    told = {
        "vocabulary": element.get("vocabulary", ""),
        "code": element.get("code", ""),
        "address": element.get("indicator-uri", ""),
    }
    for attribute in ("vocabulary", "code", "indicator-uri"):
        element.attrib.pop(attribute, "")
    element.set(KEY, f"{told['vocabulary']} {told['code']}")
    return told


def _baseline(indicator: etree._Element) -> dict[str, Any] | None:
    """The baseline of the whole; one of a part or a place, and one without a number, stays where it is."""
    for element in indicator.findall("baseline"):
        if _number(element) is None or element.find("location") is not None or element.find("dimension") is not None:
            continue
        rest = element.find(REST)
        told = told_from(rest) if rest is not None else {"instrument": "IATI"}
        if rest is not None:
            element.remove(rest)
        said = _comment(element)
        day = (element.get("iso-date") or f"{element.get('year', '')}-12-31")[:10]
        made = {"value": element.get("value"), "on": day, **({"said": said} if said else {}), **told}
        for attribute in ("value", "iso-date", "year"):
            element.attrib.pop(attribute, "")
        element.set(KEY, "baseline")
        return made
    return None


def _periods(indicator: etree._Element, name: str, host: Host) -> list[tuple[Part, Where]]:
    """Take the values out of the periods; a second period that ends on the same day stays where it is."""
    found: list[tuple[Part, Where]] = []
    seen: set[tuple[Any, ...]] = set()
    days: set[str] = set()
    for period in indicator.findall("period"):
        end, start = period.find("period-end"), period.find("period-start")
        day = (end.get("iso-date", "") if end is not None else "")[:10]
        began = (start.get("iso-date", "") if start is not None else "")[:10] or day
        if day in days or end is None:
            continue
        made = [
            value
            for tag, kind in (("target", "targets"), ("actual", "observations"))
            for element in list(period.findall(tag))
            if (value := _value(element, name, (began, day), kind, host, seen)) is not None
        ]
        if made:
            days.add(day)
            found += [(each, host.where) for each in made]
            period.set(KEY, day)
            end.attrib.pop("iso-date", "")
            end.set(SAME, "")
    return found


def _value(
    element: etree._Element, name: str, period: tuple[str, str], kind: str, host: Host, seen: set[tuple[Any, ...]]
) -> Part | None:
    """A target or an actual; one of a place, or a second one of the same part and day, stays where it is."""
    began, day = period
    rest = element.find(REST)
    told = told_from(rest) if rest is not None else {}
    dimensions = [{"name": each.get("name"), "value": each.get("value")} for each in element.findall("dimension")]
    key = (kind, day, tuple((each["name"], each["value"]) for each in dimensions), told.get("version", "1"))
    if _number(element) is None or element.find("location") is not None or key in seen:
        return None
    seen.add(key)
    made: dict[str, Any] = {"indicator": name, "on": day, "value": element.get("value"), "publication": "public"}
    if dimensions:
        made["dimensions"] = dimensions
    said, field = _comment(element), "reason" if kind == "targets" else "said"
    if said:
        made[field] = said
    if rest is not None:
        element.remove(rest)
    elif kind == "targets":
        made |= {"agreed_by": host.reporter, "agreed_on": began}
    else:
        made |= {"source": host.reporter}
    last = _last(host.card, kind, name, day, key[2]) if rest is None else None
    if last is not None and last.value != float(made["value"]):
        made["version"] = last.version + 1
        if kind == "targets":
            made.setdefault("reason", host.reporter)
    del element.attrib["value"]
    for each in element.findall("dimension"):
        element.remove(each)
    if last is not None and "version" not in made:
        element.set(KEY, key_of(key[2], str(last.version)))
        return last
    element.set(KEY, key_of(key[2], str(made.get("version", told.get("version", "1")))))
    return host.filling.part(KINDS[kind], {**made, **told}, host.where)


def _last(card: Scorecard, kind: str, name: str, day: str, dimensions: tuple[Any, ...]) -> Target | Observation | None:
    """The last version that is held of a value."""
    held: list[Target] | list[Observation] = card.targets(name) if kind == "targets" else card.observations(name)
    same = [
        each
        for each in held
        if each.on.isoformat() == day and tuple((part.name, part.value) for part in each.dimensions) == dimensions
    ]
    return max(same, key=lambda each: each.version, default=None)


def _comment(element: etree._Element) -> str:
    """Take a comment that is one text out of an element; one in several languages stays where it is."""
    comment = element.find("comment")
    narratives = comment.findall("narrative") if comment is not None else []
    if comment is None or len(narratives) != 1 or len(narratives[0].attrib) or len(comment) != 1:
        return ""
    element.remove(comment)
    return (narratives[0].text or "").strip()


def _number(element: etree._Element) -> float | None:
    try:
        value = float(element.get("value", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
