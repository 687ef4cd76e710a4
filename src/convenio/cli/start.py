"""`convenio start`: day one, with one node, one administrator and no peer."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import Conflict
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
    party: Annotated[
        str | None, typer.Option(help=_("The party, as agreements name it: us, mx; us where nobody says.").id)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help=_("The port of its pages and API; 8701 where nobody says.").id)
    ] = None,
    exchange_port: Annotated[
        int | None, typer.Option(help=_("The port that peers call; 8702 where nobody says.").id)
    ] = None,
) -> None:
    """Start a node of your own: one administrator, no peer."""
    from convenio.cli.node import serve
    from convenio.node.settings import FILE, read_settings

    folder = home or default_home()
    if not (folder / FILE).exists():
        password = found(folder, party or "us", port or 8701, exchange_port or 8702)
        typer.echo(str(_("a node was made in {home}", home=str(folder))))
        typer.echo(str(_("sign in as {name} with the password {password}", name=ADMINISTRATOR, password=password)))
        typer.echo(str(_("it is shown this once; change it after signing in")))
    settings = read_settings(folder)
    agreed = {"party": party, "port": port, "exchange-port": exchange_port}
    held = {"party": settings.party, "port": settings.port, "exchange-port": settings.exchange_port}
    for name, said in agreed.items():
        if said is not None and said != held[name]:
            raise Conflict(
                _("this node has {held} as its {name}, not {said}", held=held[name], name=name, said=said),
                where=str(folder),
                advice=_(
                    "leave --{name} out, change {file}, or start another node in a new folder", name=name, file=FILE
                ),
                kept=_("nothing was started"),
            )
    told = _("once it serves, its pages are at {address}; Ctrl-C ends the node", address=settings.address)
    typer.echo(str(told))
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
