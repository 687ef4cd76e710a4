"""Container numbers by ISO 6346: owner (3 letters), category (U, J or Z), serial (6 digits), check digit.

A check digit of 10 is written 0, so numbers that give 10 are discouraged but exist.

*Synthetic* values: the owner XXX. The register of owners (Bureau International des Containers) gives no promise to
keep it free; no entry had it when this was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "XXX"
CATEGORIES = {"U": "container", "J": "detachable equipment", "Z": "trailer or chassis"}
_PLAN = (
    base.Segment(3, base.LETTERS, _("the owner's code")),
    base.Segment(1, "".join(CATEGORIES), _("the category (U, J or Z)")),
    base.Segment(6, base.DIGITS, _("the serial number")),
    base.Segment(1, base.DIGITS, _("the check digit")),
)


class Container(base.Identifier):
    """The kind `container`; clean values are 11 upper-case characters."""

    name = "container"
    title = _("container number")
    lengths = (11,)
    labels = ("CONTAINER:", "CONTAINER", "CONTENEDOR:", "CONTENEDOR", "CNTR")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Length (10 when the check digit was left out), characters, a wrong check digit."""
        from stdnum import iso6346

        if len(value) == 10 and not [*base.segments(value, _PLAN)]:
            yield base.Fault(
                _("the check digit is missing"),
                at=10,
                advice=_("it is {digit} if the other characters are right", digit=iso6346.calc_check_digit(value)),
            )
            return
        found = [*base.length(value, self.lengths, self.title)] or [*base.segments(value, _PLAN)]
        yield from found
        if not found and value[10] != (wanted := iso6346.calc_check_digit(value[:10])):
            yield base.Fault(
                _("the check digit is {held}, and {wanted} by the other characters", held=value[10], wanted=wanted),
                at=10,
                advice=_("one or more characters were mistyped"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`owner`, `category`, `serial`, `residual` (the check digit)."""
        return {"owner": value[:3], "category": value[3], "serial": value[4:10], "residual": value[10:]}

    def is_synthetic(self, value: str) -> bool:
        """Whether the owner is XXX."""
        return value.startswith(RESERVED)


KIND = Container()
