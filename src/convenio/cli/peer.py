"""`convenio peer`: the other party's node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _

app = typer.Typer(help=_("The other party's node.").id, no_args_is_help=True)
Home = Annotated[Path, typer.Argument(help=_("The node's folder.").id)]


@app.command(help=_("Add a peer, or take its newer roster or address.").id)
def add(
    home: Home,
    roster: Annotated[Path, typer.Option(help=_("The peer's roster, signed by its authority.").id)],
    authority: Annotated[
        Path, typer.Option(help=_("The peer's authority: its public file, whose fingerprint you compared.").id)
    ],
    address: Annotated[str, typer.Option(help=_("The peer's exchange address, https://host:port.").id)],
) -> None:
    """Add a peer."""
    from convenio.node.node import open_node
    from convenio.policy.authority import read_authority
    from convenio.policy.roster import read_signed_roster

    signed, public = read_signed_roster(roster), read_authority(authority)
    node = open_node(home)
    try:
        known = node.peers.add(public.party, signed, public.key, address)
    finally:
        node.close()
    typer.echo(
        str(
            _(
                "{party} is a peer now: roster {version}, authority {fingerprint}",
                party=known.party,
                version=known.version,
                fingerprint=public.fingerprint,
            )
        )
    )


@app.command("list", help=_("Show the peers of a node.").id)
def list_peers(home: Home) -> None:
    """Show the peers."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        for each in node.peers.all():
            seen = each.last_seen.isoformat(timespec="seconds") if each.last_seen else "-"
            typer.echo(f"{each.party}\t{each.address}\t{each.roster_version}\t{seen}")
    finally:
        node.close()
