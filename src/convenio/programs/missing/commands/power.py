"""`convenio missing power`: what a search for a missing person is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.missing.commands.shared import (
    Frequencies,
    JsonOption,
    MutationModel,
    PopulationName,
    ReportOption,
    drawn,
    finish,
    reported,
)


def power(
    families: Annotated[Path, typer.Argument(metavar="FAMILIES", help=_("pedigrees with the missing marked").id)],
    *,
    frequencies: Frequencies,
    references: Annotated[Path | None, typer.Option(help=_("genotypes that relatives have given").id)] = None,
    family: Annotated[str | None, typer.Option(help=_("which family; the first otherwise").id)] = None,
    person: Annotated[str | None, typer.Option(help=_("which missing person; the family's first otherwise").id)] = None,
    sample: Annotated[
        list[str] | None,
        typer.Option(
            help=str(_("a relative who would give a sample; with --references: who could be next; repeatable"))
        ),
    ] = None,
    population: PopulationName = None,
    mutation: MutationModel = "none",
    simulations: Annotated[int, typer.Option(min=2, help=_("number of simulated families").id)] = 40,
    seed: Annotated[int, typer.Option(help=_("of the simulation").id)] = 1,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """What a search for a family's missing person is worth, and whom to sample next."""
    with reported():
        from convenio.programs.missing.methods.power import next_relative
        from convenio.programs.missing.methods.power import power as worth
        from convenio.programs.missing.reading import families_of, population_of
        from convenio.programs.missing.reports.frame import repeated
        from convenio.programs.missing.reports.search import power_json, power_report

        asked = population_of(frequencies, name=population, mutation=mutation)
        waiting = {each.name: each for each in families_of(families, references, asked)}
        name = family or next(iter(waiting))
        if name not in waiting:
            raise InputError(
                _("there is no family {name}", name=name), advice=_("there are: {names}", names=", ".join(waiting))
            )
        chosen, who = waiting[name], sample or []
        if chosen.references and who:
            results = dict(
                next_relative(chosen, asked.population, who, missing=person, simulations=simulations, seed=seed)
            )
        else:
            one = worth(chosen, asked.population, missing=person, sampled=who, simulations=simulations, seed=seed)
            results = {"": one}
        parameters = [("family", name), ("mutation", asked.mutation), ("simulations", simulations), ("seed", seed)]
        figures = {**power_json(results), "repeat": repeated(asked.files, parameters)}
        finish(power_report(results, asked.files, parameters), figures, report, json_, drawn([chosen]))
