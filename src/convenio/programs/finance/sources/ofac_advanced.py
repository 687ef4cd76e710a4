"""OFAC's advanced XML form (`sdn_advanced.xml`, `cons_advanced.xml`): everything that the CSV form cuts.

What a number means (kinds of alias, feature, document, part of a name) is told in the file's own `ReferenceValueSets`,
and is read from there, so that a new kind needs no new version of this reader.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.schema import Address, BirthDate, Identifier, Kind, ListedName, ListEntry
from convenio.programs.finance.sources.ofac_sdn import CONSOLIDATED, SOURCE
from convenio.programs.finance.sources.remarks import KINDS
from convenio.programs.finance.sources.xml import parsed

_KINDS: dict[str, Kind] = {"individual": "person", "entity": "company", "vessel": "vessel", "aircraft": "aircraft"}
_ALIASES = {"A.K.A.": "aka", "F.K.A.": "fka", "N.K.A.": "nka", "Name": "aka"}


@dataclass
class _Sets:
    """The file's own words: set name to number to text; and parts of sets that point elsewhere."""

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    places: dict[str, Address] = field(default_factory=dict)
    documents: dict[str, list[Identifier]] = field(default_factory=dict)
    programmes: dict[str, list[str]] = field(default_factory=dict)
    listed: dict[str, list[str]] = field(default_factory=dict)

    def word(self, kind: str, number: str | None) -> str:
        return self.words.get(kind, {}).get(number or "", "")


def read_advanced(path: Path) -> tuple[str, list[ListEntry], list[Message]]:
    """Read the file: source, entries in its order, warnings.

    Raises:
        InputError: it is broken, or is no such file.
    """
    root = parsed(path)
    parties = root.findall("DistinctParties/DistinctParty")
    if root.tag != "Sanctions" or not parties:
        raise InputError(
            _("this XML is neither OFAC's advanced form nor the United Nations' list"),
            where=path.name,
            advice=_("OFAC's begins with Sanctions, the United Nations' with CONSOLIDATED_LIST"),
        )
    source = CONSOLIDATED if path.name.lower().startswith("cons") else SOURCE
    sets = _read_sets(root)
    entries = [entry for each in parties if (entry := _entry(each, sets, source)) is not None]
    left = len(parties) - len(entries)
    warnings = []
    if left:
        warnings.append(_("{file}: {count} parties have no name and were left out", file=path.name, count=left))
    return source, entries, warnings


def _read_sets(root: Any) -> _Sets:
    sets = _Sets()
    for group in root.findall("ReferenceValueSets/*"):
        sets.words[group.tag.removesuffix("Values")] = {each.get("ID", ""): _text(each) for each in group}
        if group.tag == "PartySubTypeValues":
            sets.parties = {each.get("ID", ""): each.get("PartyTypeID", "") for each in group}
    for each in root.findall("Locations/Location"):
        sets.places[each.get("ID", "")] = _place(each, sets)
    for each in root.findall("IDRegDocuments/IDRegDocument"):
        number = _text(each.find("IDRegistrationNo"))
        if number:
            kind = sets.word("IDRegDocType", each.get("IDRegDocTypeID"))
            made = Identifier(KINDS.get(kind, kind), number, sets.word("Country", each.get("IssuedBy-CountryID")))
            sets.documents.setdefault(each.get("IdentityID", ""), []).append(made)
    for each in root.findall("SanctionsEntries/SanctionsEntry"):
        profile = each.get("ProfileID", "")
        for measure in each.findall("SanctionsMeasure"):
            comment = _text(measure.find("Comment"))
            if comment and sets.word("SanctionsType", measure.get("SanctionsTypeID")) in {"Program", ""}:
                sets.programmes.setdefault(profile, []).append(comment)
        for event in each.findall("EntryEvent/Date"):
            sets.listed.setdefault(profile, []).append("-".join(_parts(event)))
    return sets


def _entry(party: Any, sets: _Sets, source: str) -> ListEntry | None:
    profile = party.find("Profile")
    if profile is None:
        return None
    types = {group.get("ID"): group.get("NamePartTypeID") for group in profile.iter("NamePartGroup")}
    names: list[ListedName] = []
    identifiers: list[Identifier] = []
    for identity in profile.findall("Identity"):
        identifiers += sets.documents.get(identity.get("ID", ""), [])
        names += _names(identity, sets, types)
    if not names:
        return None
    number = profile.get("ID", "")
    features = list(_features(profile, sets))
    return ListEntry(
        source=source,
        id=party.get("FixedRef", number),
        kind=_kind(profile.get("PartySubTypeID", ""), sets),
        names=tuple(dict.fromkeys(sorted(names, key=lambda name: name.type != "primary"))),
        programmes=tuple(dict.fromkeys(sets.programmes.get(number, []))),
        title="; ".join(_said(features, "Title")),
        gender=next(iter(_said(features, "Gender")), "").lower(),
        birth_dates=tuple(date for name, _, part in features if name == "Birthdate" for date in _dates(part)),
        birth_places=tuple(_said(features, "Place of Birth")),
        nationalities=tuple(_said(features, "Nationality Country")),
        citizenships=tuple(_said(features, "Citizenship Country")),
        identifiers=tuple(dict.fromkeys(identifiers)),
        addresses=tuple(
            sets.places[each.get("LocationID", "")]
            for name, _, part in features
            if name == "Location"
            for each in part.iter("VersionLocation")
            if each.get("LocationID", "") in sets.places
        ),
        dates=tuple(dict.fromkeys(sets.listed.get(number, []))),
    )


