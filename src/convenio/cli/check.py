"""`convenio check`: what a file holds, what it can serve as, which rows do not fit; and its mapping, saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.cli import reading_options as said
from convenio.cli.people_report import tell_misfits
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.seen import KINDS, ORDERS, facts, fits

if TYPE_CHECKING:
    from convenio.core.record import RecordType
    from convenio.entities.columns import Columns
    from convenio.files.look import Look
    from convenio.files.reading import Reading


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A CSV, XLSX, Parquet or JSON file.").id)],
    as_: Annotated[
        str | None, typer.Option("--as", metavar="TYPE", help=_("Check its rows as records of this type.").id)
    ] = None,
    json_: said.JsonOption = None,
    set_aside: said.AsideOption = None,
    map_: said.MapOption = None,
    mapping: said.MappingOption = None,
    encoding: said.EncodingOption = None,
    delimiter: said.DelimiterOption = None,
    header: said.HeaderOption = None,
    date_order: said.DateOrderOption = None,
    decimal: said.DecimalOption = None,
    sheet: said.SheetOption = None,
    *,
    save: Annotated[
        bool, typer.Option("--save", help=_("Save the mapping beside the file; later commands use it.").id)
    ] = False,
    strict: said.StrictOption = False,
) -> None:
    """Look at a file: encoding, columns, types, dates; map it."""
    from convenio.files.look import look
    from convenio.files.opening import open_file
    from convenio.files.types import record_type

    options = said.options_of(locals())
    if save and as_ is None:
        raise InputError(_("a mapping is for a type of record"), advice=_("say which: --as person --save"))
    if as_ is None:
        seen = look(open_file(file, options))
        fitting = fits(seen.opened.headings)
        if json_ is not None:
            said.put(json.dumps(look_as_json(seen, fitting), ensure_ascii=False, indent=2), json_)
        else:
            show_look(seen, fitting)
        return
    from convenio.entities.columns import MOST, Columns
    from convenio.files.mapping import beside
    from convenio.files.once import MOST as MOST_ONCE
    from convenio.files.once import Once
    from convenio.files.reading import open_reading

    record = record_type(as_)
    once = Once("record_id", MOST_ONCE) if "record_id" in record.model_fields else None
    told = said.pairs(map_)
    reading = open_reading(file, record, options=options, saved=mapping, told=told, strict=strict, once=once, anew=save)
    columns = Columns(MOST)
    for batch in reading.batches():
        columns.see(batch, reading.mapping.columns)
    if once is not None and once.full:
        reading.notes.append(_("repeats were looked for in the first {number} records", number=f"{MOST_ONCE:,}"))
    if not columns.looked_at_all:
        reading.notes.append(_("identifiers were checked in the first {number} rows or so", number=f"{MOST:,}"))
    if json_ is not None:
        said.put(json.dumps(reading_as_json(reading, columns), ensure_ascii=False, indent=2), json_)
    else:
        show_mapping(reading, record, columns)
    said.tell_readings([reading], set_aside)
    tell_misfits(columns)
    if save:
        path = beside(file)
        reading.mapping.save(path)
        said.tell(_("the mapping is saved in {file}", file=str(path)))


def show_look(seen: Look, fitting: list[tuple[str, type[RecordType], dict[str, str]]]) -> None:
    """What was seen, on the screen."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for title, value in facts(seen):
        console.print(Text(f"{title}: {value}"), soft_wrap=True)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("column"), _("kind"), _("filled"), _("examples")):
        shown.add_column(Text(str(heading)), overflow="fold")
    for each in seen.columns:
        kind = str(KINDS.get(each.kind, each.kind))
        if each.date_order:
            kind = f"{kind}: {ORDERS[each.date_order]}"
        share = f"{each.filled / seen.rows:.0%}" if seen.rows else ""
        shown.add_row(Text(each.heading), Text(kind), share, Text(" · ".join(each.examples)))
    console.print(shown)
    for name, record, columns in fitting:
        told = _(
            "fits {type} ({title}) by {count} columns: --as {type}", type=name, title=record.title, count=len(columns)
        )
        console.print(Text(str(told)), soft_wrap=True)
    if not fitting:
        console.print(Text(str(_("no record type is recognised; convenio template lists them"))))


def look_as_json(seen: Look, fitting: list[tuple[str, type[RecordType], dict[str, str]]]) -> dict[str, Any]:
    """What was seen, as JSON values."""
    options = seen.opened.options
    return {
        "file": seen.opened.path.name,
        "form": seen.opened.form,
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "header": options.header,
        "sheet": options.sheet,
        "rows": seen.rows,
        "misfits": seen.misfits,
        "notes": [each.in_both() for each in seen.opened.notes],
        "columns": [
            {
                "heading": each.heading,
                "kind": each.kind,
                "filled": each.filled,
                "longest": each.longest,
                "examples": each.examples,
                "date_order": each.date_order or None,
            }
            for each in seen.columns
        ],
        "fits": [{"type": name, "columns": columns} for name, _record, columns in fitting],
    }


def show_mapping(reading: Reading, record: type[RecordType], columns: Columns) -> None:
    """Which column serves which field, how far it is filled, and how many identifiers in it are none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from convenio.files.templates import heading

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in (_("column of {type}", type=record.title), _("column of the file")):
        shown.add_column(Text(str(title)), overflow="fold")
    for title in (_("filled"), _("no identifier")):
        shown.add_column(Text(str(title)), justify="right")
    for name in record.model_fields:
        seen = columns.by_field.get(name)
        filled = f"{seen.filled / columns.rows:.0%}" if seen is not None and columns.rows else ""
        misfits = "" if seen is None or seen.misfits is None else f"{seen.misfits:,}"
        field = Text(f"{name} ({heading(record, name)})")
        shown.add_row(field, Text(reading.mapping.columns.get(name, "—")), filled, misfits)
    Console().print(shown)
    used = set(reading.mapping.columns.values())
    left = [each for each in reading.opened.headings if each not in used]
    if left:
        said.tell(
            _(
                "columns that serve nothing: {columns}; --map FIELD=HEADING gives one a field to serve",
                columns=", ".join(left),
            )
        )


def reading_as_json(reading: Reading, columns: Columns) -> dict[str, Any]:
    """What was read, as JSON values."""
    options = reading.opened.options
    return {
        "file": reading.name,
        "record_type": reading.record.type_name,
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "date_order": options.date_order,
        "rows": reading.rows,
        "set_aside": reading.set_aside,
        "columns": dict(reading.mapping.columns),
        "filled": {name: each.filled for name, each in columns.by_field.items()},
        "no_identifiers": {name: each.misfits for name, each in columns.by_field.items() if each.misfits is not None},
        "generic": {name: each.generic for name, each in columns.by_field.items() if each.generic},
        "misfits": [
            {"record": each.record, "field": each.field, "value": each.value, "why": each.why.in_both()}
            for each in columns.misfits
        ],
        "problems": said.problems_as_json(reading),
        "notes": [each.in_both() for each in reading.notes],
    }
