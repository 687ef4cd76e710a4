"""Opening an IATI file safely: its size, its entities and its version are looked at before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.framework.formats.iati.names import VERSION

LARGEST = 200 << 20
BLOCK = 1 << 16
WIDEST = 24 << 20
"""Bytes that one activity may have: as a tree it takes fifty times that, and is held as a whole."""
NOTHING = _("nothing was imported")


def activities(path: Path) -> Iterator[etree._Element]:
    """Each activity of a file in turn, at the end the file's own element; each is emptied once the next is asked for.

    Raises:
        InputError: the file or one activity in it is too large, it declares a document type (entities come in by it),
            is of another version than 2.03, is no IATI file, or is no well-formed XML; the error names the line.
    """
    try:
        if path.stat().st_size >= LARGEST:
            raise InputError(
                _("this file is larger than {size} MB", size=LARGEST >> 20),
                where=str(path),
                advice=_("split it by activities"),
                kept=NOTHING,
            )
        with path.open("rb") as file:
            _first_element(file, path)
            file.seek(0)
            yield from _parsed(file, path)
    except OSError as error:
        raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path), kept=NOTHING) from error


def _first_element(file: IO[bytes], path: Path) -> None:
    """Look at what comes before the content, with a parser that follows nothing."""
    seen: dict[str, dict[str, str]] = {}

    def doctype(*_parts: object) -> None:
        raise InputError(
            _("it declares a document type; files with entities are not read"),
            where=_("{file}, line {line}", file=path.name, line=parser.CurrentLineNumber),
            advice=_("take the DOCTYPE out"),
            kept=NOTHING,
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        seen.setdefault(name, attributes)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    try:
        while not seen and (block := file.read(BLOCK)):
            parser.Parse(block, False)
        if not seen:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InputError(
            _("this is no well-formed XML: {why}", why=expat.errors.messages.get(error.code, str(error))),
            where=_("{file}, line {line}", file=path.name, line=error.lineno),
            kept=NOTHING,
        ) from error
    name, attributes = next(iter(seen.items()))
    if name != "iati-activities":
        raise InputError(
            _("this is no IATI file of activities, but {name}", name=name[:60]), where=path.name, kept=NOTHING
        )
    version = attributes.get("version", "")
    if version != VERSION:
        raise InputError(
            _("this is IATI {version}; 2.03 is read", version=version[:20] or "?"),
            where=path.name,
            advice=_("ask the publisher for 2.03; codes and elements changed between the versions"),
            kept=NOTHING,
        )


def _parsed(file: IO[bytes], path: Path) -> Iterator[etree._Element]:
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("iati-activity", "iati-activities"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )
    since = 0
    try:
        while block := file.read(BLOCK):
            parser.feed(block)
            since += len(block)
            events: Any = parser.read_events()
            for _event, element in events:
                since = 0
                yield element
                element.clear()
                above = element.getparent()
                while above is not None and element.getprevious() is not None:
                    del above[0]
            if since > WIDEST:
                raise InputError(
                    _("one activity in it is larger than {size} MB", size=WIDEST >> 20),
                    where=_("{file}, after {number} MB", file=path.name, number=(file.tell() - since) >> 20),
                    advice=_("an activity says of itself a few thousand things; is the file whole?"),
                    kept=NOTHING,
                )
        parser.close()
    except etree.XMLSyntaxError as error:
        raise InputError(
            _("this is no well-formed XML: {why}", why=str(error.msg)[:120]),
            where=_("{file}, line {line}", file=path.name, line=error.lineno),
            kept=NOTHING,
        ) from error
