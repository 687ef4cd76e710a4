"""`convenio backup` and `convenio restore`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _


def backup(
    home: Annotated[Path, typer.Argument(metavar="HOME", help=_("The node's folder.").id)],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The archive to write, .tar.").id)],
) -> None:
    """Write a node's data, without its keys, into one archive."""
    from convenio.cli.archive import write_backup

    manifest = write_backup(home, file, at=dt.datetime.now(dt.UTC))
    typer.echo(str(_("{count} files are in {file}", count=len(manifest["files"]), file=str(file))))
    typer.echo(str(_("keys are not in it: copy {folder} to another place", folder=str(home / "keys"))))
    if manifest["database"] == "server":
        typer.echo(str(_("the server's database is in it as of one moment")))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The archive.").id)],
    home: Annotated[Path, typer.Argument(metavar="HOME", help=_("A folder that does not exist yet.").id)],
    keys: Annotated[Path | None, typer.Option("--keys", help=_("The node's key folder, kept apart.").id)] = None,
    database: Annotated[
        str | None, typer.Option("--database", help=_("An empty PostgreSQL database; the one it had without this.").id)
    ] = None,
) -> None:
    """Bring a node back from an archive; its ledgers wait for what their witnesses have seen."""
    from convenio.cli.archive import restore_backup

    manifest = restore_backup(file, home, keys=keys, database=database)
    typer.echo(
        str(
            _(
                "the node of {party}, as of {at}, is in {home}",
                party=manifest["party"],
                at=manifest["at"][:16],
                home=str(home),
            )
        )
    )
    typer.echo(str(_("its border ledgers take no entries until what their witnesses have seen is there again")))
    if keys is None:
        typer.echo(str(_("put its key folder into {folder} before it starts", folder=str(home / "keys"))))
