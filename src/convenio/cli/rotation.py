"""`convenio node rotate`: a node's own key gives way to a new one, at a moment that both sides know from the roster."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _


def rotate(
    home: Annotated[Path, typer.Argument(help=_("The node's folder.").id)],
    kind: Annotated[str, typer.Argument(help=_("node, envelope, ledger, cosigner or tls.").id)],
    since: Annotated[
        str, typer.Option("--from", help=_("From when the new key is good, 2026-12-01T06:00; at once without it.").id)
    ] = "",
    *,
    into_use: Annotated[
        bool, typer.Option("--into-use", help=_("Take the waiting key into use; the node does not serve now.").id)
    ] = False,
) -> None:
    """Make a new key and the roster request that names it, or take it into use once that roster is taken."""
    from convenio.core.errors import InputError
    from convenio.node.setup import rotate as make
    from convenio.node.setup import take_into_use

    if into_use:
        request = take_into_use(home, kind)
        typer.echo(str(_("the new key is in use; the old one opens what was sealed to it")))
        typer.echo(str(_("when no letter waits, have the authority sign {file}: it revokes the old key", file=request)))
        return
    try:
        moment = dt.datetime.fromisoformat(since) if since else dt.datetime.now(dt.UTC)
    except ValueError as error:
        raise InputError(
            _("this is no moment: {text}", text=since), advice=_("write it as 2026-12-01T06:00")
        ) from error
    request = make(home, kind, moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC))
    typer.echo(str(_("a new key waits; have the authority sign {file}, and both sides take that roster", file=request)))
    typer.echo(str(_("then, at its moment, stop the node: convenio node rotate --into-use")))
