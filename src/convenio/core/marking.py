"""How a thing may be handled: a vector of axes, joined per axis to the strictest when things are combined.

Each axis is a lattice of its own, so that a join is commutative, associative and idempotent and loosens nothing.
Evaluations and national classes are kept as they were given, on their own scales: a mapping from one scale to
another loses something, and two national classes of different kinds have no order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from convenio.core.errors import Refused
from convenio.core.words import _

Audience = Literal["clear", "green", "amber", "amber+strict", "red"]
PermittedAction = Literal["clear", "green", "amber", "red"]
JudicialUse = Literal["allowed", "permission", "forbidden"]
Onward = Literal["free", "consent", "none"]
Scale = Literal["4x4", "admiralty"]

ORDERED: dict[str, tuple[str, ...]] = {
    "audience": get_args(Audience),
    "permitted_action": get_args(PermittedAction),
    "judicial_use": get_args(JudicialUse),
    "onward": get_args(Onward),
}
GRADES: dict[str, tuple[str, str]] = {"4x4": ("ABCX", "1234"), "admiralty": ("ABCDEF", "123456")}


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values)


Names = Annotated[frozenset[str], PlainSerializer(_sorted)]


class Evaluation(BaseModel):
    """How far a source and what it says are to be trusted, on the scale of the one who judged.

    Args:
        scale: Europol's `4x4` (A, B, C, X and 1 to 4) or `admiralty` (A to F and 1 to 6).
        source: grade of the source.
        information: grade of what it says.
        root: who or what first said it; evaluations with one root count once, however often they are passed on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scale: Scale
    source: str
    information: str
    root: str

    @model_validator(mode="after")
    def _on_its_scale(self) -> Evaluation:
        sources, informations = GRADES[self.scale]
        if len(self.source) != 1 or self.source not in sources:
            raise ValueError(f"{self.source} is no source grade of {self.scale}: {sources}")
        if len(self.information) != 1 or self.information not in informations:
            raise ValueError(f"{self.information} is no information grade of {self.scale}: {informations}")
        return self


def _evaluations(values: Iterable[Evaluation]) -> list[dict[str, str]]:
    return [
        each.model_dump()
        for each in sorted(values, key=lambda each: (each.scale, each.root, each.source, each.information))
    ]


class Marking(BaseModel):
    """The handling of a record or of anything derived from records.

    Args:
        audience: TLP 2.0: who may see it.
        recipients: the named recipients where the audience is narrower than a community; None where it is not.
        permitted_action: PAP: what may be done with it.
        judicial_use: whether it may go to a court.
        onward: whether it may be passed on.
        evaluations: every evaluation that went in, on its original scale.
        national: national classes as `party:class`, e.g. `mx:reservada`, `us:cui`.
        expires_at: when it must be gone; None where nothing says so.
        originators: the parties it came from; each of them must agree before anything is loosened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    audience: Audience = "amber+strict"
    recipients: Annotated[frozenset[str] | None, PlainSerializer(lambda v: None if v is None else sorted(v))] = None
    permitted_action: PermittedAction = "amber"
    judicial_use: JudicialUse = "permission"
    onward: Onward = "consent"
    evaluations: Annotated[frozenset[Evaluation], PlainSerializer(_evaluations)] = frozenset()
    national: Annotated[frozenset[Annotated[str, Field(pattern=r"^[a-z]{2,8}:\S+$")]], PlainSerializer(_sorted)] = (
        frozenset()
    )
    expires_at: dt.datetime | None = None
    originators: Annotated[Names, Field(min_length=1)]

    @model_validator(mode="after")
    def _one_clock(self) -> Marking:
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise ValueError("expires_at needs a time zone")
        return self

    def join(self, other: Marking) -> Marking:
        """The marking of something made from both: per axis the strictest of the two."""
        strictest = {axis: _stricter(axis, getattr(self, axis), getattr(other, axis)) for axis in ORDERED}
        return Marking.model_validate(
            {
                **strictest,
                "recipients": _fewer(self.recipients, other.recipients),
                "evaluations": self.evaluations | other.evaluations,
                "national": self.national | other.national,
                "expires_at": _earlier(self.expires_at, other.expires_at),
                "originators": self.originators | other.originators,
            },
        )

    def looser_axes(self, than: Marking) -> list[str]:
        """The axes on which this marking allows more than `than` does; empty where it allows no more."""
        loose = [axis for axis in ORDERED if _rank(axis, getattr(self, axis)) < _rank(axis, getattr(than, axis))]
        if than.recipients is not None and (self.recipients is None or not self.recipients <= than.recipients):
            loose.append("recipients")
        kept = ("evaluations", "national", "originators")
        loose += [axis for axis in kept if not getattr(self, axis) >= getattr(than, axis)]
        if than.expires_at is not None and (self.expires_at is None or self.expires_at > than.expires_at):
            loose.append("expires_at")
        return loose

    def remark(self, to: Marking, *, by: Iterable[str]) -> Marking:
        """The marking `to` in place of this one, at the word of the parties `by`.

        Anyone may make it stricter; only all of the originators together may loosen it.

        Raises:
            Refused: an axis would be loosened and an originator has not agreed; the error names both.
        """
        loose = to.looser_axes(self)
        missing = sorted(self.originators - frozenset(by))
        if loose and missing:
            raise Refused(
                _("the marking may not be loosened on {axes}", axes=", ".join(loose)),
                advice=_("only its originators may do that; missing is {parties}", parties=", ".join(missing)),
                kept=_("the marking stays as it is"),
            )
        return to

    @property
    def independent_sources(self) -> int:
        """How many sources of their own stand behind it: evaluations with one root count once."""
        return len({each.root for each in self.evaluations})


def join_all(markings: Sequence[Marking]) -> Marking:
    """The marking of something made from all of `markings`.

    Raises:
        ValueError: there is none; a derived thing has at least one input.
    """
    if not markings:
        raise ValueError("a derived thing has at least one input")
    joined = markings[0]
    for each in markings[1:]:
        joined = joined.join(each)
    return joined


def _rank(axis: str, value: str) -> int:
    return ORDERED[axis].index(value)


def _stricter(axis: str, one: str, other: str) -> str:
    return one if _rank(axis, one) >= _rank(axis, other) else other


def _fewer(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
