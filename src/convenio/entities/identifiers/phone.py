"""Telephone numbers in E.164: a plus sign, the country's code, the national number; at most fifteen digits.

Mexico: ten digits since 3 August 2019; the 1 that once stood between +52 and a mobile number is left out. United
States and Canada: area code and exchange begin with 2 to 9. Sources: ITU-T E.164 and its list of assigned codes;
Instituto Federal de Telecomunicaciones, Plan Técnico Fundamental de Numeración (DOF 11 May 2018); North American
Numbering Plan Administrator.

*Synthetic* values: +52 with ten digits that begin with 1, as no area code does; +1 with area codes N9X, which the
plan keeps for its expansion, or with 555-01XX, which it keeps for fiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

HOME = {"MX": "52", "US": "1"}
_TWO = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86"
_THREE = """
    211 212 213 216 218 220-258 260-269 290 291 297-299 350-359 370-378 380-383 385-387 389 420 421 423 500-509 590-599
    670 672-683 685-692 800 808 850 852 853 855 856 870 878 880-883 886 888 960-968 970-977 979 992-996 998
    """
_NANP = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
_FICTION = re.compile(r"[2-9](?:9[0-9]{8}|[0-9]{2}55501[0-9]{2})")


def _codes() -> frozenset[str]:
    found = {"1", "7", *_TWO.split(), "90", "91", "92", "93", "94", "95", "98"}
    for each in _THREE.split():
        first, _dash, last = each.partition("-")
        found.update(str(code) for code in range(int(first), int(last or first) + 1))
    return frozenset(found)


CODES = _codes()
"""Country codes that the ITU has assigned."""


class Phone(base.Identifier):
    """The kind `phone`; clean values begin with `+`."""

    name = "phone"
    title = _("telephone number")
    separators = base.Identifier.separators + "()·"
    labels = ("TELEFONO:", "TELÉFONO:", "PHONE:", "TEL:", "TEL", "CEL:", "CEL", "MOVIL", "MÓVIL", "FAX")

    def compact(self, text: str) -> str:
        """The digits after a plus sign; 00, 011 and Mexico's old mobile 1 are left out."""
        value = super().compact(text)
        value = re.sub(r"^\+?(?:\(0\))", "+", value)
        for start in ("011", "00"):
            if value.startswith(start) and len(value) > 11:
                value = "+" + value[len(start) :]
        return re.sub(r"^\+521(?=[2-9][0-9]{9}$)", "+52", value)

    def in_country(self, text: str, country: str) -> str:
        """The clean value of a national number of `country` (MX or US), or of an international one.

        Raises:
            InputError: as `clean`.
        """
        value = self.compact(text)
        if value.isdigit() and country in HOME:
            national = re.sub(r"^(?:04[45]|01)(?=[0-9]{10}$)", "", value) if country == "MX" else value
            national = national[1:] if country == "US" and len(national) == 11 and national[0] == "1" else national
            return self.clean(f"+{HOME[country]}{national}")
        return self.clean(text)

    def faults(self, value: str) -> Iterator[base.Fault]:
        """No country code, characters, an unknown country, length, an area code that cannot be."""
        yield from base.empty(value)
        if not value:
            return
        if not value.startswith("+"):
            letters = [*base.segments(value, (base.Segment(len(value), base.DIGITS, self.title),))]
            yield from letters or [
                base.Fault(
                    _("the country code is missing"),
                    at=0,
                    advice=_("write +52 for Mexico, +1 for the United States, before the number"),
                )
            ]
            return
        found = [*base.segments(value[1:], (base.Segment(len(value), base.DIGITS, self.title),))]
        if found:
            yield from found
            return
        code, national = split(value)
        if not code:
            yield base.Fault(_("no country has the code {code}", code=value[1:4]), at=1)
        elif not 8 <= len(value) <= 16:
            yield base.Fault(
                _("a telephone number has 7 to 15 digits, this has {number}", number=len(value) - 1),
                advice=_("was it cut, or does an extension stand behind it?"),
            )
        elif code in ("1", "52") and len(national) != 10:
            yield base.Fault(
                _("after +{code} come ten digits, here {number}", code=code, number=len(national)),
                at=len(code) + 1,
                advice=_("was the area code left out?"),
            )
        elif code == "1" and not _NANP.fullmatch(national):
            yield base.Fault(
                _("area code and exchange begin with 2 to 9, not as in {national}", national=national),
                at=2,
                advice=_("one or more characters were mistyped"),
            )
        elif code == "52" and national[0] == "0":
            yield base.Fault(_("no Mexican area code begins with 0"), at=3)

    def parts(self, value: str) -> dict[str, str]:
        """`country_code`, `national`, and `area` for the two parties (two or three digits in Mexico)."""
        code, national = split(value)
        big = code == "52" and national[:2] in ("55", "56", "33", "81")
        area = national[: 2 if big else 3] if code in ("1", "52") else ""
        return {"country_code": code, "area": area, "national": national}

    def is_synthetic(self, value: str) -> bool:
        """Whether it lies in a range that no one has, of one of the two parties."""
        code, national = split(value)
        return (code == "52" and national.startswith("1")) or (code == "1" and _FICTION.fullmatch(national) is not None)


def split(value: str) -> tuple[str, str]:
    """The country code and the national number of a clean value; both empty where no country has the code."""
    digits = value.removeprefix("+")
    for length in (1, 2, 3):
        if digits[:length] in CODES:
            return digits[:length], digits[length:]
    return "", ""


KIND = Phone()
