"""`convenio start`: day one, with one node, one administrator and no peer."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _, language

AGENCY = "own"
ADMINISTRATOR = "administrator"


def default_home() -> Path:
    """Where a node lies when nobody says: CONVENIO_HOME, else the user's data folder."""
    told = os.environ.get("CONVENIO_HOME")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(told) if told else Path(base) / "convenio" / "node"


def start(
    home: Annotated[
        Path | None, typer.Argument(metavar="HOME", help=_("The node's folder; made on the first day.").id)
    ] = None,
    party: Annotated[str, typer.Option(help=_("The party, as agreements name it: us, mx.").id)] = "us",
    port: Annotated[int, typer.Option(help=_("The port of its pages and API.").id)] = 8701,
    exchange_port: Annotated[int, typer.Option(help=_("The port that peers call.").id)] = 8702,
) -> None:
    """Start a node of your own: one administrator, no peer."""
    from convenio.cli.node import serve
    from convenio.node.settings import FILE

    folder = home or default_home()
    if not (folder / FILE).exists():
        password = found(folder, party, port, exchange_port)
        typer.echo(str(_("a node was made in {home}", home=str(folder))))
        typer.echo(str(_("sign in as {name} with the password {password}", name=ADMINISTRATOR, password=password)))
        typer.echo(str(_("it is shown this once; change it after signing in")))
    from convenio.node.settings import read_settings

    typer.echo(str(_("the pages are at {address}; Ctrl-C ends the node", address=read_settings(folder).address)))
    serve(folder)


def found(home: Path, party: str, port: int, exchange_port: int) -> str:
    """Make a node with one agency and one administrator, whole or not at all.

    Returns:
        The administrator's password.
    """
    import shutil

    from convenio.node.node import open_node
    from convenio.node.settings import settings_from
    from convenio.node.setup import create_node

    told = {"us": "Convenio, United States", "mx": "Convenio, México"}
    settings = settings_from(
        home=home,
        party=party,
        name=told.get(party, f"Convenio, {party}"),
        language=language.get(),
        port=port,
        exchange_port=exchange_port,
    )
    create_node(settings)
    password = secrets.token_urlsafe(12)
    try:
        node = open_node(home)
        try:
            node.people.add_agency(AGENCY, en="Own agency", es="Dependencia propia")
            node.people.add(
                ADMINISTRATOR,
                password,
                full_name=str(_("Administrator")),
                agency=AGENCY,
                roles=["administrator"],
                language=language.get(),
            )
        finally:
            node.close()
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return password
