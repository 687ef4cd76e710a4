"""What every command of the program shares: its options, how a result is written, how an error is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _, language

if TYPE_CHECKING:
    from convenio.programs.missing.methods.remains import Family

EVERYONE = ""
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
Theta = Annotated[float, typer.Option("--theta", help=_("coancestry coefficient").id)]
Dropout = Annotated[
    list[str] | None,
    typer.Option(
        "--dropout",
        help=_("probability that a copy of an allele is not seen: of all, or SAMPLE=PROBABILITY; repeatable").id,
    ),
]
Dropin = Annotated[
    float, typer.Option("--dropin", help=_("probability of a foreign allele, in samples with drop-out").id)
]
JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE|-", help=_("write the result as JSON; - for standard output").id),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help=_("write the report to a file; .html: as a page, with the pedigrees drawn").id
    ),
]


def shares(listed: list[str]) -> dict[str, float]:
    """Drop-out as it was typed: by person (`B=0.05`), and that of all others under `EVERYONE` (`0.05`).

    Raises:
        InputError: one is no probability.
    """
    found = {}
    for each in listed:
        name, _equals, value = each.rpartition("=")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = -1.0
        if not 0 <= found[name] < 1:
            raise InputError(
                _("{text} is no drop-out", text=each), advice=_("write, for example, B=0.05, or 0.05 for all")
            )
    return found


def shares_of(ids: Iterable[str], listed: list[str], dropin: float = 0.0) -> dict[str, float]:
    """Drop-out of each of `ids`.

    Raises:
        InputError: one is given for someone else, or is no probability, or there is drop-in without drop-out.
    """
    given, known = shares(listed), list(ids)
    if dropin and not any(given.values()):
        raise InputError(
            _("drop-in is given without drop-out"),
            advice=_("drop-in is taken into account in samples with drop-out only: give --dropout too"),
        )
    for name in given:
        if name not in known and name != EVERYONE:
            raise InputError(
                _("drop-out is given for {id}, who was not typed", id=name),
                advice=_("the samples are {ids}", ids=", ".join(known[:20])),
            )
    return {id_: given.get(id_, given.get(EVERYONE, 0.0)) for id_ in known}


def finish(
    text: str, result: Any, report: Path | None, json_: Path | None, drawings: Mapping[str, str] | None = None
) -> None:
    """Write the report and the JSON where the user asked for them; the report goes to the screen otherwise.

    Args:
        text: the report.
        result: its figures.
        report: a file for the report; one whose name ends in `.html` gets it as a page, with the drawings.
        json_: a file for the figures, or `-`.
        drawings: pedigrees as SVG, by name.
    """
    plain = json.dumps(result, ensure_ascii=False, indent=2)
    if report is not None and report.suffix.lower() in (".html", ".htm"):
        from convenio.programs.missing.reports.sheet import sheet

        report.write_text(sheet(text, drawings), encoding="utf-8")
    elif report is not None:
        report.write_text(text, encoding="utf-8")
    if json_ is not None and str(json_) != "-":
        json_.write_text(plain + "\n", encoding="utf-8")
    if json_ is not None and str(json_) == "-":
        typer.echo(plain)
    elif report is None:
        typer.echo(text, nl=False)


def drawn(families: Iterable[Family]) -> dict[str, str]:
    """The families' pedigrees as SVG, by name."""
    from convenio.programs.missing.drawing import draw

    found = {}
    for family in families:
        for pedigree in family.pedigrees:
            name = family.name if len(family.pedigrees) == 1 else f"{family.name}: {pedigree.name}"
            found[name] = draw(pedigree, sampled=family.references, missing=family.missing)
    return found


@contextmanager
def reported() -> Iterator[None]:
    """Show an error of ours as the user reads it and leave with its exit code."""
    try:
        yield
    except ConvenioError as error:
        typer.echo(error.explain(language.get()), err=True)
        raise typer.Exit(error.exit_code) from None
