"""The report as one HTML document that needs nothing else, in the present language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from convenio.core.words import _
from convenio.programs.framework import content
from convenio.programs.framework.evidence import Value
from convenio.programs.framework.model import PUBLICATIONS, Publication
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown import Lists, ReportLinks, figure_of
from convenio.programs.framework.site.paper import given, paper, still
from convenio.web.report import report_html


def report_text(card: Scorecard, evidence: Iterable[Value], today: dt.date, *, level: Publication = "public") -> str:
    """The whole scorecard as one file, to read, to print or to send.

    Args:
        card: the scorecard.
        evidence: values from operations.
        today: the day it is of.
        level: who it is for; nothing above that level is in it.
    """
    reading = Reading(card.at(level), evidence, today, level)
    links = ReportLinks({each.id for each in reading.held.commitments})
    with still():
        lists = Lists(reading, links)
        tables = [
            lists.commitments(),
            lists.sides(),
            lists.reciprocity(),
            lists.late(),
            lists.expired(),
            lists.without(),
            lists.indicators(),
            lists.serving(),
            lists.evidence(),
        ]
        figures = {each.indicator.id: figure_of(each) for each in reading.measured if each.observations}
        return report_html(
            paper(today),
            None,
            "framework/report.html",
            mark=str(_("As of {day}. For: {level}", day=today.isoformat(), level=PUBLICATIONS[level])),
            **given(links, r=reading, tables=tables, figures=figures, level=level, plan=content.plan()),
        )
