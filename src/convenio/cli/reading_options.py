"""What every command that reads a file may be told of it, and how it tells what it read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.core.errors import InputError
from convenio.core.words import Message, _, _n

if TYPE_CHECKING:
    from convenio.files.options import Options
    from convenio.files.reading import Reading

SHOWN_PROBLEMS = 20

EncodingOption = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help=_("The file's encoding, e.g. cp1252.").id)
]
DelimiterOption = Annotated[
    str | None, typer.Option("--delimiter", metavar="CHAR", help=_("The character between columns; tab for a tab.").id)
]
HeaderOption = Annotated[
    int | None,
    typer.Option("--header", metavar="ROW", min=0, help=_("The row that names the columns; 0 when none does.").id),
]
DateOrderOption = Annotated[
    str | None,
    typer.Option("--date-order", metavar="dmy|mdy|ymd", help=_("Order of day, month and year in numbers.").id),
]
DecimalOption = Annotated[
    str | None, typer.Option("--decimal", metavar="point|comma", help=_("What stands before decimals.").id)
]
SheetOption = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=_("The worksheet to read.").id)]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="COLUMN=HEADING", help=_("Which heading of the file is which column; may be repeated.").id
    ),
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help=_("A saved mapping; FILE.mapping.json is used by itself.").id),
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help=_("Stop at the first row that does not fit; without it such rows are set aside.").id),
]
AsideOption = Annotated[
    Path | None, typer.Option("--set-aside", metavar="FILE", help=_("Write the rows set aside, with reasons, here.").id)
]
JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE|-", help=_("Write the result as JSON; - for standard output.").id),
]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=_("Write the result as .csv, .xlsx, .parquet, .json or .html; may be repeated.").id,
    ),
]


def options_of(said: dict[str, Any]) -> Options:
    """The options that were said.

    Raises:
        InputError: one of them has a value that does not exist.
    """
    from convenio.files.options import Options

    choices = {"date_order": ("dmy", "mdy", "ymd"), "decimal": ("point", "comma")}
    for name, allowed in choices.items():
        if said.get(name) is not None and said[name] not in allowed:
            raise InputError(
                _("--{option} is one of {choices}", option=name.replace("_", "-"), choices=", ".join(allowed))
            )
    delimiter = said.get("delimiter")
    if delimiter in {"tab", "\\t"}:
        delimiter = "\t"
    if delimiter is not None and len(delimiter) != 1:
        raise InputError(_("--delimiter is one character"))
    names = ("encoding", "header", "date_order", "decimal", "sheet")
    return Options(delimiter=delimiter, **{name: said.get(name) for name in names})


def pairs(said: list[str] | None) -> dict[str, str]:
    """`--map column=heading` options as heading by field.

    Raises:
        InputError: one has no equals sign.
    """
    found = {}
    for each in said or ():
        name, equals, heading = each.partition("=")
        if not equals:
            raise InputError(
                _("--map wants COLUMN=HEADING, not {said}", said=each), advice=_("e.g. --map name='Nombre completo'")
            )
        found[name.strip()] = heading.strip()
    return found


def tell(message: Message) -> None:
    """One line on standard error."""
    typer.echo(str(message), err=True)


def tell_reading(reading: Reading) -> None:
    """Say what was read of a file, and which rows were set aside and why."""
    for each in reading.notes:
        tell(_("{file}: {note}", file=reading.name, note=each))
    for problem in reading.problems[:SHOWN_PROBLEMS]:
        tell(_("{where}: {why}", where=problem.where(reading.name), why=problem.why))
        if problem.advice is not None:
            tell(_("  advice: {advice}", advice=problem.advice))
    if reading.set_aside > SHOWN_PROBLEMS:
        tell(_n("… and {number} more row", "… and {number} more rows", reading.set_aside - SHOWN_PROBLEMS))
    tell(
        _(
            "{file}: {rows} rows read, {aside} set aside",
            file=reading.name,
            rows=f"{reading.rows:,}",
            aside=f"{reading.set_aside:,}",
        )
    )


def tell_readings(readings: Iterable[Reading], aside: Path | None) -> None:
    """Say what was read of several files; the rows set aside of all of them go into one file where that is asked."""
    told = list(readings)
    for each in told:
        tell_reading(each)
    if aside is not None:
        write_aside(told, aside)


def write_aside(readings: Iterable[Reading], path: Path) -> None:
    """Write the rows set aside as CSV: file, row, column, value, why, advice."""
    import csv

    from convenio.files.writing import defused, whole

    with whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "column", "value", "why", "advice"])
        for reading in readings:
            for each in reading.problems:
                told = [reading.name, each.row, each.column, each.value, str(each.why), str(each.advice or "")]
                writer.writerow([defused(value) for value in told])


def problems_as_json(reading: Reading) -> list[dict[str, Any]]:
    """The first rows set aside, as JSON values."""
    return [
        {"row": each.row, "column": each.column, "value": each.value, "why": each.why.in_both()}
        for each in reading.problems[:1000]
    ]


def put(text: str, target: Path | None) -> None:
    """Write a text where `--json` asked for it."""
    if target is None:
        return
    if str(target) == "-":
        typer.echo(text, nl=not text.endswith("\n"))
        return
    from convenio.files.writing import whole

    with whole(target) as part:
        part.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
