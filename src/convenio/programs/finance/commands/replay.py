"""`convenio finance replay`: a folder of list states, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.core.words import _
from convenio.programs.finance.commands.screen import CustomersArgument, PriorOption, ThresholdOption
from convenio.programs.finance.commands.shared import JsonOption, reported, warned, written

if TYPE_CHECKING:
    import datetime as dt

    from convenio.programs.finance.schema import ListEntry
    from convenio.programs.finance.screening.replay import Day


def replay(
    customers: CustomersArgument,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=_("states of one list, with their day in their names").id)
    ],
    threshold: ThresholdOption = 0.70,
    prior: PriorOption = None,
    json_: JsonOption = None,
) -> None:
    """Go through a folder of list states day by day, as if the customers had been screened then."""
    from convenio.programs.finance.screening.replay import replay as through
    from convenio.programs.finance.screening.replay import states_of
    from convenio.programs.finance.sources.customers import read_customers

    with reported():
        states = states_of(folder)
        known = list(read_customers(customers, aside=lambda _number, _why: None))
        days: list[dict[str, Any]] = []
        for day in through(_read(states), known, threshold=threshold, prior=prior):
            days.append(_as_json(day))
            if str(json_) != "-":
                _show(day)
        written({"customers": len(known), "days": days}, json_)


def _read(states: Sequence[tuple[dt.date, Path]]) -> Iterator[tuple[dt.date, str, list[ListEntry]]]:
    from convenio.programs.finance.sources.reading import read_list

    for date, path in states:
        found = read_list(path)
        warned(found.warnings)
        yield date, path.name, found.entries


def _as_json(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "file": day.file,
        "entries": day.entries,
        "added": len(day.change.added),
        "removed": len(day.change.removed),
        "changed": len(day.change.changed),
        "opened": [_hit(hit) for hit in day.hits.opened],
        "altered": [_hit(hit) for hit in day.hits.altered],
        "delisted": [_hit(hit) for hit in day.hits.delisted],
        "closed": [_hit(hit) for hit in day.hits.closed],
        "open": len(day.hits.kept),
        "seconds": round(day.seconds, 3),
    }


def _hit(hit: Any) -> dict[str, Any]:
    return {
        "customer_id": hit.customer.id,
        "entry_id": hit.entry.id,
        "listed_name": hit.weighed.listed.name,
        "score": round(hit.weighed.score, 4),
        "explanation": hit.explanation.in_both(),
    }


def _show(day: Day) -> None:
    typer.echo(
        str(
            _(
                "{date}: {entries} entries, {added} added, {removed} removed, {changed} changed; "
                "{opened} hits opened, {ended} ended, {open} open",
                date=day.date.isoformat(),
                entries=f"{day.entries:,}",
                added=len(day.change.added),
                removed=len(day.change.removed),
                changed=len(day.change.changed),
                opened=len(day.hits.opened),
                ended=len(day.hits.delisted) + len(day.hits.closed),
                open=len(day.hits.kept),
            )
        )
    )
    for hit in day.hits.opened:
        typer.echo(f"  + {hit.explanation}")
    for hit in day.hits.delisted:
        typer.echo(
            "  "
            + str(
                _(
                    "- “{customer}”: {source} {entry} “{listed}” was taken off the list; the hit is closed",
                    customer=hit.customer.name[:80],
                    source=hit.entry.source,
                    entry=hit.entry.id,
                    listed=hit.weighed.listed.name[:80],
                )
            )
        )
