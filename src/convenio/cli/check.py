"""`convenio check`: what a file holds, what it can serve as, which rows do not fit; and its mapping, saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.cli import reading_options as said
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.files.seen import KINDS, ORDERS, facts, fits

if TYPE_CHECKING:
    from convenio.core.record import RecordType
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
    from convenio.files.mapping import beside
    from convenio.files.reading import open_reading

    record = record_type(as_)
    reading = open_reading(file, record, options=options, saved=mapping, told=said.pairs(map_), strict=strict)
    for _batch in reading.batches():
        pass
    if json_ is not None:
        said.put(json.dumps(reading_as_json(reading), ensure_ascii=False, indent=2), json_)
    else:
        show_mapping(reading, record)
    said.tell_readings([reading], set_aside)
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


def show_mapping(reading: Reading, record: type[RecordType]) -> None:
    """Which column serves which field, on the screen."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from convenio.files.templates import heading

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in (_("column of {type}", type=record.title), _("column of the file")):
        shown.add_column(Text(str(title)), overflow="fold")
    for name in record.model_fields:
        shown.add_row(Text(f"{name} ({heading(record, name)})"), Text(reading.mapping.columns.get(name, "—")))
    Console().print(shown)
    used = set(reading.mapping.columns.values())
    left = [each for each in reading.opened.headings if each not in used]
    if left:
        said.tell(_("columns that serve nothing: {columns}", columns=", ".join(left)))


def reading_as_json(reading: Reading) -> dict[str, Any]:
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
        "problems": said.problems_as_json(reading),
        "notes": [each.in_both() for each in reading.notes],
    }
