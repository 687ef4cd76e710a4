"""Who may do what here: duties that are kept apart, so that no one person can ask, approve and look away."""

from __future__ import annotations

from collections.abc import Iterable

from convenio.core.errors import Refused
from convenio.core.words import Message, _

ACTS: dict[str, frozenset[str]] = {
    "ask": frozenset({"analyst"}),
    "approve": frozenset({"releasing_officer"}),
    "give": frozenset({"analyst", "releasing_officer"}),
    "correct": frozenset({"analyst", "releasing_officer", "supervisor"}),
    "recall": frozenset({"releasing_officer", "supervisor"}),
    "use": frozenset({"analyst", "supervisor"}),
    "hold": frozenset({"supervisor"}),
    "consent": frozenset({"releasing_officer"}),
    "audit": frozenset({"auditor", "ombudsperson"}),
    "administer": frozenset({"administrator"}),
    "suspend": frozenset({"supervisor", "ombudsperson"}),
    "open-rights-request": frozenset({"ombudsperson"}),
}

WORDS: dict[str, Message] = {
    "ask": _("ask the other party"),
    "approve": _("approve a release"),
    "give": _("give findings out under a standing order"),
    "correct": _("correct what was released"),
    "recall": _("recall a release"),
    "use": _("use a received copy"),
    "hold": _("place a legal hold"),
    "consent": _("consent to passing a release on"),
    "audit": _("audit"),
    "administer": _("administer the node"),
    "suspend": _("suspend an agreement"),
    "open-rights-request": _("open a rights request"),
}


def may(act: str, roles: Iterable[str]) -> bool:
    """Whether somebody in these roles may do an act; an act that is not known is nobody's."""
    return not ACTS.get(act, frozenset()).isdisjoint(roles)


def require(act: str, roles: Iterable[str], *, where: str) -> None:
    """Refuse an act to somebody whose duty it is not.

    Raises:
        Refused: it is not; the error says whose it is.
    """
    if not may(act, roles):
        raise Refused(
            _("this person may not {act}", act=WORDS.get(act, _("do this"))),
            where=where,
            advice=_("it is the duty of: {roles}", roles=", ".join(sorted(ACTS.get(act, ())))),
        )
