"""CLABE, the Mexican bank account: institution (3), place (3), account (11), check digit.

Source: Asociación de Bancos de México, rules for the Clave Bancaria Estandarizada; weights 3, 7, 1, each product
modulo 10.

*Synthetic* values: the institution 000, which is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "000"
_PLAN = (
    base.Segment(3, base.DIGITS, _("the institution")),
    base.Segment(3, base.DIGITS, _("the place")),
    base.Segment(11, base.DIGITS, _("the account")),
    base.Segment(1, base.DIGITS, _("the check digit")),
)


class Clabe(base.Identifier):
    """The kind `clabe`; clean values are 18 digits."""

    name = "clabe"
    title = _("CLABE")
    lengths = (18,)
    labels = ("CLABE:", "CLABEINTERBANCARIA", "CLABE", "#")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length (17 when a spreadsheet took a leading zero), characters, a wrong check digit."""
        if len(value) == 17 and value.isdigit() and ("0" + value)[17] == check_digit(("0" + value)[:17]):
            yield base.Fault(
                _("a leading zero was lost"),
                at=0,
                advice=_("a spreadsheet took it for a number: make the column text, and write 0{value}", value=value),
            )
            return
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _PLAN)]
        yield from found
        if not found and value[17] != (wanted := check_digit(value[:17])):
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[17], wanted=wanted),
                at=17,
                advice=_("one or more characters were mistyped"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`institution`, `place`, `account`, `residual` (the check digit)."""
        return {"institution": value[:3], "place": value[3:6], "account": value[6:17], "residual": value[17:]}

    def is_synthetic(self, value: str) -> bool:
        """Whether the institution is 000."""
        return value.startswith(RESERVED)

    def is_generic(self, value: str) -> bool:
        """Whether it is all zeros."""
        return not value.strip("0")


def check_digit(first: str) -> str:
    """The check digit of the first 17 digits."""
    return str(-sum(int(char) * (3, 7, 1)[at % 3] % 10 for at, char in enumerate(first)) % 10)


KIND = Clabe()
