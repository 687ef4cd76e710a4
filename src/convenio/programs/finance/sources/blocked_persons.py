"""A list of blocked persons as CSV, with headings in Spanish or English: the form in which such lists are handed over.

Mexico's financial intelligence unit publishes no file; institutions get names by letter and keep them in tables like
this. A row whose end date is filled in no longer binds and is left out, which is said.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.entities.names.letters import plain
from convenio.files.delimited import find_delimiter, records, sample_lines
from convenio.files.encoding import find_encoding, windows
from convenio.programs.finance.schema import BirthDate, Identifier, Kind, ListedName, ListEntry

SOURCE = "blocked_persons"
HEADINGS = {
    "id": ("ID", "NUMERO", "NO", "FOLIO", "NUMBER", "ENTRY ID"),
    "name": ("NAME", "NOMBRE", "NOMBRE COMPLETO", "NOMBRE O RAZON SOCIAL", "RAZON SOCIAL", "DENOMINACION", "FULL NAME"),
    "given": ("GIVEN", "NOMBRES", "GIVEN NAMES"),
    "paterno": ("PATERNO", "APELLIDO PATERNO", "PRIMER APELLIDO"),
    "materno": ("MATERNO", "APELLIDO MATERNO", "SEGUNDO APELLIDO"),
    "aliases": ("ALIAS", "ALIASES", "OTROS NOMBRES"),
    "kind": ("KIND", "TIPO", "TIPO DE PERSONA"),
    "birth_date": ("BIRTH DATE", "FECHA DE NACIMIENTO", "FECHA NACIMIENTO", "DOB"),
    "birth_place": ("BIRTH PLACE", "LUGAR DE NACIMIENTO", "ENTIDAD DE NACIMIENTO"),
    "curp": ("CURP",),
    "rfc": ("RFC",),
    "passport": ("PASSPORT", "PASAPORTE"),
    "programme": ("PROGRAMME", "PROGRAM", "ACUERDO", "OFICIO", "FUNDAMENTO"),
    "listed_on": ("LISTED ON", "FECHA DE BLOQUEO", "FECHA DE ALTA", "FECHA BLOQUEO"),
    "ended_on": ("ENDED ON", "FECHA DE BAJA", "FECHA DE DESBLOQUEO", "FECHA BAJA"),
}


def read_blocked(path: Path, *, encoding: str | None = None) -> tuple[str, list[ListEntry], list[Message]]:
    """Read the list: source, entries in its order, warnings.

    Raises:
        InputError: no heading names a name, a row has none, or a birth date does not exist; the error names the row.
    """
    chosen = encoding or find_encoding(windows(path))
    rows = records(path, chosen, find_delimiter(sample_lines(path, chosen))[0])
    first = next(rows, None)
    places = _places(first[1]) if first else {}
    if "name" not in places and not {"given", "paterno"} <= places.keys():
        raise InputError(
            _("no known form of list: its first row is {row}", row=", ".join(first[1])[:120] if first else ""),
            where=path.name,
            advice=_("a list of blocked persons needs a heading such as name or nombre"),
            kept=_("nothing was imported"),
        )
    entries: list[ListEntry] = []
    ended = 0
    for number, row in rows:
        values = {name: row[at].strip() for name, at in places.items() if at < len(row) and row[at].strip()}
        if not values:
            continue
        if values.get("ended_on"):
            ended += 1
            continue
        entries.append(_entry(values, path, number))
    if len({each.id for each in entries}) < len(entries):
        raise InputError(
            _("two rows bear the same number"),
            where=path.name,
            advice=_("give every entry a number of its own, or leave the column out"),
            kept=_("nothing was imported"),
        )
    warnings = [_("{file}: {count} entries have ended and bind no more", file=path.name, count=ended)] if ended else []
    return SOURCE, entries, warnings


def _places(headings: list[str]) -> dict[str, int]:
    known = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        name = known.get(plain(heading).replace(",", " "))
        if name is not None:
            places.setdefault(name, at)
    return places


def _entry(values: dict[str, str], path: Path, number: int) -> ListEntry:
    where = _("{file}, row {row}", file=path.name, row=f"{number:,}")
    surnames = " ".join(values[each] for each in ("paterno", "materno") if each in values)
    name = f"{surnames}, {values.get('given', '')}".strip(", ") if surnames else values.get("name", "")
    if not name:
        raise InputError(_("the row has no name"), where=where, advice=_("fill it in"), kept=_("nothing was imported"))
    rfc = values.get("rfc", "")
    told = plain(values.get("kind", ""))
    kind: Kind = "company" if "MORAL" in told or "COMPANY" in told or (not told and len(rfc) == 12) else "person"
    aliases = [each.strip() for each in values.get("aliases", "").replace("|", ";").split(";") if each.strip()]
    return ListEntry(
        source=SOURCE,
        id=values.get("id") or values.get("curp") or rfc or str(number),
        kind=kind,
        names=(ListedName(name), *(ListedName(each, "aka") for each in aliases)),
        programmes=(values["programme"],) if "programme" in values else (),
        birth_dates=(_date(values["birth_date"], where),) if "birth_date" in values else (),
        birth_places=(values["birth_place"],) if "birth_place" in values else (),
        identifiers=tuple(Identifier(each, values[each]) for each in ("curp", "rfc", "passport") if each in values),
        dates=(values["listed_on"],) if "listed_on" in values else (),
    )


def _date(text: str, where: Message) -> BirthDate:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            day = dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
        return BirthDate(day, day)
    if text.isdigit() and len(text) == 4:
        return BirthDate(f"{text}-01-01", f"{text}-12-31", "year")
    raise InputError(
        _("the birth date {value} does not exist", value=text[:40]),
        where=where,
        advice=_("write it as year-month-day, or as day/month/year"),
        kept=_("nothing was imported"),
    )
