"""`convenio authority`: a party's offline key, and the rosters it signs. Runs on a machine without a network."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _

app = typer.Typer(help=_("A party's authority: its offline key and its rosters.").id, no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help=_("The authority's folder.").id)]
PASSPHRASE = "CONVENIO_AUTHORITY_PASSPHRASE"  # noqa: S105 - the name of a variable


def passphrase() -> str | None:
    """The passphrase from the environment; None where there is none."""
    return os.environ.get(PASSPHRASE) or None


@app.command(help=_("Make a party's authority key, in a folder of its own.").id)
def init(
    folder: Folder,
    party: Annotated[str, typer.Option(help=_("The party, as agreements name it: us, mx.").id)],
) -> None:
    """Make an authority's key; it is sealed by the passphrase in CONVENIO_AUTHORITY_PASSPHRASE where that is set."""
    from convenio.policy.authority import PUBLIC, AuthorityKey, read_authority

    AuthorityKey.create(folder, party, passphrase())
    made = read_authority(folder / PUBLIC)
    typer.echo(str(_("the authority of {party} is in {folder}", party=party, folder=str(folder))))
    typer.echo(str(_("fingerprint: {fingerprint}", fingerprint=made.fingerprint)))
    typer.echo(str(_("give {file} to the other side, and compare the fingerprint by another way", file=PUBLIC)))
    if passphrase() is None:
        typer.echo(str(_("the key is not sealed: set {variable} to seal it", variable=PASSPHRASE)))


@app.command(help=_("Show an authority's party and fingerprint.").id)
def show(folder: Folder) -> None:
    """Show an authority's party and fingerprint."""
    from convenio.policy.authority import read_authority

    known = read_authority(folder)
    typer.echo(f"{known.party}\t{known.fingerprint}")


@app.command("sign-roster", help=_("Sign a node's roster request.").id)
def sign_roster(
    folder: Folder,
    request: Annotated[Path, typer.Argument(help=_("The roster request that the node wrote.").id)],
    out: Annotated[Path, typer.Argument(help=_("Where the signed roster goes.").id)],
) -> None:
    """Sign a roster request."""
    from convenio.core.errors import InputError
    from convenio.policy.authority import AuthorityKey
    from convenio.policy.roster import read_roster
    from convenio.policy.roster import sign_roster as signed

    key, wanted = AuthorityKey.load(folder, passphrase()), read_roster(request)
    if wanted.party != key.party:
        raise InputError(
            _("this is the roster of {other}, not of {party}", other=wanted.party, party=key.party),
            where=str(request),
            kept=_("nothing was signed"),
        )
    out.write_text(signed(wanted, key.private).text(), encoding="utf-8")
    for each in wanted.keys:
        typer.echo(f"{each.kind}\t{each.public[:24]}…")
    for officer in wanted.officers:
        typer.echo(f"{officer.name}\t{officer.agency}\t{', '.join(officer.roles)}\t{officer.credential[:16]}")
    typer.echo(
        str(
            _(
                "signed: roster {version} of {party}, in {file}",
                version=wanted.version,
                party=wanted.party,
                file=str(out),
            )
        )
    )


@app.command(help=_("Mark keys or credentials of a roster as revoked; sign it afterwards.").id)
def revoke(
    request: Annotated[Path, typer.Argument(help=_("A signed roster.").id)],
    out: Annotated[Path, typer.Argument(help=_("Where the roster to be signed goes.").id)],
    key: Annotated[list[str], typer.Option(help=_("A credential's name, or the beginning of a public key.").id)],
) -> None:
    """Revoke keys: they stay in the roster, with the moment from which nothing signed by them is taken."""
    from convenio.policy.roster import read_signed_roster, revoked

    made, names = revoked(read_signed_roster(request).roster, key, dt.datetime.now(dt.UTC))
    out.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for each in names:
        typer.echo(str(_("revoked: {name}", name=each)))


