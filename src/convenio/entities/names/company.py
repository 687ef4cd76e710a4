"""Companies, organizations and vessels by name: legal forms aside, every word that tells one from another counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from convenio.entities.names import lists
from convenio.entities.names.letters import plain
from convenio.entities.names.words import alike

_ROMAN = re.compile(r"(?=[MDCLXVI])M*(C[MD]|D?C*)(X[CL]|L?X*)(I[XV]|V?I*)$")
_NUMBERS = {
    word: str(number)
    for words in (
        "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE",
        "UNO DOS TRES CUATRO CINCO SEIS SIETE OCHO NUEVE DIEZ ONCE DOCE",
    )
    for number, word in enumerate(words.split(), start=1)
}
_PARTED, _NUMBER_DIFFERS, _FORM_DIFFERS, _EXTRA = 0.6, 0.78, 0.98, 0.64


@dataclass(frozen=True)
class CompanyName:
    """A company's name taken apart.

    Args:
        words: the words that tell it from others.
        light: words that say little (`GROUP`, `OF`).
        numbers: numbers, Roman ones too, as written.
        form: its legal form in short, empty without one.
        initials: words that were initials with dots (`A.B.C.`).
    """

    words: tuple[str, ...]
    light: tuple[str, ...]
    numbers: tuple[str, ...]
    form: str
    initials: frozenset[str]


@lru_cache(maxsize=1 << 16)
def company(text: str) -> CompanyName:
    """Take a company's name apart."""
    initials: set[str] = set()
    flat = plain(re.sub(r"(?<=\w)&(?=\w)", " AND ", text).replace("&", " AND ")).replace(",", " ")
    words = flat.split()
    words, form = _without_form(words)
    words = _with_initials_joined(words, initials)
    light = lists.words("company_words")
    numbers = tuple(word for word in words if _is_number(word))
    rest = [word for word in words if not _is_number(word)]
    strong = tuple(word for word in rest if word not in light)
    if not strong:
        strong, weak = tuple(rest) or tuple(words), ()
        return CompanyName(strong, weak, () if not rest else numbers, form, frozenset(initials))
    return CompanyName(strong, tuple(word for word in rest if word in light), numbers, form, frozenset(initials))


def compare_companies(name1: str, name2: str, *, numbered: bool = False) -> float:
    """Similarity of two companies' names, in [0, 1]; 0.70 and above means the same name.

    A number that differs weakens; one that is missing on a side parts two names, but not where things are `numbered`
    as vessels are (`VICTORY`, `VICTORY 3`).

    Parts of a name that a slash sets apart are names of their own.
    """
    best = 0.0
    for one in _alternatives(name1):
        for two in _alternatives(name2):
            best = max(best, compare_parsed(company(one), company(two), numbered=numbered))
            a, b = company(_in_digits(one)), company(_in_digits(two))
            if a.numbers and a.numbers == b.numbers:
                best = max(best, compare_parsed(a, b, numbered=numbered))
    return round(best, 4)


def _in_digits(text: str) -> str:
    """The text with numbers in words as digits (`Three Percenters` is `3 Percenters`)."""
    return " ".join(_NUMBERS.get(word.upper(), word) for word in text.split())


def compare_parsed(one: CompanyName, two: CompanyName, *, numbered: bool = False) -> float:
    """Similarity of two companies' names that have been taken apart, in [0, 1]."""
    if not one.words or not two.words:
        return 0.0
    left_one, left_two = list(one.words), list(two.words)
    value, held = _paired(left_one, left_two, one.initials | two.initials)
    if len(one.words) != len(two.words):
        value, held = _with_joins(one, two, value, held, left_one, left_two)
    if not held:
        return _acronym(one, two)
    value /= held
    lost = max(_weight(left_one), _weight(left_two))
    if left_one and left_two:
        return max(min(_PARTED, value * held / (held + lost)), _acronym(one, two))
    if left_one or left_two:
        value = min(_EXTRA, value * held / (held + lost))
    if one.numbers != two.numbers:
        if bool(one.numbers) != bool(two.numbers) and not numbered:
            value = min(value, _EXTRA)
        value *= _NUMBER_DIFFERS
    if one.form and two.form and one.form != two.form:
        value *= _FORM_DIFFERS
    return value


