"""A scorecard is a folder of plain files; whatever goes in goes through the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from convenio.core.canonical import digest
from convenio.core.errors import Conflict, ConvenioError, Refused
from convenio.core.words import _
from convenio.programs.framework import rules
from convenio.programs.framework.admission import admit
from convenio.programs.framework.model import (
    Action,
    Amendment,
    Audit,
    Document,
    Evaluation,
    Indicator,
    Milestone,
    Observation,
    Part,
    Publication,
    Rating,
)
from convenio.programs.framework.storage import (
    KINDS,
    Where,
    fitted,
    kind_of,
    read_commitments,
    spot,
)
from convenio.programs.framework.view import View

__all__ = ["SHIPPED", "Scorecard", "fitted", "mark_of", "read_commitments"]

SHIPPED = Path(__file__).with_name("content") / "commitments.csv"


class Scorecard(View):
    """The framework's state, in a folder over what ships with the program.

    Readers see whole changes only; one writer at a time. One object serves one thread at a time: make one per request,
    they are cheap.

    Args:
        folder: holds one file per kind of part (`indicators.json`, `ratings.jsonl`, …; see `storage.KINDS`); made by
            the first change. A `commitments.csv` in it stands in place of the statement's commitments, and then
            nothing else that ships with the program is shown, except the frameworks.
        level: only parts that may be seen at this level: `internal` is all, `public` only what is public.
    """

    def at(self, level: Publication) -> Scorecard:
        """The same folder, as it may be seen at a level."""
        return Scorecard(self.folder, level)

    def register(self, indicator: Indicator) -> None:
        """Register an indicator, or complete one; see `rules.may_register` for what stands still."""
        self.take([(indicator, "")])

    def observe(self, observation: Observation) -> None:
        """Add an observation; see `rules.may_observe`."""
        self.take([(observation, "")])

    def rate(self, rating: Rating) -> None:
        """Add a rating; see `rules.may_rate`."""
        self.take([(rating, "")])

    def plan(self, milestone: Milestone) -> None:
        """Add a milestone; one that is there changes only by `amend` and `done`.

        Raises:
            Refused: it is there, and is another.
        """
        self.take([(milestone, "")])

    def amend(self, milestone: str, amendment: Amendment, seen: int | None = None) -> Milestone:
        """Move a milestone.

        Args:
            milestone: which.
            amendment: who, when, why.
            seen: how many amendments the one who moves it had seen; a conflict where there are more by now.
        """
        with self._tables.changing():
            moved = rules.moved(self.milestone(milestone), amendment, seen)
            self._tables.put(moved, "milestones")
        return moved

    def done(self, milestone: str, *, on: dt.date, by: str, today: dt.date, evidence: Sequence[str] = ()) -> Milestone:
        """Mark a milestone as done; see `rules.completed`."""
        with self._tables.changing():
            made = rules.completed(self.milestone(milestone), on, by, evidence, today)
            self._tables.put(made, "milestones")
        return made

    def keep(self, part: Part, seen: str) -> Part:
        """Add a part, or put it in the place of the one that somebody had seen.

        Args:
            part: as it is to be.
            seen: the mark of what stood there, see `mark_of`; empty where nothing stood there.

        Returns:
            The part as it is kept.

        Raises:
            Conflict: something else stands there by now, or nothing does any more.
        """
        with self._tables.changing():
            held = self.held(part)
            if held != part and mark_of(held) != seen:
                raise Conflict(
                    _("this was changed in the meantime: {name}", name=_called(part))
                    if seen
                    else _("there is one of this name already: {name}", name=_called(part)),
                    where=_called(part),
                    advice=_("look at what stands there now") if seen else _("choose another name, or change that one"),
                    kept=_("nothing was changed"),
                )
            self.take([(part, "")])
            kept = self.held(part)
        return part if kept is None else kept

    def add(self, part: Part) -> None:
        """Add a part of any kind, or replace one where the rules let it be replaced."""
        self.take([(part, "")])

    def take(self, parts: Iterable[tuple[Part, Where]]) -> dict[str, int]:
        """Take in many parts, all of them or none, in the order in which they name each other.

        Args:
            parts: each with where it stands, for errors; empty for one that stands nowhere.

        Returns:
            How many were new or changed, by kind.

        Raises:
            ConvenioError: a rule refuses one of them; the error names where it stands, and nothing was taken in.
        """
        if self.level != "internal":
            raise Refused(_("what is shown at a level is not written to"), where=str(self.folder))
        order = {name: place for place, name in enumerate(KINDS)}
        sorted_parts = sorted(parts, key=lambda pair: order[kind_of(pair[0]).name])
        changed: dict[str, int] = {}
        with self._tables.changing():
            for part, where in sorted_parts:
                with _at(where):
                    kept = admit(self, part)
                if kept is not None:
                    name = kind_of(kept).name
                    self._tables.put(kept, name)
                    changed[name] = changed.get(name, 0) + 1
            for part, where in sorted_parts:
                if isinstance(part, Action):
                    with _at(where):
                        rules.may_start(part, self.plans(part.commitment))
        return changed

    def good_until(self, evidence: Sequence[str], given_on: dt.date, where: str = "") -> dt.date:
        """The last day on which evidence is good; see `rules.evidence_good_until`."""
        return rules.evidence_good_until(evidence, self.evidence_days(evidence), given_on, where)

    def evidence_days(self, names: Iterable[str]) -> Mapping[str, dt.date | None]:
        """The day that each piece of evidence is of, where it is one that the scorecard holds."""
        found: dict[str, dt.date | None] = {}
        for name in names:
            newest = rules.latest(self.observations(name))
            milestone = self.found(Milestone, name)
            document = self.found(Document, name)
            evaluation = self.found(Evaluation, name)
            audit = self.found(Audit, name)
            if newest is not None:
                found[name] = newest.on
            elif milestone is not None:
                found[name] = milestone.done_on
            elif document is not None:
                found[name] = document.on
            elif evaluation is not None:
                found[name] = evaluation.published_on
            elif audit is not None:
                found[name] = audit.published
        return found


def mark_of(part: Part | None) -> str:
    """What tells a part from any other state of it; empty where there is none."""
    return "" if part is None else digest(part.model_dump(mode="json", by_alias=True))[:32]


def _called(part: Part) -> str:
    return " ".join(str(getattr(part, each)) for each in kind_of(part).fields)


@contextmanager
def _at(where: Where) -> Iterator[None]:
    """Name where a part stands in the error it raises."""
    try:
        yield
    except ConvenioError as error:
        if where:
            field = error.field if isinstance(error, rules.Misfit) else ""
            here = spot(where, field)
            error.where = here if field or not error.where else _("{place}: {what}", place=here, what=error.where)
            error.kept = _("nothing was imported")
        raise
