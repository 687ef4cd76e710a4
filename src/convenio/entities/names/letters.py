"""A name in plain capitals: one way to write it, whatever script, accents and signs it came with."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from convenio.entities.names.broken import whole
from convenio.entities.names.scripts import latin

LONGEST = 300
"""Characters of a name that are compared; what follows is left out."""

_APOSTROPHES = re.compile(r"['’‘`´ʼʻʿʾ\"“”„]")
_BREAKS = re.compile(r"[^\w&]+|_")
_SLIPS = str.maketrans("0134578956", "OIEASTBGSG")
_MIXED = re.compile(r"(?=[^\W\d]*\d)(?=\d*[^\W\d])\w{3,}")
_INSIDE = re.compile(r"(?<=[A-Z])\d(?=[A-Z]|$)|^\d(?=[A-Z]{3})")


@lru_cache(maxsize=1 << 17)
def plain(text: str) -> str:
    """Latin capitals without accents, words parted by single spaces; commas stay, as they part surnames from names.

    Ñ becomes N, since lists published abroad lost it; digits stay here and are mended by `mended` in persons' names.
    """
    repaired = unicodedata.normalize("NFC", whole(text[:LONGEST])).upper().replace("ß", "SS")
    stripped = "".join(_base(char) for char in repaired)
    spelt = unicodedata.normalize("NFKD", latin(stripped)).upper()
    kept = "".join(char for char in spelt if not unicodedata.combining(char))
    parts = _APOSTROPHES.sub("", kept).split(",")
    return ",".join(" ".join(_BREAKS.sub(" ", part).split()) for part in parts).strip(",")


def mended(word: str) -> str:
    """A word with digits among its letters read as letters (`SECH1N` is `SECHIN`), as scanning and typing slip."""
    if not any(char.isdigit() for char in word) or not _MIXED.fullmatch(word):
        return word
    return _INSIDE.sub(lambda found: found[0].translate(_SLIPS), word)


def _base(char: str) -> str:
    """A letter without its marks where it is Latin, Greek or Cyrillic; others keep theirs, which are vowels."""
    if ord(char) < 0x80 or (ord(char) > 0x52F and not 0x1E00 <= ord(char) <= 0x1FFF):
        return "" if unicodedata.category(char) == "Cf" else char
    if char in "ЙЁЇЎ":
        return char
    parts = unicodedata.normalize("NFD", char)
    return "".join(each for each in parts if not unicodedata.combining(each))
