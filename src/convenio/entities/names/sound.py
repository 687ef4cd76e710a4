"""How a name sounds to a Spanish or an English ear, so that spellings by ear meet."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"PH", "F"),
        (r"SCH|SH(?!$)|SH", "S"),
        (r"CH", "\x01"),
        (r"TH", "T"),
        (r"KH|GH", "K"),
        (r"TZ|TS|CZ|DZ", "S"),
        (r"CK|QU(?=[EI])|Q|K", "K"),
        (r"C(?=[EIY])", "S"),
        (r"C", "K"),
        (r"GU(?=[EI])", "\x02"),
        (r"GU(?=[AO])|J?HU(?=[AEIO])|^JU(?=A)|WH", "W"),
        (r"G(?=[EIY])", "J"),
        (r"^X(?=[AEIOUY])", "J"),
        (r"X", "S"),
        (r"Z", "S"),
        (r"V", "B"),
        (r"LL", "Y"),
        (r"\x02", "G"),
        (r"H", ""),
        (r"OO|OU", "U"),
        (r"EE", "I"),
        (r"^Y(?=[AEOU])|(?<=[AEIOU])Y(?=[AEIOU])", "\x03"),
        (r"Y", "I"),
        (r"EI|IE(?!N)", "I"),
        (r"\x03", "Y"),
        (r"\x01", "X"),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile(r"[AEIOU]")
_WRITTEN_VOWELS = re.compile(r"[AEIOUY]")


@lru_cache(maxsize=1 << 17)
def sound(word: str) -> str:
    """The word as it is heard: equal for `HERNANDEZ` and `ERNANDES`, `GUADALUPE` and `WADALUPE`."""
    heard = word
    for pattern, replacement in _RULES:
        heard = pattern.sub(replacement, heard)
    return heard or word


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """The consonants of what is heard, the first letter kept: equal where only vowels differ."""
    heard = sound(word)
    return heard[:1] + _VOWELS.sub("", heard[1:])


@lru_cache(maxsize=1 << 17)
def consonants(word: str) -> str:
    """The written consonants, for words from which vowels were dropped."""
    return _WRITTEN_VOWELS.sub("", word)
