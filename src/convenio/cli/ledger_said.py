"""What the commands on ledgers share: their arguments, and how they read and write."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.core.errors import InputError
from convenio.core.words import Message, _

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


def show(headings: list[str], rows: list[list[Any]]) -> None:
    """Rows as a table on the screen."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if each is None else str(each) for each in row))
    Console().print(table)


def write_csv(headings: list[str], rows: list[list[Any]], to: str | None) -> None:
    """Write rows as CSV where that was asked for."""
    if to is None:
        return
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([headings, *rows])
    write(made.getvalue(), to)


def say(message: Message) -> None:
    """One line on standard output."""
    typer.echo(str(message))


def write_json(value: Any, to: str | None) -> None:
    """Write a value as JSON where that was asked for."""
    if to is None:
        return
    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n", to)


def write(text: str, to: str) -> None:
    """Write a text to a file, whole or not at all; `-` is standard output."""
    if to == "-":
        sys.stdout.write(text)
        return
    from convenio.files.writing import whole

    with whole(Path(to)) as part:
        part.write_text(text, encoding="utf-8")


def key(value: str | None) -> str | None:
    """A verifier key, or the content of the file that is named instead."""
    if value is None or "+" in value:
        return value
    return text(Path(value)).strip()


def text(path: Path) -> str:
    """What a text file holds.

    Raises:
        InputError: it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_("this file cannot be read as text"), where=str(path)) from error
