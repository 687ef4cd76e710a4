"""The form of a kind, from its model: empty, filled in from what is there, and read back into a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from convenio.core.words import Message, _
from convenio.programs.framework.formats.tabular.sheets import TECHNICAL, Column, Tab, tabs
from convenio.programs.framework.formats.tabular.words import CHOICES
from convenio.programs.framework.keeping.fields import field_of, note_unfit, text_of, values_from
from convenio.programs.framework.keeping.kinds import Kept
from convenio.programs.framework.model import CRITERIA, Criterion, Evaluation, Indicator, Part
from convenio.programs.framework.scorecard import mark_of
from convenio.web.forms import Field, Form

CRITERION_TEXTS = ("grade", "said_en", "said_es")


def tab_of(name: str) -> Tab:
    """The table of a kind, or of rows that belong to one."""
    return next(each for each in tabs() if each.name == name)


def columns_of(kept: Kept, held: Part | None) -> list[Column]:
    """The columns that the form asks for: what stays once it is there is not asked again."""
    hidden = TECHNICAL | kept.apart
    if held is not None:
        stays = {each for each in kept.fixed if getattr(held, each) not in (None, "")}
        hidden = hidden | stays | {"id"} | ({kept.of} if kept.of == "commitment" else frozenset())
    return [each for each in tab_of(kept.name).columns if each.path[0] not in hidden and each.path[-1] not in hidden]


def form_of(kept: Kept, held: Part | None, names: Mapping[str, Message] | None = None) -> Form:
    """The form.

    Args:
        kept: the kind.
        held: what is there; None for a new one.
        names: hints of fields that name other things, by the fields' names.
    """
    columns, hints = columns_of(kept, held), names or {}
    tied = {"commitment", "indicator"} & {kept.of}
    fields = [Field("seen", _("version"), "hidden")]
    for each in columns:
        made = field_of(each, hint=hints.get(each.name))
        fields.append(Field(each.name, made.label, "hidden") if each.name in tied else made)
    values = {each.name: text_of(held, each) for each in columns} if held is not None else {"publication": "internal"}
    if kept.model is Evaluation:
        fields[-1:] = [*_criterion_fields(), fields[-1]]
        values |= _criterion_values(held)
    return Form(fields, values={**values, "seen": mark_of(held)})


def blank(kept: Kept, belongs: str, taken: frozenset[str]) -> dict[str, str]:
    """What a new one's form begins with: what it belongs to, and a name that is free."""
    found = {kept.of: belongs} if kept.of and belongs else {}
    if "id" in kept.model.model_fields:
        start = f"{belongs or kept.name}-{kept.name.removesuffix('s')}".lower()
        found["id"] = next(name for number in range(1, len(taken) + 2) if (name := f"{start}-{number}") not in taken)
    if "version" in kept.model.model_fields:
        found["version"] = "1"
    return found


def part_from(kept: Kept, held: Part | None, form: Form, sent: Mapping[str, Any]) -> Part | None:
    """The part that was typed; None where something does not fit, which the form then says."""
    told = form.read(sent)
    columns = columns_of(kept, held)
    values = values_from(columns, form, told)
    asked = {each.path[0] for each in columns}
    data = {} if held is None else {k: v for k, v in held.model_dump().items() if k not in asked}
    if kept.model is Evaluation:
        data["criteria"] = list(_criteria(told))
        if not data["criteria"]:
            form.wrong("", _("an evaluation says something by one of the six criteria at least"))
    if form.errors:
        return None
    if isinstance(held, Indicator) and values.get("registered_change") != held.registered_change:
        data["registered_on"] = None
    try:
        return kept.model.model_validate({**data, **values})
    except ValidationError as error:
        note_unfit(form, [_at_its_criterion(each, data) for each in error.errors()])
        return None


def _criterion_fields() -> Iterator[Field]:
    for name, title in CRITERIA.items():
        yield Field(
            f"{name}_grade", _("Grade – {criterion}", criterion=title), "select", choices=list(CHOICES["grade"].items())
        )
        english, spanish = (
            _("In English – {criterion}", criterion=title),
            _("In Spanish – {criterion}", criterion=title),
        )
        yield Field(f"{name}_said_en", english, "textarea", longest=2_000)
        yield Field(f"{name}_said_es", spanish, "textarea", longest=2_000)


def _criterion_values(held: Part | None) -> dict[str, str]:
    criteria: tuple[Criterion, ...] = getattr(held, "criteria", ())
    return {f"{each.name}_{field}": getattr(each, field) for each in criteria for field in CRITERION_TEXTS}


def _at_its_criterion(error: Any, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """An error of one criterion, at the field that asked for it."""
    match error["loc"]:
        case ("criteria", int(place), str(field)):
            return {**error, "loc": (f"{data['criteria'][place]['name']}_{field}",)}
        case _other:
            return dict(error)


def _criteria(told: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for name in CRITERIA:
        said = {field: told.get(f"{name}_{field}", "") for field in CRITERION_TEXTS}
        if any(said.values()):
            yield {"name": name, **said}
