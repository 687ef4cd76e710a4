"""`convenio peer copy|consent|correction`: conditions that travel, for persons with a password and key of their own."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.core.words import _

if TYPE_CHECKING:
    from convenio.node.node import Node
    from convenio.people.accounts import Person

copies = typer.Typer(help=_("Received copies: list them, use one as its conditions allow.").id, no_args_is_help=True)
consents = typer.Typer(help=_("Consents to passing a release on, or to its use in court.").id, no_args_is_help=True)
corrections = typer.Typer(help=_("Corrections of what was released.").id, no_args_is_help=True)

PASSWORD = "CONVENIO_PASSWORD"  # noqa: S105 - the name of a variable
Home = Annotated[Path, typer.Argument(help=_("The node's folder.").id)]
Copy = Annotated[str, typer.Argument(help=_("The copy's number.").id)]
Number = Annotated[str, typer.Argument(help=_("Its number.").id)]
Who = Annotated[str, typer.Option("--as", help=_("Your account; the password is asked for.").id)]
Key = Annotated[Path, typer.Option(help=_("Your own key file (PEM); it is not sent anywhere.").id)]
Purpose = Annotated[str, typer.Option(help=_("The purpose.").id)]
Case = Annotated[str, typer.Option(help=_("The case reference.").id)]
Reason = Annotated[str, typer.Option(help=_("Why; the other side is told.").id)]
To = Annotated[str, typer.Option(help=_("The agency, party or court.").id)]
Act = Annotated[str, typer.Option(help=_("forward, or court.").id)]


@contextmanager
def acting(home: Path, name: str) -> Iterator[tuple[Node, Person]]:
    """A node with a person who has given a password: asked for, from CONVENIO_PASSWORD, or from standard input."""
    from convenio.node.node import open_node

    password = os.environ.get(PASSWORD, "")
    if not password:
        tty = sys.stdin.isatty()
        password = typer.prompt(str(_("Password")), hide_input=True) if tty else sys.stdin.readline().rstrip("\n")
    node = open_node(home)
    try:
        person, secret = node.people.sign_in(name, password)
        node.people.sign_out(secret)
        yield node, person
    finally:
        node.close()


def signature_by(path: Path, document: Mapping[str, Any]) -> dict[str, str]:
    """A person's signature over a document, by a key file.

    Raises:
        InputError: the file holds no Ed25519 key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from convenio.core.canonical import digest
    from convenio.core.errors import InputError
    from convenio.people.credentials import sign_decision

    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(_("this key file cannot be read: {why}", why=str(error)), where=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(_("this is no Ed25519 key"), where=str(path))
    typer.echo(json.dumps(dict(document), indent=2, ensure_ascii=False))
    return sign_decision(key, digest(dict(document)))


def moment_of(day: str) -> dt.datetime:
    """The last minute of a day, UTC.

    Raises:
        InputError: it is no day.
    """
    from convenio.core.errors import InputError

    try:
        return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(23, 59), dt.UTC)
    except ValueError as error:
        raise InputError(_("this is no day: {day}", day=day), advice=_("write it as 2021-10-06")) from error


@copies.command("list", help=_("Show the copies that your agency has received.").id)
def list_copies(home: Home, who: Who) -> None:
    """Show copies, without content."""
    with acting(home, who) as (node, person):
        for each in node.copies.all(person):
            typer.echo(f"{each.id}\t{each.peer}\t{each.clause}\t{each.state}\t{each.expires_at:%Y-%m-%d %H:%M}")


@copies.command(help=_("Use a copy as its conditions allow; a receipt is kept either way.").id)
def use(
    home: Home,
    copy: Copy,
    who: Who,
    purpose: Purpose,
    case: Case,
    what: Annotated[str, typer.Option("--use", help=_("open, export, court or forward.").id)] = "open",
    to: To = "",
) -> None:
    """Use a copy; its rows are written to standard output as JSON."""
    from convenio.core.errors import InputError

    if what not in {"open", "export", "court", "forward"}:
        raise InputError(_("there is no such use: {what}", what=what), advice=_("open, export, court or forward"))
    more = {"to": to} if what in {"court", "forward"} else {}
    with acting(home, who) as (node, person):
        rows = getattr(node.copies, what)(copy, person, purpose=purpose, case=case, **more)
    typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))


@copies.command(help=_("Place a legal hold: it stops the deletion of a copy, not the block.").id)
def hold(
    home: Home, copy: Copy, who: Who, reason: Annotated[str, typer.Option(help=_("Why it must not be erased.").id)]
) -> None:
    """Place a legal hold."""
    with acting(home, who) as (node, person):
        node.copies.hold(copy, person, reason)


