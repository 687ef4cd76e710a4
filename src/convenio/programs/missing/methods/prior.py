"""What is thought of an assignment before any genetics is looked at, stated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.missing.methods.mutation import Array
from convenio.programs.missing.methods.placements import Placements

Kind = Literal["flat", "open", "closed"]
AS_MANY_AS_CAN_BE = 50 * math.log(10)


@dataclass(frozen=True)
class Prior:
    """Weights of assignments.

    Args:
        kind: `flat`: every assignment alike, whatever its number of identifications; `open`: each missing person
            lies among the bodies with probability `presence`, as any one of `bodies` alike; `closed`: as many as
            possible are identified (every further identification weighs 10^50).
        presence: `open`: probability that a missing person is among the bodies.
        individual: `open`: that probability for single persons, by (family, id).
        bodies: `open`: number of bodies among which they would be; by default the remains at hand.
    """

    kind: Kind = "flat"
    presence: float = 0.5
    individual: Mapping[tuple[str, str], float] = field(default_factory=dict)
    bodies: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("flat", "open", "closed"):
            raise InputError(
                _("{kind} is no prior", kind=self.kind), advice=_("the priors are {kinds}", kinds="flat, open, closed")
            )
        for value in (self.presence, *self.individual.values()):
            if not 0 <= value < 1:
                raise InputError(
                    _("a probability of presence of {value} is impossible", value=value),
                    advice=_("it is 0 or more, below 1; use a closed set where everyone must be there"),
                )

    @property
    def name(self) -> str:
        """The prior with its parameters, as results state it."""
        if self.kind != "open":
            return self.kind
        text = f"open presence={self.presence:g}"
        return f"{text} bodies={self.bodies}" if self.bodies else text

    def describe(self) -> Message:
        """The prior in a sentence."""
        if self.kind == "flat":
            return _("flat: every assignment alike, whatever the number of identifications")
        if self.kind == "closed":
            return _("closed set: as many as possible are identified")
        return _(
            "open set: each missing person is among the bodies with probability {presence}", presence=self.presence
        )

    def others(self) -> list[Prior]:
        """The two other priors that a result is tried with."""
        return [each for each in (Prior(), Prior("open"), Prior("closed")) if each.kind != self.kind]

    def weigh(self, placed: Placements, remains: int) -> Array:
        """Logarithm of each placement's weight: likelihood ratio times prior."""
        there = placed.choice >= 0
        if self.kind == "flat":
            return placed.log_lr
        if self.kind == "closed":
            closed: Array = placed.log_lr + AS_MANY_AS_CAN_BE * there.sum(axis=1)
            return closed
        chances = [self.individual.get((placed.family.name, id_), self.presence) for id_ in placed.family.missing]
        each = [math.log(p / (1 - p) / (self.bodies or remains)) if p else -np.inf for p in chances]
        found: Array = placed.log_lr + np.where(there, np.array(each), 0.0).sum(axis=1)
        return found
