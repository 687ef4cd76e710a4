"""Which kinds of parts a scorecard holds, in which file, and what tells one from another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import _
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
    Rating,
    Risk,
    Target,
)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of part.

    Args:
        name: as imports and files call it.
        model: its type.
        fields: what tells one from another.
        lines: whether it is only ever added to, one line each.
        shipped: the function of `content` that returns what ships with the program; empty for none.
        group: the field by which it is usually asked for.
    """

    name: str
    model: type[Part]
    fields: tuple[str, ...] = ("id",)
    lines: bool = False
    shipped: str = ""
    group: str = "commitment"

    @property
    def file(self) -> str:
        """Its file."""
        return f"{self.name}.{'jsonl' if self.lines else 'json'}"

    def key(self, part: Part) -> Key:
        """What tells it from others of its kind."""
        return tuple(getattr(part, each) for each in self.fields)


KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind("frameworks", Framework, shipped="frameworks", group="id"),
        Kind("elements", Element, ("framework", "id"), shipped="elements", group="framework"),
        Kind("commitments", Commitment, shipped="commitments", group="framework"),
        Kind("crosswalks", Crosswalk, ("start", "relation"), shipped="crosswalks", group="start"),
        Kind("owners", Owner, ("commitment",), shipped="owners"),
        Kind("documents", Document, group="id"),
        Kind("actions", Action, shipped="actions"),
        Kind("indicators", Indicator, shipped="indicators"),
        Kind("targets", Target, ("indicator", "on", "dimensions", "version"), lines=True, group="indicator"),
        Kind(
            "observations",
            Observation,
            ("indicator", "on", "dimensions", "version"),
            lines=True,
            shipped="observations",
            group="indicator",
        ),
        Kind("plans", MonitoringPlan),
        Kind("risks", Risk),
        Kind("funding", Funding),
        Kind("milestones", Milestone, shipped="milestones"),
        Kind("instruments", Instrument, shipped="instruments", group="id"),
        Kind("audits", Audit, shipped="audits", group="id"),
        Kind("evaluations", Evaluation, group="id"),
        Kind("lessons", Lesson, shipped="lessons", group="id"),
        Kind("foreign", Foreign, ("owner",), group="owner"),
        Kind("ratings", Rating, ("commitment", "rater", "version"), lines=True),
    )
}
"""In the order in which they are taken in: what others name comes first."""

_BY_MODEL = {each.model: each for each in KINDS.values()}


def kind_of(part: Part) -> Kind:
    """The kind of a part."""
    return _BY_MODEL[type(part)]


def kind_named(model: type[Part]) -> Kind:
    """The kind whose parts are of this type."""
    return _BY_MODEL[model]


def shipped(kind: Kind) -> Sequence[Part]:
    """What of a kind ships with the program."""
    if not kind.shipped:
        return ()
    from convenio.programs.framework import content

    made: Callable[[], Iterable[Part]] = getattr(content, kind.shipped)
    return tuple(made())


def named(name: str) -> Kind:
    """The kind called `name`.

    Raises:
        InputError: there is none.
    """
    try:
        return KINDS[name]
    except KeyError:
        raise InputError(
            _("a scorecard holds no {name}", name=name[:40]),
            advice=_("it holds: {names}", names=", ".join(KINDS)),
        ) from None
