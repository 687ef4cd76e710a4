"""`convenio framework series`: an indicator's values from its publisher's file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.framework.commands.spoken import By, Card, Json, answer

ABOUT = _("Take an indicator's values in from its publisher's file; what was revised becomes the next version.")


def series(
    card: Card,
    indicator: Annotated[str, typer.Argument(help=_("The indicator.").id)],
    file: Annotated[Path, typer.Argument(help=_("The publisher's file, e.g. as `source pull` keeps it.").id)],
    by: By,
    json_: Json = "",
) -> None:
    """Take a public series in."""
    import dataclasses
    import datetime as dt

    from convenio.programs.framework.scorecard import Scorecard
    from convenio.programs.framework.series import take_series

    taken = take_series(Scorecard(card), indicator, file, by=by, now=dt.datetime.now(dt.UTC))
    line = _(
        "{new} days are new, {revised} were revised, {same} are as they were, {older} lie before the baseline",
        **dataclasses.asdict(taken),
    )
    answer([line], dataclasses.asdict(taken), json_)
