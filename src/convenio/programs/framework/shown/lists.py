"""The lists of a scorecard: one table each, the same in the console, on the site and in a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from convenio.core.words import Message, _
from convenio.programs.framework.model import LEVELS, PUBLICATIONS
from convenio.programs.framework.reading import GOALS, Reading
from convenio.programs.framework.shown.links import Links
from convenio.programs.framework.shown.names import (
    BINDS,
    OWED,
    RESULT_TONES,
    RESULT_WORDS,
    SOFTWARE,
    SOFTWARE_TONES,
    program_title,
    software_of,
)
from convenio.programs.framework.shown.words import words_of
from convenio.web.download import download
from convenio.web.table import Column, ListRows, Query, Row, Table, read_query, table


class Lists:
    """The tables of one reading.

    Args:
        reading: what is shown.
        links: where its rows lead.
        parameters: the request's query parameters; None on paper and on the site, where every table is whole.
        path: the page's address.
    """

    def __init__(self, reading: Reading, links: Links, parameters: Any = None, path: str = "") -> None:
        self._reading = reading
        self._links = links
        self._parameters = parameters
        self._path = path
        self._made: dict[str, tuple[ListRows, Sequence[Column], Query, Message]] = {}

    def file(self, name: str, form: str) -> Response:
        """One of the tables made before, as a file: csv, xlsx or parquet."""
        rows, columns, query, title = self._made[name]
        return download(form, rows, columns, query, name=str(title))

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
            for each in self._reading.sheets
        ]
        columns = (
            Column("id", _("Number"), link=self._commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("goal", _("Goal"), "code", choices=list(GOALS.items()), badge={}),
            Column("modality", _("How it binds"), "code", choices=list(BINDS.items()), badge={}),
            Column("outcome", _("Outcome indicator"), "flag"),
            Column("rated", _("Judgements"), "number"),
            Column("program", _("Program"), "words"),
            Column("software", _("Software"), "code", choices=list(SOFTWARE.items()), badge=SOFTWARE_TONES),
        )
        return self._table("commitments", rows, columns, _("Commitments"))

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
                "unit": each.indicator.unit,
                "result": each.result,
                "why": each.why,
            }
            for each in self._reading.measured
        ]
        columns = (
            Column("title", _("Indicator"), link=self._commitment("commitment"), scope_row=True),
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
        return self._table("indicators", rows, columns, _("Indicators"))

    def reciprocity(self) -> Table:
        """What each side owes, and what it has done of it."""
        rows = []
        for each in self._reading.sheets:
            if each.owner is None or not each.scored:
                continue
            done = [step.owed_by for step in each.milestones if step.done_on is not None]
            open_ = [step for step in each.milestones if step.done_on is None]
            rows.append(
                {
                    "id": each.commitment.id,
                    "text": words_of(each.commitment, "text"),
                    "owed": each.owner.owed_by,
                    "us": ", ".join(agency.id for agency in each.us),
                    "mx": ", ".join(agency.id for agency in each.mx),
                    "basis": each.owner.basis,
                    "done": len(done),
                    "open": len(open_),
                    "late": len(each.late),
                }
            )
        columns = (
            Column("id", _("Number"), link=self._commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("owed", _("Owed by"), "code", choices=list(OWED.items()), badge={}),
            Column("us", _("United States")),
            Column("mx", _("Mexico")),
            Column(
                "basis",
                _("Owner"),
                "code",
                choices=[("named", _("named by the text")), ("field", _("by field"))],
                badge={},
            ),
            Column("done", _("Steps done"), "number"),
            Column("open", _("Steps open"), "number"),
            Column("late", _("Late"), "number"),
        )
        return self._table("reciprocity", rows, columns, _("What each side owes"))

    def late(self) -> Table:
        """Steps whose day has passed."""
        today = self._reading.today
        rows = [
            {
                "title": words_of(each, "title"),
                "commitment": each.commitment,
                "owed": each.owed_by,
                "first": each.first_due,
                "due": each.due,
                "days": (today - each.due).days,
                "moved": len(each.amendments),
            }
            for each in self._reading.late
        ]
        columns = (
            Column("title", _("Step"), link=self._commitment("commitment"), scope_row=True),
            Column("commitment", _("Commitment, number")),
            Column("owed", _("Owed by"), "code", choices=list(OWED.items()), badge={}),
            Column("first", _("First day"), "date"),
            Column("due", _("Due"), "date"),
            Column("days", _("Days late"), "number"),
            Column("moved", _("Times moved"), "number"),
        )
        return self._table("late", rows, columns, _("Steps that are late"), _("No step is late."))

    def expired(self) -> Table:
        """Judgements that have expired with their evidence."""
        rows = [
            {
                "commitment": each.commitment,
                "rater": each.rater,
                "given": each.given_on,
                "expired": each.expires_on,
            }
            for each in self._reading.expired
        ]
        columns = (
            Column("commitment", _("Commitment, number"), link=self._commitment("commitment"), scope_row=True),
            Column("rater", _("Rater"), "code", choices=[*OWED.items(), ("reviewer", _("independent reviewer"))]),
            Column("given", _("Given"), "date"),
            Column("expired", _("Expired"), "date"),
        )
        return self._table("expired", rows, columns, _("Judgements that have expired"), _("No judgement has expired."))

    def without(self) -> Table:
        """Promises that nothing can tell a result of, and why."""
        rows = [
            {
                "id": each.commitment.id,
                "text": words_of(each.commitment, "text"),
                "goal": each.commitment.goal,
                "lacks": each.lacks,
                "indicators": len(each.measured),
            }
            for each in self._reading.without
        ]
        columns = (
            Column("id", _("Number"), link=self._commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("goal", _("Goal"), "code", choices=list(GOALS.items()), badge={}),
            Column("lacks", _("What it lacks"), "words"),
            Column("indicators", _("Indicators"), "number"),
        )
        return self._table("without", rows, columns, _("Promises without an outcome indicator"))

    def serving(self) -> Table:
        """Which program serves what."""
        rows = [
            {
                "id": each.commitment.id,
                "text": words_of(each.commitment, "text"),
                "program": program_title(each.commitment.program),
                "software": software_of(each),
                "how": ", ".join(one.typed for one in each.serving),
                "evidence": sum(value.state == "told" for value in each.evidence),
            }
            for each in self._reading.sheets
        ]
        columns = (
            Column("id", _("Number"), link=self._commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("how", _("By which command or page")),
            Column("program", _("Program"), "words"),
            Column("software", _("Software"), "code", choices=list(SOFTWARE.items()), badge=SOFTWARE_TONES),
            Column("evidence", _("Numbers told"), "number"),
        )
        return self._table("serving", rows, columns, _("Which program serves what"))

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
            for each in self._reading.held.evidence
        ]
        columns = (
            Column("title", _("Number"), "words", link=lambda row: self._links.value(*row["_name"]), scope_row=True),
            Column("program", _("Program"), "words"),
            Column("value", _("Value"), "number"),
            Column("unit", _("Unit"), "words"),
            Column("said", _("State"), "words"),
            Column("on", _("Day"), "date"),
            Column("commitments", _("Commitments")),
            Column("publication", _("Seen by"), "code", choices=list(PUBLICATIONS.items()), badge={}),
        )
        return self._table("evidence", rows, columns, _("Evidence from operations"), _("No stock has been taken yet."))

    def _commitment(self, column: str) -> Callable[[Row], str | None]:
        return lambda row: self._links.commitment(str(row[column]))

    def _table(
        self, name: str, rows: Sequence[Row], columns: Sequence[Column], title: Message, empty: Message | None = None
    ) -> Table:
        query = (
            Query(path=self._path, size=10_000)
            if self._parameters is None
            else read_query(self._parameters, columns, path=self._path, prefix=f"{name}.")
        )
        held = ListRows(rows)
        self._made[name] = (held, columns, query, title)
        live = self._parameters is not None
        return table(held, columns, query, title=title, empty=empty, name=name, downloads=live, searchable=live)
