"""Case files: findings, requests, matches, copies and notes of one case, with a timeline, for page, print and PDF."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console import words
from convenio.console.clauses import titled
from convenio.console.codes import PURPOSES, word
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.core.errors import ConvenioError
from convenio.core.marking import Marking, join_all
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.web.forms import Field, Form, sending
from convenio.web.marked import marking_view
from convenio.web.report import report
from convenio.web.security import file_name
from convenio.web.table import Column
from convenio.work.case_files import KINDS
from convenio.work.noted import GONE

STATES: dict[str, Message] = {"open": _("open"), "closed": _("closed")}
COLUMNS = (
    Column("reference", _("Reference"), link=lambda row: f"/cases/{row['id']}", scope_row=True),
    Column("title", _("Title")),
    Column("purpose", _("Purpose"), "words"),
    Column("opened_by", _("Opened by")),
    Column("at", _("Opened"), "moment"),
    Column("state", _("State"), "code", choices=list(STATES.items()), badge={"open": "good", "closed": "calm"}),
)
ADDRESSES = {"finding": "/findings/", "match": "/matches/", "request": "/requests/", "copy": "/copies/"}


def case_form() -> Form:
    """What a case file is opened with."""
    return Form(
        [
            Field("reference", _("Reference"), hint=_("As on your agency's own file."), required=True, longest=80),
            Field("title", _("Title"), required=True, longest=200),
            Field("purpose", _("Purpose"), required=True, longest=200),
        ]
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/cases")
    def cases(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/cases.html",
            _rows(console, person),
            COLUMNS,
            _("Case files"),
            empty=_("Your agency has no case file yet."),
            form=case_form() if person.has("analyst", "supervisor") else None,
        )

    @made.post("/cases")
    def open_case(request: Request, person: Someone, sent: Sent) -> Response:
        form = case_form()
        typed = form.read(sent)
        if not form.errors:
            try:
                address = console.sent_forms.act(
                    person, sending(sent), lambda: f"/cases/{console.cases.open(person, **typed)}"
                )
                return RedirectResponse(address, status_code=303)
            except ConvenioError as error:
                form.wrong("reference", error.what)
        answer = list_page(
            console, request, "console/cases.html", _rows(console, person), COLUMNS, _("Case files"), form=form
        )
        answer.status_code = 400
        return answer

    @made.get("/cases/{number}")
    def case(request: Request, person: Someone, number: str) -> Response:
        values = case_values(console, person, number)
        if request.query_params.get("form") == "pdf":
            name = file_name(values["case"]["reference"], "case")
            mark = console.marks.show(person, number, form="pdf")
            return report(console.pages, request, "console/case_report.html", name=name, mark=mark, **values)
        shown_to = console.marks.show(person, number)
        return console.pages.page(request, "console/case.html", error=None, text="", shown_to=shown_to, **values)

    @made.post("/cases/{number}/notes")
    def note(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        text = str(sent.get("text", ""))

        def write() -> str:
            console.cases.add(person, number, "note", text=text)
            return f"/cases/{number}"

        try:
            return RedirectResponse(console.sent_forms.act(person, sending(sent), write), status_code=303)
        except ConvenioError as error:
            values = {**case_values(console, person, number), "shown_to": console.marks.show(person, number)}
            return console.pages.page(
                request, "console/case.html", status=error.status, error=error, text=text, **values
            )

    @made.post("/cases/{number}/close")
    def close(person: Someone, number: str) -> Response:
        console.cases.close(person, number)
        return RedirectResponse(f"/cases/{number}", status_code=303)

    return made


def _rows(console: Console, person: Person) -> list[dict[str, Any]]:
    return [{**row, "purpose": word(PURPOSES, row["purpose"])} for row in console.cases.all(person)]


def case_values(console: Console, person: Person, number: str) -> dict[str, Any]:
    """What a case file's page, print and PDF are made from."""
    case = console.cases.get(person, number)
    names = {each.name: each.full_name for each in console.people.all()}
    findings = console.queue.all(person, case_file=number)
    markings = [Marking.model_validate(each["marking"]) for each in findings if each["claim"] != GONE.in_both()]
    return {
        "case": case,
        "handling": marking_view(join_all(markings)) if markings else None,
        "names": names,
        "may_close": person.has("supervisor") and case["closed"] is None,
        "may_write": person.has("analyst", "supervisor") and case["closed"] is None,
        "once": Form([]).once,
        "purpose": word(PURPOSES, case["purpose"]),
        "findings": [{**row, "program_title": console.program_title(row["program"])} for row in findings],
        "requests": titled(console, console.border.requests(person, case=case["reference"])),
        "states": words.STATES,
        "tones": words.TONES,
        "events": [
            {
                "at": each.at,
                "what": KINDS[each.kind],
                "who": names.get(each.who, each.who),
                "detail": each.text,
                "tone": "",
                "address": ADDRESSES[each.kind] + each.reference if each.kind in ADDRESSES else None,
            }
            for each in console.cases.events(person, number)
        ],
    }
