"""Which shape of a bundled map a place's code means: FIPS, postal and INEGI codes, ISO 3166-2, or the name."""

from __future__ import annotations

from convenio.core.words import Message, _
from convenio.web.map import BUNDLED, bundled_shapes

MAPS: tuple[tuple[str, Message], ...] = (
    ("us-states", _("United States, by state")),
    ("us-counties", _("United States, by county")),
    ("mx-states", _("Mexico, by state")),
)
CODES = (
    "AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 LA22 ME23 "
    "MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 OK40 OR41 PA42 RI44 "
    "SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56 PR72"
)
POSTAL = {each[:2]: each[2:] for each in CODES.split()}
"""FIPS code by postal code."""


def shape_of(place: str, chosen: str) -> str | None:
    """The id of the place's shape on a map; None where it has none there.

    Args:
        place: the place as the counts name it: `06`, `CA`, `US-CA`, `California`; `09`, `MX-09`, `Ciudad de México`.
        chosen: the map.
    """
    if chosen not in BUNDLED:
        return None
    ids, names = _known(chosen)
    plain = place.strip()
    bare = plain.partition("-")[2] if plain[:3].upper() in {"US-", "MX-"} else plain
    if chosen == "us-states":
        bare = POSTAL.get(bare.upper(), bare)
    if bare in ids:
        return bare
    return names.get(bare.casefold())


def name_of(shape: str, chosen: str) -> str:
    """The name of a shape; its id where the map has none."""
    ids, _names = _known(chosen)
    return ids.get(shape, shape)


def _known(chosen: str) -> tuple[dict[str, str], dict[str, str]]:
    shapes = bundled_shapes(chosen)
    if shapes is None:
        return {}, {}
    return {each.id: each.name for each in shapes.shapes}, {each.name.casefold(): each.id for each in shapes.shapes}
