"""`convenio missing dvi`: identify many remains over all families at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.missing.commands.shared import (
    Dropout,
    Frequencies,
    JsonOption,
    MutationFemale,
    MutationModel,
    PopulationName,
    ReportOption,
    Silent,
    StandIn,
    Unlisted,
    drawn,
    finish,
    reported,
    shares_of,
)


def dvi(
    families: Annotated[Path, typer.Argument(metavar="FAMILIES", help=_("pedigrees with the missing marked").id)],
    references: Annotated[Path, typer.Argument(metavar="REFERENCES", help=_("genotypes of relatives").id)],
    remains: Annotated[Path, typer.Argument(metavar="REMAINS", help=_("genotypes of unidentified remains").id)],
    *,
    frequencies: Frequencies,
    population: PopulationName = None,
    prior: Annotated[str, typer.Option(help=_("flat, open or closed").id)] = "flat",
    presence: Annotated[
        float, typer.Option(help=_("open: probability that a missing person is among the bodies").id)
    ] = 0.5,
    bodies: Annotated[int | None, typer.Option(help=_("open: number of bodies; the remains otherwise").id)] = None,
    mutation: MutationModel = "none",
    mutation_female: MutationFemale = None,
    silent: Silent = 0.0,
    dropout: Dropout = None,
    most_exclusions: Annotated[
        int | None, typer.Option(help=_("leave out pairs with more excluding loci than this").id)
    ] = None,
    least_lr: Annotated[
        float, typer.Option(help=_("leave out pairs whose likelihood ratio is not above this").id)
    ] = 0.0,
    join: Annotated[bool, typer.Option("--join", help=_("put remains of one person together first").id)] = False,
    settle: Annotated[bool, typer.Option("--settle", help=_("settle undisputed pairs first").id)] = False,
    unlisted: Unlisted = None,
    stand_in: StandIn = False,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """Identify many remains over all families at once."""
    with reported():
        from convenio.programs.missing.methods.identification import joint_identification
        from convenio.programs.missing.methods.prior import Prior
        from convenio.programs.missing.methods.reassociation import reassociate
        from convenio.programs.missing.reading import families_of, population_of, remains_of
        from convenio.programs.missing.reports.frame import repeated
        from convenio.programs.missing.reports.identification import identification_json, identification_report

        asked = population_of(
            frequencies,
            name=population,
            mutation=mutation,
            mutation_female=mutation_female,
            silent=silent,
            stand_in=stand_in,
        )
        found = remains_of(remains, asked)
        losses = shares_of([each.id for each in found], dropout or [])
        found = [replace(each, dropout=losses[each.id]) for each in found]
        if join:
            joined = reassociate(found, asked.population)
            asked.notes += [
                _("put together as one person: {samples}; called {id}", samples=", ".join(group), id=person.id)
                for person, group in zip(joined.persons, joined.members, strict=True)
                if len(group) > 1
            ]
            asked.notes += [each for each in joined.notes if each not in asked.notes]
            found = list(joined.persons)
        waiting = families_of(families, references, asked)
        result = joint_identification(
            found,
            waiting,
            asked.population,
            prior=Prior(prior, presence, bodies=bodies),  # type: ignore[arg-type]
            settle_first=settle,
            most_exclusions=most_exclusions,
            least_lr=least_lr,
            unlisted=unlisted,
        )
        result = replace(result, notes=(*asked.notes, *result.notes))
        parameters = [
            ("prior", result.prior.name),
            ("mutation", asked.mutation),
            ("silent", silent),
            ("dropout", ", ".join(dropout or []) or "0"),
            ("most exclusions", "-" if most_exclusions is None else most_exclusions),
            ("least LR", least_lr),
            ("unlisted", asked.floor(unlisted)),
            ("join", join),
            ("settle", settle),
        ]
        figures = {**identification_json(result), "repeat": repeated(asked.files, parameters)}
        finish(identification_report(result, asked.files, parameters), figures, report, json_, drawn(waiting))
