"""What every kind of identifier can do: clean, explain, take apart, give its match key."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from convenio.core.errors import InputError
from convenio.core.words import Message, _

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC = DIGITS + LETTERS

_SHOWN = 40
_LOOKALIKES = {"O": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "0": "O", "1": "I", "5": "S", "8": "B"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a text, or worth knowing.

    Args:
        what: what is wrong.
        at: position of the character in the compact form, from 0; None when it is the text as a whole.
        advice: what to do about it.
        advisory: the text is accepted all the same.
    """

    what: Message
    at: int | None = None
    advice: Message | None = None
    advisory: bool = False


@dataclass(frozen=True)
class Segment:
    """A stretch of an identifier in which only some characters may stand.

    Args:
        length: number of characters.
        alphabet: the characters that may stand there.
        meaning: what the stretch means, as a message.
    """

    length: int
    alphabet: str
    meaning: Message


class Identifier(ABC):
    """A kind of identifier; its one instance is `KIND` of its module.

    A text is made *compact* first: composed (NFC), compatibility forms folded, upper case, without blanks, dashes and
    invisible marks. What is then wrong is found by `faults`. `clean` refuses what is binding, `validate` also what is
    advisory, `explain` tells everything.
    """

    name: ClassVar[str]
    title: ClassVar[Message]
    version: ClassVar[str] = "1"
    evidence_fields: ClassVar[tuple[str, ...]] = ()
    """Parts that repeat a fact told elsewhere of the same subject, so that agreement on them counts once."""

    separators: ClassVar[str] = " -‐‑‒–—−._/"
    upper: ClassVar[bool] = True
    labels: ClassVar[tuple[str, ...]] = ()
    """Words that are written before the identifier and are no part of it, in compact form."""
    lengths: ClassVar[tuple[int, ...]] = ()
    """Lengths of the compact form; a text of one of them bears no label, whatever its first letters."""

    @abstractmethod
    def faults(self, value: str) -> Iterator[Fault]:
        """What is wrong with a compact text, binding faults first."""

    @abstractmethod
    def parts(self, value: str) -> dict[str, str]:
        """The parts of a clean value by name; dates as ISO 8601."""

    @abstractmethod
    def is_synthetic(self, value: str) -> bool:
        """Whether a clean value lies in the range that is kept for made-up data and can be nobody's."""

    def is_generic(self, value: str) -> bool:  # noqa: ARG002 - most kinds have none
        """Whether a clean value stands for nobody in particular."""
        return False

    def compact(self, text: str) -> str:
        """The text without what carries no meaning; nothing is checked."""
        if text.isascii() and text.isalnum() and len(text) in self.lengths:
            return text.upper() if self.upper else text
        return "".join(char for char, _at in self._kept(text))

    def canonical(self, value: str) -> str:
        """The canonical form of a compact text without binding faults."""
        return value

    def clean(self, text: str) -> str:
        """The canonical form.

        Raises:
            InputError: the text is no identifier of this kind; says what is wrong, at which character, and what to do.
        """
        value = self.compact(text)
        for fault in self.faults(value):
            if not fault.advisory:
                raise self._error(text, fault)
        return self.canonical(value)

    def validate(self, text: str) -> str:
        """The canonical form of a text without any fault, advisory ones counted.

        Raises:
            InputError: as `clean`, and for an advisory fault.
        """
        value = self.compact(text)
        for fault in self.faults(value):
            raise self._error(text, fault)
        return self.canonical(value)

    def explain(self, text: str) -> list[Message]:
        """Everything that is wrong with `text` or worth knowing of it; empty when there is nothing. Never raises."""
        found = [self._located(text, fault) for fault in self.faults(self.compact(text))]
        invisible = [at for at, char in enumerate(unicodedata.normalize("NFC", text)) if _invisible(char)]
        if invisible:
            found.append(_("an invisible mark stands at character {at} and was left out", at=invisible[0] + 1))
        return found

    def match_key(self, value: str) -> str:
        """What two sides compare: equal for clean values that mean the same identifier.

        Raises:
            InputError: the value is generic and names no one.
        """
        if self.is_generic(value):
            raise InputError(
                _("the {kind} {value} stands for many and names no one", kind=self.title, value=value),
                advice=_("leave it out, and match by name and birth date"),
            )
        return value

    def _kept(self, text: str) -> list[tuple[str, int]]:
        kept: list[tuple[str, int]] = []
        for at, char in enumerate(unicodedata.normalize("NFC", text)):
            if char.isspace() or char in self.separators or _invisible(char):
                continue
            plain = unicodedata.normalize("NFKC", char)
            kept.extend((each, at) for each in (plain.upper() if self.upper else plain))
        return self._without_label(kept)

    def _without_label(self, kept: list[tuple[str, int]]) -> list[tuple[str, int]]:
        if not self.labels or len(kept) in self.lengths:
            return kept
        start = "".join(char for char, _at in kept[:16])
        for label in self.labels:
            if start.startswith(label) and len(kept) > len(label):
                rest = kept[len(label) :]
                return rest[1:] if rest[0][0] in ":#" and len(rest) > 1 else rest
        return kept

    def _error(self, text: str, fault: Fault) -> InputError:
        shown = shorten(text)
        if fault.at is None:
            where: Message = _("“{text}”", text=shown)
        else:
            where = _("“{text}”, character {at}", text=shown, at=self._position(text, fault.at))
        return InputError(fault.what, where=where, advice=fault.advice)

    def _located(self, text: str, fault: Fault) -> Message:
        if fault.at is None:
            return fault.what
        return _("character {at}: {what}", at=self._position(text, fault.at), what=fault.what)

    def _position(self, text: str, at: int) -> int:
        kept = self._kept(text)
        return (kept[at][1] if at < len(kept) else len(unicodedata.normalize("NFC", text))) + 1


def shorten(text: str) -> str:
    """The text as it can be shown in an error: at most forty characters, none of them invisible."""
    seen = "".join(char if char.isprintable() else "·" for char in text[: _SHOWN + 1])
    return seen if len(text) <= _SHOWN else seen[:_SHOWN] + "…"


def empty(value: str) -> Iterator[Fault]:
    """A fault when nothing is left of a text."""
    if not value:
        yield Fault(_("there is nothing here"))


def length(value: str, wanted: tuple[int, ...], kind: Message) -> Iterator[Fault]:
    """A fault when a text has another length than those wanted."""
    if len(value) not in wanted:
        yield Fault(
            _(
                "a {kind} has {wanted} characters, this has {number}",
                kind=kind,
                wanted="/".join(str(each) for each in wanted),
                number=len(value),
            ),
            at=min(len(value), max(wanted)) if value else None,
            advice=_("was it cut, or is something else in the same cell?"),
        )


def segments(value: str, wanted: tuple[Segment, ...]) -> Iterator[Fault]:
    """A fault for each character that may not stand where it stands."""
    at = 0
    for each in wanted:
        part = value[at : at + each.length]
        for offset, char in enumerate(part if part.strip(each.alphabet) else ""):
            if char not in each.alphabet:
                yield Fault(
                    _("“{char}” cannot stand in {meaning}", char=shorten(char), meaning=each.meaning),
                    at=at + offset,
                    advice=_lookalike(char, each.alphabet),
                )
        at += each.length


def _lookalike(char: str, alphabet: str) -> Message | None:
    other = _LOOKALIKES.get(char)
    if other is None or other not in alphabet:
        return None
    return _("is it a {other}?", other=other)


def _invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf"
