"""Who owes what, what is late, what has expired, and of what no result can be told."""

from __future__ import annotations

from convenio.core.words import _
from convenio.programs.framework.reading import GOALS, is_late
from convenio.programs.framework.shown.maker import Maker
from convenio.programs.framework.shown.names import OWED
from convenio.programs.framework.shown.words import words_of
from convenio.web.table import Column, Table


class Owing(Maker):
    """The tables of what is owed."""

    def sides(self) -> Table:
        """What each side owes alone and with the other, in sums, and what it has done of it."""
        rows = []
        for side in OWED:
            own = [each for each in self.reading.sheets if each.owner is not None and each.owner.owed_by == side]
            steps = [step for each in self.reading.sheets for step in each.milestones if step.owed_by == side]
            rows.append(
                {
                    "side": side,
                    "promises": sum(each.scored for each in own),
                    "outcome": sum(each.scored and each.has_outcome for each in own),
                    "done": sum(step.done_on is not None for step in steps),
                    "open": sum(step.done_on is None for step in steps),
                    "late": sum(is_late(step, self.reading.today) for step in steps),
                }
            )
        columns = (
            Column("side", _("Owed by"), "code", choices=list(OWED.items()), badge={}, scope_row=True),
            Column("promises", _("Promises"), "number"),
            Column("outcome", _("With outcome"), "number"),
            Column("done", _("Steps done"), "number"),
            Column("open", _("Steps open"), "number"),
            Column("late", _("Late"), "number"),
        )
        return self.table("sides", rows, columns, _("In sums"), searchable=False)

    def reciprocity(self) -> Table:
        """What each side owes, and what it has done of it."""
        rows = []
        for each in self.reading.sheets:
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
            Column("id", _("Number"), link=self.commitment("id"), scope_row=True),
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
        return self.table("reciprocity", rows, columns, _("What each side owes"))

    def late(self) -> Table:
        """Steps whose day has passed."""
        today = self.reading.today
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
            for each in self.reading.late
        ]
        rows += [
            {
                "title": f"{words_of(instrument, 'title')}: {words_of(task, 'text')}",
                "commitment": instrument.commitments[0] if instrument.commitments else "",
                "owed": task.owed_by,
                "first": task.due,
                "due": task.due,
                "days": (today - task.due).days,
                "moved": 0,
            }
            for instrument, task in self.reading.late_tasks
            if task.due is not None
        ]
        columns = (
            Column("title", _("Step"), link=self.commitment("commitment"), scope_row=True),
            Column("commitment", _("Commitment, number")),
            Column("owed", _("Owed by"), "code", choices=list(OWED.items()), badge={}),
            Column("first", _("First day"), "date"),
            Column("due", _("Due"), "date"),
            Column("days", _("Days late"), "number"),
            Column("moved", _("Times moved"), "number"),
        )
        return self.table("late", rows, columns, _("Steps that are late"), _("No step is late."))

    def expired(self) -> Table:
        """Judgements that have expired with their evidence."""
        rows = [
            {
                "commitment": each.commitment,
                "rater": each.rater,
                "given": each.given_on,
                "expired": each.expires_on,
            }
            for each in self.reading.expired
        ]
        columns = (
            Column("commitment", _("Commitment, number"), link=self.commitment("commitment"), scope_row=True),
            Column("rater", _("Rater"), "code", choices=[*OWED.items(), ("reviewer", _("independent reviewer"))]),
            Column("given", _("Given"), "date"),
            Column("expired", _("Expired"), "date"),
        )
        return self.table("expired", rows, columns, _("Judgements that have expired"), _("No judgement has expired."))

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
            for each in self.reading.without
        ]
        columns = (
            Column("id", _("Number"), link=self.commitment("id"), scope_row=True),
            Column("text", _("What is promised or held")),
            Column("goal", _("Goal"), "code", choices=list(GOALS.items()), badge={}),
            Column("lacks", _("What it lacks"), "words"),
            Column("indicators", _("Indicators"), "number"),
        )
        return self.table("without", rows, columns, _("Promises without an outcome indicator"))
