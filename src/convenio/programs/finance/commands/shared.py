"""What every command of the program shares: its options, how a result is written, how an error is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from convenio.core.errors import ConvenioError
from convenio.core.words import Message, _, language

JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE|-", help=_("write the result as JSON; - for standard output").id),
]
EncodingOption = Annotated[str | None, typer.Option(help=_("the files' encoding when it is not UTF-8").id)]


def warned(messages: Iterable[Message]) -> None:
    """Show warnings on standard error."""
    for each in messages:
        typer.echo(str(_("warning: {what}", what=each)), err=True)


def written(result: Any, target: Path | None) -> bool:
    """Write `result` as JSON where the user asked for it; says whether the answer went to standard output."""
    if target is None:
        return False
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if str(target) == "-":
        typer.echo(text)
        return True
    target.write_text(text + "\n", encoding="utf-8")
    return False


@contextmanager
def reported() -> Iterator[None]:
    """Show an error of ours as the user reads it and leave with its exit code."""
    try:
        yield
    except ConvenioError as error:
        typer.echo(error.explain(language.get()), err=True)
        raise typer.Exit(error.exit_code) from None
