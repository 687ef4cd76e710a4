"""`convenio missing lineage`: Y-STR haplotypes and mitochondrial sequences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.missing.commands.shared import JsonOption, ReportOption, finish, reported


def lineage(
    kind: Annotated[str, typer.Argument(metavar="y|mitochondrial", help=_("which markers").id)],
    remains: Annotated[Path, typer.Argument(metavar="REMAINS", help=_("haplotypes of remains").id)],
    relatives: Annotated[Path, typer.Argument(metavar="RELATIVES", help=_("haplotypes of relatives of the line").id)],
    *,
    database: Annotated[Path | None, typer.Option(help=_("haplotypes of unrelated persons, to count in").id)] = None,
    meioses: Annotated[int, typer.Option(min=1, help=_("transmissions between remains and relative").id)] = 1,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """Compare Y-STR haplotypes or mitochondrial sequences: exclusion and counting."""
    with reported():
        from convenio.programs.missing.lines import compared
        from convenio.programs.missing.reports.lineage import lineage_json, lineage_report

        results = compared(kind, remains, relatives, database, meioses)
        files = [remains, relatives, *([database] if database is not None else [])]
        parameters = [("kind", kind), ("meioses", meioses)]
        finish(lineage_report(results, files, parameters), lineage_json(results), report, json_)
