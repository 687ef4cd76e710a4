"""`convenio demo`: the story of two nodes on this machine."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import InputError
from convenio.core.words import Message, _

app = typer.Typer(help=_("The story of two nodes on this machine.").id)


@app.callback(
    invoke_without_command=True, help=_("Tell the story of two nodes, and leave both serving until Ctrl-C.").id
)
def demo(
    check: Annotated[  # noqa: FBT002 - Typer's signature
        bool, typer.Option("--check", help=_("Do the same without staying; exit non-zero when a step failed.").id)
    ] = False,
    json_to: Annotated[str, typer.Option("--json", metavar="FILE|-", help=_("Write what it came to as JSON.").id)] = "",
    nominees: Annotated[
        Path | None, typer.Option(help=_("Ask about everyone with a CURP on this OFAC sdn.csv instead.").id)
    ] = None,
    customers: Annotated[
        int, typer.Option(min=4, max=2_000_000, help=_("How many customers Mexico's institutions have.").id)
    ] = 200_000,
    folder: Annotated[
        Path | None,
        typer.Option(help=_("Where both nodes live; a temporary folder, removed at the end, without it.").id),
    ] = None,
) -> None:
    """Tell the story."""
    from convenio.demo.stage import Stage
    from convenio.demo.story import Story, read_nominees

    asked = None if nominees is None else read_nominees(nominees)
    with _folder(folder) as where:
        stage = Stage(where, free_ports=check)
        teller = _Teller(quiet=json_to == "-")
        try:
            told = asdict(Story(stage, teller.step, asked, customers).run())
            teller.done()
            if json_to:
                _write(json_to, told)
            if json_to != "-":
                _sum_up(told)
            if not check:
                _stay(stage)
        finally:
            teller.done()
            stage.drop_curtain()


class _Teller:
    """Says each step as it begins, and how long it took once it is done."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.status import Status

        self._console = Console(stderr=quiet, highlight=False)
        self._status: Status | None = None
        self._step: tuple[str, float] | None = None
        self._number = 0

    def step(self, words: Message) -> None:
        """A step begins."""
        self.done()
        self._number += 1
        text = f"{self._number}. {words}"
        self._step = (text, time.monotonic())
        self._status = self._console.status(text)
        self._status.start()

    def done(self) -> None:
        """The step at hand is over."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._step is not None:
            text, began = self._step
            self._console.print(f"{text}  [dim]{time.monotonic() - began:.1f} s[/dim]")
            self._step = None


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        if wanted.exists() and any(wanted.iterdir()):
            raise InputError(
                _("this folder is not empty"),
                where=str(wanted),
                advice=_("choose a folder that does not exist yet"),
                kept=_("nothing was changed"),
            )
        wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield wanted.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="convenio-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(target: str, told: dict[str, float | int]) -> None:
    text = json.dumps(told, indent=2) + "\n"
    if target == "-":
        typer.echo(text, nl=False)
        return
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _sum_up(told: dict[str, float | int]) -> None:
    typer.echo()
    lines = [
        _("asked about {asked} keys: {hits} hits, {false_hits} false", **told),
        _("{released} copies released and opened; {refused} acts refused, each with a receipt", **told),
        _("{name_hits} customers found by name alone, {name_false_hits} of them wrongly", **told),
        _("{receipts} receipts, {ledger_entries} ledger entries, {ledgers_verified} of 2 ledgers verified", **told),
    ]
    for line in lines:
        typer.echo(f"   {line}")


def _stay(stage: object) -> None:
    from convenio.demo.cast import PASSWORD, SIDES
    from convenio.demo.stage import Stage

    assert isinstance(stage, Stage)
    typer.echo()
    typer.echo(str(_("Both nodes are serving. Password of every account: {password}", password=PASSWORD)))
    for side in SIDES:
        typer.echo(f"\n   {side.title}: {stage.settings[side.party].address}")
        for player in side.players:
            typer.echo(f"      {player.name:<18} {', '.join(player.roles)}")
    typer.echo()
    typer.echo(str(_("The officers' own keys are in {folder}", folder=str(stage.folder / "officers"))))
    typer.echo(str(_("Ctrl-C stops both.")))
    try:
        while stage.alive():
            time.sleep(0.5)
    except KeyboardInterrupt:
        typer.echo()
        typer.echo(str(_("Both nodes are stopped.")))
