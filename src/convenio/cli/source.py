"""`convenio source`: public lists and series from their publishers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.cli import reading_options as said
from convenio.core.errors import ConvenioError
from convenio.core.words import _, language

app = typer.Typer(help=_("Public lists and series: list, pull, status.").id, no_args_is_help=True)
FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", help=_("Where sources are kept; CONVENIO_SOURCES, or the user's data folder.").id),
]


def _kept(folder: Path | None) -> Any:
    from convenio.files.sources.kept import Kept, default_folder

    return Kept(folder or default_folder())


@app.command("list", help=_("List the sources: publisher, licence, address.").id)
def list_(json_: said.JsonOption = None) -> None:
    """List the sources."""
    from convenio.files.sources.declaration import sources

    found = sources()
    if json_ is not None:
        said.put(json.dumps([each.model_dump(mode="json") for each in found.values()], indent=2), json_)
        return
    for each in found.values():
        typer.echo(f"{each.name} ({each.program}): {each.title.read(language.get())}")
        typer.echo(str(_("  publisher: {publisher}", publisher=each.publisher)))
        typer.echo(str(_("  licence: {licence}", licence=each.licence)))
        for address in each.addresses.values():
            typer.echo(f"  {address}")


@app.command(help=_("Fetch sources that changed, check them, keep them.").id)
def pull(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help=_("Which; all without one.").id)] = None,
    given: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help=_("Take this file or folder instead.").id)
    ] = None,
    mirror: Annotated[
        list[str] | None,
        typer.Option("--address", metavar="FILE=URL", help=_("Fetch a file from here instead; may be repeated.").id),
    ] = None,
    folder: FolderOption = None,
) -> None:
    """Fetch sources that changed, check them, keep them."""
    from convenio.cli.showing import progress_on_screen
    from convenio.files.sources.declaration import source, sources

    kept = _kept(folder)
    failed: ConvenioError | None = None
    for each in [source(name) for name in names] if names else sources().values():
        other = {**each.addresses, **said.pairs(mirror)} if mirror else None
        try:
            with progress_on_screen(each.title.read(language.get())) as progress:
                done = kept.pull(each, given=given, addresses=other, progress=progress)
        except ConvenioError as error:
            if names and len(names) == 1:
                raise
            failed = error
            said.tell(_("{name}: {why}", name=each.name, why=error.what))
            continue
        size = f"{sum(file.size for file in done.state.files.values()):,}"
        new, same = _("{name}: new, {size} bytes", name=each.name, size=size), _("{name}: unchanged", name=each.name)
        typer.echo(str(new if done.changed else same))
        for note in done.notes:
            said.tell(_("{file}: {note}", file=each.name, note=note))
        typer.echo(str(kept.path(each.name)))
    if failed is not None:
        raise failed


@app.command(help=_("Show what is held of each source: when it came, its digest, whether it is whole.").id)
def status(folder: FolderOption = None, json_: said.JsonOption = None) -> None:
    """Show what is held of each source."""
    from dataclasses import asdict

    from convenio.files.sources.declaration import sources

    kept = _kept(folder)
    told = []
    for name in sources():
        state = kept.state(name)
        damaged = kept.damage(name)
        told.append({"name": name, "held": None if state is None else asdict(state), "damaged": damaged})
        if json_ is not None:
            continue
        if state is None:
            typer.echo(str(_("{name}: nothing held", name=name)))
            continue
        digest = next(iter(state.files.values())).digest[:16]
        line = _("{name}: of {pulled}, last asked {checked}, SHA-256 {digest}…")
        typer.echo(
            str(_(line.id, name=name, pulled=state.pulled_at[:16], checked=state.checked_at[:16], digest=digest))
        )
        for each in damaged:
            typer.echo(str(_("  damaged: {file}; pull it again", file=each)))
    if json_ is not None:
        said.put(json.dumps(told, indent=2), json_)
