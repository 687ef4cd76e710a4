"""The lists of a scorecard: one table each, the same in the console, on the site and in a report."""

from __future__ import annotations

from convenio.core.words import _
from convenio.programs.framework.model import LEVELS, PUBLICATIONS
from convenio.programs.framework.reading import GOALS
from convenio.programs.framework.shown.names import (
    BINDS,
    RESULT_TONES,
    RESULT_WORDS,
    SOFTWARE,
    SOFTWARE_TONES,
    lacking_of,
    program_title,
    software_of,
)
from convenio.programs.framework.shown.owing import Owing
from convenio.programs.framework.shown.words import said_once, words_of
from convenio.web.table import Column, Table


class Lists(Owing):
    """The tables of one reading: see `Maker` for what they are made from."""

    def commitments(self) -> Table:
        """Every commitment, with what can be told of it."""
        rows = [
            {
                "id": each.commitment.id,
                "text": words_of(each.commitment, "text"),
                "goal": each.commitment.goal,
                "modality": each.commitment.modality,
                "outcome": each.has_outcome if each.scored else None,
                "rated": sum(side is not None for side in each.sides.values()) if each.scored else None,
                "program": program_title(each.commitment.program),
                "software": software_of(each),
            }
            for each in self.reading.sheets
        ]
        columns = (
            Column("id", _("Number"), link=self.commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("goal", _("Goal"), "code", choices=list(GOALS.items()), badge={}),
            Column("modality", _("How it binds"), "code", choices=list(BINDS.items()), badge={}),
            Column("outcome", _("Outcome indicator"), "flag"),
            Column("rated", _("Judgements"), "number"),
            Column("program", _("Program"), "words"),
            Column("software", _("Software"), "code", choices=list(SOFTWARE.items()), badge=SOFTWARE_TONES),
        )
        return self.table("commitments", rows, columns, _("Commitments"))

    def indicators(self) -> Table:
        """Every indicator with its baseline, its age, its newest value and what follows."""
        rows = [
            {
                "title": words_of(each.indicator, "title"),
                "commitment": each.indicator.commitment,
                "level": each.indicator.level,
                "baseline": each.indicator.baseline.value if each.indicator.baseline else None,
                "on": each.indicator.baseline.on if each.indicator.baseline else None,
                "age": each.age,
                "newest": each.newest.value if each.newest else None,
                "newest_on": each.newest.on if each.newest else None,
                "unit": said_once(each.indicator.unit),
                "result": each.result,
                "why": each.why,
            }
            for each in self.reading.measured
        ]
        columns = (
            Column("title", _("Indicator"), link=self.commitment("commitment"), scope_row=True),
            Column("commitment", _("Commitment, number")),
            Column("level", _("Level"), "code", choices=list(LEVELS.items()), badge={"output": "calm"}),
            Column("baseline", _("Baseline"), "number"),
            Column("on", _("Baseline's day"), "date"),
            Column("age", _("Age in months"), "number"),
            Column("newest", _("Newest value"), "number"),
            Column("newest_on", _("Its day"), "date"),
            Column("unit", _("Unit")),
            Column("result", _("Result"), "code", choices=list(RESULT_WORDS.items()), badge=RESULT_TONES),
            Column("why", _("Why"), "words"),
        )
        return self.table("indicators", rows, columns, _("Indicators"))

    def serving(self) -> Table:
        """Which program serves what."""
        rows = [
            {
                "id": each.commitment.id,
                "text": words_of(each.commitment, "text"),
                "program": program_title(each.commitment.program),
                "software": software_of(each),
                "how": ", ".join(one.typed for one in each.serving),
                "lacking": lacking_of(each),
                "evidence": sum(value.state == "told" for value in each.evidence),
            }
            for each in self.reading.sheets
        ]
        columns = (
            Column("id", _("Number"), link=self.commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("software", _("Software"), "code", choices=list(SOFTWARE.items()), badge=SOFTWARE_TONES),
            Column("how", _("By which command or page")),
            Column("lacking", _("What is not done, and why"), "words"),
            Column("evidence", _("Numbers told"), "number"),
            Column("program", _("Program"), "words"),
        )
        return self.table("serving", rows, columns, _("Which program serves what"))

    def evidence(self) -> Table:
        """The newest value of every aggregate."""
        rows = [
            {
                "title": each.title,
                "program": program_title(each.program),
                "value": each.value,
                "unit": each.unit,
                "said": each.said,
                "on": each.on,
                "commitments": ", ".join(each.commitments),
                "publication": each.publication,
                "_name": (each.program, each.indicator),
            }
            for each in self.reading.held.evidence
        ]
        columns = (
            Column(
                "title", _("What is counted"), "words", link=lambda row: self.links.value(*row["_name"]), scope_row=True
            ),
            Column("program", _("Program"), "words"),
            Column("value", _("Value"), "number"),
            Column("unit", _("Unit"), "words"),
            Column("said", _("State"), "words"),
            Column("on", _("Day"), "date"),
            Column("commitments", _("Commitments")),
            Column("publication", _("Seen by"), "code", choices=list(PUBLICATIONS.items()), badge={}),
        )
        return self.table("evidence", rows, columns, _("Evidence from operations"), _("No stock has been taken yet."))
