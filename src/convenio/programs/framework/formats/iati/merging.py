"""What is left of a file when ours is taken out, and putting it back in its place."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.framework.formats.iati.names import DERIVED, JOINED, KEY, MARKS, ONCE, ORDER, SAME


def parsed(text: str) -> etree._Element:
    """What is kept of a file, as elements; no entity is followed.

    Raises:
        InputError: it is no part of an IATI file.
    """
    try:
        found = etree.fromstring(text.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(_("this is no well-formed XML: {why}", why=str(error)[:120])) from error
    is_known = found.tag in {"iati-activity", "iati-activities"}
    if not is_known or "<!DOCTYPE" in text:
        raise InputError(_("this is no part of an IATI file"))
    return found


def rest_of(element: etree._Element) -> etree._Element | None:
    """The element without the children that hold nothing any more; none where it holds nothing itself.

    What was read has been taken out of it. A child that bears a key stays only where something of its own is left.
    """
    for child in list(element):
        is_ours = child.get(KEY) is not None or child.get(SAME) is not None
        is_empty = is_ours and rest_of(child) is None
        is_place = element.get(JOINED) is not None and child.get(KEY) is not None  # it says which result it stood in
        if child.get(DERIVED) is not None or (is_empty and not is_place):
            _cut(child)
    own = [name for name in element.attrib if str(name) not in {KEY, SAME}]
    return element if len(element) or own or (element.text or "").strip() else None


def put_back(element: etree._Element, rest: etree._Element) -> None:
    """Put what is left of a file into an element that was made anew."""
    for name, value in rest.attrib.items():
        if str(name) not in MARKS:
            element.set(name, value)
    for child in rest:
        own = _counterpart(element, child)
        if own is None:
            insert(element, deepcopy(child))
        elif own.get(DERIVED) is not None:
            element.replace(own, deepcopy(child))
        else:
            put_back(own, child)


def insert(parent: etree._Element, child: etree._Element) -> None:
    """Put a child where the schema wants it: after its like and what comes before, other namespaces last."""
    order = ORDER.get(str(parent.tag), ())
    place = _place(order, child)
    at = 0
    for number, each in enumerate(parent):
        if _place(order, each) <= place:
            at = number + 1
    parent.insert(at, child)


def finished(element: etree._Element) -> etree._Element:
    """The element without the marks that only put things in their place."""
    for each in element.iter():
        for mark in MARKS:
            each.attrib.pop(mark, "")
    return element


def _counterpart(element: etree._Element, child: etree._Element) -> etree._Element | None:
    key = child.get(KEY)
    if key is not None:
        return next((each for each in element.findall(str(child.tag)) if each.get(KEY) == key), None)
    return element.find(str(child.tag)) if child.tag in ONCE or child.get(SAME) is not None else None


def _place(order: tuple[str, ...], child: etree._Element) -> int:
    return order.index(str(child.tag)) if child.tag in order else len(order)


def _cut(child: etree._Element) -> None:
    parent = child.getparent()
    if parent is not None:
        parent.remove(child)
