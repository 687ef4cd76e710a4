"""State of birth and sex."""

from __future__ import annotations

from math import log10

from convenio.core.words import _
from convenio.entities.comparison.evidence import Evidence
from convenio.entities.names.letters import plain

STATES = {
    "AGUASCALIENTES": "AS", "BAJA CALIFORNIA SUR": "BS", "BAJA CALIFORNIA": "BC", "CAMPECHE": "CC", "COAHUILA": "CL",
    "COLIMA": "CM", "CHIAPAS": "CS", "CHIHUAHUA": "CH", "DISTRITO FEDERAL": "DF", "CIUDAD DE MEXICO": "DF",
    "MEXICO CITY": "DF", "D F": "DF", "CDMX": "DF", "DURANGO": "DG", "GUANAJUATO": "GT", "GUERRERO": "GR",
    "HIDALGO": "HG", "JALISCO": "JC", "ESTADO DE MEXICO": "MC", "MICHOACAN": "MN", "MORELOS": "MS", "NAYARIT": "NT",
    "NUEVO LEON": "NL", "OAXACA": "OC", "PUEBLA": "PL", "QUERETARO": "QT", "QUINTANA ROO": "QR",
    "SAN LUIS POTOSI": "SP", "SINALOA": "SL", "SONORA": "SR", "TABASCO": "TC", "TAMAULIPAS": "TS", "TLAXCALA": "TL",
    "VERACRUZ": "VZ", "YUCATAN": "YN", "ZACATECAS": "ZS", "EDO MEX": "MC",
}  # fmt: skip
"""States by name, longest first where one contains another, with the codes that the CURP uses; NE is born abroad."""

_COMMON = 0.055
"""How often two people chosen at random share a state of birth (squares of the states' shares of births)."""


def state_code(place: str) -> str:
    """The CURP's code of the state that a place as written lies in; empty where none is named.

    Reads from the end: `Guerrero, Michoacan` is a town in Michoacán. `Mexico, Mexico` is the State of México.
    """
    text = place.strip().upper()
    if len(text) == 2 and text in {*STATES.values(), "NE"}:
        return text
    parts = [each.strip() for each in plain(place).split(",") if each.strip()]
    if len(parts) > 1 and parts[-1] == "MEXICO":
        if parts[-2] in {"MEXICO", "EDO DE MEXICO"}:
            return "MC"
        parts.pop()
    for part in reversed(parts):
        found = next((code for name, code in STATES.items() if part == name or part.startswith(f"{name} ")), "")
        if found:
            return found
    return ""


def birth_state(known: str, listed: tuple[str, ...]) -> Evidence:
    """What the state of birth says.

    Args:
        known: the CURP's code of a state; empty where it is not known.
        listed: the codes that the list gives.
    """
    if not known or not listed:
        return Evidence("birth_state", "silent", 0.0, _("no state of birth on one of the sides"))
    if known in listed:
        return Evidence(
            "birth_state", "agrees", log10(0.85 / _COMMON), _("the same state of birth, {state}", state=known)
        )
    why = _("the states of birth {known} and {listed} differ", known=known, listed="/".join(listed))
    return Evidence("birth_state", "differs", log10(0.15 / (1 - _COMMON)), why)


def sex(known: str, listed: str) -> Evidence:
    """What the sex says; `male` and `female`, H, M and F as CURP and passports write them are understood."""
    one, two = _sex(known), _sex(listed)
    if not one or not two:
        return Evidence("sex", "silent", 0.0, _("no sex on one of the sides"))
    if one == two:
        return Evidence("sex", "agrees", log10(0.99 / 0.5), _("the same sex"))
    return Evidence("sex", "differs", log10(0.01 / 0.5), _("the sex differs"))


def _sex(text: str) -> str:
    return {"MALE": "M", "M": "M", "HOMBRE": "M", "H": "M", "FEMALE": "F", "F": "F", "MUJER": "F"}.get(
        text.strip().upper(), ""
    )
