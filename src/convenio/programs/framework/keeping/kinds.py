"""Which kinds of parts have a form, who keeps them, and what of them stays once it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.people.roles import Role
from convenio.programs.framework.desk import SECRETARIAT
from convenio.programs.framework.model import Part
from convenio.programs.framework.storage import KINDS


@dataclass(frozen=True)
class Kept:
    """One kind.

    Args:
        name: the kind's name in `storage.KINDS`.
        add: what the form is called for a new one.
        change: what it is called for one that is there.
        of: the field that says what it belongs to: `commitment`, `commitments` or `indicator`; empty for none.
        seen_on: the list on which it is shown; empty where its commitment's page shows it.
        fixed: fields that stay as they are once it is there.
        apart: fields that other acts fill in.
        only_new: whether it is only ever added to: another one is the next version.
        roles: who keeps it.
    """

    name: str
    add: Message
    change: Message
    of: str = "commitment"
    seen_on: str = ""
    fixed: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    only_new: bool = False
    roles: tuple[Role, ...] = SECRETARIAT

    @property
    def model(self) -> type[Part]:
        """The type of its parts."""
        return KINDS[self.name].model


KEPT: Mapping[str, Kept] = {
    each.name: each
    for each in (
        Kept("plans", _("Add a monitoring plan"), _("Change the monitoring plan")),
        Kept("risks", _("Add a risk or an assumption"), _("Change the risk or assumption")),
        Kept("funding", _("Add money"), _("Change the money")),
        Kept("evaluations", _("Add an evaluation"), _("Change the evaluation"), of="commitments"),
        Kept("documents", _("Add a document"), _("Change the document"), of="commitments"),
        Kept("lessons", _("Add a lesson"), _("Change the lesson"), of="commitments", seen_on="audits"),
        Kept(
            "instruments", _("Add an instrument"), _("Change the instrument"), of="commitments", seen_on="instruments"
        ),
        Kept(
            "audits",
            _("Add an audit"),
            _("Change the audit"),
            of="",
            seen_on="audits",
            roles=("secretariat", "auditor"),
        ),
        Kept("actions", _("Add an action"), _("Change the action")),
        Kept(
            "milestones",
            _("Add a step"),
            _("Change what a step is called"),
            fixed=frozenset({"first_due"}),
            apart=frozenset({"done_on", "done_by", "evidence"}),
        ),
        Kept(
            "indicators",
            _("Register an indicator"),
            _("Change the indicator"),
            fixed=frozenset({"baseline"}),
            apart=frozenset({"registered_on"}),
        ),
        Kept("targets", _("Add a target"), _("Add a target"), of="indicator", only_new=True),
    )
}
"""By their names."""
