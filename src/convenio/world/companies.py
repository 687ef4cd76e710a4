"""Made-up companies of both countries, who runs them, and who owns them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenio.entities.identifiers import lei as lei_kind
from convenio.world import letters as made
from convenio.world import lists
from convenio.world.contact import Ints, Truths, addresses, ascii_rows, eins, numbered, one_line, phones
from convenio.world.draw import Draw

COMPANIES = pa.schema(
    [
        pa.field("company_id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("legal_form", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("rfc", pa.string()),
        pa.field("ein", pa.string()),
        pa.field("lei", pa.string()),
        pa.field("incorporated_on", pa.date32(), nullable=False),
        pa.field("activity", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("phone", pa.string(), nullable=False),
        pa.field("synthetic", pa.bool_(), nullable=False),
    ]
)
OFFICERS = pa.schema(
    [
        pa.field("company_id", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),
    ]
)
OWNERS = pa.schema(
    [
        pa.field("company_id", pa.string(), nullable=False),
        pa.field("owner_id", pa.string(), nullable=False),
        pa.field("share", pa.int64(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),
    ]
)
"""`owner_id` names a person (P…) or a company (C…); `share` is in hundredths of the company and adds up to 100."""

FORMS = {
    "MX": ("S.A. de C.V.", "S. de R.L. de C.V.", "S.A.P.I. de C.V.", "S.C."),
    "US": ("LLC", "Inc.", "Corp.", "LP"),
}
FIRST = {
    "MX": ("Comercializadora", "Transportes", "Grupo", "Distribuidora", "Importadora", "Servicios", "Agrícola"),
    "US": ("Trading", "Logistics", "Holdings", "Imports", "Services", "Farms", "Industries"),
}
ACTIVITIES = ("wholesale", "freight", "holding", "retail", "import and export", "services", "agriculture")
_FORM_WEIGHTS = (60, 20, 12, 8)
_START, _DAYS = np.datetime64("1990-01-01"), 11_200
BORDER_RESIDENTS, WITH_LEI, COMPANY_OWNER = 300, 80, 150


def companies(draw: Draw, size: int) -> pa.Table:
    """`size` companies by `COMPANIES`; three in ten are of the United States."""
    us = draw.happens(BORDER_RESIDENTS, size, "company of the us")
    kind = draw.chosen((22, 15, 8, 25, 12, 14, 4), size, "activity")
    form = draw.chosen(_FORM_WEIGHTS, size, "legal form")
    word = draw.below(len(lists.column("streets_mx")), size, "company word")
    mexican = pc.binary_join_element_wise(
        pa.array(FIRST["MX"]).take(pa.array(kind)), lists.taken("streets_mx", word), _forms("MX", form), " "
    )
    american = pc.binary_join_element_wise(
        lists.taken("streets_us", word), pa.array(FIRST["US"]).take(pa.array(kind)), _forms("US", form), " "
    )
    born = _START + draw.below(_DAYS, size, "incorporated")
    dates = np.concatenate([_two(born, "Y", 100), _two(born, "M", 12, 1), _day(born)], axis=1)
    home = addresses(draw, size, us, "company home")
    columns = {
        "company_id": numbered("C", size),
        "name": pc.if_else(pa.array(us), american, mexican),
        "legal_form": pc.if_else(pa.array(us), _forms("US", form), _forms("MX", form)),
        "country": pa.array(np.where(us, "US", "MX")),
        "rfc": made.texts(made.rfcs(_initials(kind, word), dates), ~us),
        "ein": made.texts(eins(5_000_000 + np.arange(size)), us),
        "lei": _leis(draw.happens(WITH_LEI, size, "lei")),
        "incorporated_on": pa.array(born),
        "activity": pa.array(ACTIVITIES).take(pa.array(kind)),
        "address": one_line(home, us),
        "phone": phones(9_000_000 + np.arange(size) % 1_000_000, us),
        "synthetic": pa.array(np.ones(size, dtype=np.bool_)),
    }
    return pa.Table.from_arrays([columns[name] for name in COMPANIES.names], schema=COMPANIES)


def officers(draw: Draw, firms: pa.Table, people: int) -> pa.Table:
    """One to three officers of each company, among `people` people, by `OFFICERS`."""
    size = firms.num_rows
    many = 1 + draw.chosen((50, 35, 15), size, "number of officers")
    at = np.repeat(np.arange(size), many)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
    roles = pa.array(["director", "legal representative", "secretary"])
    who = draw.below(max(people, 1), len(at), "officer")
    since = firms.column("incorporated_on").take(pa.array(at))
    columns = [firms.column("company_id").take(pa.array(at)), named("P", who), roles.take(pa.array(rank)), since]
    return pa.Table.from_arrays(columns, schema=OFFICERS)


def owners(draw: Draw, firms: pa.Table, people: int) -> pa.Table:
    """One to three owners of each company by `OWNERS`; a company owns only companies that are numbered after it."""
    size = firms.num_rows
    many = 1 + draw.chosen((45, 35, 20), size, "number of owners")
    at = np.repeat(np.arange(size), many)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
    person = draw.below(max(people, 1), len(at), "owner")
    parent = draw.below(1 << 30, len(at), "parent company") * at >> 30
    by_company = draw.happens(COMPANY_OWNER, len(at), "owned by a company") & (at > 0)
    split = 20 + draw.below(61, size, "share of the first owner")
    second = (100 - split) // 2
    share = np.select([many[at] == 1, rank == 0, (rank == 1) & (many[at] == 3)], [100, split[at], second[at]], -1)
    last = np.where(many[at] == 2, 100 - split[at], 100 - split[at] - second[at])
    columns = [
        firms.column("company_id").take(pa.array(at)),
        pc.if_else(pa.array(by_company), named("C", parent), named("P", person)),
        pa.array(np.where(share < 0, last, share)),
        firms.column("incorporated_on").take(pa.array(at)),
    ]
    return pa.Table.from_arrays(columns, schema=OWNERS)


def named(prefix: str, places: Ints) -> pa.Array:
    """The identifiers that `numbered` gives to these places (from 0)."""
    number = made.digits(places + 1, 7)
    return made.texts(np.concatenate([ascii_rows(prefix, len(places)), number], axis=1))


def _forms(country: str, form: Ints) -> pa.Array:
    return pa.array(FORMS[country]).take(pa.array(form))


def _initials(kind: Ints, word: Ints) -> made.Bytes:
    """First letters of the three words of a Mexican company's name, shape (companies, 3)."""
    first = made.letters(FIRST["MX"], lambda name: name[0])[kind]
    split = [name.split() for name in lists.column("streets_mx")]
    second = np.frombuffer("".join(each[0][0] for each in split).encode("ascii", "replace"), dtype=np.uint8)[word]
    third = np.frombuffer("".join(each[-1][0] for each in split).encode("ascii", "replace"), dtype=np.uint8)[word]
    stacked = np.stack([first, second, third], axis=1)
    return np.where((stacked < ord("A")) | (stacked > ord("Z")), ord("X"), stacked).astype(np.uint8)


def _leis(held: Truths) -> pa.Array:
    values: list[str | None] = [None] * len(held)
    for at in np.flatnonzero(held):
        first = f"{lei_kind.RESERVED}{int(at):012d}"
        values[at] = first + lei_kind.check_digits(first)
    return pa.array(values, pa.string())


def _two(days: np.ndarray, unit: str, modulus: int, plus: int = 0) -> made.Bytes:
    counted = days.astype(f"datetime64[{unit}]").astype(np.int64) + (1970 if unit == "Y" else 0)
    return made.digits(counted % modulus + plus, 2)


def _day(days: np.ndarray) -> made.Bytes:
    month = days.astype("datetime64[M]").astype("datetime64[D]")
    return made.digits((days - month).astype(np.int64) + 1, 2)
