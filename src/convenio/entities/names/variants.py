"""Other ways to write a person's name, as people in Mexico bear, shorten, hear, mistype and scan names.

Each class is one habit or one kind of error; `variants` gives every class that applies to a name. The draws come from
the seed and the name alone, so the same name has the same variants everywhere.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from convenio.entities.names import lists

_NEIGHBOURS = {
    "A": "SQZ", "B": "VGN", "C": "XVD", "D": "SFE", "E": "WRD", "F": "DGR", "G": "FHT", "H": "GJY", "I": "UOK",
    "J": "HKU", "K": "JLI", "L": "KOP", "M": "NJK", "N": "BMH", "O": "IPL", "P": "OL", "Q": "WA", "R": "ETF",
    "S": "ADW", "T": "RYG", "U": "YIJ", "V": "CBF", "W": "QES", "X": "ZCS", "Y": "TUH", "Z": "XSA",
}  # fmt: skip
_BY_EAR = (
    ("CE", "SE"), ("CI", "SI"), ("Z", "S"), ("V", "B"), ("B", "V"), ("LL", "Y"), ("GE", "JE"), ("GI", "JI"),
    ("J", "X"), ("H", ""), ("QUE", "KE"), ("QUI", "KI"), ("S", "Z"), ("RR", "R"), ("Y", "I"), ("X", "J"),
)  # fmt: skip
_BY_ENGLISH_EAR = (
    ("GUA", "WA"), ("JE", "HE"), ("JI", "HI"), ("JUA", "WA"), ("JO", "HO"), ("Ñ", "NY"), ("QUE", "KE"), ("QUI", "KEE"),
    ("I", "EE"), ("U", "OO"), ("Z", "S"), ("LL", "Y"), ("C", "K"), ("F", "PH"),
)  # fmt: skip
_SCANNED = (("M", "RN"), ("RN", "M"), ("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"), ("D", "CL"))
_TITLES = ("ING.", "LIC.", "SR.", "DR.", "C.P.")


@dataclass(frozen=True)
class Parts:
    """A name in parts, as written: given names, father's and mother's surname (empty without one)."""

    given: str
    paterno: str
    materno: str = ""

    def written(self) -> str:
        """Given names first."""
        return " ".join(each for each in (self.given, self.paterno, self.materno) if each)


def _order(p: Parts, _draw: random.Random) -> str:
    return f"{p.paterno} {p.materno} {p.given}".replace("  ", " ")


def _swapped(p: Parts, _draw: random.Random) -> str:
    return f"{p.given} {p.materno} {p.paterno}" if p.materno else ""


def _no_materno(p: Parts, _draw: random.Random) -> str:
    return f"{p.given} {p.paterno}" if p.materno else ""


def _no_paterno(p: Parts, _draw: random.Random) -> str:
    return f"{p.given} {p.materno}" if p.materno else ""


def _materno_initial(p: Parts, _draw: random.Random) -> str:
    return f"{p.given} {p.paterno} {p.materno[0]}." if p.materno else ""


def _second_given_left_out(p: Parts, _draw: random.Random) -> str:
    words = p.given.split()
    return f"{words[0]} {p.paterno} {p.materno}" if len(words) > 1 else ""


def _first_given_left_out(p: Parts, _draw: random.Random) -> str:
    words = p.given.split()
    return f"{words[-1]} {p.paterno} {p.materno}" if len(words) > 1 else ""


def _given_initials(p: Parts, _draw: random.Random) -> str:
    initials = " ".join(f"{word[0]}." for word in p.given.split())
    return f"{initials} {p.paterno} {p.materno}" if p.materno else ""


def _second_given_initial(p: Parts, _draw: random.Random) -> str:
    words = p.given.split()
    return f"{words[0]} {words[1][0]}. {p.paterno} {p.materno}" if len(words) > 1 else ""


def _shortened(kind: str) -> Callable[[Parts, random.Random], str]:
    def make(p: Parts, draw: random.Random) -> str:
        words = p.written().split()
        places = []
        for at, word in enumerate(words):
            forms = _forms(kind).get(word.upper(), ())
            if forms and (kind != "nickname" or at < len(p.given.split())):
                places.append((at, forms))
        if not places:
            return ""
        at, forms = draw.choice(places)
        words[at] = draw.choice(forms) + ("." if kind == "short" else "")
        return " ".join(words)

    return make


def _forms(kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in lists.lines("equivalents.csv"):
        held, form, names = line.split(",")
        if held == kind:
            for name in names.split():
                found.setdefault(name, []).append(form)
    return {name: tuple(forms) for name, forms in found.items()}


def _particles_left_out(p: Parts, _draw: random.Random) -> str:
    words = p.written().split()
    kept = [word for word in words if word.upper() not in lists.words("particles")]
    return " ".join(kept) if len(kept) < len(words) else ""


def _particles_joined(p: Parts, _draw: random.Random) -> str:
    text = f" {p.written()} "
    for particle in ("DE LA ", "DE LOS ", "DEL ", "DE "):
        at = text.upper().find(f" {particle}")
        if at >= 0:
            return (text[: at + 1] + particle.replace(" ", "") + text[at + 1 + len(particle) :]).strip()
    return ""


def _married(p: Parts, draw: random.Random) -> str:
    women, men = lists.given_names().get(p.given.split()[0].upper(), (0, 0))
    if women <= 5 * men:
        return ""
    return f"{p.written()} DE {draw.choice(('HERNANDEZ', 'LOPEZ', 'TORRES', 'SALAZAR', 'IBARRA'))}"


def _joined(p: Parts, draw: random.Random) -> str:
    words = p.written().split()
    at = draw.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def _no_spaces(p: Parts, _draw: random.Random) -> str:
    return p.written().replace(" ", "")


def _split(p: Parts, draw: random.Random) -> str:
    return _in_word(p, draw, lambda word: word[: (cut := draw.randrange(3, len(word) - 1))] + " " + word[cut:], least=6)


def _vowel_dropped(p: Parts, draw: random.Random) -> str:
    def drop(word: str) -> str:
        places = [at for at, char in enumerate(word) if at and char.upper() in "AEIOU"]
        return word if not places else word[: (at := draw.choice(places))] + word[at + 1 :]

    return _in_word(p, draw, drop, least=5)


def _vowels_dropped(p: Parts, draw: random.Random) -> str:
    return _in_word(p, draw, lambda word: word[0] + "".join(c for c in word[1:] if c.upper() not in "AEIOU"), least=6)


def _replaced(rules: Sequence[tuple[str, str]]) -> Callable[[Parts, random.Random], str]:
    def make(p: Parts, draw: random.Random) -> str:
        words = p.written().upper().split()
        places = [(at, a, b) for at, word in enumerate(words) for a, b in rules if a in word and len(word) > 3]
        if not places:
            return ""
        at, a, b = draw.choice(places)
        words[at] = words[at].replace(a, b, 1)
        return " ".join(words)

    return make


def _slip(p: Parts, draw: random.Random) -> str:
    return _in_word(p, draw, lambda word: _mistyped(word, draw), least=4)


def _slip_in_each_surname(p: Parts, draw: random.Random) -> str:
    if not p.materno:
        return ""
    return f"{p.given} {_longest_mistyped(p.paterno, draw)} {_longest_mistyped(p.materno, draw)}"


def _longest_mistyped(text: str, draw: random.Random) -> str:
    words = text.split()
    at = max(range(len(words)), key=lambda each: len(words[each]))
    words[at] = _mistyped(words[at], draw)
    return " ".join(words)


def _mistyped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, max(len(word) - 1, 2))
    kind = draw.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + draw.choice(_NEIGHBOURS.get(word[at : at + 1].upper(), "E")) + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at : at + 1] + word[at:]
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _cut(p: Parts, _draw: random.Random) -> str:
    text = p.written()
    last = text.split()[-1]
    return text[: -max(1, len(last) // 3)] if len(last) >= 5 and len(text) > 18 else ""


def _titled(p: Parts, draw: random.Random) -> str:
    return f"{draw.choice(_TITLES)} {p.written()}"


def _in_word(p: Parts, draw: random.Random, change: Callable[[str], str], *, least: int) -> str:
    words = p.written().split()
    places = [at for at, word in enumerate(words) if len(word) >= least]
    if not places:
        return ""
    at = draw.choice(places)
    words[at] = change(words[at])
    return " ".join(words)


CLASSES: dict[str, Callable[[Parts, random.Random], str]] = {
    "surnames first": _order,
    "surnames swapped": _swapped,
    "mother's surname missing": _no_materno,
    "father's surname missing": _no_paterno,
    "mother's surname as initial": _materno_initial,
    "second given name left out": _second_given_left_out,
    "first given name left out": _first_given_left_out,
    "given names as initials": _given_initials,
    "second given name as initial": _second_given_initial,
    "abbreviation": _shortened("short"),
    "nickname": _shortened("nickname"),
    "particles left out": _particles_left_out,
    "particles joined": _particles_joined,
    "married name added": _married,
    "two words joined": _joined,
    "no spaces": _no_spaces,
    "a word split": _split,
    "a vowel dropped": _vowel_dropped,
    "vowels of a word dropped": _vowels_dropped,
    "spelt by ear": _replaced(_BY_EAR),
    "spelt by an English ear": _replaced(_BY_ENGLISH_EAR),
    "scanned": _replaced(_SCANNED),
    "one slip": _slip,
    "a slip in each surname": _slip_in_each_surname,
    "cut off at the end": _cut,
    "title added": _titled,
}
"""Every class by name; a maker returns an empty text where the class does not apply."""

NEEDS_BIRTH_DATE = frozenset({"mother's surname missing", "father's surname missing"})
"""Classes in which a surname is missing, so that the name alone cannot tell a person from namesakes."""


def variants(parts: Parts, *, seed: int = 0, per_class: int = 1) -> Iterator[tuple[str, str]]:
    """Class and variant, for every class that applies; a variant that equals the name is left out."""
    name = parts.written()
    for kind, make in CLASSES.items():
        for number in range(per_class):
            key = hashlib.sha256(f"{seed}/{number}/{kind}/{name}".encode()).digest()
            made = make(parts, random.Random(key)).strip()  # noqa: S311 - draws for tests, not secrets
            if made and " ".join(made.split()) != name:
                yield kind, " ".join(made.split())
