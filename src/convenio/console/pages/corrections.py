"""Correcting what was released: the value that was wrong, the signatures, and whether it is in place there."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import clause_of
from convenio.console.codes import FIELDS, word
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.console.signing import signature_in, to_be_signed
from convenio.console.travelling import CORRECTION_STATES, CORRECTION_TONES
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.web.forms import Field, Form, sending
from convenio.web.table import Column
from convenio.work.sight import sees_all

DONE: dict[str, Message] = {
    "waiting": _("Your signature is written down; another officer gives the next one."),
    "sent": _("The correction is on its way."),
    "dropped": _("The correction is given up; the record here stays as it was corrected."),
}
COLUMNS = (
    Column("at", _("When"), "moment", link=lambda row: f"/corrections/{row['id']}", scope_row=True),
    Column("peer", _("Party"), "party"),
    Column("clause", _("Clause")),
    Column("by", _("Who")),
    Column("reason", _("Why")),
    Column("state", _("State"), "code", choices=list(CORRECTION_STATES.items()), badge=CORRECTION_TONES),
)


def correction_form(fields: list[str]) -> Form:
    """What a correction is proposed with: one value of one row."""
    return Form(
        [
            Field("row", _("Row of the release"), "number", hint=_("The first is 1."), required=True),
            Field(
                "field", _("Field"), "select", required=True, choices=[(each, word(FIELDS, each)) for each in fields]
            ),
            Field("value", _("The right value"), hint=_("A date as 2021-10-06."), required=True, longest=2000),
            Field("reason", _("Why"), "textarea", hint=_("The other side is told this."), required=True, longest=2000),
        ]
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    _add_decisions(made, console)

    @made.get("/corrections")
    def corrections(request: Request, person: Someone) -> Response:
        rows = [_row(each) for each in console.part("corrections").all()] if sees_all(person) else []
        return list_page(
            console,
            request,
            "console/requests.html",
            rows,
            COLUMNS,
            _("Corrections of what was released"),
            empty=_("Nothing that was released has been corrected."),
        )

    @made.get("/requests/{number}/releases/{release}/correct")
    def ask(request: Request, person: Someone, number: str, release: str) -> Response:
        row = _released(console, person, number, release)
        return _page(console, request, row, release, correction_form(row["fields"]))

    @made.post("/requests/{number}/releases/{release}/correct")
    def propose(request: Request, person: Someone, number: str, release: str, sent: Sent) -> Response:
        row = _released(console, person, number, release)
        form = correction_form(row["fields"])
        typed = form.read(sent)
        if not form.errors:
            try:
                change = (int(typed["row"]) - 1, typed["field"], typed["value"])
                address = console.sent_forms.act(
                    person,
                    sending(sent),
                    lambda: (
                        "/corrections/"
                        + console.part("corrections").propose(release, person, reason=typed["reason"], changes=[change])
                    ),
                )
                return RedirectResponse(address, status_code=303)
            except ConvenioError as error:
                form.wrong("value", error.what)
        return _page(console, request, row, release, form, status=400)

    return made


def _add_decisions(made: APIRouter, console: Console) -> None:
    @made.get("/corrections/{number}")
    def one(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/corrections/{number}/{act}")
    def decide(request: Request, person: Someone, number: str, act: str, sent: Sent) -> Response:
        _correction(console, person, number)
        try:
            if act == "approve":
                done = console.part("corrections").approve(number, person, signature_in(sent))
            elif act == "drop":
                console.part("corrections").drop(number, person)
                done = "dropped"
            else:
                raise InputError(_("there is no such act"), where=act)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error)
        return RedirectResponse(f"/corrections/{number}?done={done}", status_code=303)


def shown(
    console: Console, request: Request, person: Person, number: str, *, error: ConvenioError | None = None
) -> Response:
    """The page of one correction."""
    held, room = _correction(console, person, number), console.part("corrections")
    clause, given = clause_of(console, held.agreement, held.clause), room.signatures(number)
    told: list[tuple[Message, Any]] = [
        (_("Party"), held.peer.upper()),
        (_("Release"), held.release),
        (_("Clause"), held.clause),
        (_("Why"), held.reason),
        (_("Digest of the content"), held.content_digest),
    ]
    signing = None
    if held.state == "waiting" and person.has("releasing_officer"):
        accounts = [each.account for each in given]
        signing = to_be_signed(console, request, person, room.decision(number), told=told, given=accounts)
    return console.pages.page(
        request,
        "console/correction.html",
        status=error.status if error is not None else 200,
        row=_row(held),
        told=told,
        given=given,
        needed=clause.approvals if clause is not None else 2,
        state=CORRECTION_STATES.get(held.state, held.state),
        tone=CORRECTION_TONES.get(held.state, "calm"),
        signing=signing,
        names={each.name: each.full_name for each in console.people.all()},
        error=error,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _page(
    console: Console, request: Request, row: dict[str, Any], release: str, form: Form, *, status: int = 200
) -> Response:
    return console.pages.page(request, "console/correct.html", status=status, row=row, release=release, form=form)


def _released(console: Console, person: Person, number: str, release: str) -> dict[str, Any]:
    row = console.border.request(person, number)
    if release not in {each["id"] for each in row["releases"]}:
        raise NotFound(_("there is no such release"), where=release[:16])
    return dict(row)


def _correction(console: Console, person: Person, number: str) -> Any:
    found = console.part("corrections").get(number)
    if not (sees_all(person) or found.by == person.name):
        raise NotFound(_("there is no such correction for you"), where=number[:16])
    return found


def _row(held: Any) -> dict[str, Any]:
    names = ("id", "peer", "release", "request", "clause", "reason", "by", "state")
    return {**{name: getattr(held, name) for name in names}, "at": held.made_at, "done": held.done_at}
