"""Which word of one name stands for which word of the other, and which are left over."""

from __future__ import annotations

from dataclasses import dataclass

from convenio.entities.names.person import PersonName, Word
from convenio.entities.names.words import Likeness, alike

_ROLES_CROSSED = 0.55
"""A given name that meets a surname counts this much where both were told, as a column or comma tells."""


@dataclass(frozen=True)
class Pair:
    """Words that stand for one another; more than one on a side where they were written apart or together."""

    one: tuple[Word, ...]
    two: tuple[Word, ...]
    likeness: Likeness

    @property
    def weight(self) -> float:
        """The greater weight of the two sides."""
        return max(sum(word.weight for word in self.one), sum(word.weight for word in self.two))


@dataclass(frozen=True)
class Alignment:
    """Pairs of words and the words that none stands for, in each name's order."""

    pairs: tuple[Pair, ...]
    one_left: tuple[Word, ...]
    two_left: tuple[Word, ...]


def align(one: PersonName, two: PersonName) -> Alignment:
    """Pair the words of two names: whole joins first, then the most alike, then joins with a slip in them."""
    left_one, left_two = list(range(len(one.words))), list(range(len(two.words)))
    pairs: list[Pair] = []
    if len(left_one) != len(left_two):
        pairs = _joins(one.words, two.words, left_one, left_two, least=0.95)
    candidates = [
        (likeness.value * _crossing(one.words[i], two.words[j]), -abs(i - j), i, j, likeness)
        for i in left_one
        for j in left_two
        if (likeness := _word_likeness(one.words[i], two.words[j])).value > 0
    ]
    candidates.sort(key=lambda each: (-each[0], -each[1], each[2], each[3]))
    for value, _near, i, j, likeness in candidates:
        if i in left_one and j in left_two:
            pairs.append(Pair((one.words[i],), (two.words[j],), Likeness(value, likeness.how)))
            left_one.remove(i)
            left_two.remove(j)
    if left_one and left_two:
        pairs += _joins(one.words, two.words, left_one, left_two, least=0.8)
    return Alignment(tuple(pairs), tuple(one.words[i] for i in left_one), tuple(two.words[j] for j in left_two))


def _joins(
    one: tuple[Word, ...], two: tuple[Word, ...], left_one: list[int], left_two: list[int], *, least: float
) -> list[Pair]:
    found = _joined(one, two, left_one, left_two, least)
    turned = _joined(two, one, left_two, left_one, least)
    return [*found, *(Pair(pair.two, pair.one, pair.likeness) for pair in turned)]


def _word_likeness(a: Word, b: Word) -> Likeness:
    found = alike(a.text, b.text)
    if not found.value and (len(a.text) == 1 or len(b.text) == 1) and (a.before + a.text)[0] == (b.before + b.text)[0]:
        return Likeness(0.8, "initial")
    if found.value < 0.9 and a.before != b.before:
        for x, y in ((a.before + a.text, b.text), (a.text, b.before + b.text)):
            other = alike(x, y)
            if len(x) > 3 and len(y) > 3 and other.value > found.value and other.how != "cut":
                found = Likeness(other.value * 0.98, "joined")
    return found


def _crossing(a: Word, b: Word) -> float:
    if a.told and b.told and a.role != b.role:
        return _ROLES_CROSSED
    return 1.0


def _joined(
    apart: tuple[Word, ...], together: tuple[Word, ...], left: list[int], others: list[int], least: float
) -> list[Pair]:
    """Pair runs of words of one side with single words of the other, and take them off both lists."""
    found: list[Pair] = []
    for j in [each for each in others if len(together[each].text) > 4]:
        for size in (3, 2):
            run = next((each for each in _runs(left, size) if _is_join(apart, each, together[j].text, least)), None)
            if run is not None:
                found.append(Pair(tuple(apart[i] for i in run), (together[j],), Likeness(0.96, "joined")))
                left[:] = [i for i in left if i not in run]
                others.remove(j)
                break
    return found


def _runs(left: list[int], size: int) -> list[list[int]]:
    return [left[at : at + size] for at in range(len(left) - size + 1) if left[at + size - 1] - left[at] == size - 1]


def _is_join(apart: tuple[Word, ...], run: list[int], whole: str, least: float) -> bool:
    text = "".join(apart[i].text for i in run)
    if abs(len(text) - len(whole)) > 2:
        return False
    found = alike(text, whole)
    return found.value >= least and found.how != "cut"
