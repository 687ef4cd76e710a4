"""Match keys from a name and a birth date, in several normal forms.

Two records meet when one key is equal. Each form survives one kind of difference between what two countries write of
one person:

| form | key | survives |
|---|---|---|
| `full` | every word as it sounds, sorted, with the date | order, accents, particles, spelling by ear |
| `pair` | one given name and one surname, with the date | a surname or a given name left out or added, married names |
| `swap` | every word, sorted, with day and month exchanged | 3 April written as 4 March |
| `bone` | consonants of every word, sorted, with the date | mistaken, lost and transposed vowels |
| `head` | both surnames and a given name's initial, with the date | short, misspelt and left-out given names |
| `part` | every word, sorted, with year and month, and with year and day | one wrong number in the date |

`part` is made from three words or more. The precision and recall of each form on the made-up world are printed by
`bench/entities_keys.py`; a hit says "look here", not "the same person".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from convenio.entities.spanish_sound import plain_words, skeleton, sound

FORMS = ("full", "pair", "swap", "bone", "head", "part")
MOST = 12
_COMMON = frozenset({"MARIA", "JOSE"})


@dataclass(frozen=True)
class NameParts:
    """A name taken apart.

    Args:
        given: words of the given names.
        surnames: words of the surnames, the father's first.
    """

    given: tuple[str, ...]
    surnames: tuple[str, ...]


def name_parts(record: Mapping[str, object]) -> NameParts:
    """The name of a record, from `given`, `paterno`, `materno`, or from `name` alone.

    A `name` with a comma holds the surnames first. Without one, the last two of three words or more are taken as
    surnames, and the last one of two.
    """
    given, paterno, materno = (_text(record, each) for each in ("given", "paterno", "materno"))
    if given or paterno or materno:
        return NameParts(plain_words(given), plain_words(paterno) + plain_words(materno))
    whole = _text(record, "name")
    if "," in whole:
        surnames, _comma, first = whole.partition(",")
        return NameParts(plain_words(first), plain_words(surnames))
    every = plain_words(whole)
    cut = len(every) - (2 if len(every) > 2 else 1)
    return NameParts(every[:cut], every[cut:])


def birth_date(record: Mapping[str, object]) -> dt.date | None:
    """The birth date of a record, from a date or a text in ISO 8601; None where there is none or it does not exist."""
    held = record.get("birth_date")
    if isinstance(held, dt.datetime):
        return held.date()
    if isinstance(held, dt.date):
        return held
    if isinstance(held, str) and len(held.strip()) == 10:
        try:
            return dt.date.fromisoformat(held.strip())
        except ValueError:
            return None
    return None


def name_keys(record: Mapping[str, object]) -> list[str]:
    """The match keys of a record with a name and a birth date; at most twelve, none without either."""
    return [key for _form, key in name_keys_by_form(record)][:MOST]


def name_keys_by_form(record: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The match keys with the form each is made by, strongest first, none twice."""
    born, parts = birth_date(record), name_parts(record)
    every = parts.given + parts.surnames
    if born is None or len(every) < 2 or not parts.given or not parts.surnames:
        return
    seen: set[str] = set()
    for form, key in _made(parts, born):
        if key not in seen:
            seen.add(key)
            yield form, key


def _made(parts: NameParts, born: dt.date) -> Iterator[tuple[str, str]]:
    date = born.isoformat()
    every = parts.given + parts.surnames
    heard = "+".join(sorted({sound(word) for word in every}))
    yield "full", f"{heard}|{date}"
    counted = [word for word in parts.given if word not in _COMMON and len(word) > 1] or list(parts.given)
    surnames = [word for word in parts.surnames if len(word) > 1]
    for word in counted[:2]:
        for surname in surnames[:2]:
            yield "pair", f"p:{sound(word)}+{sound(surname)}|{date}"
    if born.day <= 12:
        first, last = sorted((born.day, born.month))
        yield "swap", f"s:{heard}|{born.year}:{first}/{last}"
    yield "bone", f"b:{'+'.join(sorted({skeleton(word) for word in every}))}|{date}"
    if len(surnames) > 1:
        both = "+".join(sorted(sound(word) for word in surnames[:2]))
        for initial in sorted({word[:1] for word in parts.given})[:2]:
            yield "head", f"h:{both}+{initial}|{date}"
    if len(every) > 2:
        yield "part", f"m:{heard}|{date[:7]}"
        yield "part", f"d:{heard}|{born.year}--{born.day}"


def _text(record: Mapping[str, object], column: str) -> str:
    held = record.get(column)
    return held if isinstance(held, str) else ""
