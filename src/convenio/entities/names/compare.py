"""How alike two names are: a similarity from 0 to 1 that means *the same name* at 0.70 and above.

It is not a probability. What a person's names have in common is weighed by letters; a word that stands against
another word on the other side parts two names, a word that stands against nothing only weakens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from convenio.entities.names.abjad import same_bones
from convenio.entities.names.align import Alignment, Pair, align
from convenio.entities.names.company import compare_companies
from convenio.entities.names.person import PersonName, Word, is_woman, person
from convenio.entities.names.words import Likeness

Schema = Literal["Person", "Company", "Organization", "LegalEntity", "Vessel", "Airplane"]
MATCH = 0.70
_PARTED = 0.62
_MISSING = 0.42
_SHAKY = 0.85
_BY_CONSONANTS = 0.8
_LOOSE = frozenset({"initial", "nickname", "other"})
"""Where only two words meet, one of them with a slip, and something is missing, an initial or another form."""

Verdict = Literal["same", "spelling", "missing", "against", "no_given", "no_surname", "one_word", "generation", "order"]


@dataclass(frozen=True)
class Comparison:
    """What a comparison of two persons' names found.

    Args:
        value: similarity, 0 to 1; the same name at `MATCH` and above.
        verdict: what decided: nothing (`same`), slips (`spelling`), words that stand against nothing (`missing`) or
            against one another (`against`), only surnames or only given names in common, and so on.
        pairs: words that stand for one another.
        one_left: words of the first name that nothing stands for.
        two_left: words of the second one.
    """

    value: float
    verdict: Verdict
    pairs: tuple[Pair, ...] = ()
    one_left: tuple[Word, ...] = ()
    two_left: tuple[Word, ...] = ()


def compare_names(name1: str, name2: str, *, schema: str = "Person") -> float:
    """Similarity of two names, in [0, 1]; 0.70 and above means the same name. Not a probability.

    Args:
        name1: a name as written, in any script and order; `SURNAMES, Given` is understood.
        name2: the other name.
        schema: what bears them: `Person`, `Company`, `Organization`, `LegalEntity`, `Vessel`, `Airplane`.

    >>> compare_names("Pancho Hernandes Gracia", "HERNANDEZ GARCIA, Francisco") >= 0.70
    True
    >>> compare_names("Juan Pérez García", "Juan Pérez López") >= 0.70
    False
    """
    if schema == "Person":
        return compare_persons(person(name1), person(name2)).value
    found = compare_companies(name1, name2, numbered=schema in {"Vessel", "Airplane"})
    if schema == "LegalEntity" and found < MATCH:
        return max(found, 0.95 * compare_persons(person(name1), person(name2)).value)
    return found


@lru_cache(maxsize=1 << 16)
def compare_persons(one: PersonName, two: PersonName) -> Comparison:
    """Compare two persons' names word by word; symmetric."""
    if not one.words or not two.words:
        return Comparison(0.0, "against")
    if one.script == two.script and one.script in {"CJK", "HANGUL"}:
        return _by_syllable(one, two)
    whole = _whole(one, two)
    if whole is not None:
        return whole
    if same_bones(one, two):
        return Comparison(_BY_CONSONANTS, "spelling")
    aligned = align(one, two)
    aligned = _without_married_name(one, two, _without_cut_end(one, two, aligned))
    return _judged(one, two, aligned)


def _judged(one: PersonName, two: PersonName, aligned: Alignment) -> Comparison:
    pairs, one_left, two_left = aligned.pairs, aligned.one_left, aligned.two_left
    if not pairs:
        return Comparison(0.0, "against", pairs, one_left, two_left)
    held = sum(pair.weight for pair in pairs)
    value = sum(pair.weight * pair.likeness.value for pair in pairs) / held
    lost = max(sum(word.weight for word in one_left), sum(word.weight for word in two_left))
    share = held / (held + lost)
    verdict: Verdict = "same" if value > 0.999 else "spelling"
    if one_left and two_left:
        value, verdict = min(_PARTED, value * share), "against"
    elif one_left or two_left:
        value, verdict = value * (1 - _MISSING * (1 - share)), "missing"
        if sum(pair.likeness.how != "initial" for pair in pairs) < 2 and len(pairs[0].one) == len(pairs[0].two):
            value, verdict = min(value, _PARTED), "one_word"
    if len(pairs) <= 2 and _shaky(pairs) and (one_left or two_left or any(p.likeness.how in _LOOSE for p in pairs)):
        value *= _SHAKY
    for limit, reason in _limits(one, two, pairs):
        if limit < value:
            value, verdict = limit, reason
    return Comparison(round(value, 4), verdict, pairs, one_left, two_left)


