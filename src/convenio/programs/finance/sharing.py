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
        _("whole customer files"),
        None,
        _("nearly everyone in them is nobody the other party asks for"),
    ),
    Shared(
        _("names that a party is about to designate"),
        _("as blind match keys, under a clause for joint designations; never in clear before a hit"),
        _("who is asked for must not be learned by the one who is asked"),
    ),
    Shared(
        _("identity and account summary of a customer who hits"),
        _("released after two officers decided, under the clause, with its conditions"),
        _("a hit is a question, and what answers it is for the named purpose alone"),
    ),
    Shared(
        _("scores, weights and cleared false hits"),
        None,
        _("a judgement on one's own customer; the other party draws its own from the record"),
    ),
    Shared(
        _("numbers of hits opened, confirmed and closed"),
        _("totals per month, none below five"),
        _("for the commitments' scorecard"),
    ),
)