def _paired(left_one: list[str], left_two: list[str], initials: frozenset[str]) -> tuple[float, float]:
    """Sum of likeness by weight, and of weight, over the words paired; paired words leave both lists."""
    found = sorted(
        (-likeness, abs(i - j), i, j)
        for i, a in enumerate(left_one)
        for j, b in enumerate(left_two)
        if (likeness := _likeness(a, b, initials)) > 0
    )
    used_one: set[int] = set()
    used_two: set[int] = set()
    value = held = 0.0
    for negative, _far, i, j in found:
        if i in used_one or j in used_two:
            continue
        used_one.add(i)
        used_two.add(j)
        weight = float(max(len(left_one[i]), len(left_two[j])) + 1)
        value -= negative * weight
        held += weight
    left_one[:] = [each for at, each in enumerate(left_one) if at not in used_one]
    left_two[:] = [each for at, each in enumerate(left_two) if at not in used_two]
    return value, held


def _likeness(one: str, two: str, initials: frozenset[str]) -> float:
    if one == two:
        return 1.0
    if one in initials or two in initials or min(len(one), len(two)) < 3:
        return 0.0
    found = alike(one, two)
    if found.how in {"initial", "nickname", "cut", "other"}:
        return 0.0
    return found.value


def _with_joins(
    one: CompanyName, two: CompanyName, value: float, held: float, left_one: list[str], left_two: list[str]
) -> tuple[float, float]:
    """Words written apart on one side and together on the other: the whole, or what is left of it."""
    for a, b in (("".join(left_one), "".join(left_two)), ("".join(one.words), "".join(two.words))):
        likeness = _likeness(a, b, frozenset()) if min(len(a), len(b)) > 5 else 0.0
        if likeness >= 0.8:
            weight = max(len(a), len(b)) + 1.0
            left_one.clear()
            left_two.clear()
            return value + likeness * 0.97 * weight, held + weight
    return value, held


def _acronym(one: CompanyName, two: CompanyName) -> float:
    for short, long in ((one, two), (two, one)):
        if len(short.words) == 1 and len(long.words) > 2:
            letters = "".join(word[0] for word in long.words)
            if len(letters) >= 3 and short.words[0] == letters:
                return 0.72
    return 0.0


def _without_form(words: list[str]) -> tuple[list[str], str]:
    """The words without the legal form at their end or beginning, and the form in short."""
    for ending in (True, False):
        for form, short in lists.company_forms():
            size = len(form)
            if size >= len(words):
                continue
            part = tuple(words[-size:] if ending else words[:size])
            if part == form or (size > 2 and _misspelt(part, form)) or (size == 1 and _misspelt_word(part[0], form[0])):
                rest = words[:-size] if ending else words[size:]
                again, _inner = _without_form(rest) if ending and len(rest) > 1 else (rest, "")
                return again, short
    return words, ""


def _misspelt(part: tuple[str, ...], form: tuple[str, ...]) -> bool:
    return all(
        a == b or (min(len(a), len(b)) > 3 and alike(a, b).value >= 0.6) for a, b in zip(part, form, strict=True)
    )


def _misspelt_word(word: str, form: str) -> bool:
    return len(form) > 9 and len(word) > 7 and alike(word, form).value >= 0.8


def _with_initials_joined(words: list[str], initials: set[str]) -> list[str]:
    """Runs of single letters as one word (`A B C` is `ABC`)."""
    out: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            out.append(run)
            if len(run) > 1:
                initials.add(run)
            run = ""
        if word:
            out.append(word)
    return out


def _alternatives(text: str) -> list[str]:
    parts = [part.strip() for part in text.split("/") if len(part.strip()) > 3]
    return parts if len(parts) > 1 else [text]


def _is_number(word: str) -> bool:
    return any(char.isdigit() for char in word) or (len(word) < 6 and bool(_ROMAN.fullmatch(word)))


def _weight(words: list[str]) -> float:
    return float(sum(len(word) + 1 for word in words))
