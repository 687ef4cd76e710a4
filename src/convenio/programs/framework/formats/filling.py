"""What a file may leave out: who entered an observation and when, which version it is, when a rating expires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.programs.framework import rules
from convenio.programs.framework.model import Audit, Document, Evaluation, Milestone, Observation, Part, Rating
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.storage import Kind, Where, fitted, spot


class Filling:
    """Fills in what a file left out.

    Args:
        card: the scorecard that the file is for.
        by: who enters what does not say so itself; may be empty where everything says so.
    """

    def __init__(self, card: Scorecard, by: str = "") -> None:
        self.card = card
        self.by = by
        self.now = dt.datetime.now(dt.UTC)
        self.days: dict[str, dt.date] = {}

    def part(self, kind: Kind, told: Mapping[str, Any], where: Where) -> Part:
        """A part of a kind from its values.

        Raises:
            InputError: something does not fit, or nobody says who entered it.
        """
        values = dict(told)
        if kind.name == "observations":
            values.setdefault("entered_at", self.now)
            self._who(values, "entered_by", where)
        if kind.name == "ratings":
            self._who(values, "by", where)
            values.setdefault("given_on", self.now.date())
            values.setdefault("expires_on", values["given_on"])
        made = fitted(kind.model, values, where)
        if isinstance(made, Rating) and "expires_on" not in told:
            made = self._expiring(made, where)
        self._not_to_come(made, where)
        self._note(made)
        return made

    def _not_to_come(self, part: Part, where: Where) -> None:
        """Refuse what is told of a day to come; a day is let pass, since it is not the same day everywhere."""
        for name, day in rules.told_days(part):
            if day > self.now.date() + dt.timedelta(days=1):
                raise InputError(
                    _("{day} is still to come", day=day.isoformat()),
                    where=spot(where, name),
                    kept=_("nothing was imported"),
                )

    def _who(self, values: dict[str, Any], field: str, where: Where) -> None:
        if values.get(field):
            return
        if not self.by.strip():
            raise InputError(
                _("nobody says who entered this"),
                where=spot(where, field),
                advice=_("--by NAME"),
                kept=_("nothing was imported"),
            )
        values[field] = self.by.strip()

    def _expiring(self, rating: Rating, where: Where) -> Rating:
        days = {**self.days, **{k: v for k, v in self.card.evidence_days(rating.evidence).items() if v}}
        try:
            good = rules.evidence_good_until(rating.evidence, days, rating.given_on, rating.commitment)
        except ConvenioError as error:
            error.where, error.kept = spot(where, "evidence"), _("nothing was imported")
            raise
        return rating.model_copy(update={"expires_on": good})

    def _note(self, part: Part) -> None:
        """Remember the day of what later parts of the same file may rest on."""
        name, day = "", None
        match part:
            case Observation(dimensions=()):
                name, day = part.indicator, part.on
            case Milestone():
                name, day = part.id, part.done_on
            case Document():
                name, day = part.id, part.on
            case Evaluation():
                name, day = part.id, part.published_on
            case Audit():
                name, day = part.id, part.published
        if day is not None:
            self.days[name] = max(day, self.days.get(name, day))
