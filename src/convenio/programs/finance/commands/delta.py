"""`convenio finance delta`: what changed between two states of a list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.finance.commands.shared import EncodingOption, JsonOption, reported, warned, written


def delta(
    old: Annotated[Path, typer.Argument(metavar="OLD", help=_("the earlier state").id)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help=_("the later state").id)],
    json_: JsonOption = None,
    encoding: EncodingOption = None,
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help=_("the files are extracts without the publisher's end mark").id)
    ] = False,
) -> None:
    """Say what changed between two states of a list: who was added, removed, and every field that changed."""
    from convenio.programs.finance.delta import Delta
    from convenio.programs.finance.delta import delta as between
    from convenio.programs.finance.sources.ofac_sdn import cut_list
    from convenio.programs.finance.sources.reading import read_list

    with reported():
        before = read_list(old, encoding=encoding, partial=partial)
        after = read_list(new, encoding=encoding, partial=partial)
        if before.source != after.source:
            raise InputError(
                _("{old} is of the list {one}, {new} of {two}", old=old.name, one=before.source, new=new.name,
                  two=after.source),
                advice=_("compare two states of one list"),
            )  # fmt: skip
        if before.whole != after.whole and not partial:
            path, cut = (new, after) if before.whole else (old, before)
            raise cut_list(path, len(cut.entries))
        found: Delta = between(before.entries, after.entries)
        warnings = [*before.warnings, *after.warnings]
        result: dict[str, Any] = {
            "list": after.source,
            "old": {"file": old.name, "entries": len(before.entries)},
            "new": {"file": new.name, "entries": len(after.entries)},
            **found.as_json(),
            "warnings": [each.in_both() for each in warnings],
        }
        if written(result, json_):
            return
    warned(warnings)
    _show(found)


def _show(found: Any) -> None:
    typer.echo(
        str(
            _(
                "{added} added, {removed} removed, {changed} changed",
                added=len(found.added),
                removed=len(found.removed),
                changed=len(found.changed),
            )
        )
    )
    for sign, entries in (("+", found.added), ("-", found.removed)):
        for entry in entries:
            facts = [*map(str, entry.birth_dates), *entry.birth_places, *entry.identified_by("curp")]
            typer.echo(f"{sign} {entry.id} {entry.name} [{', '.join(entry.programmes)}] {'; '.join(facts)}".rstrip())
    for change in found.changed:
        typer.echo(f"~ {change.new.id} {change.new.name}")
        for part in change.fields:
            for sign, values in (("-", part.removed), ("+", part.added)):
                for value in values:
                    typer.echo(f"    {part.field} {sign} {value}")
