"""Public sources: what each is, what is held of it, and fetching it anew as a job."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent, Someone, holding
from convenio.console.listing import list_page
from convenio.core.errors import ConvenioError, NotFound
from convenio.core.words import _
from convenio.files.sources.declaration import Source, sources
from convenio.files.sources.kept import Kept, default_folder
from convenio.people.accounts import Person
from convenio.web.forms import sending
from convenio.web.table import Column
from convenio.work.jobs import Task

Administrator = Annotated[Person, Depends(holding("administrator"))]


def columns(console: Console) -> tuple[Column, ...]:
    """The list's columns; a program's filter offers those shown here."""
    programs = [(name, each.program.title) for name, each in console.programs.items()]
    return (
        Column("title", _("Source"), "words", scope_row=True),
        Column("program", _("Program"), "code", choices=programs, badge={}),
        Column("publisher", _("Publisher")),
        Column("licence", _("Licence")),
        Column("pulled", _("Fetched"), "moment"),
        Column("checked", _("Still the newest on"), "moment"),
        Column("rows", _("Rows"), "number"),
        Column("trouble", _("Trouble"), "words"),
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    kept = Kept(default_folder(), now=console.now)
    console.jobs.handle("source", lambda task: _pull(console, kept, task), again=True)

    @made.get("/sources")
    def listed(request: Request, person: Someone) -> Response:
        found = declared(console)
        return list_page(
            console,
            request,
            "console/sources.html",
            [_row(kept, each) for each in found.values()],
            columns(console),
            _("Sources"),
            empty=_("No installed program names a source."),
            names={name: each.title.model_dump() for name, each in found.items()},
            may=person.has("administrator"),
        )

    @made.post("/sources/{name}/pull")
    def pull(person: Administrator, name: str, sent: Sent) -> Response:
        found = declared(console).get(name)
        if found is None:
            raise NotFound(_("there is no such source"), where=name)
        title = _("Fetch {source}", source=found.title.read(person.language))
        address = console.sent_forms.act(
            person, sending(sent), lambda: f"/jobs/{console.jobs.start('source', person, title, {'name': name})}"
        )
        return RedirectResponse(address, status_code=303)

    return made


def declared(console: Console) -> dict[str, Source]:
    """The sources that the programs shown here declare."""
    return sources({name: each.program for name, each in console.programs.items()})


def _pull(console: Console, kept: Kept, task: Task) -> str:
    found = declared(console).get(str(task.params["name"]))
    if found is None:
        raise NotFound(_("there is no such source"), where=str(task.params["name"]))
    kept.pull(found, progress=task.tell)
    return "/sources"


def _row(kept: Kept, source: Source) -> dict[str, Any]:
    made = {
        "title": source.title.model_dump(),
        "program": source.program,
        "publisher": source.publisher,
        "licence": source.licence,
        "pulled": None,
        "checked": None,
        "rows": None,
        "trouble": None,
    }
    try:
        state = kept.state(source.name)
    except ConvenioError as error:
        return {**made, "trouble": error.what}
    if state is None:
        return made
    return {**made, "pulled": state.pulled_at, "checked": state.checked_at, "rows": state.rows}
