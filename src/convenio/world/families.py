"""Relatives of made-up people: siblings, twins and namesakes, whom a careless match takes for one person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pyarrow as pa

from convenio.entities.identifiers import curp as curp_kind
from convenio.entities.identifiers import rfc as rfc_kind
from convenio.entities.identifiers.name_initials import curp_letters, rfc_letters
from convenio.world.draw import Draw
from convenio.world.people import FIRST_YEAR, YEARS
from convenio.world.people import SCHEMA as PERSON

SCHEMA = pa.schema(
    [
        *PERSON,
        pa.field("relative_of", pa.string(), nullable=False),
        pa.field("relation", pa.string(), nullable=False),
    ]
)
"""The columns of people, then the truth: whose relative it is, and how."""

RELATIONS = {"sibling": 60, "twin": 15, "namesake": 25}
"""How many in a hundred: brothers and sisters; born on one day; father or son, mother or daughter of one name."""

SHARED_ADDRESS, SHARED_PHONE = 600, 300


def relatives(draw: Draw, people: pa.Table) -> pa.Table:
    """One relative of each person given, by `SCHEMA`, in the same order.

    Given names come from another row of `people`; identifiers are made anew, and are synthetic.
    """
    size = people.num_rows
    rows = people.to_pylist()
    relation = draw.chosen(tuple(RELATIONS.values()), size, "relation")
    other = draw.below(max(size, 1), size * 2, "relative's names").reshape(size, 2)
    apart = draw.below(2000, size, "years between relatives")
    address = draw.happens(SHARED_ADDRESS, size, "relatives at one address")
    phone = draw.happens(SHARED_PHONE, size, "relatives with one telephone")
    made, seen = [], Counter[str]()
    for at, person in enumerate(rows):
        how = tuple(RELATIONS)[int(relation[at])]
        names, home = rows[int(other[at, 0])], rows[int(other[at, 1])]
        one = dict(person) | {"relative_of": person["person_id"], "relation": how}
        one["person_id"] = f"R{at + 1:07d}"
        if how == "namesake":
            one["materno"] = names["paterno"] if person["materno"] else None
        else:
            one |= {"given": names["given"], "sex": names["sex"]}
        one["birth_date"] = _born(how, person["birth_date"], int(apart[at]))
        if not address[at]:
            one |= {each: home[each] for each in ("street", "city", "state", "postal_code", "country", "address")}
        one["phone"] = person["phone"] if phone[at] else home["phone"]
        one |= {"passport": None, "ein": None, "name": " ".join(filter(None, _names(one)))}
        one |= _identifiers(one, seen) if person["curp"] else {"curp": None, "rfc": None}
        made.append(one)
    return pa.Table.from_pylist(made, schema=SCHEMA)


def _names(row: dict[str, Any]) -> tuple[str, str, str | None]:
    return row["given"], row["paterno"], row["materno"]


def _born(how: str, born: dt.date, drawn: int) -> dt.date:
    """The relative's birth date: the same day, one to six years away, or a generation."""
    if how == "twin":
        return born
    days = 7300 + 3 * drawn if how == "namesake" else 365 + drawn
    tried = [born + dt.timedelta(days=turn) for turn in (days, -days, 7300, -7300)]
    return next(each for each in tried if FIRST_YEAR <= each.year < FIRST_YEAR + YEARS)


def _identifiers(row: dict[str, Any], seen: Counter[str]) -> dict[str, str]:
    """CURP and RFC with the last of the reserved characters, where no one else of the world is."""
    given, paterno, materno = _names(row)
    initials, consonants = curp_letters(given, paterno, materno or "")
    date = row["birth_date"].strftime("%y%m%d")
    sex = "M" if row["sex"] == "F" else "H"
    first = f"{initials}{date}{sex}{row['birth_state']}{consonants}"
    seen[first] += 1
    first += curp_kind.RESERVED[-seen[first]]
    short = rfc_letters(given, paterno, materno or "").replace("Ñ", "X") + date
    seen[short] += 1
    short += rfc_kind.RESERVED + rfc_kind.HOMOCLAVE[-seen[short]]
    return {"curp": first + curp_kind.check_digit(first), "rfc": short + rfc_kind.check_digit(short)}
