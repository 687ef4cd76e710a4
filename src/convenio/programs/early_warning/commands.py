"""`convenio early-warning counts`: publishers' files and tables of every layout as one long table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, get_args

import typer

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _, language
from convenio.programs.early_warning.sources.weeks import WeekSystem

app = typer.Typer(
    help=_("Where is harm from drugs rising, what is in demand, where is help needed most?").id, no_args_is_help=True
)
WEEKS: tuple[WeekSystem, ...] = get_args(WeekSystem)


@app.callback()
def early_warning() -> None:
    """Counts, detection, alarms."""


@app.command(help=_("Read publishers' files (CDC VSRR, NFLIS) and tables of any layout as one long table.").id)
def counts(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("the files, of one layout or several").id)],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=_("where to write: .csv, .parquet, .xlsx, .json").id)
    ],
    indicator: Annotated[
        str | None, typer.Option(help=_("which indicator of a VSRR file, or all; deaths by overdose without it").id)
    ] = None,
    weeks: Annotated[
        str, typer.Option(metavar="iso|epi", help=_("weeks from Monday (ISO) or from Sunday (CDC, DGE)").id)
    ] = "iso",
    known_on: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY", help=_("the day on which each file was published, for vintages; one per file").id),
    ] = None,
) -> None:
    """Read files of counts and write them as one."""
    from convenio.files.writing import write
    from convenio.programs.early_warning.schema import Count
    from convenio.programs.early_warning.sources.reading import read_counts

    with _reported():
        days = _days(known_on, len(files))
        system = next((each for each in WEEKS if each == weeks), None)
        if system is None:
            raise InputError(_("{value} are no weeks", value=weeks), where="--weeks", advice=_("iso or epi"))
        parts = []
        for path, day in zip(files, days, strict=True):
            read = read_counts(path, indicator=indicator, weeks=system, known_on=day)
            typer.echo(
                str(
                    _(
                        "{file}: {layout}, {rows} rows",
                        file=path.name,
                        layout=read.layout,
                        rows=f"{read.table.num_rows:,}",
                    )
                ),
                err=True,
            )
            for note in read.notes:
                typer.echo(str(_("{file}: {note}", file=path.name, note=note)), err=True)
            parts.append(read.table)
        write(parts, Count.arrow_schema(), output)
        rows = sum(each.num_rows for each in parts)
        typer.echo(str(_("written: {file}, {rows} rows", file=str(output), rows=f"{rows:,}")), err=True)


def _days(told: list[str] | None, files: int) -> list[dt.date | None]:
    """One day per file; none where none is told."""
    if not told:
        return [None] * files
    if len(told) != files:
        raise InputError(
            _("{days} days are told for {files} files", days=len(told), files=files),
            where="--known-on",
            advice=_("say --known-on once for every file, in their order"),
        )
    try:
        return [dt.date.fromisoformat(each) for each in told]
    except ValueError as error:
        raise InputError(
            _("this is no day: {why}", why=str(error)), where="--known-on", advice=_("as in 2024-02-01")
        ) from error


@contextmanager
def _reported() -> Iterator[None]:
    """Show an error of ours as the user reads it and leave with its exit code."""
    try:
        yield
    except ConvenioError as error:
        typer.echo(error.explain(language.get()), err=True)
        raise typer.Exit(error.exit_code) from None
