"""Identifiers of persons, companies and things: one file per kind, all with the same face.

>>> from convenio.entities.identifiers import kind
>>> kind("rfc").clean("gode 561231 gr8")
'GODE561231GR8'
"""

from __future__ import annotations

import importlib
from functools import cache

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.entities.identifiers.identifier import Fault, Identifier

__all__ = ["NAMES", "Fault", "Identifier", "kind", "kinds"]

NAMES = (
    "clabe",
    "container",
    "crypto_address",
    "curp",
    "ein",
    "firearm_serial",
    "iban",
    "imei",
    "lei",
    "passport",
    "phone",
    "rfc",
    "vin",
)


@cache
def kind(name: str) -> Identifier:
    """The kind of identifier called `name`.

    Raises:
        NotFound: there is no such kind.
    """
    if name not in NAMES:
        raise NotFound(
            _("there is no kind of identifier called {name}", name=name),
            advice=_("the kinds are: {names}", names=", ".join(NAMES)),
        )
    found: Identifier = importlib.import_module(f"{__name__}.{name}").KIND
    return found


def kinds() -> dict[str, Identifier]:
    """Every kind of identifier by name."""
    return {name: kind(name) for name in NAMES}
