"""`convenio finance compare`: two names, word by word."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.commands.shared import JsonOption, reported, written

SCHEMATA = ("Person", "Company", "Organization", "LegalEntity", "Vessel", "Airplane")


def compare(
    name1: Annotated[str, typer.Argument(metavar="NAME1", help=_("a name").id)],
    name2: Annotated[str, typer.Argument(metavar="NAME2", help=_("the other name").id)],
    schema: Annotated[str, typer.Option(help=_("what bears the names: Person, Company, Vessel, …").id)] = "Person",
    json_: JsonOption = None,
) -> None:
    """Compare two names, and say word by word why they are alike or not."""
    from convenio.entities.comparison import Rarity
    from convenio.entities.comparison import name as weigh_name
    from convenio.entities.names import MATCH, compare_names, compare_persons, person

    with reported():
        if schema not in SCHEMATA:
            raise InputError(
                _("{schema} bears no name here", schema=schema), advice=_("choose from {all}", all=", ".join(SCHEMATA))
            )
        value = compare_names(name1, name2, schema=schema)
        result: dict[str, Any] = {"similarity": value, "match": value >= MATCH}
        lines = [_match(value) if value >= MATCH else _no_match(value)]
        if schema == "Person":
            evidence = weigh_name(compare_persons(person(name1), person(name2)), Rarity())
            result |= {"weight": round(evidence.bans, 3), "why": evidence.why.in_both()}
            lines.append(_("weight of evidence {bans} bans: {why}", bans=f"{evidence.bans:+.1f}", why=evidence.why))
        if not written(result, json_):
            for line in lines:
                typer.echo(str(line))


def _match(value: float) -> Message:
    return _("{value}: the same name (0.70 and above)", value=f"{value:.2f}")


def _no_match(value: float) -> Message:
    return _("{value}: not the same name (below 0.70)", value=f"{value:.2f}")
