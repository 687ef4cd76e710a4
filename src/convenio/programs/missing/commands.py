"""`convenio missing …`: kinship, searching and identification on files, each with a report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _, language

app = typer.Typer(help=_("Whose remains are these; whose family is waiting?").id, no_args_is_help=True)

Frequencies = Annotated[
    Path, typer.Option("--frequencies", "-f", help=_("allele frequencies: CSV, JSON or Familias").id)
]
PopulationName = Annotated[str | None, typer.Option("--population", help=_("which population of that file").id)]
MutationModel = Annotated[
    str, typer.Option("--mutation", help=_("none, equal:RATE, proportional:RATE, stepwise:RATE,RATE2,RANGE").id)
]
MutationFemale = Annotated[
    str | None, typer.Option("--mutation-female", help=_("mothers' model, where it differs from fathers'").id)
]
Silent = Annotated[float, typer.Option("--silent", help=_("frequency of a silent allele at every locus").id)]
StandIn = Annotated[
    bool,
    typer.Option("--stand-in", help=_("these frequencies stand in for another population's; the report says so").id),
]
Engine = Annotated[str, typer.Option("--engine", help=_("untyped founders: pedprobr keeps them, familias prunes").id)]
Unlisted = Annotated[
    float | None,
    typer.Option("--unlisted", help=_("frequency of alleles that are not in the table; 5/2N otherwise").id),
]
JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE|-", help=_("write the result as JSON; - for standard output").id),
]
ReportOption = Annotated[Path | None, typer.Option("--report", metavar="FILE", help=_("write the report to a file").id)]


@app.callback(help=_("Kinship, searching, identification.").id)
def missing() -> None:
    """Kinship, searching, identification."""


@app.command(help=_("Likelihood ratios between hypotheses of kinship.").id)
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
    theta: Annotated[float, typer.Option(help=_("coancestry coefficient").id)] = 0.0,
    silent: Silent = 0.0,
    dropout: Annotated[
        list[str] | None,
        typer.Option(help=_("PERSON=PROBABILITY that a copy of an allele is not seen; repeatable").id),
    ] = None,
    dropin: Annotated[
        float, typer.Option(help=_("probability of a foreign allele, in samples with drop-out").id)
    ] = 0.0,
    unlisted: Unlisted = None,
    stand_in: StandIn = False,
    report: ReportOption = None,
    json_: JsonOption = None,
) -> None:
    """Likelihood ratios between hypotheses of kinship."""
    with reported():
        from convenio.programs.missing.methods.kinship import kinship_lr
        from convenio.programs.missing.reading import hypotheses_of, population_of, profiles_of
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
        profiles = {id_: sample.profile for id_, sample in profiles_of(genotypes, asked).items()}
        result = kinship_lr(
            hypotheses,
            profiles,
            asked.population,
            against=against,
            engine=engine,
            theta=theta,
            dropout=_shares(dropout or []),
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
            ("unlisted", f"{asked.population.minimum if unlisted is None else unlisted:.4g}"),
        ]
        result = replace(result, notes=(*asked.notes, *result.notes))
        text = kinship_report(result, profiles, asked.files, parameters)
        finish(text, kinship_json(result), report, json_)


@app.command(help=_("Search all remains for every missing person of every family.").id)
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
            model=Model(engine),  # type: ignore[arg-type]
            sexes={each.id: each.sex for each in found},
            unlisted=unlisted,
        )
        result = replace(result, notes=(*asked.notes, *result.notes))
        parameters = [("threshold", threshold), ("mutation", mutation), ("engine", engine), ("silent", silent)]
        finish(screen_report(result, asked.files, parameters), screen_json(result), report, json_)


@app.command(help=_("Identify many remains over all families at once.").id)
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
    dropout: Annotated[
        float, typer.Option(help=_("probability that a copy of an allele of the remains is not seen").id)
    ] = 0.0,
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
        from convenio.programs.missing.reports.identification import identification_json, identification_report

        asked = population_of(
            frequencies,
            name=population,
            mutation=mutation,
            mutation_female=mutation_female,
            silent=silent,
            stand_in=stand_in,
        )
        found = remains_of(remains, asked, dropout)
        if join:
            joined = reassociate(found, asked.population)
            asked.notes += [
                _("put together as one person: {samples}; called {id}", samples=", ".join(group), id=person.id)
                for person, group in zip(joined.persons, joined.members, strict=True)
                if len(group) > 1
            ]
            asked.notes += [each for each in joined.notes if each not in asked.notes]
            found = list(joined.persons)
        result = joint_identification(
            found,
            families_of(families, references, asked),
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
            ("mutation", mutation),
            ("silent", silent),
            ("dropout", dropout),
            ("most exclusions", "-" if most_exclusions is None else most_exclusions),
            ("least LR", least_lr),
            ("join", join),
            ("settle", settle),
        ]
        finish(identification_report(result, asked.files, parameters), identification_json(result), report, json_)


@app.command(help=_("What a search for a family's missing person is worth, and whom to sample next.").id)
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
        parameters = [("family", name), ("mutation", mutation), ("simulations", simulations), ("seed", seed)]
        finish(power_report(results, asked.files, parameters), power_json(results), report, json_)


@app.command(help=_("Compare Y-STR haplotypes or mitochondrial sequences: exclusion and counting.").id)
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


@app.command(help=_("Draw pedigrees as SVG.").id)
def draw(
    pedigrees: Annotated[Path, typer.Argument(metavar="PEDIGREES", help=_("pedigrees").id)],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("where the drawings go, one SVG per pedigree").id)],
    references: Annotated[Path | None, typer.Option(help=_("genotypes: who is typed is filled").id)] = None,
) -> None:
    """Draw pedigrees as SVG."""
    with reported():
        from convenio.programs.missing.drawing import draw as drawn
        from convenio.programs.missing.formats.genotypes import read_genotypes
        from convenio.programs.missing.formats.pedigrees import read_pedigrees

        samples = read_genotypes(references) if references is not None else []
        folder.mkdir(parents=True, exist_ok=True)
        for section in read_pedigrees(pedigrees):
            sampled = {s.id for s in samples if s.family in ("", section.name)}
            path = folder / f"{''.join(c if c.isalnum() else '-' for c in section.name)}.svg"
            path.write_text(drawn(section.pedigree, sampled=sampled, missing=section.missing), encoding="utf-8")
            typer.echo(str(path))


@app.command(help=_("Write made-up families, remains and frequencies to try the commands on.").id)
def example(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("where the made-up files go").id)],
) -> None:
    """Write made-up families, remains and frequencies to try the commands on."""
    with reported():
        from convenio.programs.missing.example import files

        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files().items():
            (folder / name).write_text(text, encoding="utf-8")
            typer.echo(str(folder / name))


def _shares(listed: list[str]) -> dict[str, float]:
    found = {}
    for each in listed:
        name, _equals, value = each.rpartition("=")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = -1.0
        if not name or not 0 <= found[name] < 1:
            raise InputError(_("{text} is no drop-out", text=each), advice=_("write, for example, B=0.05"))
    return found


def finish(text: str, result: Any, report: Path | None, json_: Path | None) -> None:
    """Write the report and the JSON where the user asked for them; the report goes to the screen otherwise."""
    plain = json.dumps(result, ensure_ascii=False, indent=2)
    if report is not None:
        report.write_text(text, encoding="utf-8")
    if json_ is not None and str(json_) != "-":
        json_.write_text(plain + "\n", encoding="utf-8")
    if json_ is not None and str(json_) == "-":
        typer.echo(plain)
    elif report is None:
        typer.echo(text, nl=False)


@contextmanager
def reported() -> Iterator[None]:
    """Show an error of ours as the user reads it and leave with its exit code."""
    try:
        yield
    except ConvenioError as error:
        typer.echo(error.explain(language.get()), err=True)
        raise typer.Exit(error.exit_code) from None
