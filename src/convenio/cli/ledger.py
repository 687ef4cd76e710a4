"""`convenio ledger`: verify ledgers, read them, and write and check proofs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.core.errors import InputError
from convenio.core.words import Language, Message, _

app = typer.Typer(no_args_is_help=True, help=_("Verify ledgers and the proofs they give.").id, add_completion=False)

Home = Annotated[Path, typer.Argument(help=_("A node's folder, or a ledger's own.").id, metavar="HOME")]
Name = Annotated[str | None, typer.Option("--log", help=_("Only this ledger, by its folder's name.").id)]
Peer = Annotated[str, typer.Argument(help=_("The other party.").id, metavar="PEER")]
Json = Annotated[str | None, typer.Option("--json", help=_("Write JSON to this file; - is standard output.").id)]
Vkey = Annotated[
    str | None, typer.Option("--vkey", help=_("The ledger's verifier key, or a file with it; its own otherwise.").id)
]
Document = Annotated[Path, typer.Argument(help=_("The successor's document, signed.").id)]
WitnessVkey = Annotated[
    str | None, typer.Option("--witness-vkey", help=_("The witness's verifier key, or a file with it.").id)
]


@app.command(help=_("Compute every hash again and check every signature; fails when something does not hold.").id)
def verify(
    home: Home,
    log: Name = None,
    vkey: Vkey = None,
    witness_vkey: WitnessVkey = None,
    seen: Annotated[
        list[Path] | None,
        typer.Option("--seen", help=_("A checkpoint as the witness keeps it; it has to be of this history.").id),
    ] = None,
    json_to: Json = None,
) -> None:
    """Verify the ledgers of a folder."""
    from convenio.ledger.folders import ledgers_in
    from convenio.ledger.verify import verify as check

    notes = [_text(each) for each in seen or []]
    reports = [check(each, _key(vkey), _key(witness_vkey), seen=notes) for each in ledgers_in(home, log)]
    _write_json([each.as_json() for each in reports], json_to)
    if json_to != "-":
        for report in reports:
            _say(_line(report))
            for problem in report.problems:
                _say(_("  {what}", what=problem.what))
            if report.problems:
                _say(_("  sure: the first {count} entries", count=report.holds_until))
    if not all(each.holds for each in reports):
        raise typer.Exit(1)


@app.command(help=_("Show the newest entries.").id)
def tail(
    home: Home,
    log: Name = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help=_("How many.").id)] = 10,
    json_to: Json = None,
) -> None:
    """Show the newest entries of a folder's ledgers, oldest first."""
    from convenio.ledger.cosigned import last_cosigned, witness_of
    from convenio.ledger.entry import Entry
    from convenio.ledger.folders import ledgers_in, read_ledger

    rows: list[dict[str, Any]] = []
    for folder in ledgers_in(home, log):
        tree, head = read_ledger(folder)
        seen = last_cosigned(folder)
        cosigned = seen.size if seen is not None else 0
        alone = witness_of(folder) is None
        start = max(head.size - number, 0)
        for index, data in enumerate(tree.entries(start), start):
            witnessed = None if alone else index < cosigned
            try:
                entry = Entry.parse(data)
            except InputError:
                words = _("an entry of another form")
                rows.append({"ledger": folder.name, "index": index, "witnessed": witnessed, "words": words})
                continue
            rows.append(
                {
                    "ledger": folder.name,
                    "index": index,
                    "witnessed": witnessed,
                    "at": entry.at.isoformat(timespec="seconds"),
                    "kind": entry.kind,
                    "words": entry.words,
                    "actor": entry.actor,
                    "subject": entry.subject,
                    "body": dict(entry.body),
                }
            )
    _write_json([{**row, "words": row["words"].in_both()} for row in rows], json_to)
    if json_to != "-":
        _table(rows)


@app.command(help=_("Write the proof that an entry stands in a ledger; anyone can check it offline.").id)
def prove(
    home: Home,
    index: Annotated[int, typer.Option("--index", min=0, help=_("The entry's index, from 0.").id)],
    log: Name = None,
    out: Annotated[
        str, typer.Option("--out", help=_("The proof's file; - is standard output.").id, metavar="FILE")
    ] = "-",
) -> None:
    """Write one entry's proof, under the last cosigned checkpoint where that covers it."""
    from convenio.ledger.cosigned import last_cosigned
    from convenio.ledger.folders import ledgers_in, read_ledger
    from convenio.ledger.proof import prove as proof_of

    found = ledgers_in(home, log)
    if len(found) > 1:
        raise InputError(
            _("there are several ledgers here: {names}", names=", ".join(each.name for each in found)),
            where=str(home),
            advice=_("name one with --log"),
        )
    tree, head = read_ledger(found[0])
    seen = last_cosigned(found[0])
    if seen is not None and index < seen.size <= head.size:
        head = seen
    _write(proof_of(tree, head, index).text(), out)
    if out != "-":
        _say(_("the proof of entry {index} is in {file}", index=index, file=out))


