"""The lists and texts that have a page of their own, in the console as on the public site."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convenio.core.words import Message, _
from convenio.programs.framework.shown.lists import Lists
from convenio.web.table import Table

LISTS: Sequence[tuple[str, Message, Message, Message | None]] = (
    (
        "commitments",
        _("Commitments"),
        _("Every statement of principle or promise. A principle is shown, not scored."),
        None,
    ),
    (
        "reciprocity",
        _("What each side owes"),
        _("Who owes each promise, on each side, and which steps are done."),
        _("Where the text names nobody, the owner is the agency whose field of work it is."),
    ),
    (
        "late",
        _("What is late"),
        _("Steps whose day has passed, and judgements that expired with their evidence."),
        _("A step moves only by an amendment that says who, when and why; its first day stays."),
    ),
    (
        "without",
        _("What has no indicator"),
        _("Promises of which no result can be told, and what each of them lacks."),
        None,
    ),
    (
        "indicators",
        _("Indicators"),
        _("What is measured, from which baseline, how old it is, and what follows from it."),
        _("Improving or worse only where the interval excludes a change that was registered beforehand; else unknown."),
    ),
    (
        "serving",
        _("Which program serves what"),
        _("Where a program does the work of a commitment, by which command or page; the others are tracked only."),
        None,
    ),
    (
        "evidence",
        _("Evidence from operations"),
        _("Numbers that programs tell, each with its day and the query behind it. Counts below five are not told."),
        None,
    ),
)
BODIES: Sequence[tuple[str, Message]] = (
    ("audits", _("Audits and lessons")),
    ("instruments", _("What binds")),
    ("frameworks", _("Frameworks")),
)


def tables_of(name: str, lists: Lists) -> list[Table]:
    """The tables of a page."""
    makers: dict[str, Sequence[Callable[[], Table]]] = {
        "commitments": (lists.commitments,),
        "reciprocity": (lists.sides, lists.reciprocity),
        "late": (lists.late, lists.expired),
        "without": (lists.without,),
        "indicators": (lists.indicators,),
        "serving": (lists.serving,),
        "evidence": (lists.evidence,),
    }
    return [make() for make in makers[name]]
