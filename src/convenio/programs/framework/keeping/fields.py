"""Columns of a table as fields of a form: the same headings, the same readings, the same words for codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from convenio.core.errors import InputError
from convenio.core.unfit import why
from convenio.core.words import Language, Message, _
from convenio.programs.framework.formats.tabular import cells
from convenio.programs.framework.formats.tabular.codes import FORMS
from convenio.programs.framework.formats.tabular.sheets import Column
from convenio.programs.framework.formats.tabular.words import HEADINGS
from convenio.programs.framework.model import Part
from convenio.web.forms import Field, Form

LONGER = frozenset(
    {"text_en", "text_es", "said", "said_en", "said_es", "aims_en", "aims_es", "data", "response", "reason"}
)
PARTIAL = frozenset({"began", "ended", "signed", "expires", "learned_on", "state_on"})
HINTS = {id(cell): text for cell, text in FORMS}
SEEN_BY = _("Internal: this side alone. Both parties. Public: everyone.")
PARTIAL_HINT = _("As far as known: 2021, 2021-10 or 2021-10-06.")


@dataclass(frozen=True, eq=False)
class Heading(Message):
    """A column's heading as the label of a field: it begins with a capital."""

    def in_language(self, to: Language) -> str:
        """The heading in the language `to`."""
        text = super().in_language(to)
        return text[:1].upper() + text[1:]


def label_of(column: Column) -> Message:
    """What a field asks for."""
    last = HEADINGS[column.path[-1]]
    if len(column.path) == 1:
        return Heading(last.id)
    return Heading("{above}: {name}", {"above": HEADINGS[column.path[0]], "name": last})


def field_of(column: Column, choices: Mapping[str, Message] | None = None, hint: Message | None = None) -> Field:
    """A column as a field."""
    name, cell = column.path[-1], column.cell
    words = choices if choices is not None else cell.words
    if cell.words is not None and choices is None and hint is None and name == "publication":
        hint = SEEN_BY
    made = Field(
        column.name, label_of(column), required=column.required, hint=hint or HINTS.get(id(cell)), longest=2_000
    )
    if words is not None:
        needed = column.required or name == "publication"
        return replace(made, kind="select", choices=list(words.items()), required=needed)
    if cell is cells.DAY:
        return replace(made, kind="date", hint=hint)
    if cell in (cells.NUMERIC, cells.MONEY, cells.INTEGER):
        return replace(made, kind="number", longest=40)
    if cell is cells.YES_NO:
        return replace(made, kind="checkbox", hint=hint, required=False)
    if cell in (cells.LINES, cells.REFERENCES) or name in LONGER:
        return replace(made, kind="textarea", longest=8_000)
    return replace(made, hint=PARTIAL_HINT) if name in PARTIAL and hint is None else made


def text_of(part: Part, column: Column) -> str:
    """What stands in a field of a part that is there."""
    value: Any = part
    for name in column.path:
        value = getattr(value, name, None)
    if value is None or value == () or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value) if isinstance(value, Decimal) else str(column.cell.write(value))


def values_from(columns: Iterable[Column], form: Form, told: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the part's values; what cannot be read is noted in the form."""
    found: dict[str, Any] = {}
    for column in columns:
        text = told.get(column.name, "")
        if not text and column.cell is not cells.YES_NO:
            continue
        try:
            value = bool(text) if column.cell is cells.YES_NO else column.cell.read(text)
        except InputError as error:
            what = error.what if error.advice is None else _("{what}; {advice}", what=error.what, advice=error.advice)
            form.wrong(column.name, _("{label}: {why}", label=label_of(column), why=what))
            continue
        place = found
        for name in column.path[:-1]:
            place = place.setdefault(name, {})
        place[column.path[-1]] = value
    return found


def note_unfit(form: Form, errors: Sequence[Mapping[str, Any]]) -> None:
    """Note what a model does not admit at the fields it stands in."""
    labels = {each.name: each.label for each in form.fields}
    for each in errors:
        name = "_".join(str(one) for one in each["loc"] if isinstance(one, str))
        name = name if name in labels else next((one for one in labels if one.startswith(f"{name}_")), "")
        what = why(each)
        form.wrong(name, _("{label}: {why}", label=labels[name], why=what) if name else what)
