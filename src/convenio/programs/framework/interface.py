"""The program's operations of the HTTP interface: read the scorecard, judge, enter values, move steps; by the rules."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from convenio.core.errors import Refused
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.programs.framework import told
from convenio.programs.framework.desk import Desk
from convenio.programs.framework.evidence import Doors
from convenio.programs.framework.keeping import KEPT
from convenio.programs.framework.model import Amendment, Completion, Observation, Publication, Rating
from convenio.programs.framework.scorecard import fitted, mark_of
from convenio.programs.framework.standing import standing
from convenio.web.program_interface import ProgramInterface

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Kind = Literal[
    "plans", "risks", "funding", "evaluations", "documents", "lessons",
    "instruments", "audits", "actions", "milestones", "indicators", "targets",
]  # fmt: skip
Number = Annotated[float, Field(allow_inf_nan=False)]


class Sent(BaseModel):
    """Base of what is sent: nothing unknown is taken."""

    model_config = ConfigDict(extra="forbid")


class Judgement(Sent):
    """A judgement. When it expires follows from its evidence; who gives it, from the token."""

    completion: Completion
    result: Annotated[str, Field(max_length=4000)] = ""
    evidence: Annotated[tuple[Words, ...], Field(max_length=50)] = ()
    independence: Annotated[str, Field(max_length=2000)] = ""
    comments_from: dt.date | None = None
    comments_to: dt.date | None = None
    version: Annotated[int, Field(ge=1, le=10_000)] = 1
    publication: Publication = "internal"


class Entry(Sent):
    """A value of an indicator; a correction of a day is the next version."""

    on: dt.date
    value: Number
    low: Number | None = None
    high: Number | None = None
    source: Words
    version: Annotated[int, Field(ge=1, le=10_000)] = 1
    said: Annotated[str, Field(max_length=8000)] = ""
    publication: Publication = "internal"


class Move(Sent):
    """A step's new day and why; `seen` is how many moves the one who moves it had seen."""

    due: dt.date
    reason: Words
    seen: Annotated[int, Field(ge=0, le=10_000)]


class Keeping(Sent):
    """A plan, risk, audit or another part that the secretariat keeps; `seen` marks what stood there, empty if nothing.

    Its fields are those of an export as JSON; `GET` of the same address shows what stands there, each with its mark.
    """

    part: dict[str, Any]
    seen: Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$")] = ""


class Done(Sent):
    """That a step is done, and what shows it."""

    on: dt.date
    evidence: Annotated[tuple[Words, ...], Field(max_length=50)] = ()


def router(given: ProgramInterface) -> APIRouter:
    """The operations, below `/api/v1/framework`."""
    made = APIRouter()
    desk = Desk(given.folder, given.now, given.party, Doors(given.queue, given.border, given.holdings), given.acts)
    Caller = Annotated[Person, Depends(given.caller)]

    @made.get("/status")
    def status(person: Caller) -> dict[str, Any]:
        """How the scorecard stands, in counts."""
        given.scoped("read", person)
        return standing(desk.card(), desk.today)

    @made.get("/commitments")
    def commitments(person: Caller) -> list[dict[str, Any]]:
        """Every commitment with its three judgements, and whether it has a true outcome indicator."""
        given.scoped("read", person)
        return [told.line(each) for each in desk.reading().sheets]

    @made.get("/commitments/{number}")
    def commitment(number: str, person: Caller) -> dict[str, Any]:
        """One commitment with all that hangs on it."""
        given.scoped("read", person)
        return told.whole(desk.reading().sheet(number))

    @made.get("/evidence")
    def evidence(person: Caller) -> list[dict[str, Any]]:
        """The newest value of every aggregate, with the query behind it."""
        given.scoped("read", person)
        return [told.value(each) for each in desk.values()]

    @made.post("/commitments/{number}/ratings", status_code=201)
    def rate(number: str, sent: Judgement, person: Caller) -> dict[str, Any]:
        """Give a judgement: the secretariat for its own side, auditors and ombudspersons as independent reviewers."""
        given.scoped("framework", person)
        rater = desk.rater(person)
        if rater is None:
            raise Refused(_("judgements are given by the secretariat and by reviewers"), where=person.name)
        card = desk.card()
        card.commitment(number)
        made_of = {
            **sent.model_dump(),
            "commitment": number,
            "rater": rater,
            "given_on": desk.today,
            "expires_on": card.good_until(sent.evidence, desk.today, number),
            "by": person.name,
        }
        rating = fitted(Rating, made_of, number)
        card.rate(rating)
        desk.note(person, "rated", number, rating)
        return rating.model_dump(mode="json")

    @made.post("/indicators/{name}/observations", status_code=201)
    def observe(name: str, sent: Entry, person: Caller) -> dict[str, Any]:
        """Enter a value."""
        _secretariat(given, desk, person)
        card = desk.card()
        made_of = {**sent.model_dump(), "indicator": name, "entered_at": given.now(), "entered_by": person.name}
        card.observe(fitted(Observation, made_of, name))
        kept = [each for each in card.observations(name) if (each.on, each.version) == (sent.on, sent.version)]
        desk.note(person, "observed", name, kept[-1])
        return kept[-1].model_dump(mode="json")

    @made.post("/milestones/{name}/amendments", status_code=201)
    def amend(name: str, sent: Move, person: Caller) -> dict[str, Any]:
        """Move a step: who, when, why."""
        _secretariat(given, desk, person)
        made_of = {"due": sent.due, "by": person.name, "on": desk.today, "reason": sent.reason}
        step = desk.card().amend(name, fitted(Amendment, made_of, name), sent.seen)
        desk.note(person, "amended", name, step)
        return step.model_dump(mode="json")

    @made.post("/milestones/{name}/done", status_code=201)
    def done(name: str, sent: Done, person: Caller) -> dict[str, Any]:
        """Mark a step as done."""
        _secretariat(given, desk, person)
        step = desk.card().done(name, on=sent.on, by=person.name, today=desk.today, evidence=sent.evidence)
        desk.note(person, "done", name, step)
        return step.model_dump(mode="json")

    _kept(made, given, desk)
    return made


def _kept(made: APIRouter, given: ProgramInterface, desk: Desk) -> None:
    Caller = Annotated[Person, Depends(given.caller)]

    @made.get("/kept/{kind}")
    def kept(kind: Kind, person: Caller) -> list[dict[str, Any]]:
        """Every part of a kind, each with the mark that a change of it names."""
        given.scoped("read", person)
        parts = [each for each in desk.card().parts() if isinstance(each, KEPT[kind].model)]
        return [{"part": each.model_dump(mode="json", by_alias=True), "seen": mark_of(each)} for each in parts]

    @made.post("/kept/{kind}", status_code=201)
    def keep(kind: Kind, sent: Keeping, person: Caller) -> dict[str, Any]:
        """Add or change a part of a kind, through the rules; who changes it meanwhile is met with a conflict."""
        given.scoped("framework", person)
        if not person.has(*KEPT[kind].roles):
            raise Refused(_("values and steps are entered by the secretariat"), where=person.name)
        part = desk.keep(fitted(KEPT[kind].model, sent.part, kind), sent.seen)
        desk.note(person, "kept", f"{kind} {getattr(part, 'id', '')}".strip(), part)
        return {"part": part.model_dump(mode="json", by_alias=True), "seen": mark_of(part)}


def _secretariat(given: ProgramInterface, desk: Desk, person: Person) -> None:
    given.scoped("framework", person)
    if not desk.acts(person):
        raise Refused(_("values and steps are entered by the secretariat"), where=person.name)
