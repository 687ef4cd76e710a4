"""`convenio finance example`: made-up lists and customers, so that every command can be tried at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.finance.commands.shared import reported


def example(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("where to write; made if new").id)],
    customers: Annotated[int, typer.Option(min=10, max=1_000_000, help=_("how many customers").id)] = 2000,
) -> None:
    """Write two states of a made-up list in OFAC's form and a file of made-up customers."""
    from convenio.programs.finance.example import write_example

    with reported():
        made = write_example(folder, customers=customers)
        typer.echo(str(_("wrote {files} in {folder}", files=", ".join(each.name for each in made), folder=str(folder))))
