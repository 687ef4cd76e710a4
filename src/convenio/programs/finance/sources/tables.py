"""Entries of lists as tables, for methods, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.finance.schema import BirthDate, Identifier, Listed, ListedName, ListEntry
from convenio.programs.finance.schema.entry import KINDS

_NUMBERS = ("curp", "rfc", "passport")


def as_table(entries: Iterable[ListEntry]) -> pa.Table:
    """One row per name of each entry, in the list's order, by the schema of `Listed`."""
    rows = [row for entry in entries for row in _rows(entry)]
    return pa.Table.from_pylist(rows, schema=Listed.arrow_schema())


def as_entries(table: pa.Table) -> list[ListEntry]:
    """The entries of a table of `Listed`; rows of one entry follow one another or not.

    Raises:
        InputError: a kind or a date that is none.
    """
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        held.setdefault((row["source"], row["entry_id"]), []).append(row)
    return [_entry(rows) for rows in held.values()]


def _rows(entry: ListEntry) -> Iterable[dict[str, Any]]:
    for each in entry.names:
        yield {
            "source": entry.source,
            "entry_id": entry.id,
            "kind": entry.kind,
            "name": each.name,
            "name_type": each.type,
            "weak": each.weak,
            "programmes": list(entry.programmes),
            "birth_dates": [f"{date.first}/{date.last}" for date in entry.birth_dates],
            "birth_places": list(entry.birth_places),
            "gender": entry.gender or None,
            **{kind: list(entry.identified_by(kind)) for kind in _NUMBERS},
        }


def _entry(rows: list[dict[str, Any]]) -> ListEntry:
    first = rows[0]
    if first["kind"] not in KINDS:
        raise InputError(
            _("{kind} is no kind of listed party", kind=str(first["kind"])[:40]),
            where=f"{first['source']} {first['entry_id']}",
            advice=_("the kinds are {kinds}", kinds=", ".join(KINDS)),
        )
    return ListEntry(
        source=first["source"],
        id=first["entry_id"],
        kind=first["kind"],
        names=tuple(ListedName(row["name"], row["name_type"] or "primary", bool(row["weak"])) for row in rows),
        programmes=tuple(first["programmes"] or ()),
        birth_dates=tuple(_date(each, first) for each in first["birth_dates"] or ()),
        birth_places=tuple(first["birth_places"] or ()),
        gender=first["gender"] or "",
        identifiers=tuple(Identifier(kind, value) for kind in _NUMBERS for value in first[kind] or () if value),
    )


def _date(text: str, row: dict[str, Any]) -> BirthDate:
    import datetime as dt

    first, _slash, last = text.partition("/")
    try:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
    except ValueError as error:
        raise InputError(
            _("the birth date {value} does not exist", value=text[:40]),
            where=f"{row['source']} {row['entry_id']}",
            advice=_("write it as year-month-day, or as two of them with a slash between"),
        ) from error
    return BirthDate(start.isoformat(), end.isoformat(), "day" if start == end else "range")
