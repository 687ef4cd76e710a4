"""`convenio ledger`: verify ledgers, read them, and write and check proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.cli import ledger_border
from convenio.cli.ledger_said import Home, Json, Name, Vkey, WitnessVkey, key, say, show, text, write, write_json
from convenio.core.errors import InputError
from convenio.core.words import Message, _

app = typer.Typer(no_args_is_help=True, help=_("Verify ledgers and the proofs they give.").id, add_completion=False)


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

    notes = [text(each) for each in seen or []]
    reports = [check(each, key(vkey), key(witness_vkey), seen=notes) for each in ledgers_in(home, log)]
    write_json([each.as_json() for each in reports], json_to)
    if json_to != "-":
        for report in reports:
            say(_line(report))
            for problem in report.problems:
                say(_("  {what}", what=problem.what))
            if report.problems:
                say(_("  sure: the first {count} entries", count=report.holds_until))
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
    write_json([{**row, "words": row["words"].in_both()} for row in rows], json_to)
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
    write(proof_of(tree, head, index).text(), out)
    if out != "-":
        say(_("the proof of entry {index} is in {file}", index=index, file=out))


@app.command("check-proof", help=_("Check a proof's file, offline.").id)
def check_proof(
    file: Annotated[Path, typer.Argument(help=_("The proof.").id, metavar="FILE")],
    vkey: Annotated[str, typer.Option("--vkey", help=_("The ledger's verifier key, or a file with it.").id)],
    witness_vkey: WitnessVkey = None,
    json_to: Json = None,
) -> None:
    """Check that the entry in a proof's file stands in the ledger of a key."""
    from convenio.ledger.proof import Proof

    proof = Proof.parse(text(file))
    head = proof.check(key(vkey) or vkey, key(witness_vkey))
    entry = proof.entry.decode("utf-8", errors="replace")
    row = {"ledger": head.origin, "index": proof.index, "size": head.size, "entry": entry, "holds": True}
    write_json(row, json_to)
    if json_to != "-":
        say(_("entry {index} stands in {ledger}:", index=proof.index, ledger=head.origin))
        say(Message("{entry}", {"entry": entry}))


app.add_typer(ledger_border.app)


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
    show(headings, [[*(row.get(name, "") for name in names), mark[row["witnessed"]]] for row in rows])
