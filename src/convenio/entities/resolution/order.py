"""Which words of a name in one piece are given names, and which surnames: files put either first, and rarely say.

`María Guadalupe Núñez de la O` and `NUÑEZ DE LA O MA. GPE.` are one name. The words themselves tell: how often each is
borne in Mexico as a given name, and how often as a surname. What the lists do not know, or bear both ways, stays in the
usual order. Two nodes never compare what is made here; match keys have rules of their own, which stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from convenio.entities.name_keys import NameParts
from convenio.entities.names import lists

_UNKNOWN = 0.5
"""Bearers per million of a word that no list has, in either role."""
_TURNED = math.log(1 / 50)
"""How likely surnames are to stand first where there is no comma, before the words are looked at."""
_ONE_SURNAME = math.log(1 / 10)
"""How likely one surname alone is, of a name of three words or more, before the words are looked at."""


@lru_cache(maxsize=1 << 16)
def in_order(words: tuple[str, ...]) -> NameParts:
    """The words of a name in one piece, told apart.

    Args:
        words: plain words, as `plain_words` gives them, in the order written.

    Returns:
        Given names and surnames. One word is a surname alone, as `name_parts` takes it.
    """
    if len(words) < 2:
        return NameParts((), words)
    return max(_ways(words), key=lambda way: way[0])[1]


def _ways(words: tuple[str, ...]) -> Iterator[tuple[float, NameParts]]:
    """Every way to read the words, with the logarithm of its likelihood; the usual one first, which wins a tie."""
    usual = 2 if len(words) > 2 else 1
    for count in range(usual, 0, -1):
        prior = 0.0 if count == usual else _ONE_SURNAME
        yield _read(words[:-count], words[-count:], prior)
        yield _read(words[count:], words[:count], prior + _TURNED)


def _read(given: tuple[str, ...], surnames: tuple[str, ...], prior: float) -> tuple[float, NameParts]:
    as_given, as_surname = lists.given_names(), lists.surnames()
    likely = sum(_log(sum(as_given.get(word, (0, 0)))) for word in given)
    likely += sum(_log(as_surname.get(word, 0)) for word in surnames)
    return prior + likely, NameParts(given, surnames)


def _log(bearers: float) -> float:
    return math.log(max(bearers, _UNKNOWN))
