"""Rows within a part: an audit's recommendations, an instrument's clauses, and the tasks that these set."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from convenio.core.words import Message, _
from convenio.programs.framework.formats.tabular.sheets import Column
from convenio.programs.framework.keeping.fields import field_of, note_unfit, text_of, values_from
from convenio.programs.framework.keeping.forms import tab_of
from convenio.programs.framework.model import Audit, Clause, Instrument, Part, Recommendation, Task, states_of
from convenio.programs.framework.scorecard import mark_of
from convenio.web.forms import Field, Form


@dataclass(frozen=True)
class Row:
    """One kind of row.

    Args:
        name: the table of its rows.
        owner: the kind it belongs to.
        model: its type.
        add: what the form is called for a new one.
        change: what it is called for one that is there.
    """

    name: str
    owner: str
    model: type[Part]
    add: Message
    change: Message

    def of(self, owner: Part) -> list[Part]:
        """The rows of one owner, in their order."""
        if isinstance(owner, Audit):
            return list(owner.recommendations)
        clauses = list(owner.clauses) if isinstance(owner, Instrument) else []
        return [task for clause in clauses for task in clause.tasks] if self.model is Task else list(clauses)


ROWS: Mapping[str, Row] = {
    each.name: each
    for each in (
        Row("recommendations", "audits", Recommendation, _("Add a recommendation"), _("Change the recommendation")),
        Row("clauses", "instruments", Clause, _("Add a clause"), _("Change the clause")),
        Row("tasks", "instruments", Task, _("Add a task"), _("Change the task")),
    )
}


def columns_of(row: Row) -> tuple[Column, ...]:
    """What its form asks for."""
    return tab_of(row.name).columns


def row_form(row: Row, owner: Part, held: Part | None) -> Form:
    """The form of a row, empty or as it is held; the mark it bears is its owner's."""
    states = states_of(owner.auditor) if isinstance(owner, Audit) else None
    fields = [Field("seen", _("version"), "hidden")]
    if row.model is Task and isinstance(owner, Instrument):
        numbers = [(each.number, each.number) for each in owner.clauses]
        fields.append(Field("clause", _("Clause"), "select", required=True, choices=numbers))
    fields += [field_of(each, choices=states if each.name == "state" else None) for each in columns_of(row)]
    values = {each.name: text_of(held, each) for each in columns_of(row)} if held is not None else {}
    if isinstance(held, Task) and isinstance(owner, Instrument):
        values["clause"] = next(each.number for each in owner.clauses if held in each.tasks)
    if held is None and isinstance(owner, Audit):
        values["number"] = str(max((each.number for each in owner.recommendations), default=0) + 1)
    return Form(fields, values={**values, "seen": mark_of(owner)})


def with_row(row: Row, owner: Part, held: Part | None, form: Form, sent: Mapping[str, Any]) -> Part | None:
    """The owner with the row that was typed; None where something does not fit, which the form then says."""
    told = form.read(sent)
    values = values_from(columns_of(row), form, told)
    if form.errors:
        return None
    if isinstance(held, Clause):
        values["tasks"] = held.tasks
    try:
        made = row.model.model_validate(values)
    except ValidationError as error:
        note_unfit(form, typing.cast("list[Mapping[str, Any]]", error.errors()))
        return None
    if isinstance(owner, Audit):
        return owner.model_copy(update={"recommendations": _put(owner.recommendations, held, made)})
    if isinstance(owner, Instrument) and isinstance(made, Clause):
        return owner.model_copy(update={"clauses": _put(owner.clauses, held, made)})
    if isinstance(owner, Instrument) and isinstance(made, Task):
        return owner.model_copy(
            update={"clauses": tuple(_with(each, held, made, told["clause"]) for each in owner.clauses)}
        )
    return None


def _with(clause: Clause, held: Part | None, made: Task, number: str) -> Clause:
    if clause.number == number:
        return clause.model_copy(update={"tasks": _put(clause.tasks, held, made)})
    return clause.model_copy(update={"tasks": tuple(each for each in clause.tasks if each != held)})


def _put(rows: tuple[Any, ...], held: Part | None, made: Part) -> tuple[Any, ...]:
    return tuple(made if each == held else each for each in rows) if held in rows else (*rows, made)
