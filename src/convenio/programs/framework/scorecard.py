"""A scorecard is a folder of plain files; whatever goes in goes through the rules."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.programs.framework import rules
from convenio.programs.framework.model import Amendment, Commitment, Indicator, Milestone, Observation, Part, Rating

SHIPPED = Path(__file__).with_name("content") / "commitments.csv"
Kind = TypeVar("Kind", bound=Part)


class Scorecard:
    """The framework's state, in a folder.

    Args:
        folder: holds `indicators.json`, `milestones.json`, `observations.jsonl` and `ratings.jsonl`; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def commitments(self) -> list[Commitment]:
        """Every commitment: the folder's own `commitments.csv`, or the statement's."""
        own = self.folder / "commitments.csv"
        return read_commitments(own if own.exists() else SHIPPED)

    def commitment(self, number: str) -> Commitment:
        """One commitment.

        Raises:
            NotFound: there is none of this number.
        """
        for each in self.commitments():
            if each.id == number:
                return each
        raise NotFound(_("there is no commitment {number}", number=number))

    def indicators(self) -> list[Indicator]:
        """Every indicator."""
        return self._list("indicators.json", Indicator)

    def milestones(self) -> list[Milestone]:
        """Every milestone."""
        return self._list("milestones.json", Milestone)

    def observations(self, indicator: str | None = None) -> list[Observation]:
        """Every observation, or those of one indicator, oldest entry first."""
        held = self._lines("observations.jsonl", Observation)
        return held if indicator is None else [each for each in held if each.indicator == indicator]

    def ratings(self, commitment: str | None = None) -> list[Rating]:
        """Every rating, or those of one commitment, oldest first."""
        held = self._lines("ratings.jsonl", Rating)
        return held if commitment is None else [each for each in held if each.commitment == commitment]

    def register(self, indicator: Indicator) -> None:
        """Register an indicator, or complete one; a baseline stays as it was first set."""
        self.commitment(indicator.commitment)
        held = {each.id: each for each in self.indicators()}
        rules.may_set_baseline(held.get(indicator.id), indicator)
        held[indicator.id] = indicator
        self._write("indicators.json", [held[name] for name in sorted(held)])

    def observe(self, observation: Observation) -> None:
        """Add an observation."""
        indicator = self._indicator(observation.indicator)
        rules.may_observe(observation, indicator, self.observations(indicator.id))
        self._append("observations.jsonl", observation)

    def rate(self, rating: Rating) -> None:
        """Add a rating."""
        commitment = self.commitment(rating.commitment)
        own = [each for each in self.indicators() if each.commitment == commitment.id]
        rules.may_rate(rating, commitment, own)
        self._append("ratings.jsonl", rating)

    def plan(self, milestone: Milestone) -> None:
        """Add a milestone.

        Raises:
            InputError: it is there already; only an amendment moves it.
        """
        self.commitment(milestone.commitment)
        held = self.milestones()
        if any(each.id == milestone.id for each in held):
            raise InputError(
                _("the milestone {name} is there already", name=milestone.id),
                advice=_("an amendment moves it: who, when, why"),
                kept=_("nothing was changed"),
            )
        self._write("milestones.json", [*held, milestone])

    def amend(self, milestone: str, amendment: Amendment) -> None:
        """Move a milestone."""
        held = self.milestones()
        if milestone not in {each.id for each in held}:
            raise NotFound(_("there is no milestone {name}", name=milestone))
        self._write(
            "milestones.json", [rules.moved(each, amendment) if each.id == milestone else each for each in held]
        )

    def results(self, today: dt.date) -> dict[str, tuple[str, str]]:
        """Each indicator's result and why, as the reader's language has it."""
        told: dict[str, tuple[str, str]] = {}
        for each in self.indicators():
            result, why = rules.result_of(each, self.observations(each.id), today)
            told[each.id] = (result, str(why))
        return told

    def _indicator(self, name: str) -> Indicator:
        for each in self.indicators():
            if each.id == name:
                return each
        raise NotFound(_("there is no indicator {name}", name=name), advice=_("import it first"))

    def _list(self, name: str, kind: type[Kind]) -> list[Kind]:
        path = self.folder / name
        if not path.exists():
            return []
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
        return [fitted(kind, each, f"{path.name}, {i}") for i, each in enumerate(held, start=1)]

    def _lines(self, name: str, kind: type[Kind]) -> list[Kind]:
        path = self.folder / name
        if not path.exists():
            return []
        lines = path.read_text(encoding="utf-8").splitlines()
        return [fitted(kind, json.loads(line), f"{path.name}, {i}") for i, line in enumerate(lines, start=1)]

    def _write(self, name: str, parts: Iterable[Part]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps([each.model_dump(mode="json") for each in parts], indent=2, ensure_ascii=False)
        part = self.folder / f"{name}.part"
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(self.folder / name)

    def _append(self, name: str, part: Part) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(part.model_dump_json() + "\n")


def fitted(kind: type[Kind], value: Any, where: str) -> Kind:
    """A value as a part.

    Raises:
        InputError: it does not fit; the error names the place and the field.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "-"
        raise InputError(
            _("{field} does not fit: {why}", field=field, why=first["msg"]), where=where, kept=_("nothing was changed")
        ) from error


def read_commitments(path: Path) -> list[Commitment]:
    """Commitments from a CSV file.

    Raises:
        InputError: a column is missing or shifted, or a number stands there twice; the error names the row.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [fitted(Commitment, row, f"{path.name}, {number}") for number, row in enumerate(rows, start=2)]
    numbers = [each.id for each in found]
    twice = next((each for each in numbers if numbers.count(each) > 1), None)
    if twice is not None:
        raise InputError(_("the commitment {number} stands there twice", number=twice), where=path.name)
    return found
