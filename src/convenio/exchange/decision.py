"""A request as both sides keep it, and the decision over it as officers sign it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from convenio.exchange.desk import Question
from convenio.stores.tables import Request


def decision_of(held: Request, to: str) -> dict[str, Any]:
    """What the officers sign, as both sides write it: everything that crosses, to whom, and under what."""
    return {
        "v": 1,
        "outcome": "release",
        "request": held.id,
        "to": to,
        "asker": held.asker,
        "asker_agency": held.asker_agency,
        "agreement": held.agreement,
        "clause": held.clause,
        "purpose": held.purpose,
        "case": held.case_reference,
        "fields": sorted(held.fields),
        "references": sorted(held.references),
        "until": held.until.astimezone(dt.UTC).isoformat() if held.until is not None else "",
    }


def request_row(
    number: str,
    side: str,
    peer: str,
    question: Question,
    run: str,
    references: Sequence[str],
    reason: str,
    at: dt.datetime,
    state: str,
    until: dt.datetime | None,
) -> Request:
    """The row of a request, on either side."""
    return Request(
        id=number,
        side=side,
        peer=peer,
        agreement=question.agreement,
        clause=question.clause,
        purpose=question.purpose,
        case_reference=question.case,
        fields=list(question.fields),
        run=run,
        references=list(references),
        asker=question.actor,
        asker_agency=question.agency,
        asker_role=question.role,
        subject_role=question.subject_role,
        reason=reason,
        state=state,
        until=until,
        answer=None,
        opened_at=at,
        answered_at=None,
    )
