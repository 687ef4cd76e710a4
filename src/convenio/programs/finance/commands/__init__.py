"""`convenio finance …`: what the program does with files, from the command line."""

from __future__ import annotations

import typer

from convenio.core.words import _
from convenio.programs.finance.commands.compare import compare
from convenio.programs.finance.commands.delta import delta
from convenio.programs.finance.commands.example import example
from convenio.programs.finance.commands.ftm import ftm
from convenio.programs.finance.commands.replay import replay
from convenio.programs.finance.commands.screen import clear, screen

app = typer.Typer(
    help=_("Who is designated, who stands behind whom, which money moves strangely?").id, no_args_is_help=True
)


@app.callback()
def finance() -> None:
    """Lists, screening, money."""


for command, words in (
    (delta, _("Say what changed between two states of a list: additions, removals, every field that changed.")),
    (screen, _("Screen a file of customers against one or more lists, with reasons for each hit.")),
    (clear, _("Clear a false hit, with a reason; it comes back only if something changes.")),
    (replay, _("Go through a folder of list states day by day, as if the customers had been screened then.")),
    (ftm, _("Write a list as FollowTheMoney JSON, one entity a line.")),
    (compare, _("Compare two names, and say word by word why they are alike or not.")),
    (example, _("Write a made-up list and made-up customers to try the commands with.")),
):
    app.command(help=words.id)(command)
