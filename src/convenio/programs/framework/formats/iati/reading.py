"""IATI 2.03 into parts: what is ours is taken out of the file, and what is left is kept as it is."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.framework.formats.filling import Filling
from convenio.programs.framework.formats.iati import results
from convenio.programs.framework.formats.iati.merging import rest_of
from convenio.programs.framework.formats.iati.names import (
    ACTUAL_END,
    ACTUAL_START,
    PART,
    REST,
    SCORECARD,
    STATES,
)
from convenio.programs.framework.formats.iati.narratives import take_words
from convenio.programs.framework.formats.iati.opening import activities
from convenio.programs.framework.formats.iati.plain import told_from
from convenio.programs.framework.model import Action, Commitment, Foreign, Part
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import KINDS, Where, fitted
from convenio.programs.framework.storage.kinds import named

NOTHING = _("nothing was imported")
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
Found = list[tuple[Part, Where]]


@dataclass
class Context:
    """What holds for the activities of one file.

    Args:
        path: the file.
        card: the scorecard it is for.
        filling: fills in what the file leaves out.
        seen: the activities that the file has shown so far.
    """

    path: Path
    card: Scorecard
    filling: Filling
    seen: set[str] = field(default_factory=set)

    def serves(self, number: str | None) -> bool:
        """Whether there is a commitment of this number."""
        return bool(number) and self.card.found(Commitment, str(number)) is not None

    def where(self, element: etree._Element) -> Message:
        """Where an activity or an element of it stands."""
        name = (element.findtext("iati-identifier") or "").strip()
        if name:
            return _(
                "{file}, line {line}, activity {name}", file=self.path.name, line=element.sourceline, name=name[:80]
            )
        return _("{file}, line {line}", file=self.path.name, line=element.sourceline)


def read(path: Path, card: Scorecard, *, by: str = "") -> Found:
    """The parts in an IATI file; all of them are public, as IATI is.

    An activity that this program did not write becomes an action. It says which commitment it serves by a tag of the
    reporting organisation's own vocabulary (`<tag vocabulary="99" code="C52"/>`) or by a related activity.

    Raises:
        InputError: the file may not be read (see `opening.activities`), an activity does not say which commitment it
            serves, or a value does not fit; the error names file, line and activity.
    """
    context = Context(path, card, Filling(card, by or "IATI"))
    found: Found = []
    for element in activities(path):
        if element.tag == "iati-activities":
            found += _file(element, context)
        else:
            found += _activity(deepcopy(element), context, element)
    return found


def _activity(activity: etree._Element, context: Context, original: etree._Element) -> Found:
    where = context.where(original)
    rest = activity.find(REST)
    kind = rest.get("kind", "") if rest is not None else ""
    if rest is not None and kind not in {"commitments", "actions"}:
        raise InputError(_("a scorecard holds no {name}", name=kind[:40]), where=where, kept=NOTHING)
    told = told_from(rest) if rest is not None else {}
    if rest is not None:
        activity.remove(rest)
    made = _commitment(activity, told) if kind == "commitments" else _action(activity, told, context, where)
    kind = kind or "actions"
    if made.get("id") in context.seen:
        raise InputError(_("this activity stands there twice"), where=where, kept=NOTHING)
    context.seen.add(str(made.get("id")))
    owner = context.filling.part(KINDS[kind], {**made, "publication": "public"}, where)
    found: Found = [(owner, where)]
    is_action = kind == "actions"
    commitment, name = (made["commitment"] if is_action else made["id"]), made["id"]
    found += results.read(
        activity,
        results.Host(
            commitment, name if is_action else None, _reporter(activity), context.filling, where, context.card
        ),
    )
    for part in activity.findall(PART):
        found.append((_plain(part, context, where), where))
        activity.remove(part)
    return found + _left(activity, name, where)


def _commitment(activity: etree._Element, told: dict[str, Any]) -> dict[str, Any]:
    _without(activity, "1")
    return {**told, **take_words(activity, "title", "text", needed=True)}


def _action(activity: etree._Element, told: dict[str, Any], context: Context, where: Message) -> dict[str, Any]:
    number = _without(activity, "2")
    made = {**told, **take_words(activity, "title", "title"), **take_words(activity, "description", "said")}
    if not told:
        made["identifier"] = number
        made["id"] = number if NAME.match(number) else _short(number)
        made["commitment"] = _served(activity, context, where)
        made["state"] = _state(activity, made["commitment"], context)
    else:
        for above in activity.findall("related-activity[@type='1']"):
            activity.remove(above)
    for each in activity.findall("activity-date"):
        name = {ACTUAL_START: "began", ACTUAL_END: "ended"}.get(each.get("type", ""))
        if name is not None and name not in made and not len(each) and set(each.attrib) == {"type", "iso-date"}:
            made[name] = each.get("iso-date", "")[:10]
            activity.remove(each)
    held = context.card.found(Action, made["id"]) if not told else None
    return {**(held.model_dump(exclude={"publication"}) if held is not None else {}), **made}


def _without(activity: etree._Element, hierarchy: str) -> str:
    """Take the identifier, and the hierarchy that is written anyway, out of an activity; returns the identifier."""
    if activity.get("hierarchy") == hierarchy:
        del activity.attrib["hierarchy"]
    identifier = activity.find("iati-identifier")
    if identifier is None:
        return ""
    activity.remove(identifier)
    return (identifier.text or "").strip()


def _state(activity: etree._Element, commitment: str, context: Context) -> str:
    """Where an activity stands; one under way for which there is no monitoring plan yet is not called active here."""
    status = activity.find("activity-status")
    state = STATES.get(status.get("code", "") if status is not None else "", "planned")
    is_planned = any(each.action is None for each in context.card.plans(commitment))
    return "planned" if state == "active" and not is_planned else state


def _served(activity: etree._Element, context: Context, where: Message) -> str:
    """The commitment that a foreign activity serves."""
    for tag in activity.findall("tag"):
        if tag.get("vocabulary") in {"98", "99"} and context.serves(tag.get("code")):
            return str(tag.get("code"))
    for related in activity.findall("related-activity"):
        ending = (related.get("ref") or "").rpartition("-")[2]
        if related.get("type") == "1" and context.serves(ending):
            return ending
    raise InputError(
        _("this activity does not say which commitment it serves"),
        where=where,
        advice=_('add <tag vocabulary="99" code="C52"/> with the number of the commitment'),
        kept=NOTHING,
    )


def _reporter(activity: etree._Element) -> str:
    found = activity.find("reporting-org")
    if found is None:
        return "IATI"
    return (found.findtext("narrative") or found.get("ref") or "IATI").strip()


def _plain(element: etree._Element, context: Context, where: Message) -> Part:
    kind = named(element.get("kind", ""))
    return context.filling.part(kind, {**told_from(element), "publication": "public"}, where)


def _file(root: etree._Element, context: Context) -> Found:
    where = context.where(root)
    found: Found = []
    for card in root.findall(SCORECARD):
        for part in card.findall(PART):
            found.append((_plain(part, context, where), where))
        root.remove(card)
    for each in root.findall("iati-activity"):
        root.remove(each)
    for name in ("version", "generated-datetime"):
        root.attrib.pop(name, "")
    return found + _left(root, "-", where)


def _left(element: etree._Element, owner: str, where: Message) -> Found:
    """What is left of an element, as it is kept."""
    if rest_of(element) is None:
        return []
    element.tail = None
    etree.cleanup_namespaces(element)
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return [(fitted(Foreign, {"owner": owner, "xml": text, "publication": "public"}, where), where)]


def _short(number: str) -> str:
    """A short name for an activity whose own number is too long or has other characters."""
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", number).strip("-.")[:28] or "activity"
    return f"{slug}-{hashlib.sha256(number.encode()).hexdigest()[:8]}"