def _kind(subtype: str, sets: _Sets) -> Kind:
    for word in (sets.word("PartySubType", subtype), sets.word("PartyType", sets.parties.get(subtype))):
        if word.lower() in _KINDS:
            return _KINDS[word.lower()]
    return "company"


def _names(identity: Any, sets: _Sets, types: dict[str, str]) -> Iterator[ListedName]:
    for alias in identity.findall("Alias"):
        kind = _ALIASES.get(sets.word("AliasType", alias.get("AliasTypeID")), "aka")
        primary = alias.get("Primary") == "true"
        for documented in alias.findall("DocumentedName"):
            surnames: list[str] = []
            given: list[str] = []
            for part in documented.iter("NamePartValue"):
                told = sets.word("NamePartType", types.get(part.get("NamePartGroupID"))).lower()
                target = surnames if told in {"last name", "maiden name", "patronymic", "matronymic"} else given
                target.append(_text(part))
            text = ", ".join(" ".join(each) for each in (surnames, given) if any(each))
            if text:
                weak = alias.get("LowQuality") == "true"
                yield ListedName(text, "primary" if primary else kind, weak=weak)


def _features(profile: Any, sets: _Sets) -> Iterator[tuple[str, str, Any]]:
    """Name, text and element of each feature."""
    for each in profile.findall("Feature"):
        name = sets.word("FeatureType", each.get("FeatureTypeID"))
        details = [
            _text(detail) or sets.word("DetailReference", detail.get("DetailReferenceID"))
            for detail in each.iter("VersionDetail")
        ]
        places = [sets.places.get(part.get("LocationID", "")) for part in each.iter("VersionLocation")]
        shown = [
            ", ".join(text for text in (place.city or place.street, place.country) if text) for place in places if place
        ]
        yield name, "; ".join(text for text in (*details, *shown) if text), each


def _place_shown(place: Address) -> str:
    return ", ".join(text for text in (place.city or place.street, place.country) if text)


def _said(features: list[tuple[str, str, Any]], wanted: str) -> list[str]:
    return [text for name, text, _ in features if name == wanted and text]


def _dates(feature: Any) -> Iterator[BirthDate]:
    for period in feature.iter("DatePeriod"):
        start = period.find("Start/From") if period.find("Start/From") is not None else period.find("Start")
        end = period.find("End/To") if period.find("End/To") is not None else period.find("End")
        if start is None:
            continue
        first = _parts(start)
        last = _parts(end) if end is not None else first
        if len(first) != 3 or len(last) != 3:
            continue
        one, two = "-".join(first), "-".join(last)
        circa = any(each.get("Approximate") == "true" for each in (period.find("Start"), end) if each is not None)
        yield BirthDate(one, two, _precision(first, last), circa)


def _precision(first: list[str], last: list[str]) -> Any:
    if first == last:
        return "day"
    year, month = int(last[0]), int(last[1])
    if first[:2] == last[:2] and first[2] == "01" and int(last[2]) == calendar.monthrange(year, month)[1]:
        return "month"
    return "year" if first[0] == last[0] and first[1:] == ["01", "01"] and last[1:] == ["12", "31"] else "range"


def _parts(date: Any) -> list[str]:
    found = [_text(date.find(name)) for name in ("Year", "Month", "Day")]
    return [each.zfill(width) for each, width in zip(found, (4, 2, 2), strict=True) if each.isdigit()]


def _place(location: Any, sets: _Sets) -> Address:
    parts: dict[str, list[str]] = {}
    for part in location.findall("LocationPart"):
        name = sets.word("LocPartType", part.get("LocPartTypeID")).upper()
        parts.setdefault(name, []).extend(_text(value) for value in part.iter("Value"))
    country = location.find("LocationCountry")
    street = ", ".join(text for name in ("ADDRESS1", "ADDRESS2", "ADDRESS3", "UNKNOWN") for text in parts.get(name, []))
    city = ", ".join(text for name in ("CITY", "STATE/PROVINCE") for text in parts.get(name, []))
    return Address(street, city, sets.word("Country", country.get("CountryID")) if country is not None else "")


def _text(element: Any) -> str:
    return "" if element is None else " ".join((element.text or "").split())
