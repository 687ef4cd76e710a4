"""The conditions that travel with what was released, and whether a use fits them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from convenio.core.marking import ORDERED, JudicialUse, Marking, PermittedAction
from convenio.core.words import Message, _
from convenio.policy.clause import Clause, ClauseOnward, Part

Use = Literal["open", "forward", "court", "export", "derive"]


class Conditions(Part):
    """What the originator allows with one release.

    Args:
        release: the release's number.
        originator: the party that released it.
        recipient: the party that received it.
        agency: the one agency of the recipient that may use it.
        agreement: the agreement.
        agreement_digest: its version.
        clause: the clause.
        purpose: the one purpose it may be used for.
        case: the case it was given for.
        permitted_action: what may be done with it (PAP).
        judicial_use: whether it may go to a court.
        onward: whether it may be passed on.
        humanitarian_only: whether it serves people, and never to act against anyone.
        released_at: when it was released.
        expires_at: when it must be gone.
        marking: how it and all that is derived from it is handled.
    """

    release: str
    originator: str
    recipient: str
    agency: str
    agreement: str
    agreement_digest: str
    clause: str
    purpose: str
    case: str
    permitted_action: PermittedAction
    judicial_use: JudicialUse
    onward: ClauseOnward
    humanitarian_only: bool
    released_at: AwareDatetime
    expires_at: AwareDatetime
    marking: Marking


def loosened(made: Conditions, clause: Clause) -> tuple[str, ...]:
    """Everything in which conditions allow more than their clause does; empty where they are its own or stricter.

    What is derived from a copy inherits the marking alone, so the marking is held against the clause too, and against
    the party and agency that it was released to.
    """
    wrong = {
        name for name in ORDERED.keys() - {"audience"} if _looser(name, getattr(made, name), getattr(clause, name))
    }
    wrong |= {name for name, of in (("clause", clause.id), ("purpose", clause.purpose)) if getattr(made, name) != of}
    if clause.humanitarian_only and not made.humanitarian_only:
        wrong.add("humanitarian_only")
    if made.expires_at > made.released_at + dt.timedelta(days=clause.retention_days):
        wrong.add("expires_at")
    most = Marking(
        audience=clause.audience,
        recipients=frozenset({f"{made.recipient}:{made.agency}"}),
        permitted_action=clause.permitted_action,
        judicial_use=clause.judicial_use,
        onward=clause.onward,
        expires_at=made.expires_at,
        originators=frozenset({made.originator}),
    )
    return (*sorted(wrong), *(f"marking.{axis}" for axis in made.marking.looser_axes(most)))


def _looser(axis: str, value: str, than: str) -> bool:
    return ORDERED[axis].index(value) < ORDERED[axis].index(than)


@dataclass(frozen=True)
class UseDecision:
    """Whether a use fits, and everything that does not."""

    allowed: bool
    reasons: tuple[Message, ...]


def check_use(
    conditions: Conditions,
    use: Use,
    *,
    purpose: str,
    agency: str,
    at: dt.datetime,
    case: str = "",
    to: str = "",
    consented: bool = False,
) -> UseDecision:
    """Whether a use of a copy fits its conditions at a moment; a refusal names everything that does not fit.

    Args:
        conditions: what came with the copy.
        use: what is to be done with it.
        purpose: what for.
        agency: the agency of the one who would do it.
        at: the moment, by the clock that cannot be set back.
        case: the case it is used for.
        to: to whom it would be passed on.
        consented: whether the originator has signed its consent to that recipient, or to that court use.
    """
    failed: list[Message] = []
    if at >= conditions.expires_at:
        failed.append(_("its time ended on {moment}", moment=f"{conditions.expires_at:%Y-%m-%d %H:%M} UTC"))
    if purpose != conditions.purpose:
        failed.append(_("it was given for {purpose}, and for nothing else", purpose=conditions.purpose))
    if agency != conditions.agency:
        failed.append(_("it was given to {agency}, and to no other agency", agency=conditions.agency))
    if not case.strip():
        failed.append(_("a use needs a case reference"))
    failed.extend(_of_use(conditions, use, to, consented=consented))
    return UseDecision(not failed, tuple(failed))


def _of_use(conditions: Conditions, use: Use, to: str, *, consented: bool) -> list[Message]:
    failed: list[Message] = []
    if use == "forward" and conditions.onward == "none":
        failed.append(_("the clause forbids passing it on"))
    elif use == "forward" and not (consented and to):
        failed.append(_("passing it on needs the originator's signed consent"))
    if use == "court" and conditions.judicial_use == "forbidden":
        failed.append(_("the clause forbids its use in court"))
    elif use == "court" and conditions.judicial_use == "permission" and not consented:
        failed.append(_("its use in court needs the originator's signed permission"))
    if use == "court" and conditions.humanitarian_only:
        failed.append(_("it serves humanitarian ends, and is not used against anyone"))
    if use in {"export", "derive"} and conditions.permitted_action == "red":
        failed.append(_("its handling permits reading alone"))
    return failed
