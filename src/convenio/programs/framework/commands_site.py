"""`convenio framework site`: the public site as files, and the report as one file in either language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.framework.commands.spoken import Card, Json, answer

ABOUT = _("Write the public site: plain files in both languages that open without a server, and nothing above public.")


def site(
    card: Card,
    folder: Annotated[Path, typer.Argument(help=_("Where the site goes; a site written before is replaced.").id)],
    json_: Json = "",
) -> None:
    """Write the public site."""
    import datetime as dt

    from convenio.programs.framework.evidence import Evidence
    from convenio.programs.framework.scorecard import Scorecard
    from convenio.programs.framework.site import write_site

    count = write_site(Scorecard(card), Evidence(card).latest(), dt.datetime.now(dt.UTC).date(), folder)
    first = folder / "index.html"
    answer(
        [_("{number} files; the first page is {file}", number=count, file=str(first))],
        {"folder": str(folder), "files": count, "first": str(first)},
        json_,
    )
