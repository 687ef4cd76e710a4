"""Jobs: long work, how far it is, and what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.listing import list_page
from convenio.core.words import Message, _, language
from convenio.people.accounts import Person
from convenio.web.pages import said
from convenio.web.table import Column

STATES: dict[str, Message] = {
    "waiting": _("waiting for its turn"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("failed"),
}
TONES = {"waiting": "wait", "running": "wait", "done": "good", "failed": "bad"}
COLUMNS = (
    Column("title", _("Job"), "words", link=lambda row: f"/jobs/{row['id']}", scope_row=True),
    Column("state", _("State"), "code", choices=list(STATES.items()), badge=TONES),
    Column("share", _("Done"), "share"),
    Column("at", _("Started"), "moment"),
    Column("finished", _("Finished"), "moment"),
)
EVERY = 0.4


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/jobs")
    def jobs(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/requests.html",
            console.jobs.all(person),
            COLUMNS,
            _("Jobs"),
            empty=_("You have started no job."),
        )

    @made.get("/jobs/{number}")
    def job(request: Request, person: Someone, number: str) -> Response:
        held = console.jobs.get(person, number)
        return console.pages.page(
            request, "console/job.html", job=held, state=STATES[held["state"]], tone=TONES[held["state"]]
        )

    @made.get("/jobs/{number}/events")
    async def events(request: Request, person: Someone, number: str) -> Response:
        await run_in_threadpool(console.jobs.get, person, number)
        return StreamingResponse(told(console, request, person, number, language.get()), media_type="text/event-stream")

    return made


async def told(console: Console, request: Request, person: Person, number: str, spoken: Any) -> AsyncIterator[str]:
    """The job's progress as server-sent events; the last one is `end`, after which the browser asks no more.

    When the node stops, the stream ends without it: the browser asks again until the node is there.
    """
    last = ""
    while not (console.stopping.is_set() or await request.is_disconnected()):
        held = await run_in_threadpool(console.jobs.get, person, number)
        over = held["state"] in ("done", "failed")
        state = STATES[held["state"]].in_language(spoken)
        body: dict[str, Any] = {"share": held["share"], "state": state}
        if over:
            body["address"] = held["address"] if held["state"] == "done" else f"/jobs/{number}"
            yield event("end", body)
            return
        text = event("progress", body)
        if text != last:
            yield text
            last = text
        await asyncio.sleep(EVERY)


def event(name: str, body: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"


def progress_of(held: dict[str, Any]) -> dict[str, Any]:
    """A job as the macro `progress` wants it."""
    return {
        "id": held["id"],
        "title": said(held["title"]),
        "share": held["share"],
        "state": STATES[held["state"]],
        "stream": f"/jobs/{held['id']}/events",
        "address": f"/jobs/{held['id']}",
    }
