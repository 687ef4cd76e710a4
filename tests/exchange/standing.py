"""A standing clause added to the demo's agreement, and an order under it that two officers approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from convenio.core.canonical import digest
from convenio.core.marking import Marking
from convenio.demo.cast import MX, US
from convenio.demo.stage import AGREEMENT_FILE
from convenio.exchange.batches import Item
from convenio.exchange.orders import Wanted
from convenio.people.credentials import sign_decision
from convenio.policy.agreement import Agreement, SignedAgreement, read_agreement, sign
from convenio.policy.authority import AuthorityKey
from convenio.policy.clause import Clause

CLAUSE = "screening-findings"
MARKING = Marking(
    audience="amber", permitted_action="amber", judicial_use="forbidden", onward="none", originators=frozenset({"mx"})
).model_dump(mode="json")
FIELDS = ("program", "method", "version", "claim", "score", "reasons", "evidence", "inputs", "marking")


def clause(**other: object) -> Clause:
    told = {
        "id": CLAUSE,
        "title": {"en": "Screening findings", "es": "Hallazgos de revisión"},
        "text": {"en": "What one party's screening finds goes to the other.", "es": "Lo que se halla se entrega."},
        "purpose": "joint-designation",
        "categories": ["screening-finding"],
        "fields": list(FIELDS),
        "askers": {"roles": ["analyst"], "agencies": ["ofac", "uif"]},
        "actions": ["request", "release"],
        "subject_roles": ["suspect", "convicted"],
        "onward": "none",
        "judicial_use": "forbidden",
        "retention_days": 90,
        "standing": True,
    }
    return Clause.model_validate({**told, **other})


def agreement(**other: object) -> Agreement:
    """The demo's agreement, with a clause under which findings may go out by themselves."""
    first = read_agreement(AGREEMENT_FILE)
    return Agreement.model_validate(
        {
            **first.model_dump(mode="json", exclude_unset=True),
            "id": "us-mx-findings",
            "clauses": [clause(**other).model_dump(mode="json", exclude_unset=True)],
        }
    )


def signed(authorities: Mapping[str, AuthorityKey], document: Agreement) -> SignedAgreement:
    made = sign(document, authorities["us"].private, "us")
    return sign(made, authorities["mx"].private, "mx")


def adopt(pair: Any, **other: object) -> None:
    made = signed(pair.authorities, agreement(**other))
    pair.us.agreements.adopt(made)
    pair.mx.agreements.adopt(made)


def wanted(now: dt.datetime, **other: object) -> Wanted:
    told: dict[str, Any] = {
        "peer": "mx",
        "holder": "uif",
        "agreement": "us-mx-findings",
        "clause": CLAUSE,
        "purpose": "joint-designation",
        "case": "OFAC-2021-1006",
        "subject_roles": ("suspect",),
        "categories": ("screening-finding",),
        "fields": FIELDS,
        "per_day": 100_000,
        "until": now + dt.timedelta(days=30),
        "reason": "what the screening finds",
    }
    return Wanted(**{**told, **other})


def ordered(pair: Any, **other: object) -> str:
    """An order that Mexico's analyst may give under at once."""
    order: str = pair.us.orders.open(wanted(pair.clock(), **other), pair.person(US, "analyst"))
    pair.settle()
    for which in (0, 1):
        approve(pair, order, which)
    pair.settle()
    return order


def approve(pair: Any, order: str, which: int) -> str:
    officer = pair.person(MX, "releasing_officer", which)
    told = digest(pair.mx.orders.decision(order))
    return str(pair.mx.orders.approve(order, officer, sign_decision(pair.keys[officer.name], told)))


def finding(number: int) -> dict[str, object]:
    """A finding of the size that screening makes, about nobody."""
    return {
        "program": "finance",
        "method": "screen_names",
        "version": "1",
        "claim": {
            "en": f"Customer {number} may be the person that entry {number % 9973} of the list names.",
            "es": f"El cliente {number} puede ser la persona que nombra la entrada {number % 9973} de la lista.",
        },
        "score": {
            "value": 12.5 + number % 97,
            "kind": "likelihood_ratio",
            "meaning": {
                "en": "How many times likelier these names are if it is one person than if it is two.",
                "es": "Cuántas veces más probables son estos nombres si se trata de una persona y no de dos.",
            },
        },
        "reasons": [{"en": "The surnames agree.", "es": "Coinciden los apellidos."}],
        "evidence": [{"kind": "digest", "reference": f"{number:064x}"}],
        "inputs": f"{number:064x}",
        "marking": MARKING,
    }


def items(first: int, count: int, role: str = "suspect") -> list[Item]:
    return [Item(f"f-{number}", role, finding(number)) for number in range(first, first + count)]
