"""What people and companies are reached by, and counted by: addresses, telephones, passports, numbers in a row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from convenio.world import letters as made
from convenio.world import lists
from convenio.world.draw import Draw

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

HOLDS_PASSPORT = 400
"""Per mille of people."""


def one_line(address: tuple[pa.Array, ...], country_us: Truths) -> pa.Array:
    """Street, city, state and postal code in one text, as each country writes it."""
    street, city, state, code = address
    us = pc.binary_join_element_wise(street, city, pc.binary_join_element_wise(state, code, " "), ", ")
    mx = pc.binary_join_element_wise(street, pc.binary_join_element_wise(code, city, " "), state, ", ")
    return pc.if_else(pa.array(country_us), us, mx)


def numbered(prefix: str, size: int, start: int = 1) -> pa.Array:
    """Identifiers `P0000001`, `P0000002`, … as an Arrow string array."""
    number = made.digits(np.arange(start, start + size, dtype=np.int64), 7)
    head = np.tile(np.frombuffer(prefix.encode(), dtype=np.uint8), (size, 1))
    return made.texts(np.concatenate([head, number], axis=1))


def eins(serials: Ints) -> made.Bytes:
    """EINs below the prefix 00, which is given to no one; shape (serials, 9)."""
    return made.digits(serials % 10**7, 9)


def passports(draw: Draw, american: Truths, size: int) -> pa.Array:
    """Passports of about four in ten, XX and seven digits after the issuer's code: neither country has such numbers."""
    issuer = np.where(american[:, None], ascii_rows("USA:XX", size), ascii_rows("MEX:XX", size))
    whole = np.concatenate([issuer, made.digits(np.arange(size) * 7_368_787 % 10**7, 7)], axis=1)
    return made.texts(whole, draw.happens(HOLDS_PASSPORT, size, "passport"))


def phones(serials: Ints, country_us: Truths) -> pa.Array:
    """Telephone numbers in ranges that no one has, one per serial below 10,000,000; E.164.

    Mexico: +52 and ten digits that begin with 1, as no area code does. United States: area codes N9X, which the
    numbering plan keeps for its expansion.
    """
    mixed = (serials * 7_368_787 + 2_500_009) % 10_000_019
    mx = np.concatenate([ascii_rows("+521", len(serials)), made.digits(mixed, 9)], axis=1)
    area = made.digits(2 + mixed // 1_428_575, 1)
    rest = made.digits(2_000_000 + mixed % 1_428_575 * 5, 7)
    us = np.concatenate([ascii_rows("+1", len(serials)), area, ascii_rows("90", len(serials)), rest], axis=1)
    return pc.if_else(pa.array(country_us), made.texts(us), made.texts(mx))


def addresses(draw: Draw, size: int, country_us: Truths, use: str = "home") -> tuple[pa.Array, ...]:
    """Street with number, city, state and postal code, four string arrays; the streets are made up."""
    number = 1 + draw.below(980, size, f"{use} number")
    numbers = pa.array(number).cast(pa.string())
    mx, us = (draw.chosen(lists.weights(f"places_{c}"), size, f"{use} place {c}") for c in ("mx", "us"))
    street = [lists.taken(f"streets_{c}", draw.chosen(lists.weights(f"streets_{c}"), size, use)) for c in ("mx", "us")]
    kinds = pa.array(["Street", "Avenue", "Road", "Lane"]).take(pa.array(number % 4))
    streets_mx = pc.binary_join_element_wise("Calle", street[0], numbers, " ")
    streets_us = pc.binary_join_element_wise(numbers, street[1], kinds, " ")
    last = made.texts(made.digits(draw.below(100, size, f"{use} code"), 2))
    picked = pa.array(country_us)
    columns = [pc.if_else(picked, streets_us, streets_mx)]
    columns += [pc.if_else(picked, lists.taken("places_us", us, at), lists.taken("places_mx", mx, at)) for at in (0, 1)]
    three = pc.if_else(picked, lists.taken("places_us", us, 2), lists.taken("places_mx", mx, 2))
    return (*columns, pc.binary_join_element_wise(three, last, ""))


def ascii_rows(text: str, size: int) -> made.Bytes:
    """The same text in every row, shape (size, characters)."""
    return np.tile(np.frombuffer(text.encode(), dtype=np.uint8), (size, 1))
