"""Agreements and clauses as pages show them: both languages, the machine part in words, what is left of budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convenio.console.codes import CATEGORIES, FIELDS, PURPOSES, SUBJECTS, listed, word
from convenio.console.context import Console
from convenio.core.errors import NotFound
from convenio.core.words import Message, _, _n
from convenio.people.roles import TITLES
from convenio.policy.agreement import Agreement, SignedAgreement
from convenio.policy.clause import Clause

ACTIONS: Mapping[str, Message] = {
    "match": _("blind match"),
    "request": _("request"),
    "release": _("release"),
    "aggregate": _("aggregate"),
}
ONWARD: Mapping[str, Message] = {
    "none": _("is not passed on"),
    "consent": _("is passed on only with the originator's consent"),
}
JUDICIAL: Mapping[str, Message] = {
    "allowed": _("may be used in court"),
    "permission": _("is used in court only with permission"),
    "forbidden": _("is not used in court"),
}


@dataclass(frozen=True)
class Version:
    """One version of an agreement, with how it stands here."""

    agreement: Agreement
    digest: str
    signed_by: tuple[str, ...]
    adopted: Any
    suspended: Any
    why: str
    in_force: bool


def versions(console: Console) -> list[Version]:
    """Every agreement, the newest version first."""
    made = []
    for row in console.border.agreements():
        signed = SignedAgreement.model_validate(row["signed"])
        made.append(
            Version(
                agreement=signed.document,
                digest=row["digest"],
                signed_by=tuple(each.party for each in signed.signatures),
                adopted=row["adopted"],
                suspended=row["suspended"],
                why=row["why"] or "",
                in_force=row["suspended"] is None and signed.document.in_force(console.now()),
            )
        )
    return made


def version_of(console: Console, agreement: str, number: int | None = None) -> Version:
    """One agreement by its short name, the newest version unless another is asked for.

    Raises:
        NotFound: there is none.
    """
    for each in versions(console):
        if each.agreement.id == agreement and number in (None, each.agreement.version):
            return each
    raise NotFound(_("there is no such agreement here"), where=agreement)


def clause_of(console: Console, agreement: str, clause: str) -> Clause | None:
    """A clause as it stands in the newest version; None where it is unknown here."""
    try:
        return version_of(console, agreement).agreement.clause(clause)
    except NotFound:
        return None


def agreement_title(console: Console, agreement: str) -> Mapping[str, str] | str:
    """An agreement's title in both languages; its short name where it is not known here."""
    try:
        return version_of(console, agreement).agreement.title.model_dump()
    except NotFound:
        return agreement


def titles_of(console: Console) -> dict[tuple[str, str], dict[str, str]]:
    """The titles of all clauses in both languages, by agreement and clause; the newest version's where they differ."""
    return {
        (each.agreement.id, clause.id): clause.title.model_dump()
        for each in reversed(versions(console))
        for clause in each.agreement.clauses
    }


def titled(console: Console, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the titles of their clauses, in both languages, as `title`; the code where a clause is not known."""
    titles = titles_of(console)
    return [{**row, "title": titles.get((row["agreement"], row["clause"]), row["clause"])} for row in rows]


def facts(clause: Clause) -> list[tuple[Message, Message | str]]:
    """The machine part of a clause in words."""
    told: list[tuple[Message, Message | str]] = [
        (_("Purpose"), word(PURPOSES, clause.purpose)),
        (_("Permits"), listed(ACTIONS, clause.actions)),
        (_("Data"), listed(CATEGORIES, clause.categories)),
        (_("Fields"), listed(FIELDS, clause.fields)),
        (_("Who may ask"), f"{listed(TITLES, clause.askers.roles)} ({', '.join(clause.askers.agencies).upper()})"),
        (_("About people as"), listed(SUBJECTS, clause.subject_roles)),
        (_("Retention"), _n("{number} day", "{number} days", clause.retention_days)),
        (_("Onward"), ONWARD[clause.onward]),
        (_("Courts"), JUDICIAL[clause.judicial_use]),
        (_("Approvals"), _n("{number} person", "{number} different persons", clause.approvals)),
    ]
    if clause.humanitarian_only:
        told.append((_("Humanitarian only"), _("yes")))
    if clause.min_group is not None:
        told.append((_("Smallest group shown"), str(clause.min_group)))
    return told


@dataclass(frozen=True)
class BudgetLine:
    """What is left of one bound today."""

    what: Message
    party: str
    used: int
    most: int

    @property
    def left(self) -> int:
        """How much may still be used today."""
        return max(0, self.most - self.used)


def budgets(console: Console, clause: Clause, peers: list[str]) -> list[BudgetLine]:
    """Today's budgets of a clause, asked by us and by each peer."""
    used, ours = console.border.used_today(), console.node.settings.party
    bounds = (
        ("keys", _("match keys"), clause.budgets.keys_per_day),
        ("requests", _("requests"), clause.budgets.requests_per_day),
    )
    return [
        BudgetLine(what, asker, used.get((peer, clause.id, side, key), 0), most)
        for peer in peers
        for side, asker in (("ask", ours), ("answer", peer))
        for key, what, most in bounds
        if most is not None
    ]
