"""Ways in which one name is written wrong, short or otherwise: what clerks, forms and ears do to it."""

from __future__ import annotations

import re
import unicodedata

from convenio.world.draw import Ints

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BY_EAR = (
    ("Z", "S"),
    ("S", "Z"),
    ("V", "B"),
    ("B", "V"),
    ("LL", "Y"),
    ("Y", "LL"),
    ("GE", "JE"),
    ("JI", "GI"),
    ("X", "J"),
    ("H", ""),
    ("CE", "SE"),
    ("CI", "SI"),
    ("QUI", "KI"),
    ("PH", "F"),
    ("CK", "K"),
    ("TH", "T"),
)
SHORT = {
    "MARIA": "MA.",
    "JOSE": "J.",
    "FRANCISCO": "FCO.",
    "GUADALUPE": "GPE.",
    "ANTONIO": "ANTO.",
    "ALEJANDRO": "ALEJ.",
    "MARGARITA": "MARGTA.",
    "HERNANDEZ": "HDEZ.",
    "GONZALEZ": "GLEZ.",
    "MARTINEZ": "MTZ.",
    "RODRIGUEZ": "RDZ.",
    "GUTIERREZ": "GTZ.",
    "FERNANDEZ": "FDEZ.",
    "RAMIREZ": "RMZ.",
    "SANCHEZ": "SCHZ.",
}
NICKNAMES = {
    "JOSE": "PEPE",
    "FRANCISCO": "PACO",
    "JESUS": "CHUY",
    "GUADALUPE": "LUPITA",
    "IGNACIO": "NACHO",
    "ENRIQUE": "QUIQUE",
    "EDUARDO": "LALO",
    "ALBERTO": "BETO",
    "MANUEL": "MANOLO",
    "ROSARIO": "CHAYO",
    "WILLIAM": "BILL",
    "ROBERT": "BOB",
    "RICHARD": "DICK",
    "JAMES": "JIM",
    "JOHN": "JACK",
    "ELIZABETH": "BETTY",
    "MARGARET": "PEGGY",
    "PATRICIA": "PAT",
}


def capitals(text: str) -> str:
    """Upper case without accents, as most registers write it; an Ñ becomes an N."""
    flat = unicodedata.normalize("NFD", text.upper())
    return "".join(char for char in flat if not unicodedata.combining(char))


def typo(word: str, drawn: Ints) -> str:
    """One letter replaced, left out, doubled or exchanged with its neighbour.

    Args:
        word: at least three letters; shorter ones are left as they are.
        drawn: three draws below 2**20: which mistake, where, which letter.
    """
    if len(word) < 3:
        return word
    kind, where, which = (int(each) for each in drawn)
    at = 1 + where % (len(word) - 1)
    letter = LETTERS[which % 26]
    if kind % 4 == 0:
        return word[:at] + (letter if letter != word[at] else LETTERS[(which + 1) % 26]) + word[at + 1 :]
    if kind % 4 == 1:
        return word[:at] + word[at + 1 :]
    if kind % 4 == 2:
        return word[:at] + word[at] + word[at:]
    last = min(at, len(word) - 2)
    return word[:last] + word[last + 1] + word[last] + word[last + 2 :]


def by_ear(text: str, drawn: int) -> str:
    """One spelling changed for another that sounds alike, where the text has one."""
    for turn in range(len(BY_EAR)):
        old, new = BY_EAR[(drawn + turn) % len(BY_EAR)]
        if old in text and len(text) > 3:
            return text.replace(old, new, 1)
    return text


def shortened(text: str) -> str:
    """Common words written short (MA., FCO., HDEZ.), the first one otherwise to its initial."""
    words = text.split()
    put = [SHORT.get(word, word) for word in words]
    if put == words and len(words) > 1:
        put[0] = words[0][0] + "."
    return " ".join(put)


def without_particles(text: str) -> str:
    """DE LA, DEL and the like left out."""
    return re.sub(r"\b(?:DE|DEL|LA|LAS|LOS|Y)\b ?", "", text).strip() or text
