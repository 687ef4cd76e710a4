"""A person's name taken apart: words, their role where it is told or plain to see, particles, titles.

People in Mexico bear one or more given names, then the father's surname and the mother's. Lists published abroad put
the surnames first and a comma after them; files bear every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from convenio.entities.names import lists
from convenio.entities.names.letters import mended, plain
from convenio.entities.names.scripts import script

Role = Literal["given", "surname", ""]
MOST_WORDS = 16
_ARTICLES = frozenset({"LA", "LAS", "LOS", "EL"})
SUFFIXES = frozenset({"JR", "SR", "JUNIOR", "SENIOR", "HIJO", "II", "III", "IV"})


@dataclass(frozen=True)
class Word:
    """One word of a name.

    Args:
        text: plain capitals.
        role: `given` or `surname` where it is told or plain to see, else empty.
        told: whether the role was told by a comma or a column.
        before: the particles before it, joined (`DELA` of `DE LA CRUZ`).
    """

    text: str
    role: Role = ""
    told: bool = False
    before: str = ""

    @property
    def weight(self) -> float:
        """How much of the name it is: its letters, within bounds."""
        return 2.0 if len(self.text) == 1 else min(len(self.text), 8) + 1.0


@dataclass(frozen=True)
class PersonName:
    """A person's name taken apart.

    Args:
        words: the words that count, particles and titles left out.
        joined: every letter in the order written.
        given_first: every letter with the given names first, where a comma told them apart.
        suffix: `JR`, `SR`, … where one was written.
        script: the script it was written in.
        written: the name as written, without gaps.
        sons: words that stand on either side of a `BIN` or `IBN`, as pairs (child, father).
    """

    words: tuple[Word, ...]
    joined: str
    given_first: str
    suffix: str = ""
    script: str = ""
    written: str = ""
    sons: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1 << 16)
def person(text: str) -> PersonName:
    """Take a person's name apart, as one text in any order; a comma means that the surnames stand before it."""
    parts = [part.split() for part in plain(text).split(",") if part.split()]
    if len(parts) == 2 and all(word in SUFFIXES for word in parts[1]):
        parts = [parts[0] + parts[1]]
    if len(parts) == 2:
        return _made(text, parts[1], parts[0])
    return _made(text, [word for part in parts for word in part], None)


def person_of(given: str, *surnames: str) -> PersonName:
    """Take a name apart whose given names and surnames stand in columns of their own."""
    written = " ".join(each for each in surnames if each)
    if not given or not written:
        return person(given or written)
    return _made(f"{given} {written}", _flat(given), _flat(written))


def _flat(text: str) -> list[str]:
    return plain(text).replace(",", " ").split()


def _made(text: str, first: list[str], surnames: list[str] | None) -> PersonName:
    told = surnames is not None
    order = [*first, *(surnames or [])]
    words = [*_words(first, "given" if told else "", told=told), *_words(surnames or [], "surname", told=told)]
    suffix = next((word for word in order if word in SUFFIXES), "")
    if suffix:
        words = [word for word in words if word.text not in SUFFIXES] or words
    words = words[:MOST_WORDS]
    if not told:
        words = _guessed(words)
    written = [*(surnames or []), *first] if told else order
    return PersonName(
        words=tuple(words),
        joined="".join(written),
        given_first="".join(order),
        suffix=suffix,
        script=script(text),
        written="".join(text.split()),
        sons=() if told else tuple(_sons(order)),
    )


def _words(texts: list[str], role: Role, *, told: bool) -> list[Word]:
    titles, particles = lists.words("titles"), lists.words("particles")
    kept: list[Word] = []
    before = ""
    real = [each for each in texts if each not in titles and each not in particles and len(each) > 1]
    for text, follows in zip(texts, (*texts, "")[1:], strict=True):
        if text == "D" and follows in _ARTICLES and real:
            before += "DE"
            continue
        if text in titles and len(real) >= (1 if told else 2):
            continue
        if text in particles and real and not (text == "BEN" and not kept and len(texts) == 2):
            before += text
            continue
        kept.append(Word(mended(text), role, told, before))
        before = ""
    return kept


def _guessed(words: list[Word]) -> list[Word]:
    """Roles that are plain to see: leading words that are only given names, and words that are only surnames."""
    given, surnames = lists.given_names(), lists.surnames()
    out: list[Word] = []
    for word in words:
        role: Role = ""
        if word.text in given and surnames.get(word.text, 0) * 20 < sum(given[word.text]):
            role = "given"
        elif word.text in surnames and sum(given.get(word.text, (0, 0))) * 20 < surnames[word.text]:
            role = "surname"
        out.append(Word(word.text, role, told=False, before=word.before))
    return out


def _sons(words: list[str]) -> list[tuple[str, str]]:
    return [
        (words[at - 1], words[at + 1])
        for at, word in enumerate(words)
        if word in {"BIN", "IBN", "BEN"} and 0 < at < len(words) - 1
    ]


def is_woman(words: tuple[Word, ...]) -> bool:
    """Whether a given name of these is borne by women far more than by men."""
    given = lists.given_names()
    seen = [given[word.text] for word in words if word.text in given and word.role != "surname"]
    return any(women > 5 * men for women, men in seen)
