"""`convenio peer`: the other party's node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.cli.conditions import consents, copies, corrections
from convenio.core.words import _

app = typer.Typer(help=_("The other party's node.").id, no_args_is_help=True)
app.add_typer(copies, name="copy")
app.add_typer(consents, name="consent")
app.add_typer(corrections, name="correction")
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


@app.command("export", help=_("Write what waits for a peer to files: letters for a peer that no line joins.").id)
def export_letters(
    home: Home,
    peer: Annotated[str, typer.Argument(help=_("The other party.").id)],
    folder: Annotated[Path, typer.Argument(help=_("Where the files go.").id)],
) -> None:
    """Write letters to files; each is written again until the peer has told that it took it."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        written = node.courier.export(peer, folder)
    finally:
        node.close()
    for each in written:
        typer.echo(str(each))
    if not written:
        typer.echo(str(_("nothing waits for {party}", party=peer)))


@app.command("import", help=_("Take in letters that came as files; one taken before has no effect again.").id)
def import_letters(
    home: Home,
    files: Annotated[list[Path], typer.Argument(help=_("Files, or folders of them.").id)],
) -> None:
    """Take in letters in the order of their names; those that do not fit are named, the others are taken."""
    from convenio.core.errors import ConvenioError
    from convenio.core.words import language
    from convenio.node.node import open_node

    found = [sorted(each.glob("*.letter")) if each.is_dir() else [each] for each in files]
    paths = sorted(path for each in found for path in each)
    refused, node = 0, open_node(home)
    try:
        for path in paths:
            try:
                taken = node.courier.take(node.courier.read(path))
            except ConvenioError as error:
                refused += 1
                typer.echo(f"{path.name}: {error.explain(language.get())}", err=True)
                continue
            words = _("taken before") if taken.again else _("taken")
            typer.echo(f"{path.name}\t{taken.sender}\t{taken.kind}\t{words}")
    finally:
        node.close()
    if refused:
        raise typer.Exit(1)


@app.command(help=_("Take another key for a party's authority, this party's own or a peer's, from its handover.").id)
def handover(
    home: Home,
    document: Annotated[Path, typer.Argument(help=_("The handover, with all signatures.").id)],
) -> None:
    """Take an authority's new key; what the old one signs from now on is refused."""
    from convenio.node.node import open_node
    from convenio.policy.handover import read_handover

    signed = read_handover(document)
    node = open_node(home)
    try:
        told = node.peers.hand_over(signed)
    finally:
        node.close()
    typer.echo(str(_("the authority of {party} has another key now", party=told.party)))
