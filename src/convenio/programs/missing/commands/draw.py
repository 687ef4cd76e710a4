"""`convenio missing draw`: pedigrees as drawings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convenio.core.words import _
from convenio.programs.missing.commands.shared import reported


def draw(
    pedigrees: Annotated[Path, typer.Argument(metavar="PEDIGREES", help=_("pedigrees").id)],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("where the drawings go, one SVG per pedigree").id)],
    references: Annotated[Path | None, typer.Option(help=_("genotypes: who is typed is filled").id)] = None,
) -> None:
    """Draw pedigrees as SVG."""
    with reported():
        from convenio.programs.missing.drawing import draw as drawn
        from convenio.programs.missing.formats.genotypes import read_genotypes
        from convenio.programs.missing.formats.pedigrees import read_pedigrees

        samples = read_genotypes(references) if references is not None else []
        folder.mkdir(parents=True, exist_ok=True)
        for section in read_pedigrees(pedigrees):
            sampled = {s.id for s in samples if s.family in ("", section.name)}
            path = folder / f"{''.join(c if c.isalnum() else '-' for c in section.name)}.svg"
            path.write_text(drawn(section.pedigree, sampled=sampled, missing=section.missing), encoding="utf-8")
            typer.echo(str(path))
