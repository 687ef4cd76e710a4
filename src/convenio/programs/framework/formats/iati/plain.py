"""A part's fields as elements of our namespace, and back; what they are is for the model to say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lxml import etree

from convenio.programs.framework.formats.iati.names import OURS
from convenio.programs.framework.model import Part


def told_into(parent: etree._Element, part: Part, leave_out: Collection[str] = ()) -> etree._Element:
    """Write a part's fields into an element, without those that stand at their default or elsewhere."""
    told = part.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(leave_out))
    for name, value in told.items():
        _into(parent, name, value)
    return parent


def told_from(element: etree._Element) -> dict[str, Any]:
    """The fields in an element, as text, lists and named values."""
    return {_name(each): _from(each) for each in element if each.tag.startswith(OURS)}


def _into(parent: etree._Element, name: str, value: Any) -> None:
    if value is None:
        return
    made = etree.SubElement(parent, f"{OURS}{name.replace('_', '-')}")
    if isinstance(value, dict):
        made.set("type", "map")
        for inner, held in value.items():
            _into(made, inner, held)
    elif isinstance(value, list):
        made.set("type", "list")
        for held in value:
            _into(made, "item", held)
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    else:
        made.text = repr(value) if isinstance(value, float) else str(value)


def _from(element: etree._Element) -> Any:
    kind = element.get("type")
    if kind == "map":
        return told_from(element)
    if kind == "list":
        return [_from(each) for each in element]
    return element.text or ""


def _name(element: etree._Element) -> str:
    return str(element.tag)[len(OURS) :].replace("-", "_")
