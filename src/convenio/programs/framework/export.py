"""A scorecard for others, by the file's ending; the level of publication decides what is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa

from convenio.core.errors import Refused
from convenio.core.words import _, language
from convenio.files.writing import whole, write
from convenio.programs.framework import rules
from convenio.programs.framework.model import COMPLETIONS, MODALITIES, RATERS, Publication
from convenio.programs.framework.scorecard import Scorecard

NO_EVIDENCE = _("no evidence")


def commitments_table(card: Scorecard, today: dt.date, level: Publication = "internal") -> pa.Table:
    """One row per commitment, with each rater's judgement side by side and whether a true outcome indicator exists."""
    spoken, seen = language.get(), card.at(level)
    outcomes = {each.commitment for each in seen.indicators() if rules.has_true_outcome(each)}
    rows = []
    for each in seen.commitments():
        sides = rules.side_by_side(seen.ratings(each.id), today)
        row = {
            "id": each.id,
            "goal": each.goal,
            "modality": str(MODALITIES[each.modality]),
            "program": each.program,
            "text": each.text_es if spoken == "es" else each.text_en,
            "outcome_indicator": each.id in outcomes,
        }
        for rater, rating in sides.items():
            scored = each.modality != "principle"
            row[rater] = "" if not scored else str(COMPLETIONS[rating.completion] if rating else NO_EVIDENCE)
        rows.append(row)
    names = ("id", "goal", "modality", "program", "text")
    schema = pa.schema(
        [
            *((name, pa.string()) for name in names),
            ("outcome_indicator", pa.bool_()),
            *((rater, pa.string()) for rater in RATERS),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def export(
    card: Scorecard, path: Path, *, today: dt.date, level: Publication, table: str = "", publisher: str = "convenio"
) -> int:
    """Write a scorecard, by the file's ending.

    `.html` is the report; `.json`, `.xlsx` and `.xml` (IATI 2.03) hold every part and can be imported again; `.ics`
    holds the milestones; `.csv` and `.parquet` the commitments side by side, or as `.csv` one table of the workbook.

    Args:
        card: the scorecard.
        path: where it goes.
        today: the day it is written.
        level: who it is for.
        table: for `.csv`: a table of the workbook.
        publisher: for IATI: the reporting organisation's identifier.

    Returns:
        How many parts or rows were written.

    Raises:
        Refused: an IATI file or a calendar for another level than the public one.
        InputError: there is no such table, or no such kind of file.
    """
    ending, seen = path.suffix.lower(), card.at(level)
    if ending in {".xml", ".ics"} and level != "public":
        raise Refused(_("this kind of file is for the public, and holds what is public alone"), where=str(path))
    if ending == ".json":
        from convenio.programs.framework.formats import plain

        return plain.write(seen, path)
    if ending == ".xlsx" or (ending == ".csv" and table):
        from convenio.programs.framework.formats import tabular

        return tabular.write(seen, path, table, language.get())
    if ending == ".xml":
        from convenio.programs.framework.formats import iati

        return iati.write(seen, path, today, publisher=publisher)
    if ending == ".ics":
        from convenio.programs.framework.formats import ical

        return ical.write(seen, path, dt.datetime.now(dt.UTC), language.get())
    commitments = commitments_table(card, today, level)
    if ending != ".html":
        return write([commitments], commitments.schema, path)
    from convenio.programs.framework.evidence import Evidence
    from convenio.programs.framework.site import report_text

    text = report_text(card, Evidence(card.folder).latest(), today, level=level)
    with whole(path) as place:
        place.write_text(text, encoding="utf-8")
    return len(commitments)
