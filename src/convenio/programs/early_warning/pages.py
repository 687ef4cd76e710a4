"""The program's own pages: counts brought in, detection into the queue, alarms, a place with its series, the map."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.unfit import why
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.programs.early_warning import shown
from convenio.programs.early_warning.arguments import DetectParams
from convenio.programs.early_warning.kept import Kept, Shelf
from convenio.programs.early_warning.places import MAPS
from convenio.programs.early_warning.runs import run_detection
from convenio.programs.early_warning.sources.reading import read_counts
from convenio.programs.early_warning.sources.weeks import WeekSystem
from convenio.web.forms import Field, Form
from convenio.web.program_pages import ProgramPages, Sent
from convenio.web.table import Column, ListRows, read_query, table

READERS: tuple[Role, ...] = ("analyst", "supervisor", "auditor")
METHODS = (
    "farrington-flexible", "farrington", "harmonic", "ears-c1", "ears-c2", "ears-c3", "cusum", "glr", "bayes", "rki",
    "cdc",
)  # fmt: skip
ASKED = ("method", "last", "alpha", "complete_from", "status", "gaps", "as_of")


def router(web: ProgramPages) -> APIRouter:
    """The program's routes, relative to its place."""
    made = APIRouter()
    web.place("/alerts", _("Alerts"), *READERS)
    web.place("/counts", _("Counts"), *READERS)
    web.place("/map", _("Map"), *READERS)

    @made.get("/alerts")
    def alerts(request: Request) -> Response:
        person = web.require(request, *READERS)
        return _or_file(lambda: _alerts(web, request, _run_form(_shelf(web, person).all())))

    @made.post("/alerts")
    def detect(request: Request, sent: Sent) -> Response:
        return _detect(web, request, sent)

    @made.get("/counts")
    def held(request: Request) -> Response:
        return _or_file(lambda: _counts(web, request, _counts_form()))

    @made.post("/counts")
    def take(request: Request, sent: Sent) -> Response:
        return _take(web, request, sent)

    @made.get("/place")
    def place(request: Request) -> Response:
        return _or_file(lambda: _place(web, request))

    @made.get("/map")
    def map_(request: Request) -> Response:
        return _or_file(lambda: _map(web, request))

    return made


def _shelf(web: ProgramPages, person: Person) -> Shelf:
    return Shelf(web.own_folder(), person.agency)


def _or_file(page: Callable[[], Response]) -> Response:
    """The page, or the file that one of its tables was asked for as."""
    try:
        return page()
    except shown.Taken as taken:
        return taken.answer


def _map(web: ProgramPages, request: Request) -> Response:
    person = web.require(request, *READERS)
    shelf = _shelf(web, person)
    mapped = [each for each in shelf.all() if each.map]
    wanted = request.query_params.get("counts", "") or (mapped[0].id if mapped else "")
    kept = shelf.get(wanted) if wanted else None
    figure, absent = None, list[str]()
    if kept is not None:
        figure, absent = shown.map_figure(kept, shelf.result(kept.id), request.query_params, request.url.path)
    return web.page(request, "map.html", mapped=mapped, kept=kept, figure=figure, absent=absent)


def _run_form(found: list[Kept]) -> Form:
    return Form(
        (
            Field("counts", _("Counts"), "select", required=True, choices=[(each.id, each.title) for each in found]),
            Field("method", _("Method"), "select", required=True, choices=[(each, each) for each in METHODS]),
            Field("last", _("Periods at the end that are tested"), "number", required=True),
            Field(
                "alpha", _("False-alarm rate of one period"), "number", hint=_("The method's own where it is empty.")
            ),
            Field("complete_from", _("Least percent complete of a period that may be an alarm"), "number"),
            Field(
                "status",
                _("Counts that are tested; the others are shown"),
                "select",
                choices=[("final", _("final")), ("preliminary", _("preliminary"))],
            ),
            Field(
                "gaps",
                _("Gaps in a series"),
                "select",
                choices=[
                    ("refuse", _("a gap is refused")),
                    ("missing", _("a gap is a count that is missing")),
                    ("zero", _("a gap is no case")),
                ],
            ),
            Field("as_of", _("Counts as they were known on"), "date"),
        ),
        values={
            "counts": found[0].id if found else "", "method": METHODS[0], "last": "1", "status": "final",
            "gaps": "refuse",
        },
    )  # fmt: skip


