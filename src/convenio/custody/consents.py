"""Consents of originators, as custody asks for them: what lets a copy be passed on, or be used in court.

A consent is bound to one copy, one recipient (or court), one purpose, one case and a term. It is stored with the
signatures that gave it, and ends with the copy.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from convenio.core.words import Message, _
from convenio.policy.conditions import Conditions
from convenio.stores.tables import Agency, OnwardConsent

ASKED = "ask"
GIVEN = "answer"
"""The two sides of a consent: the recipient that asks for it, the originator that gives it."""


def given(
    session: Session, copy: str, *, act: str, to: str, purpose: str, case: str, at: dt.datetime
) -> OnwardConsent | None:
    """The consent that covers a use of a copy at a moment; None where no originator has given one.

    Args:
        session: the transaction of the use.
        copy: the copy's number.
        act: `forward` or `court`.
        to: the recipient, or the court.
        purpose: what for.
        case: the case.
        at: the moment, by the clock that cannot be set back.
    """
    wanted = select(OnwardConsent).where(
        OnwardConsent.side == ASKED,
        OnwardConsent.release == copy,
        OnwardConsent.state == "granted",
        OnwardConsent.act == act,
        OnwardConsent.to == to,
        OnwardConsent.purpose == purpose,
        OnwardConsent.case_reference == case,
        OnwardConsent.until > at,
    )
    return session.scalars(wanted.order_by(OnwardConsent.until.desc())).first()


def passed_on(session: Session, copy: str, agency: str) -> OnwardConsent | None:
    """The consent under which a copy was passed on to another agency of this party, withdrawn ones too; the newest."""
    wanted = select(OnwardConsent).where(
        OnwardConsent.side == ASKED,
        OnwardConsent.release == copy,
        OnwardConsent.act == "forward",
        OnwardConsent.to == agency,
        OnwardConsent.forwarded_at.is_not(None),
    )
    newest = wanted.order_by(OnwardConsent.state == "granted", OnwardConsent.until).limit(100)
    return next(iter(reversed(session.scalars(newest).all())), None)


def passed_copies(agency: str) -> Select[str]:
    """The copies that were passed on to an agency of this party, as a part of a query."""
    return select(OnwardConsent.release).where(
        OnwardConsent.side == ASKED, OnwardConsent.to == agency, OnwardConsent.forwarded_at.is_not(None)
    )


def narrowed(conditions: Conditions, consent: OnwardConsent) -> tuple[Conditions, tuple[Message, ...]]:
    """The conditions as they hold for the agency that a copy was passed on to, and why it may no longer be used.

    The originator's own stay; agency, purpose and term become the consent's, the term never a longer one.
    """
    held = conditions.model_copy(
        update={
            "agency": consent.to,
            "purpose": consent.purpose,
            "case": consent.case_reference,
            "onward": "none",
            "expires_at": min(conditions.expires_at, consent.until),
        }
    )
    if consent.state == "granted":
        return held, ()
    return held, (_("the originator withdrew its consent to passing it on"),)


def is_own_agency(session: Session, name: str) -> bool:
    """Whether a recipient is an agency of this party."""
    return session.get(Agency, name) is not None


def end_with(session: Session, copy: str, side: str, at: dt.datetime, why: str) -> list[OnwardConsent]:
    """End every consent of a copy that was recalled or has expired; those that were ended."""
    wanted = select(OnwardConsent).where(
        OnwardConsent.side == side,
        OnwardConsent.release == copy,
        OnwardConsent.state.in_(["asked", "waiting", "granted"]),
    )
    ended = list(session.scalars(wanted))
    for each in ended:
        each.state, each.answered_at = "withdrawn", at
        each.answer = {**(each.answer or {}), "why": why}
    return ended
