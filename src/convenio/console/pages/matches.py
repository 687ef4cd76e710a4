"""Blind matches: ask whether a peer knows people, see which hit, and go on to a request."""

from __future__ import annotations

import csv
import io
import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import agreement_title, clause_of, versions
from convenio.console.codes import FIELDS, SUBJECTS, word
from convenio.console.columns import RUNS
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.console.papers import PaperRows
from convenio.console.words import STATES, TONES
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _, _n
from convenio.exchange.asking import Hit, Order, Subject
from convenio.people.accounts import Person
from convenio.web.forms import Field, Form, sending
from convenio.work.jobs import Task

KINDS: dict[str, Message] = {
    "curp": _("CURP"),
    "rfc": _("RFC"),
    "passport": _("passport number"),
    "name_birth_date": _("name and birth date"),
}
MOST_TEXT = 2_000_000
SUBJECTS_PARCEL = "subjects"
FOLLOWED = 60.0


def match_form(console: Console) -> Form:
    """What a blind match is ordered with."""
    peers = [(each["party"], each["party"].upper()) for each in console.peers()]
    clauses = [
        (f"{each.agreement.id}/{clause.id}", str(clause.title.read(console.language)))
        for each in versions(console)
        if each.in_force
        for clause in each.agreement.clauses
        if "match" in clause.actions
    ]
    return Form(
        [
            Field("peer", _("Whom to ask"), "select", required=True, choices=peers),
            Field("clause", _("Under which clause"), "select", required=True, choices=clauses),
            Field("kind", _("By which identifier"), "select", required=True, choices=list(KINDS.items())),
            Field("case", _("Case"), required=True, longest=200),
            Field("subject_role", _("The people are"), "select", required=True, choices=list(SUBJECTS.items())),
            Field(
                "subjects",
                _("Whom to ask about"),
                "textarea",
                hint=_("One a line: what you call the person, then the identifier, with a comma between."),
                required=True,
                longest=MOST_TEXT,
            ),
        ],
        values={"peer": peers[0][0] if len(peers) == 1 else "", "kind": "curp", "subject_role": "suspect"},
    )


