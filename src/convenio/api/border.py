"""The border's operations: matches, requests, decisions, releases, copies."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.api.refusals import REFUSALS
from convenio.core.canonical import digest
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.exchange.asking import Order, Subject
from convenio.work.border import Border

router = APIRouter(tags=["border"], responses=REFUSALS)
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


class In(BaseModel):
    """Base of what is sent in: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class SubjectIn(In):
    """Someone to ask about."""

    label: Short
    curp: Annotated[str, Field(max_length=64)] | None = None
    rfc: Annotated[str, Field(max_length=64)] | None = None
    passport: Annotated[str, Field(max_length=64)] | None = None
    name: Annotated[str, Field(max_length=500)] | None = None
    birth_date: dt.date | None = None


class MatchIn(In):
    """One blind match."""

    peer: Short
    agreement: Short
    clause: Short
    kind: Short = "curp"
    purpose: Short
    case: Annotated[str, Field(max_length=200)]
    subject_role: Short = "suspect"
    subjects: Annotated[list[SubjectIn], Field(min_length=1, max_length=1_000_000)]


class RequestIn(In):
    """A request from hits of a run."""

    run: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    places: Annotated[list[Annotated[int, Field(ge=0, le=10_000_000)]], Field(min_length=1, max_length=10_000)]
    fields: Annotated[list[Short], Field(min_length=1, max_length=200)]
    reason: Text
    purpose: Annotated[str, Field(max_length=64)] = ""
    until: AwareDatetime | None = None


class ApprovalIn(In):
    """A signature over the decision's digest."""

    signature: dict[str, Any]


class ReasonIn(In):
    """A reason in words."""

    reason: Text


class UseIn(In):
    """What a copy is to be used for."""

    purpose: Annotated[str, Field(max_length=64)]
    case: Annotated[str, Field(max_length=200)]
    to: Annotated[str, Field(max_length=64)] = ""


def order_of(order: MatchIn) -> Order:
    """What is ordered, as the exchange takes it."""
    subjects = [Subject(each.label, each.model_dump(exclude={"label"}, exclude_none=True)) for each in order.subjects]
    return Order(**{**order.model_dump(exclude={"subjects"}), "subjects": subjects})


@router.post("/matches")
def match(order: MatchIn, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """Ask the peer, blindly, which of the subjects it knows."""
    scoped("match", person)
    made = node.asking.ask(order_of(order), person)
    return {
        "run": made.run,
        "asked": made.asked,
        "subjects": made.subjects,
        "without_key": made.without_key,
        "padded_size": made.padded_size,
        "hits": [{"place": each.place, "label": each.label} for each in made.hits],
    }


@router.post("/requests")
def request(wanted: RequestIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Ask the peer for what hits stand for."""
    scoped("request", person)
    made = node.requests.open(
        wanted.run,
        wanted.places,
        wanted.fields,
        person,
        reason=wanted.reason,
        purpose=wanted.purpose,
        until=wanted.until,
    )
    return {"request": made}


@router.get("/requests/{number}/decision")
def decision(number: Id, node: TheNode, person: ThePerson) -> dict[str, Any]:
    """What an officer signs to release, and its digest."""
    scoped("approve", person)
    Border(node.store, node.clock).request(person, number)
    told = node.deciding.decision(number)
    return {"decision": told, "digest": digest(told)}


@router.post("/requests/{number}/approvals")
def approve(number: Id, given: ApprovalIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Approve by signature; the last one that is needed releases."""
    scoped("approve", person)
    return {"state": node.deciding.approve(number, person, given.signature)}


@router.post("/requests/{number}/refusal")
def refuse(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Refuse a request, with a reason that the other side is told."""
    scoped("approve", person)
    node.deciding.refuse(number, person, given.reason)
    return {"state": "refused"}


@router.post("/releases/{number}/recall")
def recall(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Take a release back; pending until the other side has erased it."""
    scoped("approve", person)
    node.releases.recall(number, person, given.reason)
    return {"state": "recall-pending"}


@router.post("/copies/{number}/{use}")
def use(
    number: Id,
    use: Literal["open", "forward", "court", "export", "derive"],
    wanted: UseIn,
    node: TheNode,
    person: ThePerson,
) -> list[dict[str, Any]]:
    """Use a received copy; its originator's conditions decide, and a receipt is kept either way."""
    scoped("use", person)
    if use == "forward":
        if not wanted.to:
            raise InputError(_("a copy is forwarded to somebody: `to` is missing"))
        return node.copies.forward(number, person, to=wanted.to, purpose=wanted.purpose, case=wanted.case)
    if use == "court":
        return node.copies.court(number, person, to=wanted.to, purpose=wanted.purpose, case=wanted.case)
    act = {
        "open": node.copies.open,
        "export": node.copies.export,
        "derive": node.copies.derive,
    }
    return act[use](number, person, purpose=wanted.purpose, case=wanted.case)
