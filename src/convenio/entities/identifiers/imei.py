"""IMEI, the number of a mobile device: type allocation code (8), serial (6), check digit (Luhn).

Fourteen digits lack the check digit; sixteen bear a software version in its place. The match key is the first fourteen.
Source: 3GPP TS 23.003, section 6; GSMA TS.06.

*Synthetic* values: the reporting body 00, which GSMA keeps for test devices.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "00"


class Imei(base.Identifier):
    """The kind `imei`; clean values are 14, 15 or 16 digits."""

    name = "imei"
    title = _("IMEI")
    lengths = (15, 14, 16)
    labels = ("IMEISV:", "IMEI:", "IMEI", "#")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length, characters, a wrong check digit; advisory: no check digit."""
        from stdnum import luhn

        found = [*base.length(value, self.lengths, self.title)]
        found = found or [*base.segments(value, (base.Segment(16, base.DIGITS, _("an IMEI")),))]
        yield from found
        if found:
            return
        if len(value) == 15 and value[14] != (wanted := luhn.calc_check_digit(value[:14])):
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[14], wanted=wanted),
                at=14,
                advice=_("some networks write 0 in its place; otherwise a digit was mistyped"),
                advisory=value[14] == "0",
            )
        if len(value) == 14:
            yield base.Fault(_("the check digit is missing: a mistyped digit cannot be told"), advisory=True)

    def parts(self, value: str) -> dict[str, str]:
        """`type_allocation_code`, `reporting_body`, `serial`, `residual` (check digit or software version)."""
        return {
            "type_allocation_code": value[:8],
            "reporting_body": value[:2],
            "serial": value[8:14],
            "residual": value[14:],
        }

    def is_synthetic(self, value: str) -> bool:
        """Whether the reporting body is 00."""
        return value.startswith(RESERVED)

    def is_generic(self, value: str) -> bool:
        """Whether every digit of the serial number and type is the same, as on devices with an erased memory."""
        return len(set(value[:14])) == 1

    def match_key(self, value: str) -> str:
        """Type allocation code and serial number."""
        return super().match_key(value)[:14]


KIND = Imei()
