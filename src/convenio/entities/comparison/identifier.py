"""CURP, RFC and other numbers: what they add beyond the facts that are written into them.

A CURP holds letters of the name, the birth date, the sex and the state of birth; an RFC holds letters of the name and
the date. Whoever shares those facts shares those characters, so they count with the facts, once; only what is left
(differentiator and check digit, homoclave) is new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.entities.comparison.evidence import Evidence
from convenio.entities.identifiers import kind

_CURP_RESIDUAL, _RFC_RESIDUAL, _PASSPORT, _OTHER = 4.0, 3.0, 4.5, 3.5
"""Bans of an equal remainder. A CURP is never issued twice, and its registry gives people who share sixteen characters
different differentiators: an equal one is an error once in ten thousand. A homoclave has 34 x 34 values."""

_OTHER_NUMBER = -2.5


@dataclass(frozen=True)
class Told:
    """The facts written into a CURP or RFC."""

    birth_date: dt.date | None = None
    sex: str = ""
    state: str = ""
    residual: str = ""


@lru_cache(maxsize=1 << 16)
def told_by_curp(value: str) -> Told | None:
    """The facts in a CURP; None where it is none (published ones are often broken)."""
    try:
        clean = kind("curp").clean(value)
    except InputError:
        return None
    parts = kind("curp").parts(clean)
    date = dt.date.fromisoformat(parts["birth_date"]) if parts["birth_date"] else None
    return Told(date, {"H": "male", "M": "female"}.get(parts["sex"], ""), parts["state"], clean)


def curp(known: str, listed: Iterable[str]) -> Evidence:
    """What two CURPs say beyond name, birth date, sex and state, which are weighed as fields of their own."""
    return _compared("curp", known, listed, _CURP_RESIDUAL, facts=16)


def rfc(known: str, listed: Iterable[str]) -> Evidence:
    """What two RFCs say beyond name and date; generic ones and those without homoclave say nothing."""
    return _compared("rfc", known, listed, _RFC_RESIDUAL, facts=10)


def number(field: str, known: str, listed: Iterable[str]) -> Evidence:
    """What a passport or another number without facts in it says."""
    one = _compact(known)
    others = [_compact(each) for each in listed if _compact(each)]
    if len(one) < 5 or not others:
        return Evidence(field, "silent", 0.0, _("no {field} on one of the sides", field=field))
    if one in others:
        bans = _PASSPORT if field == "passport" else _OTHER
        return Evidence(field, "agrees", bans, _("the same {field}, {value}", field=field, value=one))
    return Evidence(field, "differs", -0.3, _("another {field}; people have several", field=field))


def _compared(field: str, known: str, listed: Iterable[str], residual: float, *, facts: int) -> Evidence:
    one = _clean(field, known)
    others = [each for each in (_clean(field, value) for value in listed) if each]
    if not one or not others:
        return Evidence(field, "silent", 0.0, _("no {field} on one of the sides", field=field.upper()))
    if one in others:
        why = _(
            "the same {field}, {value}: what it repeats of name and dates counts there, its last characters here",
            field=field.upper(),
            value=one,
        )
        return Evidence(field, "agrees", residual if len(one) > facts else 0.0, why)
    if any(one[:facts] == each[:facts] for each in others):
        if min(len(one), *(len(each) for each in others)) <= facts:
            return Evidence(field, "silent", 0.0, _("the {field} is not whole on a side", field=field.upper()))
        why = _("the {field}s differ only in the characters that tell namesakes apart", field=field.upper())
        return Evidence(field, "differs", _OTHER_NUMBER, why)
    if any(len(one) == len(each) and sum(a != b for a, b in zip(one, each, strict=True)) == 1 for each in others):
        return Evidence(field, "close", residual / 2, _("the {field}s differ in one character", field=field.upper()))
    return Evidence(field, "differs", _OTHER_NUMBER, _("the {field}s differ", field=field.upper()))


@lru_cache(maxsize=1 << 16)
def _clean(field: str, value: str) -> str:
    """The value in its canonical form; empty where it is none or stands for many. A wrong check digit is let pass."""
    compact = kind(field).compact(value)
    if not compact or kind(field).is_generic(compact):
        return ""
    lengths = {"curp": (18,), "rfc": (10, 12, 13)}[field]
    return compact if len(compact) in lengths and compact.isascii() and len(set(compact)) > 2 else ""


def _compact(value: str) -> str:
    return "".join(char for char in value.upper() if char.isalnum())
