"""Names in scripts that write consonants, beside the same names in letters that write vowels too."""

from __future__ import annotations

import re
from functools import lru_cache

from convenio.entities.names.person import PersonName
from convenio.entities.names.scripts import CONSONANTAL

LEAST_WORDS, LEAST_CONSONANTS = 2, 5
_RULES = tuple(
    (re.compile(pattern), bone)
    for pattern, bone in (
        (r"^AL(?=[A-Z]{3})", ""),
        (r"PH|V", "F"),
        (r"P", "B"),
        (r"KH|GH|J|X", "G"),
        (r"SH|CH|TZ|Z|C(?=[EIY])", "S"),
        (r"TH", "T"),
        (r"DH", "D"),
        (r"C|Q", "K"),
        (r"[AEIOUWYH]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=1 << 16)
def bones(word: str) -> str:
    """The consonants that an Arabic or Hebrew writer has letters for: equal for `FRNANDU` and `FERNANDO`."""
    for pattern, bone in _RULES:
        word = pattern.sub(bone, word)
    return word


def same_bones(one: PersonName, two: PersonName) -> bool:
    """Whether one name is written in consonants, the other is not, and word for word they are the same consonants.

    Short vowels are not written there, and p, v, g and ch are written with letters of other sounds, so that spelling
    says too little. Every word must have its like, and there must be consonants enough.
    """
    if (one.script in CONSONANTAL) == (two.script in CONSONANTAL):
        return False
    a, b = (sorted(filter(None, (bones(word.text) for word in each.words))) for each in (one, two))
    return a == b and len(a) >= LEAST_WORDS and sum(map(len, a)) >= LEAST_CONSONANTS
