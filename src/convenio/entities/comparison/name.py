"""What a shared name says: a rare one much, a common one little (Fellegi and Sunter 1969; Winkler 1989)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log10

from convenio.core.words import Message, _
from convenio.entities.comparison.evidence import Evidence
from convenio.entities.names import lists
from convenio.entities.names.align import Pair
from convenio.entities.names.compare import Comparison
from convenio.entities.names.person import PersonName, Word

RAREST, COMMONEST = 2e-5, 0.15
LEAST = 1000
"""Names from which their own frequencies are taken; below, those of Mexico and the United States."""
_LOSS = {
    "nickname": 0.5, "other": 0.4, "short": 0.2, "sound": 0.15, "scan": 0.3, "vowels": 0.3, "slip": 0.8, "cut": 0.5,
    "joined": 0.2,
}  # fmt: skip
"""Bans that a word loses where it agrees only in this way: how much oftener such near-agreement meets by chance."""

_MISSING, _AGAINST = -0.25, -1.6


class Rarity:
    """How common the words of names are.

    Args:
        names: names to count; with fewer than `LEAST` the frequencies of Mexico and the United States are used.
    """

    def __init__(self, names: Iterable[PersonName] = ()) -> None:
        self._counts: Counter[str] = Counter()
        self.size = 0
        for each in names:
            self.size += 1
            self._counts.update({word.text for word in each.words})

    def of(self, word: str) -> float:
        """Share of people whose name holds the word, within bounds."""
        if self.size >= LEAST:
            return min(max(self._counts[word] / self.size, RAREST), COMMONEST)
        women, men = lists.given_names().get(word, (0, 0))
        share = 1e-6 * max(
            1.5 * (women + men), 2.0 * lists.surnames().get(word, 0), float(lists.united_states().get(word, 0))
        )
        return min(max(share, RAREST), COMMONEST)


def name(found: Comparison, rarity: Rarity) -> Evidence:
    """What a comparison of two persons' names says, word by word."""
    bans = sum(_pair_bans(pair, rarity) for pair in found.pairs)
    if not found.pairs:
        if found.verdict == "against":
            return Evidence("name", "differs", -2.0, _("the names have nothing in common"))
        return Evidence("name", "agrees" if found.value > 0.99 else "close", 4.0, _("the same name but for its gaps"))
    left = (found.one_left, found.two_left)
    if all(left):
        bans += _AGAINST * min(len(each) for each in left)
        return Evidence("name", "differs", bans, _against(found))
    missing = max(left, key=len)
    bans += _MISSING * len(missing)
    if missing:
        return Evidence("name", "close", bans, _missing(found, missing))
    if found.value > 0.999:
        return Evidence("name", "agrees", bans, _("the same name: {words}", words=_shown(found.pairs)))
    return Evidence("name", "close", bans, _("the names differ in spelling: {words}", words=_shown(found.pairs)))


def _pair_bans(pair: Pair, rarity: Rarity) -> float:
    if pair.likeness.how == "initial":
        return log10(0.9 / 0.08)
    shares = [rarity.of(word.text) for word in (*pair.one, *pair.two)]
    share = min(shares) if pair.likeness.how == "joined" else max(shares)
    return max(0.0, log10(0.9 / share) - _LOSS.get(pair.likeness.how, 0.0))


def _against(found: Comparison) -> Message:
    return _(
        "{one} on one side stands against {two} on the other",
        one=_words(found.one_left),
        two=_words(found.two_left),
    )


def _missing(found: Comparison, missing: tuple[Word, ...]) -> Message:
    return _("{words}; one side does not have {missing}", words=_shown(found.pairs), missing=_words(missing))


def _shown(pairs: Iterable[Pair]) -> str:
    return ", ".join(
        one if one == two else f"{one} ~ {two}" for one, two in ((_words(pair.one), _words(pair.two)) for pair in pairs)
    )


def _words(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)
