"""Serial numbers of firearms: whatever the maker engraved, so that little can be checked.

No standard gives their form, two makers may use one number, and letters are mistaken for digits on worn metal. The
match key therefore folds the letters that are mistaken (O, Q and D for 0, I and L for 1), and belongs beside maker and
calibre. Source: 27 CFR 478.92 (a serial number is legible and repeats no other of the same maker).

*Synthetic* values: CONVENIO before the number. No authority keeps a range free; no maker's name begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from convenio.core.words import _
from convenio.entities.identifiers import identifier as base

RESERVED = "CONVENIO"
ABSENT = frozenset(
    "NONE NA SN UNKNOWN UNK OBLITERATED REMOVED DEFACED ILLEGIBLE NOSERIAL "  # noqa: SIM905
    "NINGUNO NINGUNA BORRADO BORRADA LIMADO LIMADA ILEGIBLE DESCONOCIDO SINNUMERO SINSERIE SINMATRICULA".split()
)
_MISTAKEN = str.maketrans("OQDIL", "00011")


class FirearmSerial(base.Identifier):
    """The kind `firearm_serial`; clean values are upper case without blanks and dashes."""

    name = "firearm_serial"
    title = _("serial number of a firearm")
    separators = base.Identifier.separators + "#"
    labels = ("SERIALNO", "SERIAL", "SERIE", "MATRICULA", "MATRÍCULA", "NOSERIE", "SN:")

    def faults(self, value: str) -> Iterator[base.Fault]:
        """Nothing there, a word that says there is none, characters, length; advisory: no digit."""
        yield from base.empty(value)
        if not value:
            return
        plain = value.replace("Ú", "U").replace("Í", "I")
        if plain in ABSENT or set(value) <= set("X0?*"):
            yield base.Fault(
                _("this says that there is no legible serial number"),
                advice=_("leave the cell empty and say so in a column of its own: an obliterated number is a fact"),
            )
            return
        found = [*base.segments(value, (base.Segment(len(value), base.ALPHANUMERIC, self.title),))]
        if not found and not 2 <= len(value) <= 20:
            found = [*base.length(value, tuple(range(2, 21)), self.title)]
        yield from found
        if not found and not any(char in base.DIGITS for char in value):
            yield base.Fault(_("a serial number without any digit is rare"), at=0, advisory=True)

    def parts(self, value: str) -> dict[str, str]:
        """`prefix` (letters), `number` (the longest run of digits after it), `suffix` (what follows)."""
        found = re.fullmatch(r"(?P<prefix>[A-Z]*)(?P<number>[0-9]*)(?P<suffix>.*)", value)
        return dict(found.groupdict()) if found else {"prefix": value, "number": "", "suffix": ""}

    def is_synthetic(self, value: str) -> bool:
        """Whether CONVENIO stands before it."""
        return value.startswith(RESERVED)

    def match_key(self, value: str) -> str:
        """The value with letters that are mistaken for digits folded onto them."""
        return super().match_key(value).translate(_MISTAKEN)


KIND = FirearmSerial()
