"""`convenio framework`: the scorecard as a folder of plain files."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from convenio.core.errors import InputError
from convenio.core.words import _

app = typer.Typer(help=_("Which commitments are kept, by what evidence, in whose judgement?").id, no_args_is_help=True)
Card = Annotated[Path, typer.Argument(help=_("The scorecard's folder; made when missing.").id)]


@app.command(help=_("Count commitments, and which of them have a true outcome indicator.").id)
def status(
    card: Card,
    json_to: Annotated[str, typer.Option("--json", metavar="FILE|-", help=_("Write the counts as JSON.").id)] = "",
) -> None:
    """Show how the scorecard stands."""
    from convenio.programs.framework.model import MODALITIES
    from convenio.programs.framework.scorecard import Scorecard

    held, today = Scorecard(card), dt.datetime.now(dt.UTC).date()
    commitments, indicators = held.commitments(), held.indicators()
    true_outcomes = {each.commitment for each in indicators if each.level != "output" and each.baseline is not None}
    told = {
        "commitments": len(commitments),
        "by_modality": dict(Counter(each.modality for each in commitments)),
        "by_program": dict(sorted(Counter(each.program for each in commitments).items())),
        "with_outcome_indicator": len(true_outcomes),
        "without_outcome_indicator": len(commitments) - len(true_outcomes),
        "indicators": len(indicators),
        "observations": len(held.observations()),
        "ratings": len(held.ratings()),
        "late": sorted(each.id for each in held.milestones() if each.done_on is None and each.due < today),
        "results": {name: result for name, (result, _why) in held.results(today).items()},
    }
    if json_to:
        text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
        if json_to == "-":
            typer.echo(text, nl=False)
        else:
            Path(json_to).write_text(text, encoding="utf-8")
        return
    typer.echo(
        str(
            _(
                "{all} commitments; {with_it} have an outcome indicator with a baseline, {without} have none",
                all=told["commitments"],
                with_it=told["with_outcome_indicator"],
                without=told["without_outcome_indicator"],
            )
        )
    )
    for modality, words in MODALITIES.items():
        typer.echo(f"  {sum(each.modality == modality for each in commitments):>4}  {words}")
    for program, count in Counter(each.program for each in commitments).most_common():
        typer.echo(f"  {count:>4}  {program}")
    for name in told["late"] if isinstance(told["late"], list) else []:
        typer.echo(str(_("late: {name}", name=name)))


@app.command("import", help=_("Take in indicators and milestones from a JSON file, whole or not at all.").id)
def import_(
    card: Card, file: Annotated[Path, typer.Argument(help=_("JSON with `indicators` and `milestones`.").id)]
) -> None:
    """Take in indicators and milestones."""
    from convenio.programs.framework import rules
    from convenio.programs.framework.model import Indicator, Milestone
    from convenio.programs.framework.scorecard import Scorecard, fitted

    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or set(told) - {"indicators", "milestones"}:
            raise TypeError("indicators, milestones")
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            _("this is no JSON with indicators and milestones: {why}", why=str(error)),
            where=str(file),
            kept=_("nothing was imported"),
        ) from error
    held = Scorecard(card)
    indicators = [fitted(Indicator, each, f"{file.name}, {i}") for i, each in enumerate(told.get("indicators", []), 1)]
    milestones = [fitted(Milestone, each, f"{file.name}, {i}") for i, each in enumerate(told.get("milestones", []), 1)]
    before = {each.id: each for each in held.indicators()}
    for indicator in indicators:
        held.commitment(indicator.commitment)
        rules.may_set_baseline(before.get(indicator.id), indicator)
    known = {each.id for each in held.milestones()}
    for milestone in milestones:
        held.commitment(milestone.commitment)
        if milestone.id in known or milestone.amendments:
            raise InputError(
                _("the milestone {name} is there already", name=milestone.id),
                advice=_("an amendment moves it: who, when, why"),
                kept=_("nothing was imported"),
            )
    for indicator in indicators:
        held.register(indicator)
    for milestone in milestones:
        held.plan(milestone)
    typer.echo(
        str(
            _(
                "{indicators} indicators, {milestones} milestones",
                indicators=len(indicators),
                milestones=len(milestones),
            )
        )
    )


@app.command(help=_("Enter an observation of an indicator; a correction is the next version.").id)
def observe(
    card: Card,
    indicator: Annotated[str, typer.Argument(help=_("The indicator.").id)],
    value: Annotated[float, typer.Argument(help=_("The value.").id)],
    on: Annotated[str, typer.Option(help=_("The day it is of, YYYY-MM-DD.").id)],
    source: Annotated[str, typer.Option(help=_("Where it comes from.").id)],
    by: Annotated[str, typer.Option(help=_("Who enters it.").id)],
    low: Annotated[float | None, typer.Option(help=_("Lower end of its interval.").id)] = None,
    high: Annotated[float | None, typer.Option(help=_("Upper end of its interval.").id)] = None,
    version: Annotated[int, typer.Option(min=1, help=_("1, or higher for a correction.").id)] = 1,
) -> None:
    """Enter an observation."""
    from convenio.programs.framework.model import Observation
    from convenio.programs.framework.scorecard import Scorecard

    held = Scorecard(card)
    held.observe(
        Observation(
            indicator=indicator,
            on=day(on),
            value=value,
            low=low,
            high=high,
            source=source,
            version=version,
            entered_at=dt.datetime.now(dt.UTC),
            entered_by=by,
        )
    )
    result, why = held.results(dt.datetime.now(dt.UTC).date())[indicator]
    typer.echo(f"{indicator}: {result}: {why}")


@app.command(help=_("Enter one rater's judgement of a commitment.").id)
def rate(
    card: Card,
    commitment: Annotated[str, typer.Argument(help=_("The commitment.").id)],
    rater: Annotated[str, typer.Option(help=_("us, mx or reviewer.").id)],
    completion: Annotated[str, typer.Option(help=_("not-started, limited, substantial, complete, withdrawn.").id)],
    expires: Annotated[str, typer.Option(help=_("The day its evidence is no longer good.").id)],
    by: Annotated[str, typer.Option(help=_("Who rates.").id)],
    result: Annotated[str, typer.Option(help=_("What came of it; needs an outcome baseline.").id)] = "",
    evidence: Annotated[list[str] | None, typer.Option(help=_("What it rests on; may be repeated.").id)] = None,
    independence: Annotated[
        str, typer.Option(help=_("For a reviewer: why independent, which comment period.").id)
    ] = "",
) -> None:
    """Enter a rating."""
    from convenio.programs.framework.model import Rating
    from convenio.programs.framework.scorecard import Scorecard, fitted

    made = {
        "commitment": commitment,
        "rater": rater,
        "completion": completion,
        "result": result,
        "evidence": tuple(evidence or ()),
        "independence": independence,
        "given_on": dt.datetime.now(dt.UTC).date(),
        "expires_on": day(expires),
        "by": by,
    }
    Scorecard(card).rate(fitted(Rating, made, commitment))
    typer.echo(str(_("{rater} has rated {commitment}", rater=rater, commitment=commitment)))


@app.command(help=_("Move a milestone: who, when, why.").id)
def amend(
    card: Card,
    milestone: Annotated[str, typer.Argument(help=_("The milestone.").id)],
    due: Annotated[str, typer.Option(help=_("Its new day, YYYY-MM-DD.").id)],
    by: Annotated[str, typer.Option(help=_("Who moves it.").id)],
    reason: Annotated[str, typer.Option(help=_("Why.").id)],
) -> None:
    """Move a milestone."""
    from convenio.programs.framework.model import Amendment
    from convenio.programs.framework.scorecard import Scorecard, fitted

    told = {"due": day(due), "by": by, "on": dt.datetime.now(dt.UTC).date(), "reason": reason}
    Scorecard(card).amend(milestone, fitted(Amendment, told, milestone))
    typer.echo(f"{milestone}: {due}")


@app.command(help=_("Write the scorecard: .html is the report, .csv, .xlsx, .parquet and .json the table.").id)
def export(
    card: Card,
    out: Annotated[Path, typer.Argument(help=_("Where it goes.").id)],
    level: Annotated[str, typer.Option(help=_("internal, parties or public.").id)] = "public",
) -> None:
    """Write the scorecard."""
    from convenio.programs.framework.export import LEVELS
    from convenio.programs.framework.export import export as written
    from convenio.programs.framework.scorecard import Scorecard

    chosen = next((each for each in LEVELS if each == level), None)
    if chosen is None:
        raise InputError(_("there is no level {level}", level=level), advice=_("internal, parties or public"))
    written(Scorecard(card), out, today=dt.datetime.now(dt.UTC).date(), level=chosen)
    typer.echo(str(_("written: {file}", file=str(out))))


def day(text: str) -> dt.date:
    """A day from its text.

    Raises:
        InputError: it is none, or could be two.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            _("this is no day: {day}", day=text), advice=_("write it as 2021-10-06; 03/04/2022 could be two days")
        ) from error
