"""`convenio missing kinship`: likelihood ratios between hypotheses of kinship."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

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
    finish,
    reported,
    shares_of,
)


def kinship(
    pedigrees: Annotated[
        Path, typer.Argument(metavar="HYPOTHESES", help=_("pedigrees, one section per hypothesis").id)
    ],
    genotypes: Annotated[Path, typer.Argument(metavar="GENOTYPES", help=_("genotypes of the typed persons").id)],
    *,
    frequencies: Frequencies,
    population: PopulationName = None,
    against: Annotated[str | None, typer.Option(help=_("hypothesis in the denominator; the last otherwise").id)] = None,
    mutation: MutationModel = "none",
    mutation_female: MutationFemale = None,
    engine: Engine = "pedprobr",
    theta: Theta = 0.0,
    silent: Silent = 0.0,
    dropout: Dropout = None,
    dropin: Dropin = 0.0,
    unlisted: Unlisted = None,
    stand_in: StandIn = False,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """Likelihood ratios between hypotheses of kinship."""
    with reported():
        from convenio.programs.missing.drawing import draw
        from convenio.programs.missing.methods.kinship import kinship_lr
        from convenio.programs.missing.reading import hypotheses_of, population_of, profiles_of, same_sex
        from convenio.programs.missing.reports.frame import repeated
        from convenio.programs.missing.reports.kinship import kinship_json, kinship_report

        asked = population_of(
            frequencies,
            name=population,
            mutation=mutation,
            mutation_female=mutation_female,
            silent=silent,
            stand_in=stand_in,
        )
        hypotheses = hypotheses_of(pedigrees, asked)
        samples = profiles_of(genotypes, asked)
        same_sex(hypotheses, samples)
        profiles = {id_: sample.profile for id_, sample in samples.items()}
        result = kinship_lr(
            hypotheses,
            profiles,
            asked.population,
            against=against,
            engine=engine,
            theta=theta,
            dropout=shares_of(profiles, dropout or [], dropin),
            dropin=dropin,
            unlisted=unlisted,
        )
        parameters = [
            ("against", result.against),
            ("mutation", result.mutation),
            ("engine", engine),
            ("theta", theta),
            ("silent", silent),
            ("dropout", ", ".join(dropout or []) or "0"),
            ("dropin", dropin),
            ("unlisted", asked.floor(unlisted)),
        ]
        result = replace(result, notes=(*asked.notes, *result.notes))
        text = kinship_report(result, profiles, asked.files, parameters)
        figures = {**kinship_json(result), "repeat": repeated(asked.files, parameters)}
        drawings = {name: draw(pedigree, sampled=profiles) for name, pedigree in hypotheses.items()}
        finish(text, figures, report, json_, drawings)
