"""How a name sounds in American Spanish: one spelling for spellings that are said alike.

B and V, S, Z and soft C, LL and Y, G and J before E or I, mute H, Ñ and N (which most systems of the United States
lose) fall together; double letters are written once. The rules are those of American Spanish pronunciation
(Real Academia Española, *Ortografía de la lengua española*, 2010, chapter I), for names of both countries.

Two nodes must write a match key alike, so these rules stay as they are: a change makes another version of the key.
`entities.names` compares names within one node, and is free to learn.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PARTICLES = frozenset("DA DAS DE DEL DI DO DOS EL LA LAS LOS VAN VON Y".split())  # noqa: SIM905
GIVEN_SHORT = {
    "ALEJ": "ALEJANDRO",
    "ANT": "ANTONIO",
    "ANTO": "ANTONIO",
    "FCA": "FRANCISCA",
    "FCO": "FRANCISCO",
    "GPE": "GUADALUPE",
    "GUAD": "GUADALUPE",
    "JMA": "JOSE MARIA",
    "MA": "MARIA",
    "MARGTA": "MARGARITA",
    "MGPE": "MARIA GUADALUPE",
    "ROB": "ROBERTO",
    "STGO": "SANTIAGO",
}
SURNAME_SHORT = {
    "DGUEZ": "DOMINGUEZ",
    "DMGZ": "DOMINGUEZ",
    "FDEZ": "FERNANDEZ",
    "FDZ": "FERNANDEZ",
    "GLEZ": "GONZALEZ",
    "GMEZ": "GOMEZ",
    "GTZ": "GUTIERREZ",
    "GZZ": "GONZALEZ",
    "HDEZ": "HERNANDEZ",
    "HDZ": "HERNANDEZ",
    "JMNZ": "JIMENEZ",
    "LPZ": "LOPEZ",
    "MDZ": "MENDEZ",
    "MTNZ": "MARTINEZ",
    "MTZ": "MARTINEZ",
    "PRZ": "PEREZ",
    "RDGZ": "RODRIGUEZ",
    "RDZ": "RODRIGUEZ",
    "RGUEZ": "RODRIGUEZ",
    "RMZ": "RAMIREZ",
    "SCHZ": "SANCHEZ",
    "SNCHZ": "SANCHEZ",
    "VZQZ": "VAZQUEZ",
    "VQZ": "VAZQUEZ",
}

_RULES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        ("PH", "F"),
        ("[CS]H", "#"),
        ("H", ""),
        ("LL", "Y"),
        ("QU", "K"),
        ("GU(?=[EI])", "%"),
        ("G(?=[EIY])", "J"),
        ("%", "G"),
        ("^X|X(?=[AEIOU])(?<=[EI]X)", "J"),
        ("X", "S"),
        ("SC(?=[EIY])|C(?=[EIY])|Z|S", "S"),
        ("C|Q", "K"),
        ("[VW]", "B"),
        ("[YJ](?=$)", "I"),
        ("Y", "I"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=262_144)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a name: upper case, without accents, marks and particles, common abbreviations written out."""
    flat = unicodedata.normalize("NFKD", text.upper().replace("Ñ", "N"))
    letters = "".join(char for char in flat if not unicodedata.combining(char))
    every = re.sub("[^A-Z ]", " ", re.sub("['’`´]", "", letters)).split()
    spelt = " ".join(SURNAME_SHORT.get(word) or GIVEN_SHORT.get(word, word) for word in every).split()
    return tuple(word for word in spelt if word not in PARTICLES) or tuple(spelt)


@lru_cache(maxsize=262_144)
def sound(word: str) -> str:
    """The spelling that stands for all that sound like `word` (capitals, no accents); an initial stands for itself."""
    if len(word) == 1:
        return word
    for pattern, put in _RULES:
        word = pattern.sub(put, word)
    return word


@lru_cache(maxsize=262_144)
def skeleton(word: str) -> str:
    """The first letter and the consonants after it as they sound: it survives mistaken and transposed vowels."""
    heard = sound(word)
    return heard[:1] + re.sub("[AEIOU]", "", heard[1:])
