"""What one list says of one person, company, vessel or aircraft: names, dates, places, numbers, addresses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["person", "company", "vessel", "aircraft"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Precision = Literal["day", "month", "year", "range"]


@dataclass(frozen=True, order=True)
class BirthDate:
    """A birth date as a list gives it.

    Args:
        first: earliest day it can be, ISO 8601.
        last: latest day it can be; equal to `first` where the day is known.
        precision: what the list gives: a day, a month, a year or a range.
        circa: whether the list says "about".
    """

    first: str
    last: str
    precision: Precision = "day"
    circa: bool = False

    def __str__(self) -> str:
        """The date at the precision it was given, e.g. `1976-11-18`, `1962`, `1962/1964`, `~1962`."""
        shown = {"day": self.first, "month": self.first[:7], "year": self.first[:4]}.get(
            self.precision, f"{self.first}/{self.last}"
        )
        return f"~{shown}" if self.circa else shown


@dataclass(frozen=True, order=True)
class ListedName:
    """One name of an entry: its `primary` one, or an `aka`, `fka`, `nka`; `weak` where the list says low quality."""

    name: str
    type: str = "primary"
    weak: bool = False


@dataclass(frozen=True, order=True)
class Identifier:
    """A number that some office gave: `kind` (`curp`, `rfc`, `passport`, … or the list's own words) and `value`."""

    kind: str
    value: str
    country: str = ""
    issued: str = ""
    expires: str = ""


@dataclass(frozen=True, order=True)
class Address:
    """An address as the list writes it."""

    street: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True)
class ListEntry:
    """What one list says of one person, company, vessel or aircraft.

    Args:
        source: the list (`ofac_sdn`, `sat_69b`, …).
        id: the publisher's own number, unique in the list.
        kind: what is listed.
        names: the primary name first, then the aliases.
        programmes: sanctions programmes, or the state of the procedure for the SAT's list.
        statements: remarks that fit no other field, word for word.
        remarks_cut: whether the publisher cut the remarks, so that something may be missing.
    """

    source: str
    id: str
    kind: Kind
    names: tuple[ListedName, ...]
    programmes: tuple[str, ...] = ()
    title: str = ""
    gender: str = ""
    birth_dates: tuple[BirthDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    citizenships: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    links: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    vessel: tuple[str, ...] = ()
    remarks_cut: bool = False
    state: str = ""
    dates: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The primary name."""
        return self.names[0].name

    def identified_by(self, kind: str) -> tuple[str, ...]:
        """The values of its identifiers of one kind, in the list's order."""
        return tuple(each.value for each in self.identifiers if each.kind == kind)

    def as_json(self) -> dict[str, Any]:
        """The entry as plain JSON values; CURP, RFC and passports also stand on their own."""
        plain = {key: value for key, value in asdict(self).items() if value not in ((), "", False)}
        plain["name"] = self.name
        plain["birth_dates"] = [str(each) for each in self.birth_dates]
        plain["aliases"] = [each.name for each in self.names[1:]]
        for kind in ("curp", "rfc", "passport"):
            plain[kind] = list(self.identified_by(kind))
        plain["programmes"] = list(self.programmes)
        plain["birth_places"] = list(self.birth_places)
        plain["remarks_cut"] = self.remarks_cut
        return plain
