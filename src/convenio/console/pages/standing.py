"""Standing orders: opened under a clause that permits them, approved by two officers, ended by either side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import clause_of, facts
from convenio.console.codes import CATEGORIES, FIELDS, PURPOSES, SUBJECTS, listed, word
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.giving import chosen, offered, read_findings
from convenio.console.listing import list_page
from convenio.console.signing import signature_in, to_be_signed
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.exchange.orders import Wanted
from convenio.exchange.standing import ENDED, STATES
from convenio.people.accounts import Person
from convenio.web.table import Column
from convenio.work.sight import sees_all

TONES = {"open": "good", "refused": "bad", "ended": "calm", "waiting": "wait", "sent": "wait"}
DONE: dict[str, Message] = {
    "sent": _("The order is on its way."),
    "waiting": _("Your approval is signed and written down."),
    "open": _("The order is open: findings of its kind go out by themselves until it ends."),
    "refused": _("The order is refused, and the other side is told why."),
    "ended": _("The order is ended, and the other side is told."),
    "going-on": _("The order goes on."),
    "given": _("The findings are on their way."),
    "recalled": _("The recall is on its way; it is pending until the other side has erased the finding and said so."),
}
RECALLS: dict[str, Message] = {
    "pending": _("pending"),
    "erased": _("erased there"),
    "held": _("blocked there, and kept under a legal hold"),
    "moot": _("was gone already"),
}
COLUMNS = (
    Column("at", _("When"), "moment", link=lambda row: f"/standing/{row['id']}", scope_row=True),
    Column("side", _("Direction"), "code", choices=[("ask", _("we asked")), ("answer", _("we were asked"))]),
    Column("peer", _("Party"), "party"),
    Column("clause", _("Clause")),
    Column("case", _("Case")),
    Column("per_day", _("Most a day"), "number"),
    Column("until", _("Until"), "moment"),
    Column("state", _("State"), "code", choices=list(STATES.items()), badge=TONES),
)
TYPED = ("peer", "holder", "case", "per_day", "until", "reason")


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    _add_opening(made, console)
    _add_giving(made, console)

    @made.get("/standing")
    def orders(request: Request, person: Someone) -> Response:
        rows = [_row(each) for each in console.part("orders").all() if _sees(each, person)]
        return list_page(
            console,
            request,
            "console/standing.html",
            rows,
            COLUMNS,
            _("Standing orders"),
            empty=_("Nobody has ordered findings yet, in either direction."),
            clauses=_standing_clauses(console) if person.has("analyst") else [],
        )

    @made.get("/standing/{number}")
    def order(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/standing/{number}/{act}")
    def decide(request: Request, person: Someone, number: str, act: str, sent: Sent) -> Response:
        _order(console, person, number)
        held, reason = console.part("orders"), str(sent.get("reason", "")).strip()
        try:
            if act == "approve":
                act = held.approve(number, person, signature_in(sent))
            elif act == "refuse":
                held.refuse(number, person, reason)
                act = "refused"
            elif act == "end":
                held.end(number, person, reason)
                act = "ended"
            elif act == "recall":
                console.part("recalling").recall(number, str(sent.get("reference", "")).strip(), person, reason)
                act = "recalled"
            elif act == "going-on":
                held.go_on(number, person)
            else:
                raise InputError(_("there is no such act"), where=act[:32])
        except ConvenioError as error:
            return shown(console, request, person, number, error=error)
        return RedirectResponse(f"/standing/{number}?done={act}", status_code=303)

    return made


def _add_opening(made: APIRouter, console: Console) -> None:
    @made.get("/standing/new/{agreement}/{clause}")
    def form(request: Request, person: Someone, agreement: str, clause: str) -> Response:
        return _form(console, request, person, agreement, clause)

    @made.post("/standing/new/{agreement}/{clause}")
    def opening(request: Request, person: Someone, agreement: str, clause: str, sent: Sent) -> Response:
        typed = {name: str(sent.get(name, "")).strip() for name in TYPED}
        ticked = {name: tuple(map(str, sent.getlist(name))) for name in ("field", "category", "subject")}
        try:
            number = console.part("orders").open(_wanted(console, agreement, clause, typed, ticked), person)
        except ConvenioError as error:
            return _form(console, request, person, agreement, clause, error=error, typed=typed, ticked=ticked)
        return RedirectResponse(f"/standing/{number}?done=sent", status_code=303)


def _add_giving(made: APIRouter, console: Console) -> None:
    @made.get("/standing/{number}/give")
    def giving(request: Request, person: Someone, number: str) -> Response:
        return _give_form(console, request, person, number)

    @made.post("/standing/{number}/give")
    def give(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        _givable(console, person, number)
        role, ticked, upload = str(sent.get("role", "")), list(map(str, sent.getlist("finding"))), sent.get("file")
        try:
            items = list(chosen(console, person, ticked, role))
            if isinstance(upload, UploadFile) and upload.filename:
                items += read_findings(upload, role)
            if not items:
                raise InputError(_("choose findings, or a file"))
            held = console.part("batches").give(number, items, person)
        except ConvenioError as error:
            return _give_form(console, request, person, number, error=error, role=role, ticked=ticked)
        where = f"/standing/{number}?done=given&given={held.given}&before={held.before}"
        return RedirectResponse(where, status_code=303)


def _give_form(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    *,
    error: ConvenioError | None = None,
    role: str = "",
    ticked: list[str] | None = None,
) -> Response:
    held = _givable(console, person, number)
    return console.pages.page(
        request,
        "console/standing_give.html",
        status=error.status if error is not None else 200,
        row=_row(held),
        told=[
            (_("Purpose"), word(PURPOSES, held.purpose)),
            (_("Case"), held.case_reference),
            (_("Fields"), listed(FIELDS, held.fields)),
            (_("Most a day"), f"{held.per_day:,}"),
        ],
        roles=[(each, word(SUBJECTS, each)) for each in held.subject_roles],
        role=role,
        findings=offered(console, person, number),
        ticked=ticked or [],
        error=error,
    )


def _givable(console: Console, person: Person, number: str) -> Any:
    """An open order that the person may hand findings in under.

    Raises:
        NotFound: there is none for this person.
    """
    held = _order(console, person, number)
    if not _may_give(held, person):
        raise NotFound(_("there is nothing here"))
    return held


def _may_give(held: Any, person: Person) -> bool:
    return bool(held.side == "answer" and held.state == "open" and held.holder == person.agency) and person.has(
        "analyst"
    )


def _given(request: Request) -> Message | None:
    """What was given a moment ago, as the page that follows says it."""
    told = [request.query_params.get(name, "") for name in ("given", "before")]
    if request.query_params.get("done") != "given" or not all(each.isdigit() and len(each) < 9 for each in told):
        return None
    return _("{given} given now; {before} had gone out before.", given=f"{int(told[0]):,}", before=f"{int(told[1]):,}")


def shown(
    console: Console, request: Request, person: Person, number: str, *, error: ConvenioError | None = None
) -> Response:
    """The page of one order, with what went wrong with the act just tried."""
    held, orders = _order(console, person, number), console.part("orders")
    clause = clause_of(console, held.agreement, held.clause)
    ours = held.holder if held.side == "answer" else held.asker_agency
    told: list[tuple[Message, Any]] = [
        (_("Agency that holds them"), held.holder.upper()),
        (_("Purpose"), word(PURPOSES, held.purpose)),
        (_("Case"), held.case_reference),
        (_("About people in the role"), listed(SUBJECTS, held.subject_roles)),
        (_("Categories"), listed(CATEGORIES, held.categories)),
        (_("Fields"), listed(FIELDS, held.fields)),
        (_("Most a day"), f"{held.per_day:,}"),
        (_("Until"), f"{held.until:%Y-%m-%d %H:%M} UTC"),
        (_("Agreement"), held.agreement),
        (_("Clause"), held.clause),
    ]
    given = orders.signatures(number)
    signing = None
    if held.state == "waiting" and person.has("releasing_officer") and person.agency == held.holder:
        document = orders.decision(number)
        signing = to_be_signed(console, request, person, document, told=told, given=[each.account for each in given])
    mine = person.agency == ours
    return console.pages.page(
        request,
        "console/standing_order.html",
        status=error.status if error is not None else 200,
        row=_row(held),
        told=told,
        asker=f"{held.asker}, {held.asker_agency.upper()}",
        reason=held.reason,
        answer=held.answer or {},
        trouble=held.trouble,
        state=STATES.get(held.state, held.state),
        tone=TONES.get(held.state, "calm"),
        clause=clause,
        facts=facts(clause) if clause is not None else [],
        given=given,
        needed=clause.approvals if clause is not None else 2,
        signing=signing,
        batches=console.part("taking").all(number),
        may_give=_may_give(held, person),
        may_recall=mine and held.side == "answer" and person.has("releasing_officer", "supervisor"),
        recalled=[
            {"reference": each.reference, "release": each.release, "state": RECALLS.get(each.recall_state or "", "")}
            for each in console.part("recalling").recalled(number)
        ],
        given_now=_given(request),
        may_end=mine and held.state not in ENDED and person.has(*_enders(held.side)),
        may_go_on=mine and bool(held.trouble) and person.has("releasing_officer"),
        names={each.name: each.full_name for each in console.people.all()},
        error=error,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _form(
    console: Console,
    request: Request,
    person: Person,
    agreement: str,
    name: str,
    *,
    error: ConvenioError | None = None,
    typed: dict[str, str] | None = None,
    ticked: dict[str, tuple[str, ...]] | None = None,
) -> Response:
    signed, clause = console.part("agreements").clause(agreement, name)
    if not clause.standing or not person.has("analyst"):
        raise NotFound(_("there is nothing here"))
    party = console.node.settings.party
    peers = [each for each in signed.document.parties if each.id != party]
    soon = f"{console.now() + dt.timedelta(days=90):%Y-%m-%d}"
    return console.pages.page(
        request,
        "console/standing_new.html",
        status=error.status if error is not None else 200,
        agreement=agreement,
        clause=clause,
        facts=facts(clause),
        peers=peers,
        fields=[(each, word(FIELDS, each)) for each in clause.fields],
        categories=[(each, word(CATEGORIES, each)) for each in clause.categories],
        subjects=[(each, word(SUBJECTS, each)) for each in clause.subject_roles],
        purpose=word(PURPOSES, clause.purpose),
        typed={"until": soon, "per_day": "1000", "holder": "", "case": "", "reason": "", **(typed or {})},
        ticked=ticked or {"field": clause.fields, "category": clause.categories, "subject": ()},
        error=error,
    )


def _wanted(
    console: Console, agreement: str, name: str, typed: dict[str, str], ticked: dict[str, tuple[str, ...]]
) -> Wanted:
    """What was typed, as an order.

    Raises:
        InputError: a day is no day, a number none, or nothing is ticked where something must be.
    """
    _signed, clause = console.part("agreements").clause(agreement, name)
    try:
        until = dt.datetime.combine(dt.date.fromisoformat(typed["until"]), dt.time(23, 59), dt.UTC)
        per_day = int(typed["per_day"])
    except ValueError as error:
        raise InputError(
            _("the last day or the number a day cannot be read"),
            where=f"{typed['until']}, {typed['per_day']}",
            advice=_("write a day as 2021-10-06, and a number in digits"),
        ) from error
    if not all(ticked.values()):
        raise InputError(_("an order needs at least one field, one category and one role of people"))
    peer, _slash, holder = typed["holder"].partition("/")
    return Wanted(
        peer=peer,
        holder=holder,
        agreement=agreement,
        clause=name,
        purpose=clause.purpose,
        case=typed["case"],
        subject_roles=ticked["subject"],
        categories=ticked["category"],
        fields=ticked["field"],
        per_day=per_day,
        until=until,
        reason=typed["reason"],
    )


def _standing_clauses(console: Console) -> list[dict[str, Any]]:
    """Clauses in force under which findings may be ordered."""
    return [
        {"agreement": signed.document.id, "clause": each.id, "title": each.title.model_dump()}
        for signed in console.part("agreements").in_force()
        for each in signed.document.clauses
        if each.standing
    ]


def _enders(side: str) -> tuple[Any, ...]:
    return ("releasing_officer", "supervisor") if side == "answer" else ("analyst", "supervisor")


def _sees(held: Any, person: Person) -> bool:
    ours = held.holder if held.side == "answer" else held.asker_agency
    return bool(ours == person.agency and not person.has("administrator")) or sees_all(person)


def _order(console: Console, person: Person, number: str) -> Any:
    held = console.part("orders").get(number)
    if not _sees(held, person):
        raise NotFound(_("there is no such order"), where=number[:16])
    return held


def _row(held: Any) -> dict[str, Any]:
    names = ("id", "side", "peer", "clause", "per_day", "until", "state", "numbers")
    return {**{name: getattr(held, name) for name in names}, "at": held.opened_at, "case": held.case_reference}
