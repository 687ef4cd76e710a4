"""`convenio missing example`: made-up files to try the commands on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.missing.commands.shared import reported


def example(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("where the made-up files go").id)],
) -> None:
    """Write made-up families, remains and frequencies to try the commands on."""
    with reported():
        from convenio.programs.missing.example import files

        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files().items():
            (folder / name).write_text(text, encoding="utf-8")
            typer.echo(str(folder / name))
