"""A scorecard as it is read: every kind of part, at the level that the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from convenio.core.errors import NotFound
from convenio.core.words import Message, _
from convenio.programs.framework import rules
from convenio.programs.framework.model import (
    Action,
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
    Published,
    Rating,
    Risk,
    Target,
)
from convenio.programs.framework.storage import (
    KINDS,
    Tables,
    kind_named,
    kind_of,
)

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


class View:
    """What a folder holds, over what ships with the program, as it may be seen at a level.

    Args:
        folder: where; see `storage.KINDS` for its files.
        level: only parts that may be seen at this level: `internal` is all, `public` only what is public.
    """

    def __init__(self, folder: Path, level: Publication = "internal") -> None:
        self.folder = folder
        self.level = level
        self._seen = LEVELS[LEVELS.index(level) :]
        self._tables = Tables(folder)

    def still(self) -> AbstractContextManager[None]:
        """For a reader of many parts: what was read stays as it was read for as long as the block lasts."""
        return self._tables.still()

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

    def action(self, name: str) -> Action:
        """One action.

        Raises:
            NotFound: there is none of this name.
        """
        return self._one(Action, name, _("there is no action {name}", name=name))

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

    def found(self, model: type[Some], key: str) -> Some | None:
        """The part of a kind that is named so, where there is one that may be seen."""
        found = self._tables.table(kind_named(model).name).parts.get((key,))
        return self._cut(found) if isinstance(found, model) and self._shown(found) else None

    def _sees(self, model: type[Part], key: str) -> bool:
        found = self._tables.table(kind_named(model).name).parts.get((key,))
        return found is not None and self._shown(found)

    def _one(self, model: type[Some], key: str, missing: Message) -> Some:
        found = self.found(model, key)
        if found is None:
            raise NotFound(missing, kept=_("nothing was changed"))
        return found

    def _shown(self, part: Part) -> bool:
        """Whether a part may be seen at this level: it, and what it belongs to."""
        if self.level == "internal":
            return True
        if not isinstance(part, Published) or part.publication not in self._seen:
            return False
        if isinstance(part, Foreign):
            return part.owner == "-" or any(self._sees(each, part.owner) for each in (Commitment, Action))
        own = _fields(type(part))
        return all(
            self._sees(model, name)
            for field, model in BELONGING.items()
            if field in own and isinstance(name := getattr(part, field), str)
        )

    def _cut(self, part: Some) -> Some:
        """A part without the names of what may not be seen at this level, and without a result that rests on it."""
        if self.level == "internal":
            return part
        changed: dict[str, object] = {}
        own = _fields(type(part))
        if isinstance(part, Rating) and part.result and not self._tells(part.commitment):
            changed["result"] = ""
        if isinstance(part, Audit):
            changed["recommendations"] = tuple(self._cut(each) for each in part.recommendations)
        for field, models in NAMING.items():
            names = getattr(part, field) if field in own else None
            if isinstance(names, tuple):
                kept = tuple(each for each in names if not self._hidden(each, models))
                changed |= {field: kept} if kept != names else {}
            elif isinstance(names, str) and self._hidden(names, models):
                changed[field] = None
        return part.model_copy(update=changed) if changed else part

    def _tells(self, commitment: str) -> bool:
        """Whether an indicator that may be seen tells of a result: without its baseline no result is shown either."""
        return any(rules.has_true_outcome(each) for each in self._all(Indicator, commitment))

    def _hidden(self, name: str, models: Sequence[type[Part]]) -> bool:
        held = [self._tables.table(kind_named(each).name).parts.get((name,)) for each in models]
        return any(part is not None and not self._shown(part) for part in held)


@cache
def _fields(model: type[Part]) -> frozenset[str]:
    return frozenset(model.model_fields)
