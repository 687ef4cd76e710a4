"""A scorecard for others: tables, and one HTML report; the level of publication decides what is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa

from convenio.core.words import Message, _, language
from convenio.files.report import Report, Section, html_report
from convenio.files.writing import write
from convenio.programs.framework import rules
from convenio.programs.framework.model import COMPLETIONS, MODALITIES, Publication
from convenio.programs.framework.scorecard import Scorecard

LEVELS: tuple[Publication, ...] = ("internal", "parties", "public")
NO_EVIDENCE = _("no evidence")


def commitments_table(card: Scorecard, today: dt.date, level: Publication = "internal") -> pa.Table:
    """One row per commitment, with each rater's judgement side by side and whether a true outcome indicator exists."""
    spoken = language.get()
    seen = LEVELS[LEVELS.index(level) :]
    own = [each for each in card.indicators() if each.publication in seen]
    outcomes = {each.commitment for each in own if each.level != "output" and each.baseline is not None}
    rows = []
    for each in card.commitments():
        ratings = card.ratings(each.id) if level != "public" else []  # a rating has no public level yet
        sides = rules.side_by_side(ratings, today)
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
    return pa.Table.from_pylist(rows)


def indicators_table(card: Scorecard, today: dt.date, level: Publication = "internal") -> pa.Table:
    """One row per indicator that may be seen at a level, with its result and why."""
    spoken, results = language.get(), card.results(today)
    seen = LEVELS[LEVELS.index(level) :]
    rows = []
    for each in card.indicators():
        if each.publication not in seen:
            continue
        newest = rules.latest(card.observations(each.id))
        rows.append(
            {
                "id": each.id,
                "commitment": each.commitment,
                "title": each.title_es if spoken == "es" else each.title_en,
                "level": each.level,
                "unit": each.unit,
                "baseline": each.baseline.value if each.baseline else None,
                "baseline_on": each.baseline.on if each.baseline else None,
                "observed": newest.value if newest else None,
                "observed_on": newest.on if newest else None,
                "result": results[each.id][0],
                "why": results[each.id][1],
                "source": each.source,
            }
        )
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("commitment", pa.string()),
            ("title", pa.string()),
            ("level", pa.string()),
            ("unit", pa.string()),
            ("baseline", pa.float64()),
            ("baseline_on", pa.date32()),
            ("observed", pa.float64()),
            ("observed_on", pa.date32()),
            ("result", pa.string()),
            ("why", pa.string()),
            ("source", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def export(card: Scorecard, path: Path, *, today: dt.date, level: Publication) -> None:
    """Write a scorecard: `.html` is the report, `.csv`, `.xlsx`, `.parquet` and `.json` the commitments' table."""
    commitments, indicators = commitments_table(card, today, level), indicators_table(card, today, level)
    if path.suffix.lower() != ".html":
        write([commitments], commitments.schema, path)
        return
    counted = sum(commitments.column("outcome_indicator").to_pylist())
    notes: list[Message] = [
        _(
            "{with_it} of {all} commitments have an outcome indicator with a baseline; of the rest no result is shown",
            with_it=counted,
            all=commitments.num_rows,
        ),
        _("What is shown is contribution, never attribution. Raters stand side by side and are not averaged."),
    ]
    report = Report(
        title=_("Scorecard of the framework"),
        summary=_("Every commitment, its evidence, and three judgements"),
        notes=notes,
        sections=[Section(_("Commitments"), commitments), Section(_("Indicators"), indicators)],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html_report(report), encoding="utf-8")
