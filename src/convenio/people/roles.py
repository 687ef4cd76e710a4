"""The roles that people hold on a node, and what they are for."""

from __future__ import annotations

from typing import Literal, get_args

from convenio.core.words import Message, _

Role = Literal["analyst", "releasing_officer", "supervisor", "auditor", "ombudsperson", "secretariat", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

TITLES: dict[Role, Message] = {
    "analyst": _("Analyst"),
    "releasing_officer": _("Releasing officer"),
    "supervisor": _("Supervisor"),
    "auditor": _("Auditor"),
    "ombudsperson": _("Ombudsperson"),
    "secretariat": _("Secretariat"),
    "administrator": _("Administrator"),
}

APART: tuple[tuple[Role, Role], ...] = (
    ("analyst", "releasing_officer"),
    ("administrator", "analyst"),
    ("administrator", "releasing_officer"),
    ("administrator", "supervisor"),
    ("auditor", "analyst"),
    ("auditor", "releasing_officer"),
    ("auditor", "administrator"),
)
"""Roles that one person never holds together: who asks does not approve, who administers does not read, who audits does
neither."""
