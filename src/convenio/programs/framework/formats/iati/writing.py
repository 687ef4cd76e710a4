"""Parts as IATI 2.03: only what is public, one activity for each commitment and action."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from pathlib import Path

from lxml import etree

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.writing import whole
from convenio.programs.framework.formats.iati.indicators import written
from convenio.programs.framework.formats.iati.merging import finished, insert, parsed, put_back
from convenio.programs.framework.formats.iati.names import (
    ACTUAL_END,
    ACTUAL_START,
    DERIVED,
    KEY,
    NAMESPACE,
    PART,
    PLANNED_END,
    PLANNED_START,
    PREFIX,
    REST,
    RESULT_TYPES,
    SCORECARD,
    STATUSES,
    VERSION,
)
from convenio.programs.framework.formats.iati.narratives import words
from convenio.programs.framework.formats.iati.plain import told_into
from convenio.programs.framework.model import Action, Commitment, Foreign, Indicator, Observation, Part, Target
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import kind_of

PUBLISHER = "convenio"
MULTINATIONAL = "3"
AMERICA = "498"
GOVERNMENT = "10"
NOT_PUBLIC = _("its text is not public")
PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
XMLNS = {PREFIX: NAMESPACE}
NATIVE = {
    "commitments": {"text_en", "text_es"},
    "actions": {"title_en", "title_es", "said_en", "said_es", "began", "ended"},
}
Owned = dict[str, list[Part]]


def write(card: Scorecard, path: Path, today: dt.date, *, publisher: str = PUBLISHER) -> int:
    """Write what is public of a scorecard; returns how many parts.

    Args:
        card: the scorecard; only what is public is written, whatever its level.
        path: where it goes.
        today: the day it is written.
        publisher: the reporting organisation's identifier.
    """
    public = card.at("public")
    with public.still():
        return _written(public, path, today, publisher)


def _written(public: Scorecard, path: Path, today: dt.date, publisher: str) -> int:
    owned: dict[str, list[Part]] = defaultdict(list)
    loose: list[Part] = []
    indicators: dict[str, list[Indicator]] = defaultdict(list)
    count = 0
    for part in public.parts():
        count += 1
        if isinstance(part, Indicator):
            indicators[part.action or part.commitment].append(part)
        elif isinstance(part, (Commitment, Action, Target, Observation, Foreign)):
            continue
        elif isinstance(owner := getattr(part, "commitment", None), str):
            owned[owner].append(part)
        else:
            loose.append(part)
    if not public.commitments():
        raise InputError(_("nothing in it is public"), where=str(path), kept=_("nothing was written"))
    writer = _Writer(public, today, publisher, indicators)
    with whole(path) as place, etree.xmlfile(str(place), encoding="utf-8") as file:
        file.write_declaration()
        left = writer.foreign.get("-")
        root = etree.Element("iati-activities", nsmap=_spaces(left))
        if left is not None:
            put_back(root, left)
        stamp = dt.datetime.combine(today, dt.time(), dt.UTC).isoformat()
        attributes = {"version": VERSION, "generated-datetime": stamp}
        attributes |= {str(name): str(value) for name, value in root.attrib.items()}
        with file.element("iati-activities", attributes, nsmap=root.nsmap):
            for commitment in public.commitments():
                file.write(writer.commitment(commitment, owned.get(commitment.id, [])), pretty_print=True)
            for action in public.actions():
                file.write(writer.action(action), pretty_print=True)
            if loose:
                file.write(_scorecard(loose), pretty_print=True)
            for each in root:
                file.write(each, pretty_print=True)
    return count


class _Writer:
    """Activities of one scorecard.

    Args:
        card: at the public level.
        today: the day they are written.
        publisher: the reporting organisation's identifier.
        indicators: by the commitment or action that they measure.
    """

    def __init__(self, card: Scorecard, today: dt.date, publisher: str, indicators: dict[str, list[Indicator]]) -> None:
        self.card, self.today, self.publisher, self.indicators = card, today, publisher, indicators
        self.began = {each.id: _day(each.began, today) for each in card.frameworks()}
        self.owners = {each.commitment: each for each in card.owners()}
        self.foreign = {each.owner: parsed(each.xml) for each in card.foreign()}

    def commitment(self, part: Commitment, owned: list[Part]) -> etree._Element:
        """A commitment as an activity."""
        activity = self._activity("1", f"{self.publisher}-{part.id}", part.id)
        words(activity, "title", part.text_en, part.text_es, needed=True)
        self._derived(activity, "description", part.section)
        owner = self.owners.get(part.id)
        agencies = (*owner.us, *owner.mx) if owner else ()
        self._participants(activity, agencies)
        _mark(activity, "activity-status", code="2")
        _mark(activity, "activity-date", type=PLANNED_START, **_iso(self.began.get(part.framework, self.today)))
        if part.due is not None:
            _mark(activity, "activity-date", type=PLANNED_END, **_iso(part.due))
        self._placed(activity, part)
        return self._completed(activity, part, owned)

    def action(self, part: Action) -> etree._Element:
        """An action as an activity below its commitment's."""
        activity = self._activity("2", part.identifier or f"{self.publisher}-{part.commitment}-{part.id}", part.id)
        if words(activity, "title", part.title_en, part.title_es) is None:
            words(activity, "title", *(NOT_PUBLIC.in_language(to) for to in ("en", "es")), derived=True)
        if words(activity, "description", part.said_en, part.said_es) is None:
            self._derived(activity, "description", part.title_en or NOT_PUBLIC.in_language("en"))
        self._participants(activity, part.agencies)
        _mark(activity, "activity-status", code=STATUSES[part.state])
        for kind, day in ((ACTUAL_START, part.began), (ACTUAL_END, part.ended)):
            if day is not None:
                etree.SubElement(activity, "activity-date", {"type": kind, "iso-date": day.isoformat()})
        if part.began is None and part.ended is None:
            _mark(activity, "activity-date", type=PLANNED_START, **_iso(self._start(part)))
        self._placed(activity, self.card.commitment(part.commitment))
        if not part.identifier:
            above = {"ref": f"{self.publisher}-{part.commitment}", "type": "1"}
            etree.SubElement(activity, "related-activity", above)
        return self._completed(activity, part, [])

    def _start(self, part: Action) -> dt.date:
        return self.began.get(self.card.commitment(part.commitment).framework, self.today)

    def _activity(self, hierarchy: str, identifier: str, name: str) -> etree._Element:
        activity = etree.Element("iati-activity", hierarchy=hierarchy, nsmap=_spaces(self.foreign.get(name)))
        etree.SubElement(activity, "iati-identifier").text = identifier
        reporter = _mark(activity, "reporting-org", ref=self.publisher, type=GOVERNMENT)
        etree.SubElement(reporter, "narrative").text = self.publisher
        return activity

    def _completed(self, activity: etree._Element, part: Commitment | Action, owned: list[Part]) -> etree._Element:
        left = self.foreign.get(part.id)
        groups = _groups(left)
        for indicator in self.indicators.get(part.id, []):
            self._result(activity, indicator, groups.get(indicator.id, indicator.id))
        kind = kind_of(part).name
        rest = etree.SubElement(activity, REST, kind=kind)
        told_into(rest, part, NATIVE[kind] | {"publication"})
        for each in owned:
            held = etree.SubElement(activity, PART, kind=kind_of(each).name)
            told_into(held, each, {"publication"})
        if left is not None:
            _make_room(activity, left)
            put_back(activity, left)
        return finished(activity)

    def _result(self, activity: etree._Element, indicator: Indicator, group: str) -> None:
        result = next((each for each in activity.findall("result") if each.get(KEY) == group), None)
        if result is None:
            result = etree.Element("result", type=RESULT_TYPES[indicator.level])
            result.set(KEY, group)
            insert(activity, result)
            words(result, "title", indicator.title_en, indicator.title_es, derived=True, needed=True)
        targets, observations = self.card.targets(indicator.id), self.card.observations(indicator.id)
        written(indicator, targets, observations, result=result)

    def _participants(self, activity: etree._Element, agencies: tuple[str, ...]) -> None:
        for agency in agencies or (self.publisher,):
            made = _mark(activity, "participating-org", role="4", type=GOVERNMENT)
            etree.SubElement(made, "narrative").text = agency

    def _placed(self, activity: etree._Element, commitment: Commitment) -> None:
        """Where and in which field: the region of both, and the framework's goal as a sector of our own vocabulary."""
        _mark(activity, "activity-scope", code=MULTINATIONAL)
        _mark(activity, "recipient-region", code=AMERICA)
        sector = _mark(activity, "sector", vocabulary="99", code=commitment.goal)
        sector.set("vocabulary-uri", NAMESPACE)

    def _derived(self, activity: etree._Element, tag: str, text: str) -> None:
        words(activity, tag, text, text, derived=True, needed=True)


