"""RFC, the Mexican taxpayer's key: 12 characters for a company, 13 for a person, 10 for a person without homoclave.

The check digit is advisory: about 1.5 % of real ones fail it (python-stdnum issue 32; 30 of 12,580 in the SAT's 69-B
list). The century of its date is not told.

*Synthetic* values: the homoclave's first character is Z. It is the quotient of a number below 1,000 by 34, so real
ones end at V (none beyond V among 12,580 real ones); Z can be nobody's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from operator import mul

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base
from convenio.entities.identifiers.name_initials import RFC_WORDS

GENERIC = {"XAXX010101000": "domestic", "XEXX010101000": "foreign"}
RESERVED = "Z"
HOMOCLAVE = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
WEIGHTED = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_VALUES = {char: at for at, char in enumerate(WEIGHTED)}

_INITIALS = base.LETTERS + "&Ñ"
_DATE = base.Segment(6, base.DIGITS, _("the date (YYMMDD)"))
_HOMOCLAVE = base.Segment(3, base.ALPHANUMERIC, _("the homoclave"))


class Rfc(base.Identifier):
    """The kind `rfc`; clean values are upper case without blanks or dashes."""

    name = "rfc"
    title = _("RFC")
    evidence_fields = ("initials", "date")
    lengths = (12, 13, 10)
    labels = ("RFC:", "RFC#", "RFC", "#")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Redactions, length, characters, a date that does not exist; advisory: generic, no homoclave, check digit."""
        if len(value) >= 10 and set(value) <= {"X", "*"}:
            yield base.Fault(
                _("this RFC was made unreadable by its publisher and names no one"),
                advice=_("leave the cell empty, and match by name"),
            )
            return
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _layout(value))]
        yield from found
        if found:
            return
        start = _start(value)
        date = value[start : start + 6]
        if not _dates(date):
            yield base.Fault(
                _("the date {date} does not exist", date=f"{date[4:]}-{date[2:4]}-{date[:2]}"),
                at=start,
                advice=_("the order is year, month, day"),
            )
        if start == 4 and value[:4] in RFC_WORDS:
            yield base.Fault(
                _("the tax office never issues the initials {word}", word=value[:4]),
                at=0,
                advice=_("it puts an X in last place: {wanted}", wanted=value[:3] + "X"),
            )
        yield from self._advisory(value)

    def _advisory(self, value: str) -> Iterator[base.Fault]:
        if value in GENERIC:
            yield base.Fault(_("this is a generic RFC, used for many: it names no one"), advisory=True)
        elif len(value) == 10:
            yield base.Fault(_("the homoclave is missing: others may share these ten characters"), advisory=True)
        elif value[-1] != (wanted := check_digit(value[:-1])):
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[-1], wanted=wanted),
                at=len(value) - 1,
                advice=_("some real ones fail it: compare with the document"),
                advisory=True,
            )

    def parts(self, value: str) -> dict[str, str]:
        """`holder` (person or company), `initials`, `date` (YY-MM-DD: the century is not told), `residual`."""
        start = _start(value)
        date = value[start : start + 6]
        return {
            "holder": "person" if start == 4 else "company",
            "initials": value[:start],
            "date": f"{date[:2]}-{date[2:4]}-{date[4:]}",
            "residual": value[start + 6 :],
        }

    def is_synthetic(self, value: str) -> bool:
        """Whether the homoclave begins beyond what the rule can give."""
        return len(value) in (12, 13) and value[-3] == RESERVED

    def is_generic(self, value: str) -> bool:
        """Whether it is one of the two keys for the public at large and for foreigners."""
        return value in GENERIC


def check_digit(first: str) -> str:
    """The check digit of an RFC without its last character, 11 characters for a company and 12 for a person."""
    total = sum(map(mul, map(_VALUES.__getitem__, first.rjust(12)), range(13, 1, -1)))
    return "0123456789A"[-total % 11]


def _start(value: str) -> int:
    return 3 if len(value) == 12 else 4


def _layout(value: str) -> tuple[base.Segment, ...]:
    meaning = _("the initials") if _start(value) == 4 else _("the letters of the company's name")
    return (base.Segment(_start(value), _INITIALS, meaning), _DATE, _HOMOCLAVE)


def _dates(date: str) -> list[dt.date]:
    found = []
    for century in ("19", "20"):
        try:
            found.append(dt.date(int(century + date[:2]), int(date[2:4]), int(date[4:6])))
        except ValueError:
            continue
    return found


KIND = Rfc()
