"""Writing an indicator as a result's indicator, with its baseline, targets and actuals."""

from __future__ import annotations

from typing import Any

from lxml import etree

from convenio.programs.framework.formats.iati.names import DERIVED, KEY, PERCENTAGE, REST, UNIT
from convenio.programs.framework.formats.iati.narratives import words
from convenio.programs.framework.formats.iati.plain import told_into
from convenio.programs.framework.model import Baseline, Dimension, Indicator, Observation, Target

EXACT = 10**15
NATIVE = {"title_en", "title_es", "said_en", "said_es", "level", "direction", "references", "baseline"}
HOSTED = {"commitment", "action", "publication"}
VALUE = {"indicator", "on", "value", "dimensions", "publication"}


def written(
    indicator: Indicator, targets: list[Target], observations: list[Observation], *, result: etree._Element
) -> None:
    """Write an indicator into a result."""
    element = etree.SubElement(result, "indicator")
    element.set("measure", PERCENTAGE if indicator.is_percentage else UNIT)
    element.set("ascending", "1" if indicator.direction == "up" else "0")
    element.set(KEY, indicator.id)
    words(element, "title", indicator.title_en, indicator.title_es, needed=True)
    words(element, "description", indicator.said_en, indicator.said_es)
    for each in indicator.references:
        made = etree.SubElement(element, "reference", vocabulary=each.vocabulary, code=each.code)
        made.set(KEY, f"{each.vocabulary} {each.code}")
        if each.address:
            made.set("indicator-uri", each.address)
    if indicator.baseline is not None:
        _write_baseline(element, indicator.baseline)
    days = sorted({each.on for each in targets} | {each.on for each in observations})
    for day in days:
        period = etree.SubElement(element, "period")
        period.set(KEY, day.isoformat())
        start = etree.SubElement(period, "period-start")
        start.set("iso-date", day.isoformat())
        start.set(DERIVED, "1")
        etree.SubElement(period, "period-end").set("iso-date", day.isoformat())
        for target in targets:
            if target.on == day:
                _write_value(period, "target", target, target.dimensions, target.reason, VALUE | {"reason"})
        for seen in observations:
            if seen.on == day:
                _write_value(period, "actual", seen, seen.dimensions, seen.said, VALUE | {"said"})
    told_into(etree.SubElement(element, REST), indicator, NATIVE | HOSTED)


def _write_baseline(indicator: etree._Element, baseline: Baseline) -> None:
    element = etree.SubElement(indicator, "baseline", year=str(baseline.on.year))
    element.set("iso-date", baseline.on.isoformat())
    element.set("value", _shown(baseline.value))
    element.set(KEY, "baseline")
    _write_comment(element, baseline.said)
    told_into(etree.SubElement(element, REST), baseline, {"value", "on", "said"})


def _write_value(
    period: etree._Element,
    tag: str,
    part: Target | Observation,
    dimensions: tuple[Dimension, ...],
    said: str,
    leave_out: set[str],
) -> None:
    element = etree.SubElement(period, tag, value=_shown(part.value))
    element.set(KEY, key_of(tuple((each.name, each.value) for each in dimensions), str(part.version)))
    for each in dimensions:
        etree.SubElement(element, "dimension", name=each.name, value=each.value)
    _write_comment(element, said)
    told_into(etree.SubElement(element, REST), part, leave_out)


def _write_comment(element: etree._Element, said: str) -> None:
    if said:
        etree.SubElement(etree.SubElement(element, "comment"), "narrative").text = said


def key_of(dimensions: tuple[tuple[Any, Any], ...], version: str) -> str:
    """What tells one value of a period from another."""
    return repr((dimensions, str(version)))


def _shown(value: float) -> str:
    """A number without a fraction where it has none."""
    return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
