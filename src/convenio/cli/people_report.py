"""What is told of a file of people: its columns, its identifiers that are none, its repeats, its doubts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from convenio.cli import reading_options as said
from convenio.cli.people_shown import in_words, with_record, with_records
from convenio.core.words import Message, _, _n
from convenio.files.report import Report, Section
from convenio.files.templates import heading

if TYPE_CHECKING:
    from convenio.entities.columns import Columns
    from convenio.files.reading import Reading

SHOWN_MISFITS = 3


def tell_misfits(columns: Columns, *, few: bool = False) -> None:
    """Say how many values are no identifiers and, without `few`, which the first of each field are."""
    for name, seen in columns.by_field.items():
        for each in [each for each in columns.misfits if each.field == name][: 0 if few else SHOWN_MISFITS]:
            said.tell(_("record {record}, {field}: {why}", record=each.record, field=name, why=each.why))
        if seen.misfits:
            said.tell(
                _n(
                    "{field}: {number} value is no identifier; its row is read, and the value serves nothing",
                    "{field}: {number} values are no identifiers; their rows are read, and the values serve nothing",
                    seen.misfits,
                    field=name,
                )
            )
        if seen.generic:
            said.tell(
                _n(
                    "{field}: {number} value stands for many and tells nobody apart",
                    "{field}: {number} values stand for many and tell nobody apart",
                    seen.generic,
                    field=name,
                )
            )


def people_report(
    readings: list[Reading], seen: list[Columns], tables: Mapping[str, pa.Table], records: pa.Table, pairs: pa.Table
) -> Report:
    """Everything that was found in files of people, as one report."""
    people = len(set(records.column("person").to_pylist()))
    repeated = records.filter(pc.greater(records.column("records"), 1)).sort_by("person")
    facts: list[tuple[Message | str, Message | str]] = [
        (each.name, _("{rows} rows, {aside} set aside", rows=f"{each.rows:,}", aside=f"{each.set_aside:,}"))
        for each in readings
    ]
    facts += [
        (_("records"), f"{records.num_rows:,}"),
        (_("people"), f"{people:,}"),
        (_("pairs for a person to judge"), f"{pairs.num_rows:,}"),
    ]
    told = list(zip(readings, seen, strict=True))
    sections = [Section(_("Columns of {file}", file=each.name), _columns(each, columns)) for each, columns in told]
    sections += [
        Section(_("Records of one person"), in_words(with_record(repeated, tables))),
        Section(_("Pairs for a person to judge"), in_words(with_records(pairs, tables))),
    ]
    sections += [
        Section(_("Values in {file} that are no identifiers", file=each.name), _misfits(each, columns))
        for each, columns in told
        if columns.misfits
    ]
    sections += [
        Section(_("Rows set aside in {file}", file=each.name), _problems(each)) for each in readings if each.problems
    ]
    return Report(
        title=_("Report on a file of people"),
        summary=_("Who is named more than once, what could not be decided, and which rows could not be read."),
        facts=facts,
        notes=[note for each in readings for note in each.notes],
        sections=sections,
    )


def _problems(reading: Reading) -> pa.Table:
    return pa.table(
        {
            str(_("row")): [each.row for each in reading.problems],
            str(_("column")): [each.column for each in reading.problems],
            str(_("value")): [each.value for each in reading.problems],
            str(_("why")): [str(each.why) for each in reading.problems],
        }
    )


def _columns(reading: Reading, columns: Columns) -> pa.Table:
    fields = [(name, columns.by_field[name]) for name in reading.record.model_fields if name in columns.by_field]
    return pa.table(
        {
            str(_("column")): [reading.mapping.columns[name] for name, _seen in fields],
            str(_("read as")): [heading(reading.record, name) for name, _seen in fields],
            str(_("filled")): [each.filled for _name, each in fields],
            str(_("empty")): [columns.rows - each.filled for _name, each in fields],
            str(_("no identifier")): pa.array([each.misfits for _name, each in fields], pa.int64()),
            str(_("stands for many")): [each.generic for _name, each in fields],
        }
    )


def _misfits(reading: Reading, columns: Columns) -> pa.Table:
    return pa.table(
        {
            str(_("record")): [each.record for each in columns.misfits],
            str(_("column")): [reading.mapping.columns[each.field] for each in columns.misfits],
            str(_("value")): [each.value for each in columns.misfits],
            str(_("why")): [str(each.why) for each in columns.misfits],
            str(_("advice")): [str(each.advice or "") for each in columns.misfits],
        }
    )
