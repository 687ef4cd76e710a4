"""Made-up people of both countries: names, sex, birth, identifiers, addresses, telephones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from convenio.entities.identifiers import name_initials as rules
from convenio.world import letters as made
from convenio.world import lists
from convenio.world.contact import addresses, eins, numbered, one_line, passports, phones
from convenio.world.draw import Draw

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

SCHEMA = pa.schema(
    [
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("given", pa.string(), nullable=False),
        pa.field("paterno", pa.string(), nullable=False),
        pa.field("materno", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("sex", pa.string(), nullable=False),
        pa.field("birth_date", pa.date32(), nullable=False),
        pa.field("birth_state", pa.string(), nullable=False),
        pa.field("curp", pa.string()),
        pa.field("rfc", pa.string()),
        pa.field("ein", pa.string()),
        pa.field("passport", pa.string()),
        pa.field("phone", pa.string(), nullable=False),
        pa.field("street", pa.string(), nullable=False),
        pa.field("city", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("postal_code", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("synthetic", pa.bool_(), nullable=False),
    ]
)

FIRST_YEAR, YEARS = 1940, 60
AMERICAN, ABROAD, IN_MEXICO, TWO_NAMES, MIDDLE, OWN_BUSINESS, ONE_SURNAME = 150, 120, 80, 450, 350, 30, 8
"""Per mille: American names; Mexicans living in the US; Americans living in Mexico; Mexicans with two given names;
Americans with a middle name; people in the US with an EIN; Mexicans with one surname."""


@dataclass(frozen=True)
class Names:
    """Names of some people, with the letters that their identifiers take from them.

    Args:
        given, paterno, materno: string arrays; `materno` null without one.
        curp_initials: shape (people, 4).  consonants: shape (people, 3).  rfc_initials: shape (people, 4).
    """

    given: pa.Array
    paterno: pa.Array
    materno: pa.Array
    curp_initials: made.Bytes
    consonants: made.Bytes
    rfc_initials: made.Bytes


def people(draw: Draw, size: int) -> pa.Table:
    """`size` people by `SCHEMA`; the first ones are the same whatever `size` is."""
    american = draw.happens(AMERICAN, size, "american")
    female = draw.happens(508, size, "sex")
    country_us = np.where(american, ~draw.happens(IN_MEXICO, size, "moved south"), draw.happens(ABROAD, size, "north"))
    names = _names(draw, size, american, female)
    born, dates = _birth(draw, size)
    state_at = draw.chosen(lists.weights("states_mx"), size, "birth state")
    state_at = np.where(american, lists.column("states_mx").index("NE"), state_at)
    states = np.frombuffer("".join(lists.column("states_mx")).encode(), dtype=np.uint8).reshape(-1, 2)[state_at]
    sex = np.where(female, ord("M"), ord("H")).astype(np.uint8)
    registered = ~(american & country_us)
    home = addresses(draw, size, country_us)
    return pa.Table.from_arrays(
        [
            numbered("P", size),
            names.given,
            names.paterno,
            names.materno,
            full_name(names.given, names.paterno, names.materno),
            pa.array(np.where(female, "F", "M")),
            born,
            made.texts(states),
            made.texts(made.curps(names.curp_initials, dates, sex, states, names.consonants), registered),
            made.texts(made.rfcs(names.rfc_initials, dates), registered),
            made.texts(eins(np.arange(size)), country_us & draw.happens(OWN_BUSINESS, size, "own business")),
            passports(draw, american, size),
            phones(np.arange(size), country_us),
            *home,
            pa.array(np.where(country_us, "US", "MX")),
            one_line(home, country_us),
            pa.array(np.ones(size, dtype=np.bool_)),
        ],
        schema=SCHEMA,
    )


def full_name(given: pa.Array, paterno: pa.Array, materno: pa.Array) -> pa.Array:
    """Given names and surnames in one text, as both countries write them in running text."""
    return pc.binary_join_element_wise(given, paterno, materno, " ", null_handling="skip")


def _birth(draw: Draw, size: int) -> tuple[pa.Array, made.Bytes]:
    """Birth dates from 1940 to 1999, fewer the older, and the same as YYMMDD."""
    year = FIRST_YEAR + draw.chosen(np.arange(20, 20 + YEARS), size, "birth year")
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    length = np.where(year % 4 == 0, 366, 365)
    day = start + ((draw.below(1 << 30, size, "birth day") * length) >> 30)
    month = day.astype("datetime64[M]")
    of_month = (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    dates = np.concatenate(
        [
            made.digits(year % 100, 2),
            made.digits(month.astype(np.int64) % 12 + 1, 2),
            made.digits(of_month, 2),
        ],
        axis=1,
    )
    return pa.array(day.astype("datetime64[D]")), dates


def _names(draw: Draw, size: int, american: Truths, female: Truths) -> Names:
    """Names by nation and sex, each group drawn whole and then picked from, so that no draw depends on another."""
    given: pa.Array = pa.nulls(size, pa.string())
    letters = np.zeros((size, 2), dtype=np.uint8)
    start = np.zeros((size, 2), dtype=np.uint8)
    for nation, sex, picked in (
        ("mx", "female", ~american & female),
        ("mx", "male", ~american & ~female),
        ("us", "female", american & female),
        ("us", "male", american & ~female),
    ):
        text, own, first = _given(draw, size, nation, sex)
        given = pc.if_else(pa.array(picked), text, given)
        letters[picked], start[picked] = own[picked], first[picked]
    paterno_mx, paterno_us = (draw.chosen(lists.weights(f"surnames_{c}"), size, f"paterno {c}") for c in ("mx", "us"))
    materno = draw.chosen(lists.weights("surnames_mx"), size, "materno")
    single = american | draw.happens(ONE_SURNAME, size, "one surname")
    first = np.where(american[:, None], _surname_letters("us")[paterno_us], _surname_letters("mx")[paterno_mx])
    second = _surname_letters("mx")[materno]
    second[single] = ord("X")
    curp = np.stack([first[:, 0], first[:, 1], second[:, 0], letters[:, 0]], axis=1)
    consonants = np.stack([first[:, 2], second[:, 2], letters[:, 1]], axis=1)
    short = ~single & (first[:, 4] == 1)
    rfc = np.where(single[:, None], np.concatenate([first[:, [0, 3]], start], axis=1), curp)
    rfc = np.where(short[:, None], np.stack([first[:, 0], second[:, 0], start[:, 0], start[:, 1]], axis=1), rfc)
    return Names(
        given=given,
        paterno=pc.if_else(
            pa.array(american), lists.taken("surnames_us", paterno_us), lists.taken("surnames_mx", paterno_mx)
        ),
        materno=pc.if_else(pa.array(single), pa.scalar(None, pa.string()), lists.taken("surnames_mx", materno)),
        curp_initials=curp,
        consonants=consonants,
        rfc_initials=rfc,
    )


def _given(draw: Draw, size: int, nation: str, sex: str) -> tuple[pa.Array, made.Bytes, made.Bytes]:
    """Given names, the letters CURP takes from them, shape (size, 2), and the first two letters, shape (size, 2)."""
    name = f"given_{nation}_{sex}"
    weights = lists.weights(name)
    first, second = (draw.chosen(weights, size, f"{name} {which}") for which in ("first", "second"))
    compound = np.array([" " in each for each in lists.column(name)])
    two = draw.happens(TWO_NAMES if nation == "mx" else MIDDLE, size, f"{name} two")
    two &= ~compound[first] & ~compound[second] & (first != second)
    joined = pc.binary_join_element_wise(lists.taken(name, first), lists.taken(name, second), " ")
    common = np.array([rules.words(each)[0] in rules.COMMON_FIRST for each in lists.column(name)])
    counts = np.where(two & common[first], second, first)
    counted = [rules.given_word(each) for each in lists.column(name)]
    starts = np.stack([made.letters(counted, rules.first_letter), made.letters(counted, _second_letter)], axis=1)
    text = pc.if_else(pa.array(two), joined, lists.taken(name, first))
    return text, made.given_letters(lists.column(name))[counts], starts[counts]


def _surname_letters(nation: str) -> made.Bytes:
    """First letter, inner vowel, inner consonant, second letter and 1 for two letters or fewer; (surnames, 5)."""
    names = lists.column(f"surnames_{nation}")
    first = [rules.words(name)[0] for name in names]
    second = made.letters(first, _second_letter)
    short = np.array([len(word) <= 2 for word in first], dtype=np.uint8)
    return np.concatenate([made.surname_letters(names), second[:, None], short[:, None]], axis=1)


def _second_letter(word: str) -> str:
    return rules.letter(word[1:2])
