"""`convenio missing screen`: search all remains for every missing person of every family."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.commands.shared import (
    Dropin,
    Dropout,
    Engine,
    Frequencies,
    JsonOption,
    MutationFemale,
    MutationModel,
    PopulationName,
    ReportOption,
    Silent,
    StandIn,
    Theta,
    Unlisted,
    drawn,
    finish,
    reported,
    shares_of,
)


def screen(
    families: Annotated[Path, typer.Argument(metavar="FAMILIES", help=_("pedigrees with the missing marked").id)],
    references: Annotated[Path, typer.Argument(metavar="REFERENCES", help=_("genotypes of relatives").id)],
    remains: Annotated[Path, typer.Argument(metavar="REMAINS", help=_("genotypes of unidentified remains").id)],
    *,
    frequencies: Frequencies,
    population: PopulationName = None,
    threshold: Annotated[float, typer.Option(help=_("least likelihood ratio of a candidate").id)] = 100.0,
    mutation: MutationModel = "none",
    mutation_female: MutationFemale = None,
    engine: Engine = "pedprobr",
    theta: Theta = 0.0,
    dropout: Dropout = None,
    dropin: Dropin = 0.0,
    silent: Silent = 0.0,
    unlisted: Unlisted = None,
    stand_in: StandIn = False,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """Search all remains for every missing person of every family."""
    with reported():
        from convenio.programs.missing.methods.likelihood import Model
        from convenio.programs.missing.methods.screen import screen as search
        from convenio.programs.missing.reading import families_of, population_of, remains_of
        from convenio.programs.missing.reports.frame import repeated
        from convenio.programs.missing.reports.search import screen_json, screen_report

        if threshold <= 0:
            raise InputError(_("a threshold of {value} is impossible", value=threshold))
        asked = population_of(
            frequencies,
            name=population,
            mutation=mutation,
            mutation_female=mutation_female,
            silent=silent,
            stand_in=stand_in,
        )
        waiting = families_of(families, references, asked)
        found = remains_of(remains, asked)
        result = search(
            {each.id: each.profile for each in found},
            waiting,
            asked.population,
            threshold=math.log10(threshold),
            model=Model(engine, theta),  # type: ignore[arg-type]
            sexes={each.id: each.sex for each in found},
            dropout=shares_of([each.id for each in found], dropout or [], dropin),
            dropin=dropin,
            unlisted=unlisted,
        )
        result = replace(result, notes=(*asked.notes, *result.notes))
        parameters: list[tuple[str, object]] = [
            ("threshold", threshold),
            ("mutation", asked.mutation),
            ("engine", engine),
            ("theta", theta),
            ("silent", silent),
            ("dropout", ", ".join(dropout or []) or "0"),
            ("dropin", dropin),
            ("unlisted", asked.floor(unlisted)),
        ]
        figures = {**screen_json(result), "repeat": repeated(asked.files, parameters)}
        finish(screen_report(result, asked.files, parameters), figures, report, json_, drawn(waiting))
