"""The findings queue: rank, filter, assign, verify, dismiss with a reason, put into a case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.codes import PURPOSES, coded
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _, language
from convenio.people.accounts import Person
from convenio.web.forms import sending
from convenio.web.marked import marking_view
from convenio.web.pages import said
from convenio.web.table import Column, Query, Slice
from convenio.work.noted import SHELL
from convenio.work.queue import MOST
from convenio.work.queue_page import Wanted, queue_page

STATES: Mapping[str, Message] = {
    "new": _("new"),
    "assigned": _("assigned"),
    "verified": _("verified"),
    "dismissed": _("dismissed"),
}
TONES = {"new": "wait", "assigned": "wait", "verified": "good", "dismissed": "calm"}
DONE: Mapping[str, Message] = {
    "assign": _("The finding is assigned."),
    "verify": _("The finding is verified. What follows from it is a person's decision."),
    "dismiss": _("The finding is dismissed, with your reason."),
    "link": _("The finding is in the case file."),
}


def columns(console: Console) -> tuple[Column, ...]:
    """The queue's columns; a program's filter offers the installed ones."""
    programs = [(name, each.program.title) for name, each in console.programs.items()]
    return (
        Column("claim", _("Claim"), "words", link=lambda row: f"/findings/{row['id']}", scope_row=True),
        Column("program", _("Program"), "code", choices=programs, badge={}),
        Column("rank", _("Rank"), "number"),
        Column("state", _("State"), "code", choices=list(STATES.items()), badge=TONES),
        Column("assignee", _("Assigned to")),
        Column("made", _("Made"), "moment"),
    )


class QueueRows:
    """The queue as a table: the database finds the page."""

    def __init__(self, console: Console, person: Person) -> None:
        self._store = console.node.store
        self._queue = console.queue
        self._person = person

    def slice(self, query: Query, columns: Sequence[Column]) -> Slice:
        """One page of findings."""
        del columns
        start = (query.page - 1) * query.size
        wanted = Wanted(query.search, query.filters, query.sort, query.down, start, query.size)
        return Slice(*self._page(wanted))

    def whole(self, query: Query, columns: Sequence[Column]) -> pa.Table:
        """All findings that fit, for a download."""
        wanted = Wanted(query.search, query.filters, query.sort, query.down, 0, MOST)
        rows, _total = self._page(wanted)
        return pa.table({each.name: [_plain(row[each.name]) for row in rows] for each in columns})

    def _page(self, wanted: Wanted) -> tuple[list[dict[str, Any]], int]:
        """A page whose findings from received copies say what custody lets them say."""
        rows, total = queue_page(self._store, self._person, wanted, language.get())
        told = self._queue.claims(self._person, [row["id"] for row in rows])
        return [{**row, "claim": told.get(row["id"], row["claim"])} for row in rows], total


def _plain(value: Any) -> Any:
    return said(value) if isinstance(value, dict) else value


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/findings")
    def findings(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/findings.html",
            QueueRows(console, person),
            columns(console),
            _("Findings"),
            mark=lambda form: console.marks.show(person, "findings", form=form),
            empty=_("No finding waits. Run a method of a program on data in this node, and keep what it finds."),
        )

    @made.get("/findings/{number}")
    def finding(request: Request, person: Someone, number: str) -> Response:
        return shown(console, request, person, number)

    @made.post("/findings/{number}/{act}")
    def act(request: Request, person: Someone, number: str, act: str, sent: Sent) -> Response:
        typed = {name: str(sent.get(name, "")) for name in ("text", "to", "case_file", "version")}
        try:
            do = acts(console).get(act)
            if do is None:
                raise InputError(_("there is no such act"), where=act)

            def done() -> str:
                do(person, number, _version(typed["version"]), typed)
                return f"/findings/{number}?done={act}"

            return RedirectResponse(console.sent_forms.act(person, sending(sent, act), done), status_code=303)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error, typed=typed)

    return made


def acts(console: Console) -> dict[str, Callable[[Person, str, int, dict[str, str]], None]]:
    """What can be done with a finding."""
    queue = console.queue

    def link(person: Person, number: str, version: int, typed: dict[str, str]) -> None:
        row, finding = queue.get(person, number)
        derived = queue.is_derived(person, number)
        if derived:
            case = console.cases.get(person, typed["case_file"])
            told = {"purpose": coded(PURPOSES, case["purpose"]), "case": case["reference"]}
            console.part("derived").used_in(number, person, **told)
        text = str(SHELL) if derived else finding.claim.read(person.language)
        console.cases.add(person, typed["case_file"], "finding", reference=number, text=text)
        queue.link(person, row["id"], version, typed["case_file"])

    return {
        "assign": lambda person, number, version, typed: queue.assign(
            person, number, version, typed["to"] or person.name
        ),
        "verify": lambda person, number, version, typed: queue.verify(person, number, version, typed["text"]),
        "dismiss": lambda person, number, version, typed: queue.dismiss(person, number, version, typed["text"]),
        "link": link,
    }


def shown(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    *,
    error: ConvenioError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page of one finding."""
    row, finding = console.queue.get(person, number)
    program = console.programs.get(finding.program)
    told: dict[str, Any] = finding.model_dump(mode="json")
    return console.pages.page(
        request,
        "console/finding.html",
        status=error.status if error is not None else 200,
        row=row,
        finding=told,
        marking=marking_view(finding.marking),
        shown_to=console.marks.show(person, number),
        program=program.program.title if program is not None else finding.program,
        state=STATES[row["state"]],
        tone=TONES[row["state"]],
        analysts=[each for each in console.people.all() if each.agency == person.agency and each.has("analyst")],
        cases=[each for each in console.cases.all(person) if each["closed"] is None],
        may=person.has("analyst", "supervisor"),
        error=error,
        typed=typed or {},
        done=DONE.get(request.query_params.get("done", "")),
    )


def _version(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0
