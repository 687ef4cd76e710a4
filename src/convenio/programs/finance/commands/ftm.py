"""`convenio finance ftm`: a list as FollowTheMoney JSON, for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.finance.commands.shared import EncodingOption, reported, warned


def ftm(
    listed: Annotated[Path, typer.Argument(metavar="LIST", help=_("a list in any form that is read").id)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("where to write; the screen otherwise").id)
    ] = None,
    encoding: EncodingOption = None,
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help=_("the files are extracts without the publisher's end mark").id)
    ] = False,
) -> None:
    """Write a list as FollowTheMoney JSON, one entity a line; nothing is written where the list cannot be read."""
    from convenio.programs.finance.sources.ftm import as_ftm
    from convenio.programs.finance.sources.reading import read_list

    with reported():
        read = read_list(listed, encoding=encoding, partial=partial)
        warned(read.warnings)
        lines = as_ftm(read.entries)
        if output is None:
            for line in lines:
                typer.echo(line)
            return
        made = output.with_name(f".{output.name}.part")
        with made.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        made.replace(output)
        typer.echo(str(_("{count} entities written to {file}", count=len(read.entries), file=output.name)), err=True)
