"""A list ready to be asked: which of its names a query could be, without comparing it with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.entities.names.company import CompanyName, company
from convenio.entities.names.person import PersonName, person
from convenio.programs.finance.schema import ListedName, ListEntry
from convenio.programs.finance.screening.spelling import Spelling

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
_ENOUGH = 0.6
"""Share of the shorter name's words that has to be found before two names are compared."""


@dataclass(frozen=True)
class NameOf:
    """One name of one entry: its position in the list, the name as listed, and its words taken apart."""

    entry: int
    listed: ListedName
    parsed: PersonName | CompanyName


class NameIndex:
    """The names of one kind of party (persons, or companies and the like).

    Args:
        entries: the list; positions in it are what `NameOf.entry` counts.
        persons: whether the names are persons'.
    """

    def __init__(self, entries: Sequence[ListEntry], *, persons: bool) -> None:
        self.persons = persons
        self.names: list[NameOf] = []
        postings: dict[str, list[int]] = {}
        counts: list[int] = []
        self._by_entry: dict[int, list[int]] = {}
        for at, entry in enumerate(entries):
            if (entry.kind == "person") is not persons:
                continue
            for listed in entry.names:
                parsed = person(listed.name) if persons else company(listed.name)
                whole = counted(parsed)
                if not whole:
                    continue
                place = len(self.names)
                self.names.append(NameOf(at, listed, parsed))
                counts.append(len(whole))
                self._by_entry.setdefault(at, []).append(place)
                for word in {*whole, *joins(parsed)}:
                    postings.setdefault(word, []).append(place)
        self._counts = np.array(counts, dtype=np.float32)
        self._spelling = Spelling(postings)
        self._postings = [np.array(postings[word], dtype=np.int32) for word in self._spelling.words]
        self._cache: dict[str, tuple[Ints, Floats]] = {}

    def names_of(self, entry: int) -> list[NameOf]:
        """The names of one entry."""
        return [self.names[place] for place in self._by_entry.get(entry, ())]

    def candidates(self, parsed: PersonName | CompanyName) -> list[int]:
        """Positions in `names` that share enough words with a query to be worth comparing."""
        whole = counted(parsed)
        if not whole or not self.names:
            return []
        found = [each for word in whole if len((each := self._reach(word))[0])]
        for word in joins(parsed):
            at = self._spelling.exact(word)
            if at is not None:
                held = self._postings[at]
                found.append((held, np.ones(len(held), dtype=np.float32)))
        if not found:
            return []
        places = np.concatenate([each[0] for each in found])
        shares = np.concatenate([each[1] for each in found])
        sums = np.bincount(places, weights=shares, minlength=len(self.names))
        needed = _ENOUGH * np.minimum(self._counts, len(whole))
        return [int(each) for each in np.flatnonzero(sums >= needed)]

    def _reach(self, word: str) -> tuple[Ints, Floats]:
        """Every name that holds a word which may stand for `word`, once, with the best likeness."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > 200_000:
                self._cache.clear()
            found = self._cache[word] = self._reached(word)
        return found

    def _reached(self, word: str) -> tuple[Ints, Floats]:
        near = self._spelling.near(word)
        if not near:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        near = sorted(near, key=lambda each: -each[1])
        places = np.concatenate([self._postings[at] for at, _value in near])
        values = np.concatenate([np.full(len(self._postings[at]), value, dtype=np.float32) for at, value in near])
        first, where = np.unique(places, return_index=True)
        return first.astype(np.int32), values[where]


def counted(parsed: PersonName | CompanyName) -> tuple[str, ...]:
    """The words of a name that retrieval counts: no initials, each once."""
    if isinstance(parsed, PersonName):
        return tuple(dict.fromkeys(word.text for word in parsed.words if len(word.text) > 1))
    return tuple(dict.fromkeys(parsed.words))


def joins(parsed: PersonName | CompanyName) -> Iterable[str]:
    """Neighbouring words as one, and the whole name as one, as they are written without gaps."""
    if isinstance(parsed, CompanyName):
        words: Sequence[str] = parsed.words
        return {*("".join(words[at : at + 2]) for at in range(len(words) - 1)), "".join(words)} - set(words)
    texts = [word.text for word in parsed.words]
    made = {"".join(texts[at : at + 2]) for at in range(len(texts) - 1)}
    made |= {word.before + word.text for word in parsed.words if word.before}
    return (made | {parsed.joined, parsed.given_first}) - set(texts)
