"""Who may see which of the border's papers: their own agency's for analysts, all for those who decide or check."""

from __future__ import annotations

from convenio.people.accounts import Person
from convenio.people.roles import Role

CHECKING: tuple[Role, ...] = ("supervisor", "auditor", "ombudsperson")


def sees_all(person: Person) -> bool:
    """Whether every paper of the border is open to the person."""
    return person.has("releasing_officer", "supervisor", "auditor", "ombudsperson")


def sees_cases(person: Person) -> bool:
    """Whether the person may read case references and the names of askers; an administrator or secretariat may not."""
    return person.has("analyst") or sees_all(person)


def sees_paper(person: Person, *, side: str, agency: str) -> bool:
    """Whether a run or request is open to the person.

    Args:
        person: who looks.
        side: `ask` for our own, `answer` for a peer's.
        agency: the agency that asked, on the asking side.
    """
    if sees_all(person):
        return True
    return person.has("analyst") and side == "ask" and agency == person.agency
