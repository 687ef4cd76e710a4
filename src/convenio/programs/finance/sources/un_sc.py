"""The United Nations Security Council's consolidated list, in its XML form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.schema import Address, BirthDate, Identifier, Kind, ListedName, ListEntry
from convenio.programs.finance.sources.xml import parsed

SOURCE = "un_sc"
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_NUMBERS = {"passport": "passport", "national identification number": "national_id", "ssn": "ssn"}


def read_un(path: Path) -> tuple[str, list[ListEntry], list[Message]]:
    """Read `consolidated.xml`: source, entries in the list's order, warnings.

    Raises:
        InputError: the file is broken, or holds no entries where they should be.
    """
    root = parsed(path)
    entries = [_entry(each, "INDIVIDUAL", "person", path) for each in root.iter("INDIVIDUAL")]
    entries += [_entry(each, "ENTITY", "company", path) for each in root.iter("ENTITY")]
    if not entries:
        raise InputError(
            _("the list has no INDIVIDUAL and no ENTITY"),
            where=path.name,
            advice=_("fetch the file again; if its form has changed, this version cannot read it"),
        )
    return SOURCE, entries, []


def _entry(each: Any, tag: str, kind: Kind, path: Path) -> ListEntry:
    number = _of(each, "DATAID")
    names = " ".join(part for part in (_of(each, name) for name in _NAMES) if part)
    if not number or not names:
        raise InputError(
            _("an entry has no number or no name"),
            where=_("{file}, line {line}", file=path.name, line=f"{each.sourceline:,}"),
            advice=_("fetch the file again; if its form has changed, this version cannot read it"),
            kept=_("nothing was imported"),
        )
    aliases = [ListedName(names)]
    for alias in each.findall(f"{tag}_ALIAS"):
        quality, name = _of(alias, "QUALITY").lower(), _of(alias, "ALIAS_NAME")
        for one in (part.strip() for part in name.split(";")):
            if one:
                kind_of = "fka" if quality.startswith("f") else "aka"
                aliases.append(ListedName(one, kind_of, weak=quality == "low"))
    original = _of(each, "NAME_ORIGINAL_SCRIPT")
    if original:
        aliases.append(ListedName(original, "aka"))
    return ListEntry(
        source=SOURCE,
        id=number,
        kind=kind,
        names=tuple(dict.fromkeys(aliases)),
        programmes=tuple(part for part in (_of(each, "UN_LIST_TYPE"), _of(each, "REFERENCE_NUMBER")) if part),
        title="; ".join(_texts(each, "TITLE/VALUE")),
        gender=_of(each, "GENDER").lower(),
        birth_dates=tuple(date for part in each.findall("INDIVIDUAL_DATE_OF_BIRTH") for date in _dates(part)),
        birth_places=tuple(place for part in each.findall("INDIVIDUAL_PLACE_OF_BIRTH") if (place := _place(part))),
        nationalities=tuple(_texts(each, "NATIONALITY/VALUE")),
        identifiers=tuple(
            document for part in each.findall("INDIVIDUAL_DOCUMENT") if (document := _document(part)) is not None
        ),
        addresses=tuple(
            Address(_of(part, "STREET"), _of(part, "CITY"), _of(part, "COUNTRY"))
            for part in each.findall(f"{tag}_ADDRESS")
            if any(_of(part, name) for name in ("STREET", "CITY", "COUNTRY"))
        ),
        statements=tuple(part for part in (_of(each, "COMMENTS1"),) if part),
        dates=tuple(part for part in (_of(each, "LISTED_ON"),) if part),
    )


def _dates(part: Any) -> list[BirthDate]:
    circa = _of(part, "TYPE_OF_DATE").upper().startswith("APPROX")
    date, year = _of(part, "DATE")[:10], _of(part, "YEAR")
    first, last = _of(part, "FROM_YEAR"), _of(part, "TO_YEAR")
    if date:
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            return []
        return [BirthDate(date, date, "day", circa)]
    if year.isdigit() and len(year) == 4:
        return [BirthDate(f"{year}-01-01", f"{year}-12-31", "year", circa)]
    if first.isdigit() and last.isdigit():
        return [BirthDate(f"{first}-01-01", f"{last}-12-31", "range", circa)]
    return []


def _place(part: Any) -> str:
    return ", ".join(text for text in (_of(part, name) for name in ("CITY", "STATE_PROVINCE", "COUNTRY")) if text)


def _document(part: Any) -> Identifier | None:
    kind, value = _of(part, "TYPE_OF_DOCUMENT"), _of(part, "NUMBER")
    if not value:
        return None
    return Identifier(_NUMBERS.get(kind.lower(), kind or "document"), value, _of(part, "ISSUING_COUNTRY"))


def _of(part: Any, tag: str) -> str:
    return " ".join((part.findtext(tag) or "").split())


def _texts(part: Any, path: str) -> list[str]:
    return [text for each in part.findall(path) if (text := " ".join((each.text or "").split()))]