@copies.command(help=_("End a legal hold; what was recalled or corrected meanwhile is erased at once.").id)
def lift(home: Home, copy: Copy, who: Who) -> None:
    """End a legal hold."""
    with acting(home, who) as (node, person):
        node.copies.lift_hold(copy, person)


@copies.command(help=_("Note a finding made from a copy: it inherits the copy's conditions.").id)
def note(
    home: Home,
    copy: Copy,
    who: Who,
    purpose: Purpose,
    case: Case,
    claim: Annotated[str, typer.Option(help=_("What you claim.").id)],
    why: Annotated[str, typer.Option(help=_("Why it holds.").id)],
) -> None:
    """Note a finding."""
    from convenio.work.noted import made_from
    from convenio.work.queue import Queue

    with acting(home, who) as (node, person):
        told = {"purpose": purpose, "case": case, "claim": claim, "reason": why}
        made = made_from(node.derived, node.vault, [copy], person, **told)
        Queue(node.store, node.clock, node.derived).add_derived(made, agency=person.agency, by=person.name)
    typer.echo(made.id)


@copies.command(help=_("Show a finding that was made from copies, as long as each of them may be read.").id)
def finding(home: Home, number: Number, who: Who) -> None:
    """Show a finding."""
    with acting(home, who) as (node, person):
        typer.echo(json.dumps(dict(node.derived.read(number, person)), indent=2, ensure_ascii=False))


@consents.command(help=_("Ask the originator of a copy for its consent.").id)
def ask(
    home: Home,
    copy: Copy,
    who: Who,
    to: To,
    case: Case,
    until: Annotated[str, typer.Option(help=_("The last day it is needed, YYYY-MM-DD.").id)],
    reason: Reason,
    act: Act = "forward",
) -> None:
    """Ask for consent."""
    with acting(home, who) as (node, person):
        term = moment_of(until)
        typer.echo(node.onward.ask(copy, person, act=act, to=to, case=case, reason=reason, until=term))


@consents.command("list", help=_("Show the consents that peers ask this node for.").id)
def list_consents(home: Home) -> None:
    """Show what peers ask to pass on."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        for each in node.consenting.all():
            typer.echo(f"{each.id}\t{each.peer}\t{each.act}\t{each.to}\t{each.until:%Y-%m-%d}\t{each.state}")
    finally:
        node.close()


@consents.command("sign", help=_("Consent, by your signature; the last one that the clause asks for gives it.").id)
def sign_consent(home: Home, number: Number, who: Who, key: Key) -> None:
    """Sign a consent."""
    with acting(home, who) as (node, person):
        signature = signature_by(key, node.consenting.decision(number))
        typer.echo(node.consenting.approve(number, person, signature))


@consents.command("refuse", help=_("Refuse a consent.").id)
def refuse_consent(home: Home, number: Number, who: Who, reason: Reason) -> None:
    """Refuse a consent."""
    with acting(home, who) as (node, person):
        node.consenting.refuse(number, person, reason)


@consents.command(help=_("Withdraw a consent that was given.").id)
def withdraw(home: Home, number: Number, who: Who, reason: Reason) -> None:
    """Withdraw a consent."""
    with acting(home, who) as (node, person):
        node.consenting.withdraw(number, person, reason)


@corrections.command(help=_("Correct one value of what was released; officers sign before it is sent.").id)
def propose(
    home: Home,
    release: Annotated[str, typer.Argument(help=_("The release's number.").id)],
    who: Who,
    row: Annotated[int, typer.Option(min=1, help=_("Row of the release; the first is 1.").id)],
    field: Annotated[str, typer.Option(help=_("The field.").id)],
    value: Annotated[str, typer.Option(help=_("The right value.").id)],
    reason: Reason,
) -> None:
    """Propose a correction."""
    with acting(home, who) as (node, person):
        typer.echo(node.corrections.propose(release, person, reason=reason, changes=[(row - 1, field, value)]))


@corrections.command("sign", help=_("Approve a correction by your signature; the last one sends it.").id)
def sign_correction(home: Home, number: Number, who: Who, key: Key) -> None:
    """Sign a correction."""
    with acting(home, who) as (node, person):
        signature = signature_by(key, node.corrections.decision(number))
        typer.echo(node.corrections.approve(number, person, signature))


@corrections.command("list", help=_("Show corrections, and whether they are in place on the other side.").id)
def list_corrections(home: Home) -> None:
    """Show corrections."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        for each in node.corrections.all():
            typer.echo(f"{each.id}\t{each.peer}\t{each.release}\t{each.made_at:%Y-%m-%d %H:%M}\t{each.state}")
    finally:
        node.close()
