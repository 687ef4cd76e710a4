"""FollowTheMoney JSON lines, read and written: the form in which open screening tools exchange lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.schema import BirthDate, Identifier, Kind, ListedName, ListEntry
from convenio.programs.finance.sources.spans import span

SOURCE = "ftm"
SCHEMATA: dict[str, Kind] = {
    "Person": "person",
    "Company": "company",
    "Organization": "company",
    "LegalEntity": "company",
    "PublicBody": "company",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
_WRITTEN: dict[Kind, str] = {"person": "Person", "company": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
_NAMES = (("name", "primary"), ("alias", "aka"), ("weakAlias", "aka"), ("previousName", "fka"))


def read_ftm(path: Path) -> tuple[str, list[ListEntry], list[Message]]:
    """Read entities, one JSON object a line or one JSON array; other schemata are left out, which is said.

    Raises:
        InputError: a line is no JSON, or an entity has no id; the error names the line.
    """
    entries: list[ListEntry] = []
    others: dict[str, int] = {}
    source = ""
    for number, each in _objects(path):
        schema = str(each.get("schema", ""))
        if schema not in SCHEMATA:
            others[schema] = others.get(schema, 0) + 1
            continue
        properties = each.get("properties")
        if not each.get("id") or not isinstance(properties, dict) or not properties.get("name"):
            raise InputError(
                _("the entity has no id or no name"),
                where=_("{file}, line {line}", file=path.name, line=f"{number:,}"),
                advice=_("each entity needs id, schema and properties with a name"),
                kept=_("nothing was imported"),
            )
        source = source or str(next(iter(each.get("datasets") or ()), SOURCE))
        entries.append(_entry(each, properties, source))
    warnings = [
        _(
            "{file}: left out {count} entities that are no parties ({schemata})",
            file=path.name,
            count=sum(others.values()),
            schemata=", ".join(sorted(others)),
        )
    ]
    return source or SOURCE, entries, warnings if others else []


def as_ftm(entries: Iterable[ListEntry]) -> Iterator[str]:
    """The entries as FollowTheMoney JSON, one line each, without line end."""
    for each in entries:
        properties: dict[str, list[str]] = {
            "name": [each.name],
            "alias": [name.name for name in each.names[1:] if not name.weak and name.type != "fka"],
            "weakAlias": [name.name for name in each.names[1:] if name.weak],
            "previousName": [name.name for name in each.names[1:] if name.type == "fka" and not name.weak],
            "birthDate": [_shown(date) for date in each.birth_dates],
            "birthPlace": list(each.birth_places),
            "gender": [each.gender] if each.gender else [],
            "nationality": list(each.nationalities),
            "idNumber": [one.value for one in each.identifiers if one.kind not in {"rfc", "passport", "tax_id"}],
            "passportNumber": list(each.identified_by("passport")),
            "taxNumber": [one.value for one in each.identifiers if one.kind in {"rfc", "tax_id"}],
            "program": list(each.programmes),
            "topics": _topics(each),
            "notes": [f"state: {each.state}"] if each.state else [],
        }
        if each.kind != "person":
            for name in ("birthDate", "birthPlace", "gender", "nationality", "passportNumber"):
                properties.pop(name)
        entity = {
            "id": f"{each.source}-{each.id}",
            "schema": _WRITTEN[each.kind],
            "properties": {name: values for name, values in properties.items() if values},
            "datasets": [each.source],
        }
        yield json.dumps(entity, ensure_ascii=False)


def _topics(entry: ListEntry) -> list[str]:
    """What the list says by naming somebody, and no more: the SAT's is no sanction, and who was cleared is nothing."""
    if entry.source.startswith(("ofac_", "un_sc")):
        return ["sanction"]
    return ["reg.warn"] if entry.state in {"presumed", "definitive"} else []


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    text = path.read_text(encoding="utf-8-sig")
    if text.lstrip().startswith("["):
        for number, each in enumerate(_loaded(text, path, 1), start=1):
            yield number, each
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found = _loaded(line, path, number)
            if isinstance(found, dict):
                yield number, found


def _loaded(text: str, path: Path, number: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            _("this is no JSON: {why}", why=error.msg),
            where=_("{file}, line {line}", file=path.name, line=f"{number + error.lineno - 1:,}"),
            advice=_("was the file cut in the middle? fetch it again"),
            kept=_("nothing was imported"),
        ) from error


def _entry(each: dict[str, Any], properties: dict[str, Any], source: str) -> ListEntry:
    names = [
        ListedName(str(value), kind if at or kind != "primary" else "primary", weak=field == "weakAlias")
        for field, kind in _NAMES
        for at, value in enumerate(properties.get(field) or ())
    ]
    first, rest = names[0], [name if name.type != "primary" else ListedName(name.name, "aka") for name in names[1:]]
    dates = [found for value in properties.get("birthDate") or () if (found := span(str(value)))]
    return ListEntry(
        source=source,
        id=str(each["id"]).removeprefix(f"{source}-"),
        kind=SCHEMATA[each["schema"]],
        names=(first, *dict.fromkeys(rest)),
        programmes=tuple(map(str, properties.get("program") or properties.get("programId") or ())),
        gender=str(next(iter(properties.get("gender") or ()), "")),
        birth_dates=tuple(dates),
        birth_places=tuple(map(str, properties.get("birthPlace") or ())),
        nationalities=tuple(map(str, properties.get("nationality") or ())),
        identifiers=tuple(_identifiers(properties)),
    )


def _identifiers(properties: dict[str, Any]) -> Iterator[Identifier]:
    for field, kind in (("idNumber", "id_number"), ("passportNumber", "passport"), ("taxNumber", "tax_id")):
        for value in map(str, properties.get(field) or ()):
            bare = value.replace(" ", "").replace("-", "").upper()
            if len(bare) == 18 and bare[:4].isalpha() and bare[4:10].isdigit():
                yield Identifier("curp", value)
            elif len(bare) in {12, 13} and bare[-9:-3].isdigit() and bare[:3].isalpha() and kind != "passport":
                yield Identifier("rfc", value)
            else:
                yield Identifier(kind, value)


def _shown(date: BirthDate) -> str:
    return {"day": date.first, "month": date.first[:7], "year": date.first[:4]}.get(date.precision, date.first[:4])
