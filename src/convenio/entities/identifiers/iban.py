"""IBAN, the bank account of some eighty countries; neither Mexico nor the United States has it.

Country (2), check digits (2), then the national account in the layout of its country. Sources: ISO 13616; the SWIFT
registry of layouts, as python-stdnum carries it.

*Synthetic* values: the country XX, which ISO 3166 leaves to users, with twenty characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "XX"
_SYNTHETIC_PLAN = "20!c"
_ALPHABETS = {"n": base.DIGITS, "a": base.LETTERS, "c": base.ALPHANUMERIC}


class Iban(base.Identifier):
    """The kind `iban`; clean values are upper case without blanks."""

    name = "iban"
    title = _("IBAN")
    labels = ("IBAN:", "IBAN")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """An unknown country, length, characters, wrong check digits."""
        yield from base.empty(value)
        if not value:
            return
        plan = layout(value[:2])
        if not plan:
            yield base.Fault(
                _("{code} is no country with IBANs", code=base.shorten(value[:2])),
                at=0,
                advice=_("Mexico has CLABE, the United States routing and account numbers"),
            )
            return
        wanted = 4 + sum(each.length for each in plan)
        found = [*base.length(value, (wanted,), self.title)]
        check = base.Segment(2, base.DIGITS, _("the check digits"))
        found = found or [*base.segments(value, (base.Segment(2, base.LETTERS, _("the country")), check, *plan))]
        yield from found
        if not found and value[2:4] != (right := check_digits(value)):
            yield base.Fault(
                _("the check digits are {held}, and {wanted} by the other characters", held=value[2:4], wanted=right),
                at=2,
                advice=_("one or more characters were mistyped"),
            )

    def parts(self, value: str) -> dict[str, str]:
        """`country`, `account` (in the national layout), `residual` (the check digits)."""
        return {"country": value[:2], "account": value[4:], "residual": value[2:4]}

    def is_synthetic(self, value: str) -> bool:
        """Whether the country is XX."""
        return value.startswith(RESERVED)


@cache
def layout(country: str) -> tuple[base.Segment, ...]:
    """The stretches of a country's national account; none where the country has no IBAN."""
    from stdnum import numdb

    if country == RESERVED:
        plan = _SYNTHETIC_PLAN
    else:
        if not re.fullmatch("[A-Z]{2}", country):
            return ()
        plan = numdb.get("iban").info(country)[0][1].get("bban", "")
    return tuple(
        base.Segment(int(length), _ALPHABETS[kind], _("the national account"))
        for length, kind in re.findall(r"(\d+)!([nac])", plan)
    )


def check_digits(value: str) -> str:
    """The check digits that fit the other characters."""
    from stdnum.iso7064 import mod_97_10

    return str(mod_97_10.calc_check_digits(value[4:] + value[:2]))


KIND = Iban()
