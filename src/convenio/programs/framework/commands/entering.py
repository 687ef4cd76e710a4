"""Commands that enter one thing: an observation, a rating, an amendment, that a milestone is done."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.framework.commands.spoken import By, Card, Json, Shown, answer, level_of

Evidence = Annotated[
    list[str] | None,
    typer.Option(
        help=_(
            "What it rests on: an indicator, a milestone that is done, a document, an evaluation or an audit; or words "
            "that end with their day. May be repeated."
        ).id
    ),
]


def observe(
    card: Card,
    indicator: Annotated[str, typer.Argument(help=_("The indicator.").id)],
    value: Annotated[float, typer.Argument(help=_("The value.").id)],
    *,
    on: Annotated[str, typer.Option(help=_("The day it is of, YYYY-MM-DD.").id)],
    source: Annotated[str, typer.Option(help=_("Where it comes from.").id)],
    by: Annotated[str, typer.Option(help=_("Who enters it.").id)],
    low: Annotated[float | None, typer.Option(help=_("Lower end of its interval.").id)] = None,
    high: Annotated[float | None, typer.Option(help=_("Upper end of its interval.").id)] = None,
    version: Annotated[int, typer.Option(min=1, help=_("1, or higher for a correction.").id)] = 1,
    part: Annotated[
        list[str] | None, typer.Option(help=_("NAME=VALUE: the part it is of, e.g. sex=female; may be repeated.").id)
    ] = None,
    query: Annotated[str, typer.Option(help=_("The query behind it.").id)] = "",
    said: Annotated[str, typer.Option(help=_("A remark; for a correction, why.").id)] = "",
    publication: Shown = "internal",
    json_: Json = "",
) -> None:
    """Enter an observation."""
    from convenio.programs.framework import rules
    from convenio.programs.framework.model import Observation
    from convenio.programs.framework.scorecard import Scorecard, fitted

    made = fitted(
        Observation,
        {
            "indicator": indicator,
            "on": day(on),
            "value": value,
            "low": low,
            "high": high,
            "source": source,
            "version": version,
            "entered_at": dt.datetime.now(dt.UTC),
            "entered_by": by,
            "dimensions": [_dimension(each) for each in part or []],
            "query": query,
            "said": said,
            "publication": level_of(publication),
        },
        indicator,
    )
    held = Scorecard(card)
    held.observe(made)
    result, why = rules.result_of(held.indicator(indicator), held.observations(indicator), today())
    told = {"observed": made.model_dump(mode="json"), "result": result, "why": str(why)}
    line = why if why in rules.RESULTS.values() else _("unknown: {why}", why=why)
    answer([f"{indicator}: {line}"], told, json_)


def rate(
    card: Card,
    commitment: Annotated[str, typer.Argument(help=_("The commitment.").id)],
    *,
    rater: Annotated[str, typer.Option(help=_("us, mx or reviewer.").id)],
    completion: Annotated[
        str, typer.Option(help=_("no-evidence, not-started, limited, substantial, complete or withdrawn.").id)
    ],
    by: Annotated[str, typer.Option(help=_("Who rates.").id)],
    evidence: Evidence = None,
    expires: Annotated[
        str, typer.Option(help=_("The day it expires, where that is before its evidence is too old.").id)
    ] = "",
    result: Annotated[str, typer.Option(help=_("What came of it; needs an outcome baseline.").id)] = "",
    independence: Annotated[str, typer.Option(help=_("For a reviewer: why it is independent.").id)] = "",
    comments_from: Annotated[str, typer.Option(help=_("For a reviewer: first day of the comment period.").id)] = "",
    comments_to: Annotated[str, typer.Option(help=_("For a reviewer: its last day.").id)] = "",
    version: Annotated[int, typer.Option(min=1, help=_("1, or higher for this rater's next judgement.").id)] = 1,
    publication: Shown = "internal",
    json_: Json = "",
) -> None:
    """Enter a rating."""
    from convenio.programs.framework.model import RATERS, Rating
    from convenio.programs.framework.scorecard import Scorecard, fitted

    held, given = Scorecard(card), today()
    held.commitment(commitment)
    told = {
        "commitment": commitment,
        "rater": rater,
        "completion": completion,
        "result": result,
        "evidence": tuple(evidence or ()),
        "independence": independence,
        "comments_from": day(comments_from) if comments_from else None,
        "comments_to": day(comments_to) if comments_to else None,
        "given_on": given,
        "expires_on": day(expires) if expires else held.good_until(evidence or (), given, commitment),
        "by": by,
        "version": version,
        "publication": level_of(publication),
    }
    made = fitted(Rating, told, commitment)
    held.rate(made)
    line = _(
        "{rater} has rated {commitment}; it expires on {day}",
        rater=RATERS[made.rater],
        commitment=commitment,
        day=made.expires_on.isoformat(),
    )
    answer([line], made.model_dump(mode="json"), json_)


def amend(
    card: Card,
    milestone: Annotated[str, typer.Argument(help=_("The milestone.").id)],
    *,
    due: Annotated[str, typer.Option(help=_("Its new day, YYYY-MM-DD.").id)],
    by: Annotated[str, typer.Option(help=_("Who moves it.").id)],
    reason: Annotated[str, typer.Option(help=_("Why.").id)],
    json_: Json = "",
) -> None:
    """Move a milestone."""
    from convenio.programs.framework.model import Amendment
    from convenio.programs.framework.scorecard import Scorecard, fitted

    told = {"due": day(due), "by": by, "on": today(), "reason": reason}
    moved = Scorecard(card).amend(milestone, fitted(Amendment, told, milestone))
    answer([f"{milestone}: {moved.due}"], moved.model_dump(mode="json"), json_)


def done(
    card: Card,
    milestone: Annotated[str, typer.Argument(help=_("The milestone.").id)],
    *,
    by: By,
    on: Annotated[str, typer.Option(help=_("The day it was done, YYYY-MM-DD; today unless said.").id)] = "",
    evidence: Annotated[list[str] | None, typer.Option(help=_("What shows it; may be repeated.").id)] = None,
    json_: Json = "",
) -> None:
    """Mark a milestone as done."""
    from convenio.programs.framework.scorecard import Scorecard

    made = Scorecard(card).done(
        milestone, on=day(on) if on else today(), by=by, evidence=tuple(evidence or ()), today=today()
    )
    answer([_("{name} is done", name=milestone)], made.model_dump(mode="json"), json_)


def day(text: str) -> dt.date:
    """A day from its text.

    Raises:
        InputError: it is none, or could be two.
    """
    from convenio.programs.framework.model.base import read_day

    return read_day(text)


def today() -> dt.date:
    """Today, in universal time."""
    return dt.datetime.now(dt.UTC).date()


def _dimension(text: str) -> dict[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise InputError(_("this is no part: {text}", text=text[:40]), advice=_("write it as sex=female"))
    return {"name": name.strip(), "value": value.strip()}
