"""`convenio ledger` across the border: reconciliation, paperwork, and what follows a restore or a loss."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.cli.ledger_said import Document, Home, Json, Name, Peer, say, show, text, write, write_csv, write_json
from convenio.core.errors import InputError
from convenio.core.words import Language, _

app = typer.Typer(add_completion=False)


@app.command(help=_("Hold a border ledger against the other party's: every disclosure with its reception.").id)
def reconcile(
    home: Home,
    peer: Peer,
    other: Annotated[
        Path | None,
        typer.Option("--with", help=_("The other party's ledger or a copy of it; our mirror of it otherwise.").id),
    ] = None,
    json_to: Json = None,
) -> None:
    """Reconcile our border ledger with a peer's."""
    from convenio.ledger.reconcile import read_entries
    from convenio.ledger.reconcile import reconcile as hold_against

    ours = _sound(_border(home, peer))
    theirs = _sound(other if other is not None else home / "mirror" / peer)
    us = ours[1].origin.partition("/")[0].removeprefix("convenio.")
    found = hold_against((us, read_entries(ours[0])), (peer, read_entries(theirs[0])), now=_now())
    write_json(found.as_json(), json_to)
    if json_to != "-":
        for each in found.orphans:
            say(
                _(
                    "{party}, entry {index}, {words} ({subject}): {what}",
                    party=each.party,
                    index=each.index,
                    words=each.entry.words,
                    subject=each.entry.subject,
                    what=each.what,
                )
            )
        say(
            _(
                "{paired} entries have their counterpart, {orphans} do not",
                paired=found.paired,
                orphans=len(found.orphans),
            )
        )
    if not found.holds:
        raise typer.Exit(1)


@app.command(help=_("Write the contact report or the accounting of disclosures, from entries without content.").id)
def report(
    home: Home,
    peer: Peer,
    kind: Annotated[str, typer.Option("--kind", help=_("contact (Mexico) or accounting (United States).").id)],
    report_language: Annotated[
        str | None,
        typer.Option("--in", help=_("Its language; Spanish for contact, English for accounting otherwise.").id),
    ] = None,
    csv_to: Annotated[
        str | None, typer.Option("--csv", help=_("Write CSV to this file; - is standard output.").id)
    ] = None,
    json_to: Json = None,
) -> None:
    """Write the paperwork of a border ledger; fails when a term is over."""
    from convenio.ledger import reports
    from convenio.ledger.reconcile import read_entries

    if kind not in {"contact", "accounting"}:
        raise InputError(_("there is no report {kind}", kind=kind), advice=_("the kinds are contact and accounting"))
    to: Language = "es" if (report_language or {"contact": "es", "accounting": "en"}[kind]) == "es" else "en"
    entries = list(read_entries(_sound(_border(home, peer))[0]))
    late: list[reports.ContactReport] = []
    if kind == "contact":
        internal = home / "ledger" / "internal"
        filed = reports.filed_in(read_entries(_sound(internal)[0])) if internal.is_dir() else set()
        contacts = reports.contact_reports(entries, peer, now=_now(), filed=filed)
        headings, rows = reports.CONTACT_HEADINGS, [each.row(to) for each in contacts]
        late = reports.alarm(contacts)
    else:
        headings = reports.ACCOUNTING_HEADINGS
        rows = [each.row(to) for each in reports.accounting(entries, peer)]
    write_json(rows, json_to)
    write_csv([headings[name].in_language(to) for name in headings], [list(row.values()) for row in rows], csv_to)
    if "-" not in {json_to, csv_to}:
        show([headings[name].in_language(to) for name in headings], [list(row.values()) for row in rows])
    for each in late:
        words = _(
            "{exchange}: {state}, {due}", exchange=each.exchange.id, state=reports.STATES[each.state], due=each.due
        )
        typer.echo(str(words), err=True)
    if any(each.state == "overdue" for each in late):
        raise typer.Exit(1)


