"""`convenio dedupe` and `convenio report`: a file of people, its repeats and its gaps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer

from convenio.cli import reading_options as said
from convenio.cli.people_report import people_report, tell_misfits
from convenio.cli.people_shown import with_records
from convenio.cli.showing import show_table
from convenio.core.errors import InputError
from convenio.core.words import _, _n, language
from convenio.entities.columns import Columns
from convenio.entities.people import PersonRow
from convenio.files.once import Once
from convenio.files.reading import Reading, open_reading
from convenio.files.report import Report, html_report
from convenio.files.writing import form_of, json_pieces, whole, write

if TYPE_CHECKING:
    from convenio.entities.resolution import Resolution
    from convenio.entities.resolution.judgements import Judgement

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("One or more files of people.").id)]


def dedupe(
    files: FilesArgument,
    output: said.OutputOption = None,
    json_: said.JsonOption = None,
    doubts: Annotated[
        Path | None, typer.Option("--doubts", metavar="FILE", help=_("Write the pairs that a person must judge.").id)
    ] = None,
    judgements: Annotated[
        Path | None,
        typer.Option("--judgements", metavar="FILE", help=_("Doubtful pairs that a person has filled in.").id),
    ] = None,
    one_each: Annotated[
        list[str] | None,
        typer.Option(
            "--one-each", metavar="NAME", help=_("A file (name without ending) in which nobody stands twice.").id
        ),
    ] = None,
    set_aside: said.AsideOption = None,
    map_: said.MapOption = None,
    mapping: said.MappingOption = None,
    encoding: said.EncodingOption = None,
    delimiter: said.DelimiterOption = None,
    date_order: said.DateOrderOption = None,
    sheet: said.SheetOption = None,
    *,
    strict: said.StrictOption = False,
) -> None:
    """Find the people that a file names more than once."""
    for path in output or ():
        form_of(path)
    readings, seen, tables, found = _resolved(files, locals())
    said.tell_readings(readings, set_aside)
    for each in seen:
        tell_misfits(each, few=True)
    records, pairs = found.records(language.get()), found.doubts(language.get())
    people = len(set(records.column("person").to_pylist()))
    about = {"records": records.num_rows, "people": people, "doubts": pairs.num_rows}
    for path in output or ():
        if form_of(path) == "html":
            _write_report(path, people_report(readings, seen, tables, records, pairs))
        else:
            write([records], records.schema, path, about=about)
    if doubts is not None:
        beside = with_records(pairs, tables)
        write([beside], beside.schema, doubts)
    if json_ is not None:
        said.put("".join(json_pieces([records], about)), json_)
    elif not output:
        repeated = records.filter(pc.greater(records.column("records"), 1))
        show_table(repeated)
    said.tell(
        _(
            "{records}, {people}, {doubts}",
            records=_n("{count} record", "{count} records", records.num_rows, count=f"{records.num_rows:,}"),
            people=_n("{count} person", "{count} people", people, count=f"{people:,}"),
            doubts=_n(
                "{count} pair for a person to judge",
                "{count} pairs for a person to judge",
                pairs.num_rows,
                count=f"{pairs.num_rows:,}",
            ),
        )
    )


def report(
    files: FilesArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=_("The report, .html.").id)],
    judgements: Annotated[
        Path | None,
        typer.Option("--judgements", metavar="FILE", help=_("Doubtful pairs that a person has filled in.").id),
    ] = None,
    one_each: Annotated[
        list[str] | None,
        typer.Option(
            "--one-each", metavar="NAME", help=_("A file (name without ending) in which nobody stands twice.").id
        ),
    ] = None,
    set_aside: said.AsideOption = None,
    map_: said.MapOption = None,
    mapping: said.MappingOption = None,
    encoding: said.EncodingOption = None,
    delimiter: said.DelimiterOption = None,
    date_order: said.DateOrderOption = None,
    sheet: said.SheetOption = None,
    *,
    strict: said.StrictOption = False,
) -> None:
    """Report on a file of people: counts, gaps, repeats."""
    if form_of(output) != "html":
        raise InputError(_("a report is one .html file"), where=str(output))
    readings, seen, tables, found = _resolved(files, locals())
    said.tell_readings(readings, set_aside)
    for each in seen:
        tell_misfits(each, few=True)
    records, pairs = found.records(language.get()), found.doubts(language.get())
    _write_report(output, people_report(readings, seen, tables, records, pairs))
    said.tell(_("written: {file}", file=str(output)))


def _resolved(
    files: list[Path], given: dict[str, object]
) -> tuple[list[Reading], list[Columns], dict[str, pa.Table], Resolution]:
    from convenio.entities.resolution import resolve

    options = said.options_of(given)
    told, saved = given["map_"], given["mapping"]
    readings: list[Reading] = []
    tables: dict[str, pa.Table] = {}
    seen: list[Columns] = []
    for path in files:
        reading = open_reading(
            path,
            PersonRow,
            options=options,
            saved=saved if isinstance(saved, Path) else None,
            told=said.pairs(told if isinstance(told, list) else None),
            strict=bool(given["strict"]),
            once=Once("record_id"),
        )
        name = path.stem if path.stem not in tables else f"{path.stem}-{len(tables) + 1}"
        tables[name] = reading.table().select(list(reading.mapping.columns))
        readings.append(reading)
        seen.append(Columns())
        seen[-1].see(tables[name], reading.mapping.columns)
    judged, once = given["judgements"], given["one_each"]
    unknown = [each for each in once if each not in tables] if isinstance(once, list) else []
    if unknown:
        raise InputError(
            _("there is no file called {name} here", name=unknown[0]),
            where="--one-each",
            advice=_("these are here: {names}", names=", ".join(tables)),
        )
    said_by_people = _judged(judged) if isinstance(judged, Path) else []
    found = resolve(tables, judgements=said_by_people, one_each=once if isinstance(once, list) else ())
    return readings, seen, tables, found


def _judged(path: Path) -> list[Judgement]:
    """What a person decided of doubtful pairs, as the file of doubts came back."""
    from convenio.entities.resolution import judgements
    from convenio.files.opening import open_file
    from convenio.files.values import Reader

    text = Reader(pa.string())
    tables = []
    for chunk in open_file(path).chunks():
        columns = {name: text.read(chunk.table.column(name).combine_chunks())[0] for name in chunk.table.column_names}
        tables.append(pa.table(columns))
    if not tables:
        raise InputError(_("the file holds no rows"), where=path.name)
    return judgements(pa.concat_tables(tables), when=dt.datetime.now(dt.UTC), where=path.name)


def _write_report(path: Path, made: Report) -> None:
    with whole(path) as part:
        part.write_text(html_report(made), encoding="utf-8")