def subjects_of(text: str, kind: str) -> list[Subject]:
    """The people of a pasted list.

    Raises:
        InputError: a line has no identifier; the error says which.
    """
    made = []
    for number, line in enumerate(csv.reader(io.StringIO(text), skipinitialspace=True), start=1):
        parts = [each.strip() for each in line]
        if not any(parts):
            continue
        if kind == "name_birth_date":
            if len(parts) < 2:
                raise InputError(
                    _("line {number}: a name and a birth date are needed", number=number),
                    advice=_("write: name, 1970-01-31"),
                )
            made.append(Subject(parts[0], {"name": parts[0], "birth_date": parts[1]}))
        else:
            made.append(Subject(parts[0], {kind: parts[-1]}))
    return made


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    console.jobs.handle("match", lambda task: _ask(console, task), again=True)

    @made.get("/matches")
    def matches(request: Request, person: Someone) -> Response:
        return _listed(console, request, person, match_form(console) if person.has("analyst") else None)

    @made.post("/matches")
    def ask(request: Request, person: Someone, sent: Sent) -> Response:
        form = match_form(console)
        typed = form.read(sent)
        subjects: list[Subject] = []
        if "subjects" not in form.errors and "kind" not in form.errors:
            try:
                subjects = subjects_of(typed["subjects"], typed["kind"])
            except InputError as error:
                form.wrong("subjects", error.what)
        if form.errors:
            return _listed(console, request, person, form, status=400)
        params = {key: typed[key] for key in ("peer", "clause", "kind", "case", "subject_role")}
        params["run"] = uuid.uuid4().hex
        title = _n("Ask about one person", "Ask about {number} people", len(subjects))

        def start() -> str:
            number = console.jobs.start(
                "match", person, title, params, first=lambda number: _keep(console, number, subjects)
            )
            return f"/jobs/{number}"

        return RedirectResponse(console.sent_forms.act(person, sending(sent), start), status_code=303)

    @made.get("/matches/{number}")
    def match(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/matches/{number}/request")
    def ask_for(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        console.border.run(person, number)

        def open_request() -> str:
            made_request = console.part("requests").open(
                number,
                [int(each) for each in map(str, sent.getlist("place")) if each.isdigit()],
                [str(each) for each in sent.getlist("field")],
                person,
                reason=str(sent.get("reason", "")).strip(),
            )
            return f"/requests/{made_request}?done=opened"

        try:
            address = console.sent_forms.act(person, sending(sent), open_request)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error, sent=sent)
        return RedirectResponse(address, status_code=303)

    return made


def _listed(console: Console, request: Request, person: Person, form: Form | None, *, status: int = 200) -> Response:
    answer = list_page(
        console,
        request,
        "console/matches.html",
        PaperRows(console, person, "runs"),
        RUNS,
        _("Blind matches"),
        empty=_("Nobody has asked yet, on either side."),
        form=form,
    )
    answer.status_code = status
    return answer


def _keep(console: Console, number: str, subjects: Sequence[Subject]) -> None:
    rows = pa.table(
        {"label": [each.label for each in subjects], "record": [json.dumps(each.record) for each in subjects]}
    )
    console.parcels.put(number, {SUBJECTS_PARCEL: rows}, {})


def _ask(console: Console, task: Task) -> str:
    """Ask; of a run that was sent before the node stopped, wait until the node has gone on with it."""
    asking, run = console.part("asking"), str(task.params["run"])
    try:
        if not asking.state(run):
            asking.ask(_order(console, task), task.person, task.tell, run=run)
        until = time.monotonic() + FOLLOWED
        while asking.state(run) == "committed" and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        console.parcels.drop(task.number)
    return f"/matches/{run}"


def _order(console: Console, task: Task) -> Order:
    agreement, _slash, name = str(task.params["clause"]).partition("/")
    clause = clause_of(console, agreement, name)
    rows = console.parcels.tables(task.number)[SUBJECTS_PARCEL].to_pylist()
    return Order(
        peer=task.params["peer"],
        agreement=agreement,
        clause=name,
        kind=task.params["kind"],
        purpose=clause.purpose if clause is not None else "",
        case=task.params["case"],
        subject_role=task.params["subject_role"],
        subjects=[Subject(each["label"], json.loads(each["record"])) for each in rows],
    )


def shown(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    *,
    error: ConvenioError | None = None,
    sent: FormData | None = None,
) -> Response:
    """The page of one blind match, with the request it can lead to."""
    row = console.border.run(person, number)
    clause = clause_of(console, row["agreement"], row["clause"])
    hits = _hits(console, person, row)
    ticked: dict[str, Any] = {
        "place": set(map(str, sent.getlist("place"))) if sent is not None else {str(each.place) for each in hits},
        "field": set(map(str, sent.getlist("field"))) if sent is not None else set(),
        "reason": str(sent.get("reason", "")) if sent is not None else "",
    }
    return console.pages.page(
        request,
        "console/match.html",
        status=error.status if error is not None else 200,
        row=row,
        state=STATES.get(row["state"], row["state"]),
        tone=TONES.get(row["state"], "calm"),
        kind=KINDS.get(row["kind"], row["kind"]),
        clause=clause,
        agreement=agreement_title(console, row["agreement"]),
        words={each: word(FIELDS, each) for each in clause.fields} if clause is not None else {},
        shown_to=console.marks.show(person, number) if hits else "",
        hits=hits,
        ticked=ticked,
        once=Form([]).once,
        requests=console.border.requests(person, run=number),
        error=error,
    )


def _hits(console: Console, person: Person, row: dict[str, Any]) -> Sequence[Hit]:
    if row["side"] != "ask" or row["state"] != "done" or not person.has("analyst"):
        return []
    found: Sequence[Hit] = console.part("asking").hits(row["id"], person)
    return found
