"""Consents to passing on: asked for on a copy's page, decided on a page of their own; and findings made from a copy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import clause_of
from convenio.console.codes import PURPOSES, word
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.console.pages.copies import shown as copy_shown
from convenio.console.signing import signature_in, to_be_signed
from convenio.console.travelling import CONSENT_STATES, CONSENT_TONES
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.web.forms import sending
from convenio.web.table import Column
from convenio.work.noted import made_from
from convenio.work.sight import sees_all

ACTS: dict[str, Message] = {"forward": _("pass it on"), "court": _("use it in court")}
DONE: dict[str, Message] = {
    "waiting": _("Your signature is written down; another officer gives the next one."),
    "granted": _("The consent is given and on its way."),
    "refused": _("The consent is refused, and the other side is told why."),
    "withdrawn": _("The consent is withdrawn; the other side is told."),
}
COLUMNS = (
    Column("at", _("When"), "moment", link=lambda row: f"/consents/{row['id']}", scope_row=True),
    Column("peer", _("Party"), "party"),
    Column("act", _("What for"), "code", choices=list(ACTS.items())),
    Column("to", _("To")),
    Column("case", _("Case")),
    Column("until", _("Until"), "moment"),
    Column("state", _("State"), "code", choices=list(CONSENT_STATES.items()), badge=CONSENT_TONES),
)


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    _add_copies(made, console)

    @made.get("/consents")
    def consents(request: Request, person: Someone) -> Response:
        rows = [_row(each) for each in console.part("consenting").all()] if sees_all(person) else []
        return list_page(
            console,
            request,
            "console/requests.html",
            rows,
            COLUMNS,
            _("Consents that peers ask for"),
            empty=_("No peer has asked to pass on what was released to it."),
        )

    @made.get("/consents/{number}")
    def consent(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/consents/{number}/{act}")
    def decide(request: Request, person: Someone, number: str, act: str, sent: Sent) -> Response:
        _consent(console, person, number)
        consenting, reason = console.part("consenting"), str(sent.get("reason", "")).strip()
        try:
            if act == "approve":
                done = consenting.approve(number, person, signature_in(sent))
            elif act == "refuse":
                consenting.refuse(number, person, reason)
                done = "refused"
            elif act == "withdraw":
                consenting.withdraw(number, person, reason)
                done = "withdrawn"
            else:
                raise InputError(_("there is no such act"), where=act)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error)
        return RedirectResponse(f"/consents/{number}?done={done}", status_code=303)

    return made


def _add_copies(made: APIRouter, console: Console) -> None:
    @made.post("/copies/{number}/consents")
    def ask(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        typed = {name: str(sent.get(name, "")).strip() for name in ("act", "to", "case", "reason", "until")}

        def do() -> str:
            console.part("onward").ask(
                number,
                person,
                act=typed["act"],
                to=typed["to"],
                case=typed["case"],
                reason=typed["reason"],
                until=_day(typed["until"]),
            )
            return f"/copies/{number}#onward"

        try:
            return RedirectResponse(console.sent_forms.act(person, sending(sent), do), status_code=303)
        except ConvenioError as error:
            return copy_shown(console, request, person, number, error=error, typed=typed)

    @made.post("/copies/{number}/findings")
    def note(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        typed = {name: str(sent.get(name, "")).strip() for name in ("purpose", "case", "claim", "why")}

        def do() -> str:
            finding = made_from(
                console.part("derived"),
                console.part("vault"),
                [number],
                person,
                purpose=typed["purpose"],
                case=typed["case"],
                claim=typed["claim"],
                reason=typed["why"],
            )
            console.queue.add_derived(finding, agency=person.agency, by=person.name)
            return f"/findings/{finding.id}"

        try:
            return RedirectResponse(console.sent_forms.act(person, sending(sent), do), status_code=303)
        except ConvenioError as error:
            return copy_shown(console, request, person, number, error=error, typed=typed)


def shown(
    console: Console, request: Request, person: Person, number: str, *, error: ConvenioError | None = None
) -> Response:
    """The page of one consent that a peer asks for."""
    held, consenting = _consent(console, person, number), console.part("consenting")
    clause = clause_of(console, held.agreement, held.clause)
    given = consenting.signatures(number)
    row = _row(held)
    told: list[tuple[Message, Any]] = [
        (_("Party"), held.peer.upper()),
        (_("What for"), ACTS[held.act]),
        (_("To"), held.to),
        (_("Purpose"), word(PURPOSES, held.purpose)),
        (_("Case"), held.case_reference),
        (_("Until"), f"{held.until:%Y-%m-%d %H:%M} UTC"),
        (_("Release"), held.release),
        (_("Clause"), held.clause),
    ]
    signing = None
    if held.state == "waiting" and person.has("releasing_officer"):
        document = consenting.decision(number)
        signing = to_be_signed(console, request, person, document, told=told, given=[each.account for each in given])
    return console.pages.page(
        request,
        "console/consent.html",
        status=error.status if error is not None else 200,
        row=row,
        told=told,
        asker=f"{held.asker}, {held.asker_agency.upper()}",
        reason=held.reason,
        state=CONSENT_STATES.get(held.state, held.state),
        tone=CONSENT_TONES.get(held.state, "calm"),
        given=given,
        needed=clause.onward_approvals if clause is not None else 1,
        signing=signing,
        may_withdraw=held.state == "granted" and person.has("releasing_officer", "supervisor"),
        names={each.name: each.full_name for each in console.people.all()},
        error=error,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _consent(console: Console, person: Person, number: str) -> Any:
    if not sees_all(person):
        raise NotFound(_("there is no such consent for you"), where=number[:16])
    return console.part("consenting").get(number)


def _row(held: Any) -> dict[str, Any]:
    names = ("id", "peer", "release", "request", "act", "to", "until", "state", "answer")
    return {**{name: getattr(held, name) for name in names}, "at": held.asked_at, "case": held.case_reference}


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(23, 59), dt.UTC)
    except ValueError as error:
        raise InputError(_("this is no day: {day}", day=text), advice=_("write it as 2021-10-06")) from error