def _scorecard(parts: list[Part]) -> etree._Element:
    element = etree.Element(SCORECARD, nsmap=XMLNS)
    for each in parts:
        told_into(etree.SubElement(element, PART, kind=kind_of(each).name), each, {"publication"})
    return element


def _make_room(activity: etree._Element, left: etree._Element) -> None:
    """Take out what was written only because the schema wants one, where the file has its own."""
    own = {str(each.tag) for each in left if each.get(KEY) is None}
    own |= {"recipient-region"} if "recipient-country" in own else set()
    for each in list(activity):
        if each.get(DERIVED) is not None and str(each.tag) in own - {"title", "reporting-org"}:
            activity.remove(each)


def _groups(left: etree._Element | None) -> dict[str, str]:
    """Which result of a file an indicator stood in."""
    if left is None:
        return {}
    return {
        str(indicator.get(KEY)): str(result.get(KEY))
        for result in left.findall("result")
        if result.get(KEY) is not None
        for indicator in result.findall("indicator")
        if indicator.get(KEY) is not None
    }


def _mark(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """A child that is there because the schema or a reader wants it; it is not read again."""
    made = etree.SubElement(parent, tag, attributes)
    made.set(DERIVED, "1")
    return made


def _spaces(left: etree._Element | None) -> dict[str, str]:
    """The namespaces of what is left of a file, under its own prefixes, and ours."""
    own = left.nsmap if left is not None else {}
    return {**{prefix: address for prefix, address in own.items() if prefix}, **XMLNS}


def _iso(day: dt.date) -> dict[str, str]:
    return {"iso-date": day.isoformat()}


def _day(text: str, otherwise: dt.date) -> dt.date:
    found = PARTIAL.match(text)
    if found is None:
        return otherwise
    year, month, day = (int(each or 1) for each in found.groups())
    return dt.date(year, month, day)
