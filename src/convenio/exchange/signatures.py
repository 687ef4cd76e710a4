"""Signatures of officers over what crosses the border: gathered on one side, checked by roster on the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.canonical import digest
from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.exchange.peers import Peers
from convenio.people.accounts import Person
from convenio.people.credentials import Credentials, verify_signature
from convenio.stores.tables import Approval

OFFICER = "releasing_officer"


def gather(
    session: Session,
    credentials: Credentials,
    person: Person,
    subject: str,
    document: Mapping[str, Any],
    signature: Mapping[str, Any],
    at: dt.datetime,
) -> list[Approval]:
    """Take one officer's signature over a document; all that are there afterwards, in order.

    Raises:
        Conflict: the person or the key has signed this already.
        Refused: the signature does not fit the document.
    """
    given = signatures_of(session, subject)
    if any(each.account == person.name for each in given):
        raise Conflict(
            _("{name} has approved this already", name=person.full_name),
            where=subject[:16],
            advice=_("another officer gives the next signature"),
        )
    told = digest(dict(document))
    credential = credentials.verify(person, signature, told)
    if any(each.credential == credential.id for each in given):
        raise Conflict(_("this key has approved already"), where=subject[:16])
    session.add(
        Approval(
            request=subject,
            account=person.name,
            credential=credential.id,
            decision_digest=told,
            signature=dict(signature),
            at=at,
        )
    )
    session.flush()
    return signatures_of(session, subject)


def signatures_of(session: Session, subject: str) -> list[Approval]:
    """The signatures that were given over something, in order."""
    return list(session.scalars(select(Approval).where(Approval.request == subject).order_by(Approval.id)))


def as_told(approvals: Sequence[Approval]) -> list[dict[str, Any]]:
    """Signatures as a letter carries them."""
    return [
        {"credential": each.credential, "at": each.at.isoformat(), "signature": each.signature} for each in approvals
    ]


def check(
    peers: Peers, party: str, document: Mapping[str, Any], approvals: Sequence[Mapping[str, Any]], needed: int
) -> list[str]:
    """Check that enough different officers of a party's roster signed exactly this; who they are.

    Raises:
        Refused: too few did, one is no officer of the roster, or a key was revoked: whatever date a signature bears.
        InputError: a signature has another form.
    """
    told, officers = digest(dict(document)), dict[str, None]()
    for each in approvals:
        credential, at, signature = _read(each)
        officer = peers.officer(party, credential, at)
        if OFFICER not in officer.roles:
            raise Refused(
                _("{name} is no releasing officer in the roster of {party}", name=officer.name, party=party),
                kept=_("nothing was taken"),
            )
        verify_signature(officer.kind, officer.public, signature, told)
        officers[officer.person] = None
    if len(officers) < needed:
        raise Refused(
            _("{needed} different officers must approve, {signed} did", needed=needed, signed=len(officers)),
            kept=_("nothing was taken"),
        )
    return list(officers)


def _read(told: Mapping[str, Any]) -> tuple[str, dt.datetime, dict[str, Any]]:
    try:
        at = dt.datetime.fromisoformat(str(told["at"]))
        if at.tzinfo is None:
            raise ValueError(str(told["at"]))
        return str(told["credential"]), at, dict(told["signature"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(_("these are no signatures of officers")) from error
