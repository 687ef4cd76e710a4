"""`convenio node records` and `share`: what a node's agencies hold, and who else of the party may read it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _

app = typer.Typer(add_completion=False)

Home = Annotated[Path, typer.Argument(help=_("The node's folder.").id)]


@app.command(help=_("List what an agency holds, without its rows.").id)
def records(
    home: Home,
    by: Annotated[str, typer.Option(help=_("An account of that agency.").id)],
) -> None:
    """List an agency's datasets."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from convenio.node.node import open_node

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("number"), _("record type"), _("title"), _("rows"), _("taken in")):
        shown.add_column(Text(str(heading)), overflow="fold")
    node = open_node(home)
    try:
        agency = node.people.person(by).agency
        for each in node.holdings.all():
            if each.agency == agency:
                cells = (each.id, each.record_type, each.title, f"{each.rows:,}", f"{each.created_at:%Y-%m-%d %H:%M}")
                shown.add_row(*map(Text, cells))
    finally:
        node.close()
    Console().print(shown)


@app.command(
    help=_("Let another agency read records until a day, or end that with --end; the holder's supervisor may.").id
)
def share(
    home: Home,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("The records, as convenio node records lists.").id)],
    agency: Annotated[str, typer.Option("--with", metavar="AGENCY", help=_("The agency that may read them.").id)],
    reason: Annotated[str, typer.Option(help=_("Why; it stands behind the ledger's entry.").id)],
    by: Annotated[str, typer.Option(help=_("The supervisor who consents.").id)],
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=_("The day on which this ends, in UTC.").id)
    ] = None,
    *,
    end: Annotated[bool, typer.Option("--end", help=_("Take the consent back before its day.").id)] = False,
) -> None:
    """Consent to another agency's reading, or take that back; each leaves an entry."""
    from convenio.node.node import open_node

    if end == (until is not None):
        raise InputError(_("say either --until or --end"), advice=_("a day until which it reads, or its end now"))
    last = None if until is None else _day(until)
    node = open_node(home)
    try:
        known = [each["name"] for each in node.people.agencies()]
        if agency not in known:
            raise NotFound(
                _("there is no agency {name}", name=agency),
                advice=_("these are here: {names}", names=", ".join(known)),
                kept=_("nothing was changed"),
            )
        actor = node.people.person(by)
        if last is None:
            node.holdings.end_consent(number, agency, actor=actor, reason=reason)
        else:
            node.holdings.consent(number, agency, actor=actor, reason=reason, until=last)
    finally:
        node.close()
    if last is None:
        typer.echo(str(_("{agency} may no longer read these records", agency=agency)))
    else:
        typer.echo(str(_("{agency} may read these records until {day}", agency=agency, day=until)))


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    except ValueError as error:
        raise InputError(_("{day} is no day", day=text), where="--until", advice=_("e.g. 2026-06-30")) from error
