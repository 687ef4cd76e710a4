"""Texts in two languages as IATI narratives, and back; narratives of other languages stay where they are."""

from __future__ import annotations

from lxml import etree

from convenio.programs.framework.formats.iati.names import DERIVED, LANG, SAME


def take_words(parent: etree._Element, tag: str, name: str, *, needed: bool = False) -> dict[str, str]:
    """Take the English and Spanish narratives of a child out of it.

    Args:
        parent: e.g. an activity.
        tag: e.g. `title`.
        name: what the fields begin with: `title` gives `title_en` and `title_es`.
        needed: whether both are needed: then one that was not told holds what the other says.

    Returns:
        The fields that were told.
    """
    child = next((each for each in parent.findall(tag) if each.get("type", "1") == "1"), None)
    if child is None or child.get(DERIVED) is not None:
        return {}
    told: dict[str, str] = {}
    for narrative in list(child.findall("narrative")):
        spoken = (narrative.get(LANG) or _language(parent) or "en").casefold()[:2]
        text = (narrative.text or "").strip()
        if spoken in {"en", "es"} and text and f"{name}_{spoken}" not in told and set(narrative.attrib) <= {LANG}:
            told[f"{name}_{spoken}"] = text
            child.remove(narrative)
    child.set(SAME, "")
    one = next(iter(told.values()), None)
    return told if one is None or not needed else {f"{name}_en": one, f"{name}_es": one, **told}


def words(
    parent: etree._Element, tag: str, en: str, es: str, *, derived: bool = False, needed: bool = False
) -> etree._Element | None:
    """Write a child with a text in both languages; where both are needed, the same text in both is written once.

    Returns:
        The child; none where there is no text.
    """
    if not (en or es):
        return None
    child = etree.SubElement(parent, tag)
    if derived:
        child.set(DERIVED, "1")
    for spoken, text in (("en", en), ("es", es)):
        if text and not (needed and spoken == "es" and en == es):
            narrative = etree.SubElement(child, "narrative")
            narrative.set(LANG, spoken)
            narrative.text = text
    return child


def _language(element: etree._Element | None) -> str:
    while element is not None:
        if element.get(LANG):
            return str(element.get(LANG))
        element = element.getparent()
    return ""