@app.command(help=_("Write the document by which an authority's key gives way to another; both keys sign it.").id)
def handover(
    old: Annotated[
        Path, typer.Argument(help=_("The authority's folder; its public file alone where the key is lost.").id)
    ],
    new: Annotated[Path, typer.Argument(help=_("Folder of the new key; made where there is none.").id)],
    out: Annotated[Path, typer.Argument(help=_("Where the document goes.").id)],
    en: Annotated[str, typer.Option(help=_("Why, in English.").id)],
    es: Annotated[str, typer.Option(help=_("Why, in Spanish.").id)],
    *,
    lost: Annotated[
        bool, typer.Option("--lost", help=_("The old key is lost or in other hands; other parties sign instead.").id)
    ] = False,
) -> None:
    """Write a handover: signed by both keys, or by the new one alone where the old is lost."""
    from convenio.policy.authority import KEY, AuthorityKey, read_authority
    from convenio.policy.handover import draft, signed

    known = read_authority(old)
    was = None if lost else AuthorityKey.load(old, passphrase())
    if not (new / KEY).exists():
        AuthorityKey.create(new, known.party, passphrase())
    key = AuthorityKey.load(new, passphrase())
    made = draft(known.party, known.key, key.public, {"en": en, "es": es}, dt.datetime.now(dt.UTC), lost=lost)
    made = signed(made, "new", key.private)
    if was is not None:
        made = signed(made, "old", was.private)
    out.write_text(made.text(), encoding="utf-8")
    typer.echo(str(_("{party}: new fingerprint {fingerprint}", party=known.party, fingerprint=fingerprint(new))))
    if lost:
        typer.echo(str(_("every other party's authority signs {file}: convenio authority countersign", file=str(out))))
    typer.echo(str(_("every node takes it: convenio peer handover")))


@app.command(help=_("Sign another party's handover, after comparing the new fingerprint by another way.").id)
def countersign(
    folder: Folder,
    document: Annotated[Path, typer.Argument(help=_("The handover; it is signed in place.").id)],
    compared: Annotated[str, typer.Option(help=_("The new key's fingerprint, as it was read out to you.").id)],
) -> None:
    """Countersign a handover whose old key is lost."""
    from convenio.core.errors import InputError, Refused
    from convenio.exchange.keys import signing_key
    from convenio.policy.agreement import key_name
    from convenio.policy.authority import AuthorityKey
    from convenio.policy.handover import read_handover, signed

    key, held = AuthorityKey.load(folder, passphrase()), read_handover(document)
    if held.document.party == key.party:
        raise InputError(_("a party does not vouch for itself"), where=key.party, kept=_("nothing was signed"))
    if key_name(signing_key(held.document.new)) != "".join(compared.split()).lower():
        raise Refused(
            _("this is not the fingerprint of the new key"),
            where=str(document),
            advice=_("ask the other party's authority to read it out again; somebody may have put in another key"),
            kept=_("nothing was signed"),
        )
    document.write_text(signed(held, key.party, key.private).text(), encoding="utf-8")
    typer.echo(str(_("{party} has signed; in {file}", party=key.party, file=str(document))))


@app.command("sign-successor", help=_("Sign the document by which another succeeds a border ledger.").id)
def sign_successor(
    folder: Folder, document: Annotated[Path, typer.Argument(help=_("The document; it is signed in place.").id)]
) -> None:
    """Sign a ledger's successor, after reading what was seen, what is left and why."""
    import json

    from convenio.node.succession import read_successor
    from convenio.policy.authority import AuthorityKey

    key, held = AuthorityKey.load(folder, passphrase()), read_successor(document)
    typer.echo(json.dumps(dict(held.body), indent=2, ensure_ascii=False))
    held.sign(key.party, key.private)
    document.write_text(json.dumps(held.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    typer.echo(str(_("{party} has signed; in {file}", party=key.party, file=str(document))))


def fingerprint(folder: Path) -> str:
    """An authority's fingerprint, as it is read out."""
    from convenio.policy.authority import read_authority

    return read_authority(folder).fingerprint
