"""The letters that CURP and RFC take from a name.

Sources: Instructivo normativo para la asignación de la CURP (DOF 18 October 2021), annexes on names, particles and
inconvenient words; for the RFC, the rules that the SAT published for persons (the same but for short surnames).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

PARTICLES = frozenset(
    "DA DAS DE DEL DER DI DIE DD EL LA LAS LE LES LOS MAC MC VAN VON Y".split()  # noqa: SIM905
)
COMMON_FIRST = frozenset({"MARIA", "MA", "M", "JOSE", "J"})
VOWELS = "AEIOU"

_CURP_WORDS = """
    BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO GETA GUEI GUEY
    JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA LOCO LOKA LOKO MAME MAMO
    MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE
    ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY
    """
_RFC_WORDS = """
    BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COJA COJE COJI COJO CULO FETO GUEY JOTO KACA KACO KAGA KAGO KAKA KOGE
    KOJO KULO MAME MAMO MEAR MEAS MEON MION MOCO MULA PEDA PEDO PENE PUTA PUTO QULO RATA RUIN
    """

CURP_WORDS = frozenset(_CURP_WORDS.split())
RFC_WORDS = frozenset(_RFC_WORDS.split())


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name that count: upper case, no accents, Ñ kept, particles left out unless nothing else is."""
    kept = unicodedata.normalize("NFC", name).upper().replace("Ñ", "\0")
    plain = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c)).replace("\0", "Ñ")
    every = plain.replace("-", " ").replace(".", " ").replace("'", "").replace("’", "").split()
    return tuple(word for word in every if word not in PARTICLES) or tuple(every)


def given_word(given: str) -> str:
    """The given name that counts: the second one where the first is María or José (or short for them)."""
    found = words(given)
    if len(found) > 1 and found[0] in COMMON_FIRST:
        return found[1]
    return found[0] if found else ""


def letter(char: str) -> str:
    """A letter as the CURP writes it: Ñ and what is no letter become X."""
    return char if "A" <= char <= "Z" else "X"


def first_letter(word: str) -> str:
    """The first letter of a word, X without any."""
    return letter(word[:1])


def inner_vowel(word: str) -> str:
    """The first vowel after the first letter, X without any."""
    return next((char for char in word[1:] if char in VOWELS), "X")


def inner_consonant(word: str) -> str:
    """The first consonant after the first letter, X without any; Ñ counts as one and is written X."""
    return next((letter(char) for char in word[1:] if char.isalpha() and char not in VOWELS), "X")


def curp_letters(given: str, paterno: str, materno: str = "") -> tuple[str, str]:
    """The four initials and the three inner consonants of a CURP.

    Args:
        given: given names as written, one or more.
        paterno: first surname, with its particles.
        materno: second surname; empty without one.
    """
    first, second, name = _word(paterno), _word(materno), given_word(given)
    initials = first_letter(first) + inner_vowel(first) + (first_letter(second) if second else "X") + first_letter(name)
    if initials in CURP_WORDS:
        initials = initials[0] + "X" + initials[2:]
    return initials, inner_consonant(first) + inner_consonant(second) + inner_consonant(name)


def rfc_letters(given: str, paterno: str, materno: str = "") -> str:
    """The four initials of a person's RFC; a missing surname gives way to the given name's second letter."""
    first, second, name = _word(paterno), _word(materno), given_word(given)
    if not first or not second:
        only = first or second
        initials = (only[:2] + name[:2]).ljust(4, "X")
    elif len(first) <= 2:
        initials = first[:1] + second[:1] + name[:2]
    else:
        vowel = next((char for char in first[1:] if char in VOWELS), "X")
        initials = first[:1] + vowel + second[:1] + name[:1]
    initials = initials.ljust(4, "X")
    return initials[:3] + "X" if initials in RFC_WORDS else initials


def _word(surname: str) -> str:
    found = words(surname)
    return found[0] if found else ""
