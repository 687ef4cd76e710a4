"""Which words of a list may stand for a word of a query, found without comparing it with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from convenio.entities.names import lists
from convenio.entities.names.sound import consonants, skeleton, sound
from convenio.entities.names.words import alike

LEAST = 0.5
"""Likeness below which two words do not stand for one another."""


class Spelling:
    """An index of words by sound, skeleton, and sound and spelling with one letter left out (Mor and Fraenkel 1982).

    Two words with one edit between their sounds or spellings share a key, and so do many with two.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(dict.fromkeys(words))
        self._at = {word: at for at, word in enumerate(self.words)}
        self._keys: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            for key in set(_keys(word)):
                self._keys.setdefault(key, []).append(at)
        self._found: dict[str, list[tuple[int, float]]] = {}

    def exact(self, word: str) -> int | None:
        """The position of exactly this word; None where it is not there."""
        return self._at.get(word)

    def near(self, word: str) -> list[tuple[int, float]]:
        """Positions in `words` of those that may stand for `word`, with their likeness."""
        found = self._found.get(word)
        if found is None:
            if len(self._found) > 500_000:
                self._found.clear()
            found = self._found[word] = self._near(word)
        return found

    def _near(self, word: str) -> list[tuple[int, float]]:
        candidates: set[int] = set()
        for key in set(_keys(word)):
            candidates.update(self._keys.get(key, ()))
        for form in lists.equivalents().get(word, ()):
            at = self._at.get(form)
            if at is not None:
                candidates.add(at)
        found = ((at, alike(word, self.words[at]).value) for at in sorted(candidates))
        return [(at, value) for at, value in found if value >= LEAST]


def _keys(word: str) -> Iterator[str]:
    """The keys of a word, and where it has a `kh`, which may be a Spanish jota, those of the word with one."""
    yield from _keys_of(word)
    if "KH" in word:
        yield from _keys_of(word.replace("KH", "J"))


def _keys_of(word: str) -> Iterator[str]:
    heard = sound(word)
    yield heard
    bones = skeleton(word)
    if len(bones) > 2:
        yield f"-{bones}"
    written = consonants(word)
    if len(word) > 4 and len(written) > 2:
        yield f"={word[0]}{written}"
    for form in {heard, word}:
        if len(form) > 2:
            yield f"~{form}"
        if len(form) > 3:
            for at in range(len(form)):
                yield f"~{form[:at]}{form[at + 1 :]}"
