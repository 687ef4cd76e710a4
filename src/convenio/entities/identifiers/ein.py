"""EIN, the employer number of the United States' tax service: nine digits, the first two an issuing office.

It has no check digit: a mistyped one cannot be told. Source: Internal Revenue Service, "How EINs are assigned and valid
EIN prefixes", as python-stdnum carries it.

*Synthetic* values: the prefix 00, which no office has.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "00"


class Ein(base.Identifier):
    """The kind `ein`; clean values are nine digits."""

    name = "ein"
    title = _("EIN")
    lengths = (9,)
    labels = ("EIN:", "EIN", "FEIN", "#")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length (8 when a spreadsheet took a leading zero), characters, a prefix that no office has."""
        if len(value) == 8 and value.isascii() and value.isdigit() and _office("0" + value):
            yield base.Fault(
                _("a leading zero was lost"),
                at=0,
                advice=_("a spreadsheet took it for a number: make the column text, and write 0{value}", value=value),
            )
            return
        found = [*base.length(value, self.lengths, self.title)]
        found = found or [*base.segments(value, (base.Segment(9, base.DIGITS, _("an EIN")),))]
        yield from found
        if not found and value[:2] != RESERVED and not _office(value):
            yield base.Fault(
                _("no office gives out numbers with {prefix}", prefix=value[:2]),
                at=0,
                advice=_("is it a Social Security number? Those have nine digits too, and do not belong here"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`prefix`, `office` (empty where it is not known) and `serial`."""
        return {"prefix": value[:2], "office": _office(value), "serial": value[2:]}

    def is_synthetic(self, value: str) -> bool:
        """Whether the prefix is 00."""
        return value.startswith(RESERVED)

    def is_generic(self, value: str) -> bool:
        """Whether every digit is the same, as a form's filler is."""
        return len(set(value)) == 1


def _office(value: str) -> str:
    from stdnum.exceptions import ValidationError
    from stdnum.us import ein

    try:
        return str(ein.get_campus(value))
    except ValidationError:
        return ""


KIND = Ein()
