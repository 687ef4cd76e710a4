"""Received copies as a method's input: used under their conditions; what comes of it is shown as long as they may be.

Only copies whose fields hold what the record type needs are offered. A copy's rows have no identifier of their own;
where the type needs one, each row is called by the copy's number and its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from convenio.console.context import Console
from convenio.console.view import part
from convenio.core.errors import InputError
from convenio.core.record import RecordType
from convenio.core.words import Message, _
from convenio.people.accounts import Person

PREFIX = "copy:"
NAMING = "_id"


@dataclass(frozen=True)
class Choice:
    """A copy as a form offers it."""

    id: str
    title: Message
    rows: int


def choices(console: Console, person: Person, record: type[RecordType]) -> list[Choice]:
    """The copies of the person's agency that can be read as records of a type."""
    if part(console.node, "derived") is None or not person.has("analyst"):
        return []
    made = []
    for row in console.border.copies(person):
        asked = next(iter(console.border.requests(person, number=row["request"])), None)
        if row["state"] == "open" and asked is not None and _lacking(record, asked["fields"]) is not None:
            told = {"party": row["peer"].upper(), "number": row["id"][:8], "case": asked["case"]}
            made.append(Choice(PREFIX + row["id"], _("copy {number} from {party}, {case}", **told), asked["subjects"]))
    return made


def table_of(
    console: Console, person: Person, copy: str, record: type[RecordType], *, purpose: str, case: str
) -> pa.Table:
    """A copy's rows as records of a type; a use of the copy, with its receipt and entry.

    Raises:
        Refused: the copy's conditions do not allow it.
        InputError: its rows cannot be read as such records.
    """
    rows = console.part("copies").derive(copy, person, purpose=purpose, case=case)
    naming = _lacking(record, list(rows[0]) if rows else [])
    if naming is None:
        raise InputError(_("this copy lacks what the method needs"), where=copy[:16])
    if naming:
        rows = [{**row, naming: f"{copy[:8]}-{place}"} for place, row in enumerate(rows, 1)]
    return pa.table([_column(rows, each) for each in record.arrow_schema()], schema=record.arrow_schema())


def _lacking(record: type[RecordType], fields: list[str]) -> str | None:
    """The one identifier that the fields lack, empty where they lack nothing; None where they lack more."""
    lacking = [name for name, held in record.model_fields.items() if held.is_required() and name not in fields]
    if not lacking:
        return ""
    return lacking[0] if len(lacking) == 1 and lacking[0].endswith(NAMING) else None


def _column(rows: list[dict[str, Any]], field: pa.Field) -> pa.Array:
    values = [row.get(field.name) for row in rows]
    try:
        if pa.types.is_list(field.type):
            return pa.array([each if isinstance(each, list) or each is None else [each] for each in values], field.type)
        if all(each is None or isinstance(each, str) for each in values):
            return pa.array(values, pa.string()).cast(field.type)
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise InputError(_("{name} in this copy does not fit the method", name=field.name)) from error
