"""Conditions that travel: consents to passing on, corrections, and what is derived from received copies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.api.border import ApprovalIn, Id, In, MatchIn, ReasonIn, Short, Text, order_of
from convenio.api.refusals import REFUSALS
from convenio.core.canonical import digest
from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.work.noted import made_from
from convenio.work.queue import Queue
from convenio.work.sight import sees_all

router = APIRouter(tags=["border"], responses=REFUSALS)
Thing = Annotated[str, Path(pattern=r"^[0-9a-f]{32,64}$")]
Row = dict[str, Any]


class ConsentIn(In):
    """What consent is asked for: to whom, for which case, until when."""

    act: Literal["forward", "court"] = "forward"
    to: Annotated[str, Field(min_length=1, max_length=64)]
    case: Short
    reason: Text
    until: AwareDatetime


class ChangeIn(In):
    """One value that was wrong: row of the release, field, and the right value."""

    row: Annotated[int, Field(ge=0, le=1_000_000)]
    field: Short
    value: Annotated[str, Field(max_length=2000)]


class CorrectionIn(In):
    """What was wrong with a release, and why."""

    reason: Text
    changes: Annotated[list[ChangeIn], Field(max_length=1000, default_factory=list)]


class FindingIn(In):
    """A finding in an analyst's own words, made from one copy."""

    purpose: Annotated[str, Field(max_length=64)]
    case: Annotated[str, Field(max_length=200)]
    claim: Text
    reason: Text


@router.post("/matches/by-file")
def match_by_file(order: MatchIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Ask a peer that no line joins: the question waits as a letter; the run ends when the answer is taken in."""
    scoped("match", person)
    return {"run": node.courier.ask(order_of(order), person)}


@router.post("/copies/{number}/consents")
def ask_consent(number: Id, wanted: ConsentIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Ask the originator for its consent to passing a copy on, or to its use in court."""
    scoped("use", person)
    return {"consent": node.onward.ask(number, person, **wanted.model_dump())}


@router.get("/copies/{number}/consents")
def consents_of(number: Id, node: TheNode, person: ThePerson) -> list[Row]:
    """The consents that were asked for a copy, the newest first."""
    scoped("read", person)
    return [_consent(each) for each in node.onward.all(number, person)]


@router.post("/copies/{number}/findings")
def note(number: Id, wanted: FindingIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Make a finding from a copy: it inherits the copy's conditions, and is gone when the copy is."""
    scoped("use", person)
    made = made_from(node.derived, node.vault, [number], person, **wanted.model_dump())
    Queue(node.store, node.clock, node.derived).add_derived(made, agency=person.agency, by=person.name)
    return {"finding": made.id}


@router.post("/copies/{number}/hold")
def hold(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Place a legal hold: it stops the deletion of a copy, not the block."""
    scoped("use", person)
    node.copies.hold(number, person, given.reason)
    return {"state": "held"}


@router.post("/copies/{number}/hold/end")
def end_hold(number: Id, node: TheNode, person: ThePerson) -> dict[str, str]:
    """End a legal hold; what was recalled or corrected meanwhile is erased at once."""
    scoped("use", person)
    node.copies.lift_hold(number, person)
    return {"state": "lifted"}


@router.get("/derived/{number}")
def derived(number: Thing, node: TheNode, person: ThePerson) -> Row:
    """What was made from received copies, as long as each of them may be read."""
    scoped("use", person)
    return dict(node.derived.read(number, person))


@router.get("/consents")
def consents(node: TheNode, person: ThePerson) -> list[Row]:
    """What peers ask to pass on of what this node released, for those who decide or check."""
    scoped("read", person)
    return [_consent(each) for each in node.consenting.all()] if sees_all(person) else []


@router.get("/consents/{number}/decision")
def consent_decision(number: Id, node: TheNode, person: ThePerson) -> Row:
    """What an officer signs to consent, and its digest."""
    scoped("approve", person)
    decides_or_checks(person, number)
    return _decision(node.consenting.decision(number))


@router.post("/consents/{number}/approvals")
def consent_approve(number: Id, given: ApprovalIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Consent by signature; the last one that the clause asks for gives it."""
    scoped("approve", person)
    return {"state": node.consenting.approve(number, person, given.signature)}


@router.post("/consents/{number}/refusal")
def consent_refuse(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Refuse a consent, with a reason that the other side is told."""
    scoped("approve", person)
    node.consenting.refuse(number, person, given.reason)
    return {"state": "refused"}


@router.post("/consents/{number}/withdrawal")
def consent_withdraw(number: Id, given: ReasonIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Withdraw a consent that was given."""
    scoped("approve", person)
    node.consenting.withdraw(number, person, given.reason)
    return {"state": "withdrawn"}


@router.post("/releases/{number}/corrections")
def correct(number: Id, wanted: CorrectionIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Correct what was released; it waits for the officers' signatures."""
    scoped("approve", person)
    changes = [(each.row, each.field, each.value) for each in wanted.changes]
    return {"correction": node.corrections.propose(number, person, reason=wanted.reason, changes=changes)}


@router.get("/corrections")
def corrections(node: TheNode, person: ThePerson) -> list[Row]:
    """The corrections of what this node released, the newest first, for those who decide or check."""
    scoped("read", person)
    return [_correction(each) for each in node.corrections.all()] if sees_all(person) else []


@router.get("/corrections/{number}/decision")
def correction_decision(number: Id, node: TheNode, person: ThePerson) -> Row:
    """What an officer signs to send a correction, and its digest."""
    scoped("approve", person)
    decides_or_checks(person, number)
    return _decision(node.corrections.decision(number))


@router.post("/corrections/{number}/approvals")
def correction_approve(number: Id, given: ApprovalIn, node: TheNode, person: ThePerson) -> dict[str, str]:
    """Approve a correction by signature; the last one that is needed sends it."""
    scoped("approve", person)
    return {"state": node.corrections.approve(number, person, given.signature)}


def decides_or_checks(person: Person, number: str) -> None:
    """Refuse those who neither decide nor check, without saying whether there is such a thing.

    Raises:
        NotFound: the person does neither.
    """
    if not sees_all(person):
        raise NotFound(_("there is nothing of this number for you"), where=number[:16])


def _decision(told: Row) -> Row:
    return {"decision": told, "digest": digest(told)}


def _consent(held: Any) -> Row:
    names = ("id", "side", "peer", "release", "request", "clause", "act", "to", "purpose", "until", "state")
    told = {name: getattr(held, name) for name in names}
    return {**told, "case": held.case_reference, "answer": held.answer, "asked_at": held.asked_at}


def _correction(held: Any) -> Row:
    names = ("id", "peer", "release", "request", "clause", "reason", "by", "content_digest", "state", "made_at")
    return {name: getattr(held, name) for name in names}