def _counts_form() -> Form:
    return Form(
        (
            Field("title", _("Title"), hint=_("The same title again adds a vintage."), required=True, longest=120),
            Field("file", _("Counts by place and period, or a file of CDC VSRR or NFLIS"), "file"),
            Field("map", _("Map that its places stand on"), "select", choices=MAPS),
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


def _alerts(
    web: ProgramPages, request: Request, form: Form, status: int = 200, told: Message | None = None
) -> Response:
    person = web.require(request, *READERS)
    shelf = _shelf(web, person)
    found = shelf.all()
    alarms = shown.alarms_table(shelf, found, web.queue, person, web.base, request.query_params, f"{web.base}/alerts")
    may_run = person.has("analyst")
    return web.page(
        request, "alerts.html", status=status, alarms=alarms, form=form, found=found, may_run=may_run, told=told
    )


def _detect(web: ProgramPages, request: Request, sent: Sent) -> Response:
    """Run detection over a collection and put its alarms into the queue of the person's agency."""
    person = web.require(request, "analyst")
    shelf = _shelf(web, person)
    form = _run_form(shelf.all())
    texts = form.read(sent)
    given = {name: texts[name].replace(",", ".") for name in ASKED if texts[name]}
    told: Message | None = None
    params = None if form.errors else _params(form, given)
    if params is not None:
        try:
            told = run_detection(
                shelf,
                shelf.get(texts["counts"]),
                params,
                queue=web.queue,
                person=person,
                now=web.now(),
                home=web.own_folder(),
            )
        except ConvenioError as error:
            where = "" if error.where is None else f"{error.where}: "
            form.wrong("counts", _("{where}{what}", where=where, what=error.what))
    return _alerts(web, request, form, status=422 if form.errors else 200, told=told)


def _params(form: Form, given: dict[str, str]) -> DetectParams | None:
    """What was asked for, or None with the form's errors filled in."""
    try:
        return DetectParams.model_validate(given)
    except ValidationError as error:
        for each in error.errors():
            form.wrong(str(each["loc"][0]), _("{label}: {why}", label=str(each["loc"][0]), why=why(each)))
        return None


def _counts(web: ProgramPages, request: Request, form: Form, status: int = 200) -> Response:
    person = web.require(request, *READERS)
    found = _shelf(web, person).all()
    names = dict(MAPS)
    rows = [
        {
            "title": each.title,
            "rows": each.rows,
            "vintages": len(each.vintages),
            "newest": dt.date.fromisoformat(each.vintages[-1]) if each.vintages else None,
            "map": names.get(each.map),
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
    shown.offer(rows, columns, request.query_params, "", "counts")
    query = read_query(request.query_params, columns, path=f"{web.base}/counts")
    return web.page(
        request,
        "counts.html",
        status=status,
        held=table(ListRows(rows), columns, query, title=_("Counts held here")),
        form=form,
        may_take=person.has("analyst"),
    )


def _take(web: ProgramPages, request: Request, sent: Sent) -> Response:
    person = web.require(request, "analyst")
    form = _counts_form()
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
            _shelf(web, person).take(texts["title"], read.table, chosen_map=texts["map"], by=person.name, now=web.now())
        except (ConvenioError, ValueError) as error:
            form.wrong("file", _told_of(error, path.name))
            return _counts(web, request, form, status=422)
    return RedirectResponse(f"{web.base}/counts", status_code=303)


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
