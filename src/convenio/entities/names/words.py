"""How two words of a name relate: the same, another form, a slip of pen or ear, or two different names."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from convenio.entities.names import lists
from convenio.entities.names.sound import consonants, skeleton, sound

How = Literal[
    "same", "nickname", "short", "other", "initial", "sound", "scan", "vowels", "slip", "cut", "joined", "different"
]

_SCANNED = (("RN", "M"), ("VV", "W"), ("CL", "D"), ("LI", "U"), ("0", "O"), ("Q", "O"), ("1", "I"), ("L", "I"))
_ALLOWED = ((4, 1.0), (6, 1.5), (9, 2.0), (11, 2.5), (999, 3.0))
"""Edits that a slip may have, by the length of the longer word."""

_BROKEN = (("5", "S"), ("8", "B"), ("6", "G"), ("2", "Z"))


class Likeness(NamedTuple):
    """How alike two words are: `value` from 0 (different names) to 1 (the same), and in which way."""

    value: float
    how: How


SAME = Likeness(1.0, "same")
DIFFERENT = Likeness(0.0, "different")


@lru_cache(maxsize=1 << 19)
def alike(one: str, two: str) -> Likeness:
    """How alike two words in plain capitals are.

    Two different names that are both common in Mexico (`MARIO`, `MARIA`; `ROSAS`, `ROJAS`) are different names, however
    few letters part them, unless they sound the same. For others the edits allowed grow with length (optimal string
    alignment, spelling and sound counted half each).
    """
    if one == two:
        return SAME
    if "KH" in one or "KH" in two:
        return max(_alike(one, two), _alike(_with_jota(one), _with_jota(two)), key=lambda each: each.value)
    return _alike(one, two)


def _with_jota(word: str) -> str:
    """A `kh` as the Spanish jota that a Cyrillic or Arabic letter stood for (`KHORKHE` is `JORGE`)."""
    return word.replace("KH", "J")


def _alike(one: str, two: str) -> Likeness:  # noqa: PLR0911 - one way out per kind of likeness
    if one == two:
        return Likeness(0.97, "sound")
    if len(one) == 1 or len(two) == 1:
        return Likeness(0.8, "initial") if one[:1] == two[:1] else DIFFERENT
    kind = lists.equivalents().get(one, {}).get(two)
    if kind is not None:
        return Likeness(0.95 if kind == "short" else 0.9, kind)  # type: ignore[arg-type]
    heard, other = sound(one), sound(two)
    if heard == other:
        return Likeness(0.97, "sound")
    if common(one) and common(two) and not _misspelt(one, two):
        return DIFFERENT
    if _contracted(one, two):
        return Likeness(0.88, "short")
    if _scanned(one) == _scanned(two):
        return Likeness(0.9, "scan")
    if _vowels_dropped(one, two):
        return Likeness(0.88, "vowels")
    slip = _slip(one, two, heard, other)
    if slip >= 0.5:
        return Likeness(slip, "slip")
    return Likeness(0.8, "cut") if _cut(one, two) else DIFFERENT


@lru_cache(maxsize=1 << 17)
def common(word: str) -> bool:
    """Whether a word is a given name or surname that many bear in Mexico."""
    return word in lists.given_names() or word in lists.surnames()


def _misspelt(one: str, two: str) -> bool:
    """Whether a rare surname is one edit from a very common one (`RODRIGEZ`), so that a slip is the likelier story."""
    weights = lists.surnames()
    rare, often = sorted((weights.get(one, 0), weights.get(two, 0)))
    return rare > 0 and often >= 100 * rare and OSA.distance(one, two, score_cutoff=1) <= 1


def _slip(one: str, two: str, heard: str, other: str) -> float:
    longest = max(len(one), len(two))
    written = OSA.distance(one, two)
    spoken = OSA.distance(heard, other)
    edits = min(written, (written + spoken) / 2)
    if skeleton(one) == skeleton(two):
        edits = min(edits, 0.5 * edits + 0.4)
    allowed = next(edits for length, edits in _ALLOWED if longest <= length)
    if edits > allowed or (longest <= 3 and edits > 0.5 and one[0] != two[0]):
        return 0.0
    return max(0.0, 1.0 - edits / longest * 1.25)


def _vowels_dropped(one: str, two: str) -> bool:
    """Whether one word is the other with vowels left out, and enough of it stays."""
    short, long = (one, two) if len(one) < len(two) else (two, one)
    if consonants(short) != consonants(long) or len(short) < 3 or len(consonants(short)) < 2 or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def _contracted(one: str, two: str) -> bool:
    """Whether one word is a common name with letters left out of its middle (`MARGTA`)."""
    short, long = (one, two) if len(one) < len(two) else (two, one)
    if len(short) < 4 or len(long) - len(short) < 2 or short[:2] != long[:2] or short[-1] != long[-1]:
        return False
    rest = iter(long)
    return common(long) and not common(short) and all(char in rest for char in short)


def _cut(one: str, two: str) -> bool:
    short, long = (one, two) if len(one) < len(two) else (two, one)
    return len(short) >= 4 and len(short) >= 0.55 * len(long) and long.startswith(short)


@lru_cache(maxsize=1 << 17)
def _scanned(word: str) -> str:
    for seen, read in (*_SCANNED, *_BROKEN):
        word = word.replace(seen, read)
    return word
