"""Where each role can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.web.pages import Group, Place
from convenio.web.program_pages import ProgramPages

READING: tuple[Role, ...] = ("analyst", "releasing_officer", "supervisor", "auditor", "ombudsperson")
ALL: tuple[Role, ...] = (*READING, "secretariat", "administrator")
QUEUE: tuple[Role, ...] = ("analyst", "supervisor", "auditor", "ombudsperson")

PLACES: tuple[tuple[Message, tuple[tuple[str, Message, tuple[Role, ...]], ...]], ...] = (
    (
        _("Work"),
        (
            ("/", _("Home"), ALL),
            ("/findings", _("Findings"), QUEUE),
            ("/cases", _("Case files"), QUEUE),
            ("/records", _("Records"), ("analyst", "supervisor")),
            ("/search", _("Search"), READING),
            ("/jobs", _("Jobs"), ("analyst", "administrator")),
        ),
    ),
    (
        _("Border"),
        (
            ("/border", _("Overview"), ALL),
            ("/matches", _("Blind matches"), READING),
            ("/requests", _("Requests"), READING),
            ("/standing", _("Standing orders"), READING),
            ("/copies", _("Received copies"), READING),
            ("/consents", _("Consents"), ("releasing_officer", "supervisor", "auditor", "ombudsperson")),
            ("/corrections", _("Corrections"), ("releasing_officer", "supervisor", "auditor", "ombudsperson")),
            ("/receipts", _("Receipts"), READING),
            ("/agreements", _("Agreements"), ALL),
            ("/ledgers", _("Ledgers"), ALL),
            ("/paperwork", _("Legal reports"), ("supervisor", "auditor", "ombudsperson", "secretariat")),
        ),
    ),
    (
        _("Node"),
        (
            ("/sources", _("Sources"), ALL),
            ("/maps", _("Maps"), ALL),
            ("/administration", _("Administration"), ("administrator",)),
        ),
    ),
)


def navigation(person: Person, programs: Mapping[str, ProgramPages]) -> Sequence[Group]:
    """The groups of places that are open to the person's roles."""
    groups = [
        Group(title, [Place(address, word) for address, word, roles in places if person.has(*roles)])
        for title, places in PLACES
    ]
    if not person.has("administrator"):
        groups.append(Group(_("Programs"), [Place(each.base, each.program.title) for each in programs.values()]))
    return [each for each in groups if each.places]
