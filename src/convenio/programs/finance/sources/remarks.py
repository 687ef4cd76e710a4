"""The remarks of an OFAC list, taken apart: birth dates and places, identifiers, aliases, links.

Remarks are statements joined by "; ". Each begins with its own words ("DOB", "POB", "nationality", "C.U.R.P.") and
may bear "alt." before them. What fits no known form is kept word for word, so that nothing is lost.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field

from convenio.programs.finance.schema import BirthDate, Identifier, ListedName, Precision

LIMIT = 1000
"""Characters at which OFAC cuts the remarks of `sdn.csv`."""

KINDS = {
    "C.U.R.P.": "curp",
    "CURP": "curp",
    "R.F.C.": "rfc",
    "RFC": "rfc",
    "Passport": "passport",
    "Diplomatic Passport": "passport",
    "I.F.E.": "voter_key",
    "Electoral Registry No.": "voter_key",
    "Credencial electoral": "voter_key",
    "C.U.I.P.": "cuip",
    "SSN": "ssn",
    "US FEIN": "ein",
    "Tax ID No.": "tax_id",
    "National ID No.": "national_id",
    "Cedula No.": "cedula",
    "Driver's License No.": "drivers_license",
    "Registration Number": "registration_number",
    "Folio Mercantil No.": "folio_mercantil",
    "NIT #": "nit",
    "RUC #": "ruc",
    "MMSI": "mmsi",
    "Registration ID": "registration_number",
    "Company Number": "company_number",
    "Identification Number": "identification_number",
}
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_DAY = r"(?:(?P<{0}d>\d{{1,2}}) )?(?:(?P<{0}m>[A-Z][a-z]{{2}}) )?(?P<{0}y>\d{{4}})"
_DATE = re.compile(rf"(?P<circa>circa )?{_DAY.format('a')}(?:(?: to |-){_DAY.format('b')})?$")
_PLAIN = re.compile(r"(?:DOB|POB|nationality|citizen|Gender|a\.k\.a\.|f\.k\.a\.|Linked To:|Title:?) ")
_ABBREVIATION = re.compile(r"\b[A-Z](?:\.[A-Z])+$")
_DATED = re.compile(r"(?P<rest>.*?)(?: issued (?P<issued>[^()]*?))?(?: expires (?P<expires>[^()]*?))?$")
_NUMBERED = re.compile(r"(?P<what>.+?)[: ]+(?P<value>\S*\d\S*(?: \S+)?) \((?P<country>[^()]+(?:\([^()]*\))?)\)$")
_CURP = re.compile(r"(?:C\.U\.R\.P\.|CURP)[:# ]+(?P<value>[A-Z0-9]{10,18})(?: \((?P<country>[^()]+)\))?$")
_KNOWN = re.compile(
    r"(?P<what>"
    + "|".join(sorted((re.escape(each) for each in KINDS), key=len, reverse=True))
    + r")(?: #)?[: ]+(?P<value>[^()]+?)(?: \((?P<country>[^()]+)\))?$"
)


@dataclass
class Remarks:
    """The parts of one remarks field; lists in the order they were written."""

    birth_dates: list[BirthDate] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    citizenships: list[str] = field(default_factory=list)
    gender: str = ""
    identifiers: list[Identifier] = field(default_factory=list)
    aliases: list[ListedName] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    cut: bool = False


def parse_remarks(text: str) -> Remarks:
    """Take the remarks of one OFAC entry apart.

    Remarks as long as `LIMIT` were cut by the publisher: the last statement, which is broken off, is kept among
    `statements` and never read as an identifier or a date.
    """
    found = Remarks(cut=len(text) >= LIMIT)
    parts = _statements(_ABBREVIATION.sub(r"\g<0>.", text.removesuffix(".")))
    if found.cut and parts:
        found.statements.append(parts.pop())
    for part in parts:
        _read(part, found)
    return found


def parse_birth_date(text: str) -> BirthDate | None:
    """Read a date as OFAC writes it (`18 Nov 1976`, `Nov 1976`, `circa 1962`, `1962 to 1964`); None when it is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    try:
        first, until, precision = _span(match["ad"], match["am"], match["ay"])
        if match["by"]:
            _start, until, _precision = _span(match["bd"], match["bm"], match["by"])
            return BirthDate(first, until, "range", bool(match["circa"]))
    except (KeyError, ValueError):
        return None
    return BirthDate(first, until, precision, bool(match["circa"]))


def _span(day: str | None, month: str | None, year: str) -> tuple[str, str, Precision]:
    if month is None:
        return f"{year}-01-01", f"{year}-12-31", "year"
    number = _MONTHS[month]
    days = calendar.monthrange(int(year), number)[1]
    if day is None:
        return f"{year}-{number:02}-01", f"{year}-{number:02}-{days:02}", "month"
    if not 1 <= int(day) <= days:
        raise ValueError(day)
    exact = f"{year}-{number:02}-{int(day):02}"
    return exact, exact, "day"


def _statements(text: str) -> list[str]:
    """Split at "; ", but not inside quotes."""
    parts: list[str] = []
    for piece in text.split("; "):
        if parts and parts[-1].count("'") % 2 and parts[-1].startswith(("a.k.a. '", "f.k.a. '")):
            parts[-1] = f"{parts[-1]}; {piece}"
        elif piece.strip():
            parts.append(piece.strip())
    return parts


def _read(part: str, found: Remarks) -> None:
    statement = part.removeprefix("alt. ")
    if _PLAIN.match(statement) and _read_plain(statement, found):
        return
    identifier = _identifier(statement)
    if identifier is None:
        found.statements.append(part)
    else:
        found.identifiers.append(identifier)


def _read_plain(statement: str, found: Remarks) -> bool:
    word, _space, rest = statement.partition(" ")
    rest = rest.strip()
    if word == "DOB":
        date = parse_birth_date(rest)
        if date is None:
            return False
        found.birth_dates.append(date)
    elif word in {"POB", "nationality", "citizen"}:
        target = {"POB": found.birth_places, "nationality": found.nationalities, "citizen": found.citizenships}[word]
        target.append(rest)
    elif word == "Gender":
        found.gender = rest.lower()
    elif word in {"a.k.a.", "f.k.a."}:
        found.aliases.append(ListedName(rest.strip("'\""), word.replace(".", ""), weak=True))
    elif statement.startswith("Linked To:"):
        found.links.append(statement.removeprefix("Linked To:").strip())
    else:
        return False
    return True


def _identifier(statement: str) -> Identifier | None:
    dated = _DATED.match(statement)
    if dated is None:
        return None
    rest = dated["rest"].strip()
    match = _CURP.match(rest) or _KNOWN.match(rest) or _NUMBERED.match(rest)
    if match is None:
        return None
    parts = match.groupdict()
    kind = KINDS.get(parts.get("what", "CURP"), parts.get("what", ""))
    value = " ".join(parts["value"].replace("#", " ").split())
    return Identifier(kind, value, parts["country"] or "", dated["issued"] or "", dated["expires"] or "")
