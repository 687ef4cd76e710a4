"""Files in and out: JSON, XLSX and CSV, IATI 2.03, iCalendar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.framework.model import Part
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import Where

Found = Sequence[tuple[Part, Where]]


def read(path: Path, card: Scorecard, *, by: str = "") -> Found:
    """The parts in a file, each with where it stands, by the file's ending.

    Args:
        path: `.json`, `.xlsx`, `.csv` or `.xml`.
        card: the scorecard they are for: a rating that does not say when it expires takes that from its evidence.
        by: who enters what does not say so itself.

    Raises:
        InputError: the file cannot be read, or something in it does not fit.
    """
    ending = path.suffix.lower()
    if ending == ".json":
        from convenio.programs.framework.formats import plain

        return plain.read(path, card, by=by)
    if ending in {".xlsx", ".csv"}:
        from convenio.programs.framework.formats import tabular

        return tabular.read(path, card, by=by)
    if ending == ".xml":
        from convenio.programs.framework.formats import iati

        return iati.read(path, card, by=by)
    raise InputError(
        _("files of this kind are not read here"), where=str(path), advice=_(".json, .xlsx, .csv, or .xml for IATI")
    )