def _shaky(pairs: tuple[Pair, ...]) -> bool:
    return any(pair.likeness.how == "slip" and pair.likeness.value < 0.85 for pair in pairs)


def _limits(one: PersonName, two: PersonName, pairs: tuple[Pair, ...]) -> list[tuple[float, Verdict]]:
    found: list[tuple[float, Verdict]] = []
    for role, reason in (("surname", "no_given"), ("given", "no_surname")):
        others = {"surname", "given"} - {role}
        if all(word.role == role for pair in pairs for word in (*pair.one, *pair.two)) and any(
            word.role in others for word in (*one.words, *two.words)
        ):
            found.append((0.55, reason))  # type: ignore[arg-type]
    if one.suffix and two.suffix and one.suffix[0] != two.suffix[0]:
        found.append((0.6, "generation"))
    if any((father, child) in two.sons for child, father in one.sons):
        found.append((0.6, "order"))
    if all(pair.likeness.how in _LOOSE for pair in pairs) and any(pair.likeness.how == "initial" for pair in pairs):
        found.append((0.6, "one_word"))
    return found


def _by_syllable(one: PersonName, two: PersonName) -> Comparison:
    a, b = one.written, two.written
    value = 1.0 - OSA.distance(a, b) / max(len(a), len(b))
    return Comparison(round(value, 4), "same" if value == 1.0 else "spelling" if value >= MATCH else "against")


def _whole(one: PersonName, two: PersonName) -> Comparison | None:
    """The same letters with other gaps between them, or nearly so where one side has no gaps at all."""
    for a in {one.joined, one.given_first}:
        for b in {two.joined, two.given_first}:
            longest = max(len(a), len(b))
            if a == b and longest > 3 and {word.text for word in one.words} != {word.text for word in two.words}:
                return Comparison(0.98, "spelling")
            if min(len(one.words), len(two.words)) == 1 < max(len(one.words), len(two.words)) and longest >= 8:
                edits = OSA.distance(a, b, score_cutoff=3)
                if edits <= min(3, longest / 7):
                    return Comparison(round(0.97 - edits / longest, 4), "spelling")
    return None


def _without_cut_end(one: PersonName, two: PersonName, aligned: Alignment) -> Alignment:
    """A last word that a narrow column cut off stands for the word it begins."""
    for name, mine, theirs in ((one, aligned.one_left, aligned.two_left), (two, aligned.two_left, aligned.one_left)):
        if len(mine) != 1 or len(theirs) != 1 or mine[0] is not name.words[-1] or len(name.joined) < 16:
            continue
        if len(mine[0].text) > 1 and theirs[0].text.startswith(mine[0].text):
            pair = Pair(aligned.one_left, aligned.two_left, Likeness(0.8, "cut"))
            return Alignment((*aligned.pairs, pair), (), ())
    return aligned


def _without_married_name(one: PersonName, two: PersonName, aligned: Alignment) -> Alignment:
    """A husband's surname after `de` is no surname of hers, and stands against nothing."""
    one_left = tuple(word for word in aligned.one_left if not _is_married(word, one))
    two_left = tuple(word for word in aligned.two_left if not _is_married(word, two))
    if (one_left, two_left) != (aligned.one_left, aligned.two_left) and len(aligned.pairs) >= 2:
        return replace(aligned, one_left=one_left, two_left=two_left)
    return aligned


def _is_married(word: Word, name: PersonName) -> bool:
    wed = word.before in {"DE", "VDADE"} or word.before.startswith("DEDE")
    return wed and word is name.words[-1] and len(name.words) > 2 and is_woman(name.words)
