"""`convenio missing …`: kinship, searching and identification on files, each with a report."""

from __future__ import annotations

import typer

from convenio.core.words import _
from convenio.programs.missing.commands.draw import draw
from convenio.programs.missing.commands.dvi import dvi
from convenio.programs.missing.commands.example import example
from convenio.programs.missing.commands.kinship import kinship
from convenio.programs.missing.commands.lineage import lineage
from convenio.programs.missing.commands.power import power
from convenio.programs.missing.commands.screen import screen

app = typer.Typer(help=_("Whose remains are these; whose family is waiting?").id, no_args_is_help=True)


@app.callback(help=_("Kinship, searching, identification.").id)
def missing() -> None:
    """Kinship, searching, identification."""


for command, words in (
    (kinship, _("Likelihood ratios between hypotheses of kinship.")),
    (screen, _("Search all remains for every missing person of every family.")),
    (dvi, _("Identify many remains over all families at once.")),
    (power, _("What a search for a family's missing person is worth, and whom to sample next.")),
    (lineage, _("Compare Y-STR haplotypes or mitochondrial sequences: exclusion and counting.")),
    (draw, _("Draw pedigrees as SVG.")),
    (example, _("Write made-up families, remains and frequencies to try the commands on.")),
):
    app.command(help=words.id)(command)
