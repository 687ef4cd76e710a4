"""The program's own pages: counts brought in, detection into the queue, alarms, a place with its series, the map."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.programs.early_warning import shown
from convenio.programs.early_warning.detecting import KIND, handle, order, run_form
from convenio.programs.early_warning.kept import Kept, Shelf
from convenio.programs.early_warning.places import maps_of, outlines
from convenio.programs.early_warning.runs import said
from convenio.programs.early_warning.sources.reading import read_counts
from convenio.programs.early_warning.sources.weeks import WeekSystem
from convenio.web.forms import Field, Form
from convenio.web.maps import Maps
from convenio.web.program_pages import ProgramPages, Sent
from convenio.web.table import Column, ListRows, read_query, table

READERS: tuple[Role, ...] = ("analyst", "supervisor", "auditor")


def router(web: ProgramPages) -> APIRouter:
    """The program's routes, relative to its place."""
    made = APIRouter()
    if web.jobs is not None:
        web.jobs.handle(KIND, lambda task: handle(web, task), again=True)
    web.place("/alerts", _("Alerts"), *READERS)
    web.place("/counts", _("Counts"), *READERS)
    web.place("/map", _("Map"), *READERS)

    @made.get("/alerts")
    def alerts(request: Request) -> Response:
        person = web.require(request, *READERS)
        return _alerts(web, request, run_form(_shelf(web, person).all()))

    @made.post("/alerts")
    def detect(request: Request, sent: Sent) -> Response:
        person = web.require(request, "analyst")
        form = run_form(_shelf(web, person).all())
        return order(web, request, person, sent, form) or _alerts(web, request, form, status=422)

    @made.get("/counts")
    def held(request: Request) -> Response:
        return _counts(web, request, _counts_form(web.maps))

    @made.post("/counts")
    def take(request: Request, sent: Sent) -> Response:
        return _take(web, request, sent)

    @made.get("/place")
    def place(request: Request) -> Response:
        return _place(web, request)

    @made.get("/map")
    def map_(request: Request) -> Response:
        return _map(web, request)

    return made


def _shelf(web: ProgramPages, person: Person) -> Shelf:
    return Shelf(web.own_folder(), person.agency)


def _map(web: ProgramPages, request: Request) -> Response:
    """The newest period of each place on the map that its counts were brought in with, or on another that is here."""
    person = web.require(request, *READERS)
    shelf = _shelf(web, person)
    found, asked = shelf.all(), request.query_params
    first = next((each.id for each in found if each.map), found[0].id if found else "")
    wanted = asked.get("counts", "") or first
    kept = shelf.get(wanted) if wanted else None
    maps = maps_of(web.maps)
    names = [name for name, _title in maps]
    on = asked.get("on", "")
    on = on if on in names else (kept.map if kept is not None else "")
    figure, absent, shapes = None, list[str](), outlines(web.maps, on)
    if kept is not None and on:
        result = shelf.result(kept.id)
        figure, absent = shown.map_figure(kept, result, on, shapes, asked, request.url.path)
    return web.page(
        request,
        "map.html",
        found=found,
        kept=kept,
        maps=maps,
        on=on,
        gone=bool(on) and shapes is None,
        figure=figure,
        absent=absent,
    )


def _counts_form(maps: Maps | None) -> Form:
    return Form(
        (
            Field("title", _("Title"), hint=_("The same title again adds a vintage."), required=True, longest=120),
            Field("file", _("Counts by place and period, or a file of CDC VSRR or NFLIS"), "file"),
            Field("map", _("Map that its places stand on"), "select", choices=maps_of(maps)),
            Field("known_on", _("Day on which it was published; today where it is empty"), "date"),
            Field(
                "weeks",
                _("Weeks by number"),
                "select",
                choices=[("iso", _("from Monday (ISO)")), ("epi", _("from Sunday (CDC, DGE)"))],
                required=True,
            ),
        ),
        values={"weeks": "iso"},
    )


def _alerts(web: ProgramPages, request: Request, form: Form, status: int = 200) -> Response:
    person = web.require(request, *READERS)
    shelf = _shelf(web, person)
    found = shelf.all()
    asked = request.query_params
    run = shelf.run_of(asked.get("counts", ""), asked.get("run", ""))
    return web.page(
        request,
        "alerts.html",
        status=status,
        alarms=shown.alarms_table(shelf, found, web.queue, person, web.base, asked, f"{web.base}/alerts"),
        form=form,
        found=found,
        may_run=person.has("analyst"),
        told=None if run is None else said(run),
    )


