"""`convenio finance screen` and `clear`: customers against lists, and the false hits that a person cleared."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convenio.core.errors import InputError, NotFound
from convenio.core.words import Message, _
from convenio.programs.finance.commands.shared import EncodingOption, JsonOption, reported, warned

if TYPE_CHECKING:
    from convenio.programs.finance.screening.party import Party
    from convenio.programs.finance.screening.screener import Hit

CustomersArgument = Annotated[
    Path, typer.Argument(metavar="CUSTOMERS", help=_("a CSV file of customers, with headings").id)
]
ThresholdOption = Annotated[float, typer.Option(help=_("score from which a pair is a hit").id)]
PriorOption = Annotated[
    float | None, typer.Option(help=_("probability, before looking, that a customer is a given listed party").id)
]
ClearedOption = Annotated[
    Path | None, typer.Option("--cleared", metavar="FILE", help=_("false hits that were cleared, as JSON lines").id)
]


def screen(
    customers: CustomersArgument,
    lists: Annotated[list[Path], typer.Argument(metavar="LIST...", help=_("one or more lists, in any known form").id)],
    threshold: ThresholdOption = 0.70,
    prior: PriorOption = None,
    cleared: ClearedOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("write the hits as CSV here").id)
    ] = None,
    json_: JsonOption = None,
    encoding: EncodingOption = None,
    *,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help=_("stop at the first row that does not fit; without it such rows are set aside").id
        ),
    ] = False,
) -> None:
    """Screen a file of customers against one or more lists, with reasons for each hit."""
    from convenio.programs.finance.screening.memory import Memory, read_cleared
    from convenio.programs.finance.screening.screener import Screener
    from convenio.programs.finance.sources.customers import read_customers
    from convenio.programs.finance.sources.reading import read_lists

    with reported():
        read = read_lists(lists, encoding=encoding)
        warned(each for one in read for each in one.warnings)
        screener = Screener([entry for one in read for entry in one.entries], threshold=threshold, prior=prior)
        memory = Memory(read_cleared(cleared) if cleared else ())
        aside: list[tuple[int, Message]] = []
        counted = [0]
        source = read_customers(customers, aside=None if strict else lambda number, why: aside.append((number, why)))
        hits = memory.sift(screener.screen(_counted(source, counted)))
        shown = str(json_) != "-" and output is None
        found = _written(hits, output, show=shown)
        for number, why in aside[:20]:
            typer.echo(str(_("row {row} was set aside: {why}", row=f"{number:,}", why=why)), err=True)
        summary: dict[str, Any] = {
            "customers": counted[0],
            "set_aside": len(aside),
            "listed": len(screener.entries),
            "hits": found,
        }
        _finish(summary, json_)


def clear(
    customers: CustomersArgument,
    lists: Annotated[list[Path], typer.Argument(metavar="LIST...", help=_("the lists it was screened against").id)],
    cleared: Annotated[Path, typer.Option("--cleared", metavar="FILE", help=_("file that remembers; made if new").id)],
    customer: Annotated[str, typer.Option(help=_("the customer's number").id)],
    entry: Annotated[str, typer.Option(help=_("the entry's number on the list").id)],
    reason: Annotated[str, typer.Option(help=_("why it is not the same person").id)],
    by: Annotated[str, typer.Option(help=_("who clears it").id)],
    threshold: ThresholdOption = 0.70,
) -> None:
    """Clear a false hit, with a reason; it comes back only if the customer or the entry changes."""
    from convenio.programs.finance.screening import memory
    from convenio.programs.finance.screening.screener import Screener
    from convenio.programs.finance.sources.customers import read_customers
    from convenio.programs.finance.sources.reading import read_lists

    with reported():
        entries = [each for one in read_lists(lists) for each in one.entries if each.id == entry]
        found: list[Hit] = []
        for known in read_customers(customers, aside=lambda _number, _why: None):
            if known.id == customer:
                found = Screener(entries, threshold=threshold).hits(known)
        if not found:
            raise NotFound(
                _("customer {customer} and entry {entry} are no hit", customer=customer, entry=entry),
                advice=_("the numbers stand in what `convenio finance screen` writes"),
            )
        made = memory.clear(found[0], reason=reason, by=by, on=dt.datetime.now(dt.UTC).date())
        memory.write_cleared(cleared, made)
        typer.echo(str(_("cleared; it comes back if the customer or the entry changes")))


def _counted(parties: Iterable[Party], counted: list[int]) -> Iterator[Party]:
    for each in parties:
        counted[0] += 1
        yield each


def _written(hits: Iterable[tuple[Hit, Message | None]], output: Path | None, *, show: bool) -> list[dict[str, Any]]:
    """Every hit as plain values; as CSV while they come where asked for, else on the screen."""
    from convenio.programs.finance.screening.results import hits_table

    found: list[dict[str, Any]] = []
    file = output.open("w", encoding="utf-8", newline="") if output else None
    try:
        writer: Any = None
        for hit, note in hits:
            row = hits_table([hit]).to_pylist()[0]
            row["cleared_before"] = "" if note is None else str(note)
            found.append(row)
            if file is not None:
                writer = writer or csv.DictWriter(file, fieldnames=list(row))
                if len(found) == 1:
                    writer.writeheader()
                writer.writerow({name: _safe(value) for name, value in row.items()})
            elif show:
                typer.echo(str(hit.explanation))
                typer.echo(str(_("  would change it: {what}", what=hit.would_change)))
                if note is not None:
                    typer.echo(f"  {note}")
    finally:
        if file is not None:
            file.close()
    return found


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value


def _finish(summary: dict[str, Any], json_: Path | None) -> None:
    if json_ is not None and str(json_) == "-":
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    if json_ is not None:
        json_.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if not summary["customers"]:
        raise InputError(_("no customer could be read"), advice=_("are the headings the right ones?"))
    typer.echo(
        str(
            _(
                "{customers} customers against {listed} listed parties: {hits} hits, {aside} rows set aside",
                customers=f"{summary['customers']:,}",
                listed=f"{summary['listed']:,}",
                hits=len(summary["hits"]),
                aside=summary["set_aside"],
            )
        ),
        err=True,
    )
