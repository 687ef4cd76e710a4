"""CURP, the Mexican population registry's key: 18 characters made from name, birth date, sex and state of birth.

Positions (from 1): 1-4 initials, 5-10 birth date, 11 sex, 12-13 state, 14-16 inner consonants, 17 differentiator (a
digit for births until 1999, a letter since 2000), 18 check digit. Source: Instructivo normativo para la asignación de
la CURP, DOF 18 October 2021.

*Synthetic* values: the differentiator is one of `RESERVED` while the year is 40 to 99. Read by the rule it says
that the person is born in 2040 or later, so it can be nobody's until then; the made-up person is born a hundred years
before, and `parts` says so. The reserved letters are none that are mistaken for digits, since real CURPs with a letter
O for a zero exist in published lists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from operator import mul

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base
from convenio.entities.identifiers.name_initials import CURP_WORDS

RESERVED = "XYWVTRPNMK"
STATES = (
    "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE".split()  # noqa: SIM905
)
WEIGHTED = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_VALUES = {char: at for at, char in enumerate(WEIGHTED)}

_SEGMENTS = (
    base.Segment(4, base.LETTERS, _("the initials")),
    base.Segment(6, base.DIGITS, _("the birth date (YYMMDD)")),
    base.Segment(1, "HMX", _("the sex (H, M or X)")),
    base.Segment(2, base.LETTERS, _("the state of birth")),
    base.Segment(3, base.LETTERS, _("the inner consonants")),
    base.Segment(1, base.ALPHANUMERIC, _("the differentiator")),
    base.Segment(1, base.DIGITS, _("the check digit")),
)


class Curp(base.Identifier):
    """The kind `curp`; clean values are 18 upper-case characters."""

    name = "curp"
    title = _("CURP")
    evidence_fields = ("initials", "birth_date", "sex", "state", "consonants")
    lengths = (18,)
    labels = ("CURP:", "CURP#", "CURP", "#")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length, characters, a birth date that does not exist, an unknown state, a wrong check digit."""
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _SEGMENTS)]
        yield from found
        if found:
            return
        if _date(value) is None:
            yield base.Fault(
                _("the birth date {date} does not exist", date=f"{value[8:10]}-{value[6:8]}-{value[4:6]}"),
                at=4,
                advice=_("the order is year, month, day"),
            )
        if value[11:13] not in STATES:
            yield base.Fault(
                _("{code} is no state of birth", code=value[11:13]),
                at=11,
                advice=_("the codes are {codes}; NE is born abroad", codes=" ".join(STATES)),
            )
        if value[:4] in CURP_WORDS:
            yield base.Fault(
                _("the registry never issues the initials {word}", word=value[:4]),
                at=1,
                advice=_("it puts an X in second place: {wanted}", wanted=f"{value[0]}X{value[2:4]}"),
            )
        wanted = check_digit(value[:17])
        if value[17] != wanted:
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[17], wanted=wanted),
                at=17,
                advice=_("one or more characters were mistyped"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`initials`, `birth_date`, `sex`, `state`, `consonants`, `residual` (differentiator and check digit)."""
        born = _date(value)
        return {
            "initials": value[:4],
            "birth_date": born.isoformat() if born else "",
            "sex": value[10],
            "state": value[11:13],
            "consonants": value[13:16],
            "residual": value[16:],
        }

    def is_synthetic(self, value: str) -> bool:
        """Whether the differentiator is reserved and the year lies a century ahead."""
        return len(value) == 18 and value[16] in RESERVED and value[4:6] >= "40"


def check_digit(first: str) -> str:
    """The check digit of the first 17 characters."""
    return str(-sum(map(mul, map(_VALUES.__getitem__, first), range(18, 1, -1))) % 10)


def _date(value: str) -> dt.date | None:
    century = 1900 if value[16].isdigit() or KIND.is_synthetic(value) else 2000
    try:
        return dt.date(century + int(value[4:6]), int(value[6:8]), int(value[8:10]))
    except ValueError:
        return None


KIND = Curp()
