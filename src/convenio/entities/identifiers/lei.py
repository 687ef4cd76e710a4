"""LEI, the global key of legal entities: issuer's prefix (4), two characters, entity (12), check digits (ISO 7064).

Source: ISO 17442. The fifth and sixth characters are 00 since 2012; earlier ones may differ.

*Synthetic* values: ZZZZ00 at the start, a prefix that the Global LEI Foundation has given to no issuer.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "ZZZZ00"
_PLAN = (
    base.Segment(18, base.ALPHANUMERIC, _("the issuer and the entity")),
    base.Segment(2, base.DIGITS, _("the check digits")),
)


class Lei(base.Identifier):
    """The kind `lei`; clean values are 20 upper-case characters."""

    name = "lei"
    title = _("LEI")
    lengths = (20,)
    labels = ("LEI:", "LEI")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length, characters, wrong check digits."""
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _PLAN)]
        yield from found
        if not found and value[18:] != (wanted := check_digits(value[:18])):
            yield base.Fault(
                _("the check digits are {held}, and {wanted} by the other characters", held=value[18:], wanted=wanted),
                at=18,
                advice=_("one or more characters were mistyped"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`issuer`, `entity`, `residual` (the check digits)."""
        return {"issuer": value[:4], "entity": value[4:18], "residual": value[18:]}

    def is_synthetic(self, value: str) -> bool:
        """Whether it begins with ZZZZ00."""
        return value.startswith(RESERVED)


def check_digits(first: str) -> str:
    """The check digits of the first 18 characters."""
    from stdnum.iso7064 import mod_97_10

    return str(mod_97_10.calc_check_digits(first))


KIND = Lei()
