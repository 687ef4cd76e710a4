"""`convenio node`: set up, start and look after a node."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.cli import node_records
from convenio.cli import reading_options as said
from convenio.cli.rotation import rotate
from convenio.core.words import _, _n, language

app = typer.Typer(help=_("Set up, start and look after a node.").id, no_args_is_help=True)
app.command("rotate", help=_("Have one of the node's own keys give way to a new one.").id)(rotate)
Home = Annotated[Path, typer.Argument(help=_("The node's folder.").id)]


@app.command(help=_("Make a node in a new folder, and the roster that its authority is asked to sign.").id)
def init(
    home: Home,
    party: Annotated[str, typer.Option(help=_("The party, as agreements name it: us, mx.").id)],
    name: Annotated[str, typer.Option(help=_("What people call the node.").id)] = "",
    spoken: Annotated[str, typer.Option("--language", help=_("The language it speaks: en or es.").id)] = "",
    host: Annotated[str, typer.Option(help=_("The address it listens at.").id)] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("The port of its pages and API.").id)] = 8701,
    exchange_port: Annotated[int, typer.Option(help=_("The port that peers call.").id)] = 8702,
    database: Annotated[str, typer.Option(help=_("A PostgreSQL address; embedded without one.").id)] = "",
) -> None:
    """Make a node."""
    from convenio.node.settings import settings_from
    from convenio.node.setup import create_node

    settings = settings_from(
        home=home,
        party=party,
        name=name or f"Convenio {party}",
        language=spoken or language.get(),
        host=host,
        port=port,
        exchange_port=exchange_port,
        database=database,
    )
    request = create_node(settings)
    typer.echo(str(_("the node of {party} is in {home}", party=party, home=str(home))))
    typer.echo(str(_("have its authority sign {file}: convenio authority sign-roster", file=str(request))))


@app.command(help=_("Serve a node until Ctrl-C.").id)
def serve(home: Home) -> None:
    """Serve a node."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from convenio.api.app import api
    from convenio.console.app import application
    from convenio.node.node import open_node
    from convenio.node.serve import serve as run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    node = open_node(home)
    run(node, Starlette(routes=[Mount("/api/v1", api(node)), Mount("/", application(node))]))


@app.command(help=_("Take a signed roster or a signed agreement into the node.").id)
def adopt(
    home: Home,
    file: Annotated[Path, typer.Argument(help=_("The signed roster or agreement.").id)],
    authority: Annotated[
        Path | None, typer.Option(help=_("For this party's own roster: its authority's public file.").id)
    ] = None,
) -> None:
    """Take a signed document into the node."""
    from convenio.core.errors import InputError
    from convenio.node.node import open_node
    from convenio.policy.agreement import read_signed
    from convenio.policy.authority import read_authority
    from convenio.policy.roster import read_signed_roster

    if authority is not None:
        signed, public = read_signed_roster(file), read_authority(authority)
    elif '"document"' not in file.read_text(encoding="utf-8", errors="replace")[:200]:
        raise InputError(
            _("this is no signed agreement"),
            where=str(file),
            advice=_("to adopt this party's roster, name its authority with --authority"),
        )
    node = open_node(home)
    try:
        if authority is not None:
            roster = node.peers.adopt_own(signed, public.key)
            typer.echo(str(_("roster {version} of {party} is adopted", version=roster.version, party=roster.party)))
        else:
            adopted = node.agreements.adopt(read_signed(file))
            typer.echo(
                str(_("{agreement}, version {version}, is adopted", agreement=adopted.id, version=adopted.version))
            )
    finally:
        node.close()


@app.command("roster", help=_("Write the next roster request, with the credentials that are enrolled now.").id)
def next_roster(home: Home) -> None:
    """Write the next roster request."""
    from convenio.node.setup import renew_roster_request

    typer.echo(str(renew_roster_request(home)))