def _counts(web: ProgramPages, request: Request, form: Form, status: int = 200) -> Response:
    person = web.require(request, *READERS)
    found = _shelf(web, person).all()
    names = dict(maps_of(web.maps))
    rows = [
        {
            "title": each.title,
            "rows": each.rows,
            "vintages": len(each.vintages),
            "newest": dt.date.fromisoformat(each.vintages[-1]) if each.vintages else None,
            "map": names.get(each.map, each.map),
            "by": each.by,
        }
        for each in found
    ]
    columns = (
        Column("title", _("Title"), scope_row=True),
        Column("rows", _("Counts"), "number"),
        Column("vintages", _("Vintages"), "number"),
        Column("newest", _("Newest vintage"), "date"),
        Column("map", _("Map"), "words"),
        Column("by", _("Brought in by")),
    )
    query = read_query(request.query_params, columns, path=f"{web.base}/counts")
    return web.page(
        request,
        "counts.html",
        status=status,
        held=table(ListRows(rows), columns, query, title=_("Counts held here"), marked=False, file="counts"),
        form=form,
        may_take=person.has("analyst"),
    )


def _take(web: ProgramPages, request: Request, sent: Sent) -> Response:
    person = web.require(request, "analyst")
    form = _counts_form(web.maps)
    texts = form.read(sent)
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        form.wrong("file", _("no file was chosen"))
    if form.errors:
        return _counts(web, request, form, status=422)
    assert isinstance(file, UploadFile)
    with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
        path = Path(folder) / f"{secrets.token_hex(4)}-{Path(file.filename or 'counts.csv').name[-60:]}"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out)
        try:
            weeks: WeekSystem = "epi" if texts["weeks"] == "epi" else "iso"
            day = dt.date.fromisoformat(texts["known_on"]) if texts["known_on"] else None
            read = read_counts(path, weeks=weeks, known_on=day)
            to = web.once(request, sent, lambda: _kept(web, person, texts, read.table))
        except (ConvenioError, ValueError) as error:
            form.wrong("file", _told_of(error, path.name))
            return _counts(web, request, form, status=422)
    return RedirectResponse(to, status_code=303)


def _kept(web: ProgramPages, person: Person, texts: dict[str, str], counts: pa.Table) -> str:
    _shelf(web, person).take(texts["title"], counts, chosen_map=texts["map"], by=person.name, now=web.now())
    return f"{web.base}/counts"


def _told_of(error: ConvenioError | ValueError, name: str) -> Message:
    """What was wrong with a file, and at which row of it."""
    if not isinstance(error, ConvenioError):
        return _("this is no day: {why}", why=str(error))
    where = str(error.where or "").removeprefix(name).lstrip(",: ")
    return _("{where}: {what}", where=where, what=error.what) if where else error.what


def _place(web: ProgramPages, request: Request) -> Response:
    """A place: its series with bounds, as known on a day, and the history of its alarms."""
    person = web.require(request, *READERS)
    shelf = _shelf(web, person)
    asked = request.query_params
    kept = shelf.get(asked.get("counts", ""))
    series, substance = asked.get("series", ""), asked.get("substance") or None
    runs = shelf.runs(kept.id)
    params = dict(runs[-1].params) if runs else {}
    params["as_of"] = _vintage(asked.get("as_of", ""), kept)
    path = f"{web.base}/place"
    try:
        figure, notes = shown.place_picture(shelf.counts(kept.id), series, substance, params, asked, path)
    except InputError as error:
        raise InputError(error.what, where=series, advice=error.advice) from error
    if not figure.table.slice.total and not figure.table.filtered:
        raise NotFound(_("there is no such place in these counts"), where=series[:80])
    numbers = [each["finding"] for run in runs for each in run.alarms if each.get("finding")]
    states = shown.states_of(web.queue, person, numbers)
    return web.page(
        request,
        "place.html",
        kept=kept,
        series=series,
        substance=substance,
        figure=figure,
        notes=notes,
        history=shown.place_history(runs, series, substance, states, asked, path),
        params=params,
        as_of=str(params["as_of"] or ""),
    )


def _vintage(text: str, kept: Kept) -> dt.date | None:
    """One of the collection's days; None for what is known last."""
    return dt.date.fromisoformat(text) if text in kept.vintages else None
