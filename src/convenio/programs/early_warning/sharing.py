"""What of the program may cross a border, in which form, and what never does."""

from __future__ import annotations

from dataclasses import dataclass

from convenio.core.words import Message, _


@dataclass(frozen=True)
class Shared:
    """One kind of data and its way across.

    Args:
        what: the data.
        form: in which form it crosses; None where it never does.
        why: the reason, as a person reads it.
    """

    what: Message
    form: Message | None
    why: Message


SHARING: tuple[Shared, ...] = (
    Shared(
        _("records of patients, visits, prescriptions"),
        None,
        _("health data never meets law-enforcement data at the level of persons"),
    ),
    Shared(
        _("counts by place, week and substance"),
        _("under a clause about aggregates, no group smaller than the clause says"),
        _("to see early where harm is rising on both sides"),
    ),
    Shared(
        _("alarms with observed, expected and bound"),
        _("under the same clause, with the counts they stand on"),
        _("an alarm without its counts cannot be judged"),
    ),
)
