"""`convenio agreement`: check, sign, verify and show agreements; all of it works on files alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convenio.cli.authority import passphrase
from convenio.core.words import _, language

if TYPE_CHECKING:
    from convenio.policy.agreement import Agreement

app = typer.Typer(help=_("Agreements: check, compare, sign.").id, no_args_is_help=True)
File = Annotated[Path, typer.Argument(help=_("The agreement: YAML, or a signed agreement's JSON.").id)]
JsonTo = Annotated[str, typer.Option("--json", metavar="FILE|-", help=_("Write the result as JSON.").id)]


@app.command(help=_("Read an agreement and say whether it holds together.").id)
def check(file: File, json_to: JsonTo = "") -> None:
    """Check an agreement."""
    from convenio.policy.agreement import agreement_digest
    from convenio.policy.compile import compile_clause

    agreement = _document(file)
    told = {
        "id": agreement.id,
        "version": agreement.version,
        "digest": agreement_digest(agreement),
        "clauses": [each.id for each in agreement.clauses],
        "policies": sum(len(compile_clause(agreement, each).names) for each in agreement.clauses),
    }
    if _wrote(json_to, told):
        return
    typer.echo(
        str(_("{agreement}, version {version}, holds together", agreement=agreement.id, version=agreement.version))
    )
    typer.echo(str(_("digest: {digest}", digest=told["digest"])))
    for each in agreement.clauses:
        typer.echo(f"  {each.id}: {each.title.read(language.get())}")


@app.command(help=_("Sign an agreement with a party's authority; sign the signed one again for the next party.").id)
def sign(
    file: File,
    authority: Annotated[Path, typer.Option(help=_("The authority's folder.").id)],
    out: Annotated[Path, typer.Option(help=_("Where the signed agreement goes.").id)],
) -> None:
    """Sign an agreement."""
    from convenio.policy.agreement import read_signed
    from convenio.policy.agreement import sign as signed
    from convenio.policy.authority import AuthorityKey

    key = AuthorityKey.load(authority, passphrase())
    held = read_signed(file) if _is_signed(file) else _document(file)
    made = signed(held, key.private, key.party)
    out.write_text(made.text(), encoding="utf-8")
    missing = sorted({each.id for each in made.document.parties} - {each.party for each in made.signatures})
    typer.echo(str(_("{party} has signed; in {file}", party=key.party, file=str(out))))
    if missing:
        typer.echo(str(_("still to sign: {parties}", parties=", ".join(missing))))


@app.command(help=_("Verify that every party's authority has signed, and that it is in force.").id)
def verify(
    file: File,
    authority: Annotated[list[Path], typer.Option(help=_("An authority's public file; one for each party.").id)],
    at: Annotated[str, typer.Option(help=_("The day to look at, YYYY-MM-DD; today without it.").id)] = "",
) -> None:
    """Verify a signed agreement."""
    from convenio.core.errors import InputError
    from convenio.policy.agreement import read_signed, verify_signed
    from convenio.policy.authority import read_authority

    try:
        moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC) if at else dt.datetime.now(dt.UTC)
    except ValueError as error:
        raise InputError(_("this is no day: {day}", day=at), advice=_("write it as 2021-10-06")) from error
    known = {each.party: each.key for each in map(read_authority, authority)}
    agreement = verify_signed(read_signed(file), known, moment)
    typer.echo(
        str(
            _(
                "{agreement}, version {version}: signed by {parties}, in force",
                agreement=agreement.id,
                version=agreement.version,
                parties=", ".join(each.id for each in agreement.parties),
            )
        )
    )


@app.command(help=_("Show an agreement in plain words, both languages side by side.").id)
def show(file: File) -> None:
    """Show an agreement in plain words."""
    from rich.console import Console
    from rich.table import Table

    from convenio.policy.words import in_words

    agreement = _document(file)
    table = Table(title=f"{agreement.title.en}\n{agreement.title.es}", show_lines=True)
    table.add_column("English", ratio=1)
    table.add_column("Español", ratio=1)
    for clause in agreement.clauses:
        lines = in_words(agreement, clause)
        sides = [
            "\n".join([f"[bold]{clause.title.read(to)}[/bold]", *(f"• {each.in_language(to)}" for each in lines)])
            for to in ("en", "es")
        ]
        table.add_row(*sides)
    Console().print(table)


@app.command(help=_("Write an agreement as W3C ODRL 2.2 (JSON-LD).").id)
def odrl(file: File, json_to: JsonTo = "-") -> None:
    """Write an agreement as ODRL."""
    from convenio.policy.odrl import to_odrl

    _wrote(json_to or "-", to_odrl(_document(file)))


def _document(file: Path) -> Agreement:
    from convenio.policy.agreement import read_agreement, read_signed

    return read_signed(file).document if _is_signed(file) else read_agreement(file)


def _is_signed(file: Path) -> bool:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(held, dict) and "document" in held


def _wrote(target: str, told: object) -> bool:
    if not target:
        return False
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    if target == "-":
        typer.echo(text, nl=False)
    else:
        Path(target).write_text(text, encoding="utf-8")
    return True
