"""What the commands share: options, and how an answer is given as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.framework.model import PUBLICATIONS, Publication

Card = Annotated[Path, typer.Argument(help=_("The scorecard's folder; made when missing.").id)]
Json = Annotated[
    str, typer.Option("--json", metavar="FILE|-", help=_("Write the answer as JSON; - for standard output.").id)
]
By = Annotated[str, typer.Option(help=_("Who says so.").id)]
Shown = Annotated[str, typer.Option("--publication", help=_("Who may see it: internal, parties or public.").id)]


def answer(lines: Sequence[object], told: Mapping[str, Any], json_to: str) -> None:
    """Say lines, messages or texts, to a person, or write an answer as JSON."""
    if not json_to:
        for line in lines:
            typer.echo(str(line))
        return
    text = json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n"
    if json_to == "-":
        typer.echo(text, nl=False)
        return
    try:
        Path(json_to).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(_("this cannot be written: {why}", why=error.strerror or str(error)), where=json_to) from error


def level_of(text: str) -> Publication:
    """A publication level.

    Raises:
        InputError: there is no such level.
    """
    if text not in PUBLICATIONS:
        raise InputError(_("there is no level {level}", level=text[:40]), advice=_("internal, parties or public"))
    return cast("Publication", text)
