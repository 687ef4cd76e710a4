"""XML files from outside: no entities, no network, broken ones refused with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _


def parsed(path: Path) -> Any:
    """The root of an XML file, its tags without namespaces.

    Raises:
        InputError: it cannot be read, or is broken or cut; says at which line.
    """
    from lxml import etree

    strict = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        root = etree.parse(str(path), strict).getroot()
    except etree.XMLSyntaxError as error:
        raise InputError(
            _("the XML is broken: {why}", why=str(error.msg)[:200]),
            where=_("{file}, line {line}", file=path.name, line=f"{error.lineno or 1:,}"),
            advice=_("was the file cut in the middle? fetch it again"),
            kept=_("nothing was imported"),
        ) from error
    except OSError as error:
        raise InputError(
            _("cannot be read: {why}", why=str(error)), where=str(path), advice=_("is the path right?")
        ) from error
    for each in root.iter():
        if isinstance(each.tag, str):
            each.tag = each.tag.rpartition("}")[2]
    return root