@app.command(help=_("Add an agency of the party.").id)
def agency(
    home: Home,
    name: Annotated[str, typer.Argument(help=_("Short name, as agreements name it.").id)],
    en: Annotated[str, typer.Option(help=_("Its name in English.").id)],
    es: Annotated[str, typer.Option(help=_("Its name in Spanish.").id)],
) -> None:
    """Add an agency."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        node.people.add_agency(name, en=en, es=es)
    finally:
        node.close()


@app.command(help=_("Add an account; the password is asked for, or read from standard input.").id)
def account(
    home: Home,
    name: Annotated[str, typer.Argument(help=_("Account name.").id)],
    full_name: Annotated[str, typer.Option(help=_("The person's name.").id)],
    agency_name: Annotated[str, typer.Option("--agency", help=_("The agency.").id)],
    role: Annotated[list[str], typer.Option(help=_("A role; may be given several times.").id)],
    spoken: Annotated[str, typer.Option("--language", help=_("en or es.").id)] = "",
) -> None:
    """Add an account."""
    import sys

    from convenio.node.node import open_node

    if sys.stdin.isatty():
        password = typer.prompt(str(_("Password")), hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    node = open_node(home)
    try:
        said: Any = spoken or node.settings.language
        node.people.add(name, password, full_name=full_name, agency=agency_name, roles=role, language=said)
    finally:
        node.close()


@app.command(help=_("Enrol a person's own Ed25519 public key; it counts once the authority's roster has it.").id)
def credential(
    home: Home,
    name: Annotated[str, typer.Argument(help=_("Account name.").id)],
    public: Annotated[str, typer.Argument(help=_("The public key, base64.").id)],
) -> None:
    """Enrol a credential."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        made = node.credentials.enrol(node.people.person(name), kind="ed25519", public=public)
        typer.echo(made.id)
    finally:
        node.close()


@app.command(help=_("Take the rows of a file into a node, for the agency of the account that brings them.").id)
def collect(
    home: Home,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A CSV, XLSX, Parquet or JSON file.").id)],
    as_: Annotated[str, typer.Option("--as", metavar="TYPE", help=_("What its rows are; see convenio template.").id)],
    category: Annotated[str, typer.Option(help=_("Data category, as agreements name it.").id)],
    title: Annotated[str, typer.Option(help=_("What these records are called.").id)],
    by: Annotated[str, typer.Option(help=_("The account that brings them.").id)],
    map_: said.MapOption = None,
    mapping: said.MappingOption = None,
    encoding: said.EncodingOption = None,
    delimiter: said.DelimiterOption = None,
    header: said.HeaderOption = None,
    date_order: said.DateOrderOption = None,
    decimal: said.DecimalOption = None,
    sheet: said.SheetOption = None,
    *,
    set_aside: said.AsideOption = None,
    strict: said.StrictOption = False,
) -> None:
    """Take records in; `--map NAME=HEADING` with a name of no field keeps that column under the name."""
    from convenio.files.reading import open_reading
    from convenio.files.types import record_type
    from convenio.files.wider import wider
    from convenio.node.node import open_node

    told = said.pairs(map_)
    record = wider(record_type(as_), told)
    options = said.options_of(locals())
    reading = open_reading(file, record, options=options, saved=mapping, told=told, strict=strict)
    rows = reading.table()
    rows = rows.select([each for each in rows.column_names if each in reading.mapping.columns])
    said.tell_readings([reading], set_aside)
    node = open_node(home)
    try:
        held = node.holdings.collect(
            rows,
            actor=node.people.person(by),
            record_type=record.type_name,
            category=category,
            title=title,
            provenance={"source": file.name, "file": file.name, "set_aside": reading.set_aside},
        )
    finally:
        node.close()
    typer.echo(str(_n("{number} row is taken in as {id}", "{number} rows are taken in as {id}", held.rows, id=held.id)))


app.add_typer(node_records.app)


@app.command(help=_("Bring a node's database from its folder to a PostgreSQL server; the node does not serve.").id)
def move(
    home: Home,
    database: Annotated[str, typer.Argument(help=_("Its address: postgresql+psycopg://NAME@HOST/DATABASE").id)],
) -> None:
    """Move a node's database."""
    from convenio.node.databases import move_database

    counted = move_database(home, database)
    rows = sum(counted.values())
    typer.echo(str(_("{rows} rows in {tables} tables are there now", rows=f"{rows:,}", tables=len(counted))))
    typer.echo(str(_("the old database is kept beside it, as {name}", name="node.db.moved")))


@app.command(help=_("Show how a node stands: ledgers, peers, what waits.").id)
def status(home: Home) -> None:
    """Show a node's state."""
    from convenio.node.node import open_node

    node = open_node(home)
    try:
        typer.echo(json.dumps(node.status(), indent=2, ensure_ascii=False, default=str))
    finally:
        node.close()
