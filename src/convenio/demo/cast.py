"""Who plays in the story: two parties, their agencies, and people whose names are made up."""

from __future__ import annotations

from dataclasses import dataclass

from convenio.core.words import Language

PASSWORD = "two nodes, one story"  # noqa: S105 - printed for whoever tries the demo; its nodes listen on loopback only


@dataclass(frozen=True)
class Player:
    """A person of the story; officers have a key of their own."""

    name: str
    full_name: str
    agency: str
    roles: tuple[str, ...]
    officer: bool = False


@dataclass(frozen=True)
class Side:
    """A party of the story."""

    party: str
    title: str
    language: Language
    port: int
    agencies: dict[str, tuple[str, str]]
    players: tuple[Player, ...]

    def player(self, role: str) -> Player:
        """The first person in a role."""
        return next(each for each in self.players if role in each.roles)


US = Side(
    party="us",
    title="Convenio, United States",
    language="en",
    port=8701,
    agencies={
        "ofac": ("Office of Foreign Assets Control", "Oficina de Control de Activos Extranjeros"),
        "nij": ("National Institute of Justice", "Instituto Nacional de Justicia"),
        "cdc": (
            "Centers for Disease Control and Prevention",
            "Centros para el Control y la Prevención de Enfermedades",
        ),
    },
    players=(
        Player("ruth.analyst", "Ruth Ashdown", "ofac", ("analyst",)),
        Player("owen.officer", "Owen Larch", "ofac", ("releasing_officer",), officer=True),
        Player("iris.officer", "Iris Fenwick", "ofac", ("releasing_officer",), officer=True),
        Player("sam.supervisor", "Sam Holloway", "ofac", ("supervisor",)),
        Player("ada.auditor", "Ada Thornbury", "ofac", ("auditor",)),
        Player("joy.ombuds", "Joy Westerly", "ofac", ("ombudsperson",)),
        Player("kit.secretariat", "Kit Marlowe", "ofac", ("secretariat",)),
        Player("max.admin", "Max Underhill", "ofac", ("administrator",)),
        Player("wren.analyst", "Wren Calloway", "cdc", ("analyst",)),
    ),
)

MX = Side(
    party="mx",
    title="Convenio, México",
    language="es",
    port=8711,
    agencies={
        "uif": ("Financial Intelligence Unit", "Unidad de Inteligencia Financiera"),
        "cnb": ("National Search Commission", "Comisión Nacional de Búsqueda"),
        "ssa": ("Ministry of Health", "Secretaría de Salud"),
    },
    players=(
        Player("lucia.analista", "Lucía Arroyo Nieves", "uif", ("analyst",)),
        Player("elena.oficial", "Elena Zaragoza Pino", "uif", ("releasing_officer",), officer=True),
        Player("tomas.oficial", "Tomás Olmedo Rey", "uif", ("releasing_officer",), officer=True),
        Player("sara.supervisora", "Sara Villaseñor Luz", "uif", ("supervisor",)),
        Player("alba.auditora", "Alba Cienfuegos Mar", "uif", ("auditor",)),
        Player("omar.defensor", "Omar Peñaloza Cid", "uif", ("ombudsperson",)),
        Player("nora.secretaria", "Nora Quintanar Sol", "uif", ("secretariat",)),
        Player("ivan.admin", "Iván Robledo Paz", "uif", ("administrator",)),
        Player("clara.analista", "Clara Montes Río", "ssa", ("analyst",)),
        Player("irma.analista", "Irma Salvatierra Luz", "cnb", ("analyst",)),
    ),
)

SIDES = (US, MX)
HEALTH = {"us": "cdc", "mx": "ssa"}
"""Each side's health agency."""
SEARCH = "cnb"
"""Who searches in Mexico, and holds the families' genotypes."""
AGREEMENT = "us-mx-joint-action"
CLAUSE = "finance-designation"
PURPOSE = "joint-designation"
CASE = "OFAC-2021-1006"
FIELDS = ["name", "birth_date", "institution", "account_type", "account_status"]
