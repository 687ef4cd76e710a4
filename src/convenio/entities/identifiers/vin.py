"""VIN, the number of a vehicle: maker (3), description (5), check digit, model year, plant, serial (6).

The check digit is binding where the law asks for it (makers of North America, first character 1 to 5), advisory
elsewhere. I, O and Q do not occur. Sources: ISO 3779 and 3780; 49 CFR 565.15; NOM-001-SSP-2008.

*Synthetic* values: 00 as first characters, a region that ISO 3780 leaves unassigned.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "00"
ALLOWED = "".join(char for char in base.ALPHANUMERIC if char not in "IOQ")
YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", "12345678123457923456789" + base.DIGITS, strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PLAN = (base.Segment(17, ALLOWED, _("a VIN (no I, O or Q)")),)


class Vin(base.Identifier):
    """The kind `vin`; clean values are 17 upper-case characters."""

    name = "vin"
    title = _("VIN")
    lengths = (17,)
    labels = ("VIN:", "VIN#", "VIN", "NIV:", "NIV", "SERIE:", "SERIE")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length, characters, a wrong check digit (advisory outside North America)."""
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _PLAN)]
        yield from found
        if not found and value[8] != (wanted := check_digit(value)):
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[8], wanted=wanted),
                at=8,
                advice=_("one or more characters were mistyped"),
                advisory=value[0] not in "012345",
            )

    def parts(self, value: str) -> dict[str, str]:
        """`maker`, `description`, `model_year` (two candidates thirty years apart), `plant`, `serial`, `residual`."""
        first = 1980 + YEARS.index(value[9]) if value[9] in YEARS else 0
        return {
            "maker": value[:3],
            "description": value[3:8],
            "model_year": f"{first}/{first + 30}" if first else "",
            "plant": value[10],
            "serial": value[11:],
            "residual": value[8],
        }

    def is_synthetic(self, value: str) -> bool:
        """Whether it begins with 00."""
        return value.startswith(RESERVED)


def check_digit(value: str) -> str:
    """The check digit (place 9) that fits the other sixteen characters."""
    total = sum(int(VALUES[char]) * weight for char, weight in zip(value, WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


KIND = Vin()
