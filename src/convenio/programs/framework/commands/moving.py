"""Commands on the whole scorecard: how it stands, files in and out, templates and examples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _, _n, language
from convenio.programs.framework.commands.entering import today
from convenio.programs.framework.commands.spoken import Card, Json, answer, level_of


def status(card: Card, json_to: Json = "") -> None:
    """Show how the scorecard stands."""
    from convenio.programs.framework.model import MODALITIES
    from convenio.programs.framework.scorecard import Scorecard
    from convenio.programs.framework.standing import standing

    told = standing(Scorecard(card), today())
    lines = [
        _(
            "{all} commitments, {promises} of them promises; of these {with_it} have an outcome indicator with a "
            "baseline older than the action, {without} have none",
            all=told["commitments"],
            promises=told["promises"],
            with_it=told["with_outcome_indicator"],
            without=told["without_outcome_indicator"],
        ),
        *(f"  {told['by_modality'].get(each, 0):>4}  {words}" for each, words in MODALITIES.items()),
        *(f"  {count:>4}  {name}" for name, count in told["by_program"].items()),
        *(_("late: {name}", name=name) for name in told["late"]),
        *(_("stale baseline: {name}", name=name) for name in told["stale_baselines"]),
    ]
    answer(lines, told, json_to)


def import_(
    card: Card,
    files: Annotated[
        list[Path],
        typer.Argument(help=_("JSON, XLSX, CSV (see `template`), or IATI 2.03 as XML; several go in together.").id),
    ],
    *,
    by: Annotated[str, typer.Option(help=_("Who enters what does not say so itself.").id)] = "",
    json_: Json = "",
) -> None:
    """Take in files, all of them or nothing."""
    from convenio.programs.framework.formats import read
    from convenio.programs.framework.formats.tabular.words import TABS
    from convenio.programs.framework.scorecard import Scorecard

    held = Scorecard(card)
    parts = [each for file in files for each in read(file, held, by=by)]
    changed = held.take(parts)
    lines = [
        _n("{number} part is new or changed", "{number} parts are new or changed", sum(changed.values())),
        *(f"  {count:>4}  {TABS[name]}" for name, count in changed.items()),
    ]
    answer(lines, changed, json_)


def export(
    card: Card,
    out: Annotated[Path, typer.Argument(help=_("Where it goes.").id)],
    *,
    level: Annotated[
        str, typer.Option(help=_("Who it is for: internal, parties or public. IATI and .ics: public only.").id)
    ] = "public",
    table: Annotated[
        str,
        typer.Option(
            help=_("For .csv: which table of the workbook; without it, the commitments with their ratings.").id
        ),
    ] = "",
    publisher: Annotated[
        str, typer.Option(help=_("For IATI: the identifier of the organisation that reports, e.g. XM-DAC-….").id)
    ] = "convenio",
    json_: Json = "",
) -> None:
    """Write the scorecard."""
    from convenio.programs.framework.export import export as written
    from convenio.programs.framework.scorecard import Scorecard

    count = written(Scorecard(card), out, today=today(), level=level_of(level), table=table, publisher=publisher)
    answer([_("written: {file}", file=str(out))], {"file": str(out), "parts": count, "level": level}, json_)


def template(
    out: Annotated[Path, typer.Argument(help=_("Where it goes: .xlsx holds every table, .csv the one you name.").id)],
    *,
    table: Annotated[str, typer.Option(help=_("For .csv: indicators, observations, milestones, …").id)] = "",
    json_: Json = "",
) -> None:
    """Write an empty table to fill in."""
    from convenio.programs.framework.formats.tabular import write_template

    write_template(out, table, language.get())
    answer([_("written: {file}", file=str(out))], {"file": str(out)}, json_)


def example(
    folder: Annotated[Path, typer.Argument(help=_("Where they go; made when missing.").id)], json_: Json = ""
) -> None:
    """Write made-up files."""
    from convenio.programs.framework.example import write_example

    files = [str(each) for each in write_example(folder)]
    answer([_("written: {file}", file=each) for each in files], {"files": files}, json_)