@app.command("check-proof", help=_("Check a proof's file, offline.").id)
def check_proof(
    file: Annotated[Path, typer.Argument(help=_("The proof.").id, metavar="FILE")],
    vkey: Annotated[str, typer.Option("--vkey", help=_("The ledger's verifier key, or a file with it.").id)],
    witness_vkey: WitnessVkey = None,
    json_to: Json = None,
) -> None:
    """Check that the entry in a proof's file stands in the ledger of a key."""
    from convenio.ledger.proof import Proof

    proof = Proof.parse(_text(file))
    head = proof.check(_key(vkey) or vkey, _key(witness_vkey))
    entry = proof.entry.decode("utf-8", errors="replace")
    row = {"ledger": head.origin, "index": proof.index, "size": head.size, "entry": entry, "holds": True}
    _write_json(row, json_to)
    if json_to != "-":
        _say(_("entry {index} stands in {ledger}:", index=proof.index, ledger=head.origin))
        _say(Message("{entry}", {"entry": entry}))


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
    _write_json(found.as_json(), json_to)
    if json_to != "-":
        for each in found.orphans:
            _say(
                _(
                    "{party}, entry {index}, {words} ({subject}): {what}",
                    party=each.party,
                    index=each.index,
                    words=each.entry.words,
                    subject=each.entry.subject,
                    what=each.what,
                )
            )
        _say(
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
    _write_json(rows, json_to)
    _write_csv([headings[name].in_language(to) for name in headings], [list(row.values()) for row in rows], csv_to)
    if "-" not in {json_to, csv_to}:
        _show([headings[name].in_language(to) for name in headings], [list(row.values()) for row in rows])
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
        _say(_("{name}: held; the node compares it with its witness when it is started", name=folder.name))


@app.command(help=_("Write down what this node, as its witness, has seen of a peer's border ledger.").id)
def seen(home: Home, peer: Peer, out: Annotated[Path, typer.Argument(help=_("Where the note goes.").id)]) -> None:
    """Write the last checkpoint that this node cosigned, for the ceremony of a successor."""
    from convenio.node.succession import seen as note_of

    out.write_text(note_of(home, peer), encoding="utf-8")


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

    made = draft(home, peer, _text(note), {"en": en, "es": es})
    _write(json.dumps(made.as_json(), indent=2, ensure_ascii=False) + "\n", str(out))
    told = made.body
    _say(
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
    _say(_("the successor has begun; the closed ledger is in {folder}", folder=str(old)))


@app.command("accept-successor", help=_("Follow the successor of a peer's border ledger from now on.").id)
def accept(home: Home, peer: Peer, document: Document) -> None:
    """Accept the successor of a peer's ledger, as its witness."""
    from convenio.node.succession import accept_successor, read_successor

    signed = read_successor(document)
    accept_successor(home, peer, signed)
    _say(_("{ledger} is followed from now on", ledger=signed.body["successor"]))


@app.command(help=_("Write two made-up border ledgers that cosign each other, to try these commands on.").id)
def example(
    folder: Annotated[Path, typer.Argument(help=_("A folder that is empty or not there yet.").id, metavar="FOLDER")],
    exchanges: Annotated[int, typer.Option("--exchanges", min=1, max=100_000, help=_("How many.").id)] = 20,
) -> None:
    """Write made-up ledgers."""
    from convenio.ledger.example import write_example

    ends = write_example(folder, exchanges=exchanges, now=_now())
    _say(_("{number} made-up exchanges between us and mx are in {folder}", number=len(ends), folder=str(folder)))


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


def _line(report: Any) -> Message:
    name = report.folder.name
    if not report.holds:
        return _("{name}: does NOT hold, {size} entries", name=name, size=report.size)
    if report.cosigned is None:
        return _("{name}: holds, {size} entries", name=name, size=report.size)
    waiting = report.size - report.cosigned
    return _(
        "{name}: holds, {size} entries, {cosigned} cosigned, {waiting} not yet",
        name=name,
        size=report.size,
        cosigned=report.cosigned,
        waiting=waiting,
    )


def _table(rows: list[dict[str, Any]]) -> None:
    headings = [
        str(each) for each in (_("ledger"), _("entry"), _("when"), _("what"), _("who"), _("about"), _("witness"))
    ]
    names = ("ledger", "index", "at", "words", "actor", "subject")
    mark = {True: _("seen"), False: _("not yet"), None: ""}
    _show(headings, [[*(row.get(name, "") for name in names), mark[row["witnessed"]]] for row in rows])


def _show(headings: list[str], rows: list[list[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if each is None else str(each) for each in row))
    Console().print(table)


def _write_csv(headings: list[str], rows: list[list[Any]], to: str | None) -> None:
    if to is None:
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    _write(text.getvalue(), to)


def _say(message: Message) -> None:
    typer.echo(str(message))


def _write_json(value: Any, to: str | None) -> None:
    if to is None:
        return
    _write(json.dumps(value, ensure_ascii=False, indent=2) + "\n", to)


def _write(text: str, to: str) -> None:
    if to == "-":
        sys.stdout.write(text)
        return
    Path(to).parent.mkdir(parents=True, exist_ok=True)
    Path(to).write_text(text, encoding="utf-8")


def _key(value: str | None) -> str | None:
    """A verifier key, or the content of the file that is named instead."""
    if value is None or "+" in value:
        return value
    return _text(Path(value)).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_("this file cannot be read as text"), where=str(path)) from error
