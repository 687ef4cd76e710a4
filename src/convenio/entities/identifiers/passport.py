"""Passport numbers: up to nine letters and digits, with the issuer's three-letter code where it is known.

Clean values are `MEX:G12345678`, or `G12345678` when no issuer is told. Numbers repeat between issuers, so an issuer
belongs to the match key. Sources: ICAO Doc 9303 part 4 (nine characters; longer numbers go on in the optional data)
and part 3, section 5 (codes of states); the layouts of both parties as their booklets bear them.

*Synthetic* values: Mexico and the United States with XX and seven digits; neither writes two letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

ISSUERS = {
    "MEX": ("MX", "MEXICO", "MÉXICO", "MEXICANO", "MEXICANA"),
    "USA": ("US", "UNITED STATES", "ESTADOS UNIDOS", "EUA", "EEUU", "UNITED STATES OF AMERICA"),
    "CAN": ("CA", "CANADA", "CANADÁ"),
    "COL": ("CO", "COLOMBIA"),
    "GTM": ("GT", "GUATEMALA"),
    "HND": ("HN", "HONDURAS"),
    "SLV": ("SV", "EL SALVADOR"),
    "ESP": ("ES", "SPAIN", "ESPAÑA"),
    "CHN": ("CN", "CHINA"),
}
"""Names under which an issuer's code is known; any other three letters are taken as they are."""

LAYOUTS = {
    "MEX": re.compile(r"[A-Z][0-9]{8}|[0-9]{11}|XX[0-9]{7}"),
    "USA": re.compile(r"[0-9]{9}|[A-Z][0-9]{8}|XX[0-9]{7}"),
}
"""Numbers of the two parties: Mexico's letter and eight digits, before 2016 eleven digits that begin with the office;
the nine characters of the United States."""

_CODES = {each: code for code, names in ISSUERS.items() for each in (*names, code)}
_BEFORE = re.compile(r"^\s*(?P<issuer>[^\W\d_]{3})\s*[:/]\s*(?P<number>.+)$")
_AFTER = re.compile(r"^(?P<number>[^()]+)\((?P<issuer>[^()]+)\)\s*$")


class Passport(base.Identifier):
    """The kind `passport`; clean values are upper case, with `:` after the issuer's code."""

    name = "passport"
    title = _("passport")
    labels = ("PASSPORTNO", "PASSPORT", "PASAPORTE", "NO", "#")

    def compact(self, text: str) -> str:
        """The number without blanks and dashes, after the issuer's code where the text names one."""
        found = _BEFORE.match(text) or _AFTER.match(text)
        if found is None:
            return super().compact(text)
        code = issuer_code(found["issuer"])
        number = super().compact(found["number"])
        return f"{code}:{number}" if code else number

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Nothing there, characters, length, no digit; advisory: a layout the issuer does not use."""
        code, number = _split(value)
        yield from base.empty(number)
        if not number:
            return
        found = [*base.segments(number, (base.Segment(len(number), base.ALPHANUMERIC, _("a passport number")),))]
        yield from found
        if not found and not 6 <= len(number) <= 12:
            found = [*base.length(number, (6, 7, 8, 9, 10, 11, 12), self.title)]
            yield from found
        if not found and not any(char in base.DIGITS for char in number):
            found = [base.Fault(_("a passport number holds digits, this has none"))]
            yield from found
        if not found and code in LAYOUTS and not LAYOUTS[code].fullmatch(number):
            yield base.Fault(
                _("{issuer} does not write passport numbers this way", issuer=code),
                advice=_("compare with the booklet; the country may be another"),
                advisory=True,
            )

    def parts(self, value: str) -> dict[str, str]:
        """`issuer` (empty where it is not told) and `number`."""
        code, number = _split(value)
        return {"issuer": code, "number": number}

    def is_synthetic(self, value: str) -> bool:
        """Whether it is a number with XX before seven digits, of one of the two parties."""
        code, number = _split(value)
        return code in LAYOUTS and re.fullmatch(r"XX[0-9]{7}", number) is not None

    def issued(self, value: str, issuer: str = "") -> list[str]:
        """The match keys of a clean value: one with its issuer, or one per party whose layout it has.

        Args:
            value: a clean value.
            issuer: country told beside the number; what the number itself says comes first.
        """
        code, number = _split(value)
        code = code or issuer_code(issuer)
        if code:
            return [f"{code}:{number}"]
        return [f"{each}:{number}" for each, layout in LAYOUTS.items() if layout.fullmatch(number)]


def issuer_code(name: str) -> str:
    """The three-letter code of an issuer by any of its names; empty when it is not known."""
    plain = " ".join(name.upper().split())
    if plain in _CODES:
        return _CODES[plain]
    return plain if len(plain) == 3 and plain.isascii() and plain.isalpha() else ""


def _split(value: str) -> tuple[str, str]:
    code, colon, number = value.partition(":")
    return (code, number) if colon else ("", value)


KIND = Passport()
