"""Received copies: what may be done with each, until when; every use goes through custody and leaves a receipt."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import JUDICIAL, ONWARD, agreement_title, clause_of
from convenio.console.codes import FIELDS, PURPOSES, word
from convenio.console.columns import COPIES
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.console.papers import PaperRows
from convenio.console.travelling import of_copy
from convenio.console.words import STATES, TONES
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.web.download import download
from convenio.web.table import Column, ListRows, Query, table
from convenio.work.sight import sees_all

USES: dict[str, Message] = {
    "open": _("Read it"),
    "export": _("Take it out as a file"),
    "court": _("Put it into a court bundle"),
    "forward": _("Pass it on"),
}


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/copies")
    def copies(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/requests.html",
            PaperRows(console, person, "copies"),
            COPIES,
            _("Received copies"),
            empty=_("Your agency has received nothing yet."),
        )

    @made.get("/copies/{number}")
    def copy(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/copies/{number}/use")
    def use(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        typed = {name: str(sent.get(name, "")).strip() for name in ("use", "purpose", "case", "to")}
        try:
            rows = used(console, person, number, typed)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error, typed=typed)
        if typed["use"] == "export":
            columns = [Column(name, word(FIELDS, name)) for name in (rows[0] if rows else {})]
            mark = marked_for(console, person, number, "export")
            return download("csv", ListRows(rows), columns, Query(), name=f"copy-{number[:12]}", mark=mark)
        return shown(console, request, person, number, rows=rows, typed=typed)

    @made.post("/copies/{number}/{act}")
    def keep(person: Someone, number: str, act: str, sent: Sent) -> Response:
        held = console.part("copies")
        if act == "hold":
            held.hold(number, person, str(sent.get("reason", "")))
        elif act == "lift":
            held.lift_hold(number, person)
        else:
            raise InputError(_("there is no such act"), where=act)
        return RedirectResponse(f"/copies/{number}", status_code=303)

    return made


def marked_for(console: Console, person: Person, number: str, use: str) -> str:
    """What a shown or exported copy bears: who, when, and the receipt it answers to."""
    receipt = console.border.last_receipt(person, number, use)
    return f"{person.name} · {console.now():%Y-%m-%d %H:%M:%S} UTC · {receipt}"


def used(console: Console, person: Person, number: str, typed: dict[str, str]) -> list[dict[str, Any]]:
    """Use a copy, as custody allows.

    Raises:
        InputError: this is no use.
        Refused: the conditions do not allow it; a receipt is kept.
    """
    copies = console.part("copies")
    purpose, case = typed["purpose"], typed["case"]
    if typed["use"] not in USES:
        raise InputError(_("choose what you want to do with it"))
    to = {"to": typed["to"]} if typed["use"] in {"forward", "court"} else {}
    rows: list[dict[str, Any]] = getattr(copies, typed["use"])(number, person, purpose=purpose, case=case, **to)
    return rows


def shown(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    *,
    rows: list[dict[str, Any]] | None = None,
    error: ConvenioError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The page of one copy; with its rows where a use has just been allowed, marked for the one who looks."""
    row = console.border.copy(person, number)
    asked = next(iter(console.border.requests(person, number=row["request"])), None)
    content = None
    if rows is not None:
        columns = [Column(name, word(FIELDS, name), sortable=False) for name in (rows[0] if rows else {})]
        content = table(
            ListRows(rows), columns, Query(size=1000), title=_("Content"), downloads=False, searchable=False
        )
    conditions = row["conditions"]
    return console.pages.page(
        request,
        "console/copy.html",
        status=error.status if error is not None else 200,
        row=row,
        state=STATES.get(row["state"], row["state"]),
        tone=TONES.get(row["state"], "calm"),
        clause=clause_of(console, row["agreement"], row["clause"]),
        agreement=agreement_title(console, row["agreement"]),
        case=asked["case"] if asked is not None else "",
        purpose=conditions.get("purpose", ""),
        told=[
            (_("Onward"), ONWARD.get(conditions.get("onward", ""), conditions.get("onward"))),
            (_("Courts"), JUDICIAL.get(conditions.get("judicial_use", ""), conditions.get("judicial_use"))),
            (_("Purpose"), word(PURPOSES, conditions.get("purpose"))),
        ],
        uses=USES,
        content=content,
        mark=marked_for(console, person, number, (typed or {}).get("use", "")) if rows is not None else "",
        may=row["state"] == "open"
        and row["expires"] > console.now()
        and person.has("analyst")
        and (row["agency"] == person.agency or not sees_all(person)),
        may_hold=person.has("supervisor") and row["agency"] == person.agency,
        typed=typed or {},
        error=error,
        **of_copy(console, request, person, row),
    )
