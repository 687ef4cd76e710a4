"""`convenio framework`: the scorecard as a folder of plain files."""

from __future__ import annotations

import typer

from convenio.core.words import _
from convenio.programs.framework import commands_series, commands_site
from convenio.programs.framework.commands import entering, moving

app = typer.Typer(help=_("Which commitments are kept, by what evidence, in whose judgement?").id, no_args_is_help=True)
app.command(help=_("Count commitments, and which of them have a true outcome indicator.").id)(moving.status)
app.command("import", help=_("Take in a file, whole or not at all: JSON, XLSX, CSV, or IATI 2.03 as XML.").id)(
    moving.import_
)
app.command(help=_("Enter an observation of an indicator; a correction is the next version.").id)(entering.observe)
app.command(help=_("Enter one rater's judgement of a commitment.").id)(entering.rate)
app.command(help=_("Move a milestone: who, when, why.").id)(entering.amend)
app.command(help=_("Mark a milestone as done.").id)(entering.done)
app.command(
    help=_("Write the scorecard: .html the report, .json, .xlsx and .xml (IATI) all of it, .ics the milestones.").id
)(moving.export)
app.command(help=_("Write an empty table to fill in, with its headings and what may stand there.").id)(moving.template)
app.command(help=_("Write made-up files to try the commands on.").id)(moving.example)
app.command(help=commands_site.ABOUT.id)(commands_site.site)
app.command(help=commands_series.ABOUT.id)(commands_series.series)
