"""Standing orders: findings of one kind that go out by themselves, once two officers have approved it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.api.border import ApprovalIn, Id, In, ReasonIn, Short, Text
from convenio.api.refusals import REFUSALS
from convenio.core.canonical import digest
from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.exchange.batches import Item
from convenio.exchange.orders import Wanted
from convenio.exchange.standing import MOST
from convenio.node.node import Node
from convenio.people.accounts import Person

router = APIRouter(tags=["standing orders"], responses=REFUSALS)
Shorts = Annotated[list[Short], Field(min_length=1, max_length=200)]


class OrderIn(In):
    """A standing order."""

    peer: Short
    holder: Short
    agreement: Short
    clause: Short
    purpose: Short
    case: Annotated[str, Field(max_length=200)]
    subject_roles: Annotated[list[Short], Field(min_length=1, max_length=20)]
    categories: Shorts
    fields: Shorts
    per_day: Annotated[int, Field(ge=1, le=1_000_000)]
    until: AwareDatetime
    reason: Text


class FindingIn(In):
    """One finding, handed in."""

    reference: Short
    subject_role: Short
    finding: dict[str, Any]


class FindingsIn(In):
    """Findings, handed in together."""

    findings: Annotated[list[FindingIn], Field(min_length=1, max_length=MOST)]


@router.post("/standing-orders")
def order(wanted: OrderIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Order every finding of a kind from the peer, until a day."""
    scoped("request", person)
    lists = {name: tuple(getattr(wanted, name)) for name in ("subject_roles", "categories", "fields")}
    return {"order": node.orders.open(Wanted(**{**wanted.model_dump(), **lists}), person)}


@router.get("/standing-orders")
def orders(node: TheNode, person: ThePerson, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[dict[str, Any]]:
    """The standing orders that concern the person's agency; all of them for who audits."""
    scoped("read", person)
    return [_shown(each) for each in node.orders.all(limit=limit) if _sees(each, person)]


@router.get("/standing-orders/{number}/decision")
def decision(number: Id, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """What an officer signs, and its digest."""
    scoped("approve", person)
    _of(node, number, person)
    told = node.orders.decision(number)
    return {"decision": told, "digest": digest(told)}


@router.post("/standing-orders/{number}/approvals")
def approve(number: Id, given: ApprovalIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Approve by signature; the last one that is needed opens the order."""
    scoped("approve", person)
    return {"state": node.orders.approve(number, person, given.signature)}


@router.post("/standing-orders/{number}/refusal")
def refuse(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Refuse an order, with a reason that the other side is told."""
    scoped("approve", person)
    node.orders.refuse(number, person, given.reason)
    return {"state": "refused"}


@router.post("/standing-orders/{number}/end")
def end(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """End an order, on either side."""
    scoped("approve", person)
    node.orders.end(number, person, given.reason)
    return {"state": "ended"}


@router.post("/standing-orders/{number}/going-on")
def go_on(number: Id, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Let an order go on whose last batch the other side refused."""
    scoped("approve", person)
    node.orders.go_on(number, person)
    return {"state": "open"}


@router.post("/standing-orders/{number}/findings")
def give(number: Id, handed: FindingsIn, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """Hand findings in; each goes out once, however often it is handed in."""
    scoped("approve", person)
    items = (Item(each.reference, each.subject_role, each.finding) for each in handed.findings)
    made = node.batches.give(number, items, person)
    return {"given": made.given, "before": made.before, "releases": made.releases}


@router.post("/standing-orders/{number}/findings/{reference}/recall")
def recall(
    number: Id,
    reference: Annotated[str, Path(max_length=200)],
    given: ReasonIn,
    node: TheNode,
    person: ThePerson,
) -> dict[str, str]:
    """Take one finding of a batch back, with a reason that the other side is told."""
    scoped("approve", person)
    return {"recall": node.recalling.recall(number, reference, person, given.reason)}


@router.get("/standing-orders/{number}/batches")
def batches(number: Id, node: TheNode, person: ThePerson) -> list[dict[str, Any]]:
    """The batches of an order: number, count, root."""
    scoped("read", person)
    _of(node, number, person)
    return [
        {"release": each.release, "number": each.number, "count": each.count, "root": each.root, "at": each.at}
        for each in node.taking.all(number)
    ]


@router.get("/standing-orders/{number}/proofs/{reference}")
def proof(
    number: Id, reference: Annotated[str, Path(max_length=200)], node: TheNode, person: ThePerson
) -> dict[str, Any]:
    """That one finding was in a batch: place, hashes, root."""
    scoped("read", person)
    return node.batches.proof(number, reference, person)


def _of(node: Node, number: str, person: Person) -> None:
    if not _sees(node.orders.get(number), person):
        raise NotFound(_("there is no such order"), where=number[:16])


def _sees(held: Any, person: Person) -> bool:
    ours = held.holder if held.side == "answer" else held.asker_agency
    return bool(ours == person.agency or person.has("auditor", "ombudsperson", "secretariat"))


_SHOWN = (
    "id", "side", "peer", "holder", "agreement", "clause", "purpose", "subject_roles", "categories", "fields",
    "per_day", "until", "asker", "asker_agency", "reason", "state", "trouble", "numbers", "opened_at", "answered_at",
)  # fmt: skip


def _shown(held: Any) -> dict[str, Any]:
    return {name: getattr(held, name) for name in _SHOWN}
