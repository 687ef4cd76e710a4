"""A scorecard is a folder of plain files; whatever goes in goes through the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from convenio.core.errors import ConvenioError, NotFound, Refused
from convenio.core.words import Message, _
from convenio.programs.framework import rules
from convenio.programs.framework.admission import admit
from convenio.programs.framework.model import (
    Action,
    Amendment,
    Audit,
    Commitment,
    Crosswalk,
    Document,
    Element,
    Evaluation,
    Foreign,
    Framework,
    Funding,
    Indicator,
    Instrument,
    Lesson,
    Milestone,
    MonitoringPlan,
    Observation,
    Owner,
    Part,
    Publication,
    Rating,
    Risk,
    Target,
)
from convenio.programs.framework.storage import (
    KINDS,
    Tables,
    Where,
    fitted,
    kind_named,
    kind_of,
    read_commitments,
    spot,
)

__all__ = ["SHIPPED", "Scorecard", "fitted", "read_commitments"]

SHIPPED = Path(__file__).with_name("content") / "commitments.csv"
LEVELS: tuple[Publication, ...] = ("internal", "parties", "public")
BELONGING: Mapping[str, type[Part]] = {"indicator": Indicator, "commitment": Commitment, "framework": Framework}
"""Fields that name what a part belongs to: it is not shown where that is not."""
NAMING: Mapping[str, tuple[type[Part], ...]] = {
    "evidence": (Indicator, Milestone, Document, Evaluation, Audit),
    "results": (Indicator,),
    "indicators": (Indicator,),
    "commitments": (Commitment,),
    "action": (Action,),
}
"""Fields that name other parts, and which kinds they name."""
Some = TypeVar("Some", bound=Part)


class Scorecard:
    """The framework's state, in a folder over what ships with the program.

    Readers see whole changes only; one writer at a time. One object serves one thread at a time: make one per request,
    they are cheap.

    Args:
        folder: holds one file per kind of part (`indicators.json`, `ratings.jsonl`, …; see `storage.KINDS`); made by
            the first change. A `commitments.csv` in it stands in place of the statement's commitments, and then
            nothing else that ships with the program is shown, except the frameworks.
        level: only parts that may be seen at this level: `internal` is all, `public` only what is public.
    """

    def __init__(self, folder: Path, level: Publication = "internal") -> None:
        self.folder = folder
        self.level = level
        self._seen = LEVELS[LEVELS.index(level) :]
        self._tables = Tables(folder)

    def at(self, level: Publication) -> Scorecard:
        """The same folder, as it may be seen at a level."""
        return Scorecard(self.folder, level)

    def frameworks(self) -> list[Framework]:
        """Every framework."""
        return self._all(Framework)

    def elements(self, framework: str | None = None) -> list[Element]:
        """Goals, areas, objectives of every framework, or of one."""
        return self._all(Element, framework)

    def crosswalks(self) -> list[Crosswalk]:
        """What places of one framework have to do with commitments of another."""
        return self._all(Crosswalk)

    def commitments(self, framework: str | None = None) -> list[Commitment]:
        """Every commitment, or those of one framework: the statement's or the folder's own, and what was added."""
        return self._all(Commitment, framework)

    def commitment(self, number: str) -> Commitment:
        """One commitment.

        Raises:
            NotFound: there is none of this number.
        """
        return self._one(Commitment, number, _("there is no commitment {number}", number=number))

    def owners(self) -> list[Owner]:
        """Who owes each commitment."""
        return self._all(Owner)

    def actions(self, commitment: str | None = None) -> list[Action]:
        """Every action, or those of one commitment."""
        return self._all(Action, commitment)

    def milestones(self, commitment: str | None = None) -> list[Milestone]:
        """Every milestone, or those of one commitment."""
        return self._all(Milestone, commitment)

    def milestone(self, name: str) -> Milestone:
        """One milestone.

        Raises:
            NotFound: there is none of this name.
        """
        return self._one(Milestone, name, _("there is no milestone {name}", name=name))

    def indicators(self, commitment: str | None = None) -> list[Indicator]:
        """Every indicator, or those of one commitment."""
        return self._all(Indicator, commitment)

    def indicator(self, name: str) -> Indicator:
        """One indicator.

        Raises:
            NotFound: there is none of this name.
        """
        return self._one(Indicator, name, _("there is no indicator {name}", name=name))

    def targets(self, indicator: str | None = None) -> list[Target]:
        """Every target, or those of one indicator, every version of them."""
        return self._all(Target, indicator)

    def observations(self, indicator: str | None = None) -> list[Observation]:
        """Every observation, or those of one indicator, oldest entry first, every version of them."""
        return self._all(Observation, indicator)

    def plans(self, commitment: str | None = None) -> list[MonitoringPlan]:
        """Every monitoring plan, or those of one commitment."""
        return self._all(MonitoringPlan, commitment)

    def risks(self, commitment: str | None = None) -> list[Risk]:
        """Every risk and assumption, or those of one commitment."""
        return self._all(Risk, commitment)

    def funding(self, commitment: str | None = None) -> list[Funding]:
        """All funding, or that of one commitment."""
        return self._all(Funding, commitment)

    def evaluations(self) -> list[Evaluation]:
        """Every evaluation."""
        return self._all(Evaluation)

    def audits(self) -> list[Audit]:
        """Every audit with its recommendations."""
        return self._all(Audit)

    def instruments(self) -> list[Instrument]:
        """Every treaty, memorandum, declaration and plan."""
        return self._all(Instrument)

    def lessons(self) -> list[Lesson]:
        """Every lesson."""
        return self._all(Lesson)

    def documents(self) -> list[Document]:
        """Every document that judgements may rest on."""
        return self._all(Document)

    def foreign(self) -> list[Foreign]:
        """What files of other publishers said beyond what is held here."""
        return self._all(Foreign)

    def ratings(self, commitment: str | None = None) -> list[Rating]:
        """Every rating, or those of one commitment, oldest first, every version of them."""
        return self._all(Rating, commitment)

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
            milestone = self._find(Milestone, name)
            document = self._find(Document, name)
            evaluation = self._find(Evaluation, name)
            audit = self._find(Audit, name)
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

    def results(self, today: dt.date) -> dict[str, tuple[str, str]]:
        """Each indicator's result and why, as the reader's language has it."""
        told: dict[str, tuple[str, str]] = {}
        for each in self.indicators():
            result, why = rules.result_of(each, self.observations(each.id), today)
            told[each.id] = (result, str(why))
        return told

    def held(self, part: Some) -> Some | None:
        """The part that is there in the place of this one."""
        kind = kind_of(part)
        return cast("Some | None", self._tables.table(kind.name).parts.get(kind.key(part)))

    def parts(self) -> Iterator[Part]:
        """Every part of every kind that may be seen, in the order in which they name each other."""
        for kind in KINDS.values():
            yield from self._all(kind.model)

    def _all(self, model: type[Some], group: str | None = None) -> list[Some]:
        table = self._tables.table(kind_named(model).name)
        found = table.parts.values() if group is None else table.of(group)
        return [self._cut(each) for each in cast("Iterable[Some]", found) if self._shown(each)]

    def _find(self, model: type[Some], key: str) -> Some | None:
        found = self._tables.table(kind_named(model).name).parts.get((key,))
        return self._cut(found) if isinstance(found, model) and self._shown(found) else None

    def _one(self, model: type[Some], key: str, missing: Message) -> Some:
        found = self._find(model, key)
        if found is None:
            raise NotFound(missing, kept=_("nothing was changed"))
        return found

    def _shown(self, part: Part) -> bool:
        """Whether a part may be seen at this level: it, and what it belongs to."""
        if self.level == "internal":
            return True
        if getattr(part, "publication", "internal") not in self._seen:
            return False
        if isinstance(part, Foreign):
            owners = (self._find(Commitment, part.owner), self._find(Action, part.owner))
            return part.owner == "-" or any(each is not None for each in owners)
        return all(
            self._find(model, name) is not None
            for field, model in BELONGING.items()
            if isinstance(name := getattr(part, field, None), str)
        )

    def _cut(self, part: Some) -> Some:
        """A part without the names of what may not be seen at this level."""
        if self.level == "internal":
            return part
        changed: dict[str, object] = {}
        if isinstance(part, Audit):
            changed["recommendations"] = tuple(self._cut(each) for each in part.recommendations)
        for field, models in NAMING.items():
            names = getattr(part, field, None)
            if isinstance(names, tuple):
                kept = tuple(each for each in names if not self._hidden(each, models))
                changed |= {field: kept} if kept != names else {}
            elif isinstance(names, str) and self._hidden(names, models):
                changed[field] = None
        return part.model_copy(update=changed) if changed else part

    def _hidden(self, name: str, models: Sequence[type[Part]]) -> bool:
        held = [self._tables.table(kind_named(each).name).parts.get((name,)) for each in models]
        return any(part is not None and not self._shown(part) for part in held)


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