@app.command("mark-restored", help=_("After a restore: hold ledgers until what their witness has seen is there.").id)
def mark(home: Home, log: Name = None) -> None:
    """Hold the ledgers of a folder that was brought back from a backup."""
    from convenio.ledger.folders import ledgers_in
    from convenio.ledger.recovery import mark_restored

    for folder in ledgers_in(home, log):
        mark_restored(folder)
        say(_("{name}: held; the node compares it with its witness when it is started", name=folder.name))


@app.command(help=_("Write down what this node, as its witness, has seen of a peer's border ledger.").id)
def seen(home: Home, peer: Peer, out: Annotated[Path, typer.Argument(help=_("Where the note goes.").id)]) -> None:
    """Write the last checkpoint that this node cosigned, for the ceremony of a successor."""
    from convenio.node.succession import seen as note_of

    write(note_of(home, peer), str(out))


@app.command("draft-successor", help=_("Draft the document by which another succeeds a border ledger.").id)
def draft_successor(
    home: Home,
    peer: Peer,
    note: Annotated[Path, typer.Argument(help=_("What the peer has seen: convenio ledger seen.").id)],
    out: Annotated[Path, typer.Argument(help=_("Where the document goes.").id)],
    en: Annotated[str, typer.Option(help=_("Why, in English.").id)],
    es: Annotated[str, typer.Option(help=_("Why, in Spanish.").id)],
) -> None:
    """Draft a successor; both authorities sign it: convenio authority sign-successor."""
    from convenio.node.succession import draft_successor as draft

    made = draft(home, peer, text(note), {"en": en, "es": es})
    write(json.dumps(made.as_json(), indent=2, ensure_ascii=False) + "\n", str(out))
    told = made.body
    say(
        _(
            "{ledger}: the peer has seen {seen} entries, {left} are left; both authorities sign {file}",
            ledger=told["ledger"],
            seen=told["seen"]["size"],
            left=told["left"]["size"],
            file=str(out),
        )
    )


@app.command(help=_("Close a border ledger and begin its successor, once both authorities have signed.").id)
def succeed(home: Home, peer: Peer, document: Document) -> None:
    """Close a border ledger and begin its successor; the node does not serve now."""
    from convenio.node.succession import read_successor, succeed_border

    old = succeed_border(home, peer, read_successor(document))
    say(_("the successor has begun; the closed ledger is in {folder}", folder=str(old)))


@app.command("accept-successor", help=_("Follow the successor of a peer's border ledger from now on.").id)
def accept(home: Home, peer: Peer, document: Document) -> None:
    """Accept the successor of a peer's ledger, as its witness."""
    from convenio.node.succession import accept_successor, read_successor

    signed = read_successor(document)
    accept_successor(home, peer, signed)
    say(_("{ledger} is followed from now on", ledger=signed.body["successor"]))


@app.command(help=_("Write two made-up border ledgers that cosign each other, to try these commands on.").id)
def example(
    folder: Annotated[Path, typer.Argument(help=_("A folder that is empty or not there yet.").id, metavar="FOLDER")],
    exchanges: Annotated[int, typer.Option("--exchanges", min=1, max=100_000, help=_("How many.").id)] = 20,
) -> None:
    """Write made-up ledgers."""
    from convenio.ledger.example import write_example

    ends = write_example(folder, exchanges=exchanges, now=_now())
    say(_("{number} made-up exchanges between us and mx are in {folder}", number=len(ends), folder=str(folder)))


def _sound(folder: Path) -> Any:
    """A ledger that verifies, for reading."""
    from convenio.ledger.folders import read_ledger
    from convenio.ledger.verify import verify as check

    if not check(folder).holds:
        raise InputError(
            _("this ledger does not verify"),
            where=str(folder),
            advice=_("convenio ledger verify says what still holds"),
        )
    return read_ledger(folder)


def _border(home: Path, peer: str) -> Path:
    from convenio.ledger.folders import ledgers_in

    return ledgers_in(home, None if (home / "checkpoint").exists() else f"border-{peer}")[0]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
