"""`convenio template`: an empty file with the right headings, in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _


def template(
    type_: Annotated[
        str | None, typer.Argument(metavar="TYPE", help=_("The type; without one, all are listed.").id)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("Write it here: .csv or .xlsx.").id)
    ] = None,
) -> None:
    """Write an empty file for a type of record."""
    from convenio.files.templates import template_csv, write_template
    from convenio.files.types import record_type, record_types

    if type_ is None:
        for name, record in sorted(record_types().items()):
            typer.echo(f"{name}: {record.title}")
        return
    record = record_type(type_)
    if output is None:
        typer.echo(template_csv(record), nl=False)
        return
    write_template(record, output)
    typer.echo(str(_("written: {file}", file=str(output))), err=True)
