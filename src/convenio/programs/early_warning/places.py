"""Which shape of a map a place's code means: FIPS, postal and INEGI codes, ISO 3166-2, its own codes, or the name."""

from __future__ import annotations

from collections import Counter

from convenio.core.errors import NotFound
from convenio.core.words import Message, _
from convenio.web.map import BUNDLED, Shapes, bundled_shapes
from convenio.web.maps import Maps

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


def maps_of(maps: Maps | None) -> list[tuple[str, Message | str]]:
    """The maps that counts can stand on here: those that come with Convenio, and those that were brought in."""
    return [*MAPS, *((each, each) for each in (maps.own() if maps is not None else ()))]


def outlines(maps: Maps | None, chosen: str) -> Shapes | None:
    """A map's outlines; None where it is not here, or no longer."""
    if chosen in BUNDLED:
        return bundled_shapes(chosen)
    try:
        return maps.get(chosen) if maps is not None and chosen else None
    except NotFound:
        return None


class Atlas:
    """The places of one map by code and by name.

    Args:
        chosen: the map's name.
        shapes: its outlines; None where there are none.
    """

    def __init__(self, chosen: str, shapes: Shapes | None) -> None:
        self._postal = chosen == "us-states"
        held = () if shapes is None else shapes.shapes
        self.names = {each.id: each.name for each in held}
        times = Counter(each.name.casefold() for each in held)
        self._by_name = {each.name.casefold(): each.id for each in held if times[each.name.casefold()] == 1}

    def shape_of(self, place: str) -> str | None:
        """The id of the place's shape; None where it has none there.

        A name that two places of the map bear is none of them: Mexico has several municipalities Benito Juárez.

        Args:
            place: as the counts name it: `06`, `CA`, `US-CA`, `California`; `09`, `MX-09`, `Ciudad de México`;
                `09014` on a map of municipalities.
        """
        plain = place.strip()
        bare = plain.partition("-")[2] if plain[:3].upper() in {"US-", "MX-"} else plain
        if self._postal:
            bare = POSTAL.get(bare.upper(), bare)
        for each in (bare, plain):
            if each in self.names:
                return each
        return self._by_name.get(bare.casefold())
