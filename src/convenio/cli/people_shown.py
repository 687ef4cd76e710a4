"""Records of people as whoever judges them needs to see them: side by side, in a line each, under headings in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pyarrow as pa

from convenio.core.words import Message, _

Key = tuple[str, str]
SHOWN = ("name", "given", "paterno", "materno", "birth_date", "sex", "curp", "rfc", "passport", "phone", "address")
HEADINGS: dict[str, Message] = {
    "source": _("file"),
    "record_id": _("record"),
    "person": _("person"),
    "records": _("records"),
    "reasons": _("reasons"),
    "shown": _("what it says"),
    "left_source": _("file"),
    "left_id": _("record"),
    "left_shown": _("what it says"),
    "right_source": _("other file"),
    "right_id": _("other record"),
    "right_shown": _("what the other says"),
    "probability": _("probability"),
    "why": _("why"),
}
"""Columns of a report in words; the rest is for whoever fills a table in, and stands in the file of doubts only."""


def with_records(pairs: pa.Table, tables: Mapping[str, pa.Table]) -> pa.Table:
    """A table of doubtful pairs, with what both records say beside their numbers.

    Args:
        pairs: columns `left_source`, `left_id`, `right_source`, `right_id` and others.
        tables: the records by source.
    """
    for side in ("left", "right"):
        keys = list(zip(*(pairs.column(f"{side}_{each}").to_pylist() for each in ("source", "id")), strict=True))
        said = pa.array(_said(keys, tables), pa.string())
        pairs = pairs.add_column(pairs.column_names.index(f"{side}_id") + 1, f"{side}_shown", said)
    return pairs


def with_record(records: pa.Table, tables: Mapping[str, pa.Table]) -> pa.Table:
    """A table of records, with what each says beside its number."""
    keys = list(zip(records.column("source").to_pylist(), records.column("record_id").to_pylist(), strict=True))
    said = pa.array(_said(keys, tables), pa.string())
    return records.add_column(records.column_names.index("record_id") + 1, "shown", said)


def in_words(table: pa.Table) -> pa.Table:
    """The columns that a reader needs, under headings in the language of the context."""
    kept = table.select([name for name in table.column_names if name in HEADINGS])
    return kept.rename_columns([str(HEADINGS[name]) for name in kept.column_names])


def _said(keys: Iterable[Key], tables: Mapping[str, pa.Table]) -> list[str]:
    keys = list(keys)
    wanted: dict[str, set[str]] = {}
    for source, number in keys:
        wanted.setdefault(source, set()).add(number)
    lines: dict[Key, str] = {}
    for source, numbers in wanted.items():
        table = tables[source]
        held = table.column("record_id").to_pylist() if "record_id" in table.column_names else None
        ids = [str(each).strip() for each in held] if held is not None else list(map(str, range(1, table.num_rows + 1)))
        places = [at for at, each in enumerate(ids) if each in numbers]
        columns = [name for name in SHOWN if name in table.column_names]
        for at, row in zip(places, table.select(columns).take(places).to_pylist(), strict=True):
            lines[source, ids[at]] = " · ".join(_text(each) for each in row.values() if each is not None)
    return [lines.get((source, str(number).strip()), "") for source, number in keys]


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
