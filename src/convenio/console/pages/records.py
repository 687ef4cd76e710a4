"""Records: what the agency holds, and the way of a file into it: look, map, check, take in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from convenio.console.checking import Asked, Checked, asked_of, checked, column_titles, type_title
from convenio.console.codes import CATEGORIES, word
from convenio.console.context import Console
from convenio.console.doors import Sent, holding
from convenio.console.listing import list_of
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _
from convenio.custody.holdings import Holdings
from convenio.files.writing import defused
from convenio.people.accounts import Person
from convenio.web.forms import Field, Form, sending
from convenio.web.security import file_name
from convenio.web.table import Column

Keeper = Annotated[Person, Depends(holding("analyst", "supervisor"))]
Supervisor = Annotated[Person, Depends(holding("supervisor"))]
COLUMNS = (
    Column("title", _("Title"), scope_row=True),
    Column("category", _("Data"), "words"),
    Column("record_type", _("Kind of record"), "words"),
    Column("rows", _("Rows"), "number"),
    Column("at", _("Taken in"), "moment"),
    Column("columns", _("Columns")),
)
DONE: Mapping[str, Message] = {
    "kept": _("The records are taken in: sealed, with an entry in the ledger."),
    "shared": _("The other agency may read these records until that day; the ledger has an entry."),
    "unshared": _("The consent is taken back: the other agency no longer reads these records."),
    "erased": _("The records are erased: their key first, then the file. A tombstone stays."),
}


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/records")
    def records(request: Request, person: Keeper) -> Response:
        return shown(console, request, person)

    @made.post("/records/check")
    def bring(request: Request, person: Keeper, sent: Sent) -> Response:
        upload = sent.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            return shown(console, request, person, error=InputError(_("no file was chosen")))
        name = file_name(upload.filename, "file.csv")

        def bring_in() -> str:
            with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
                path = Path(folder) / name
                with path.open("wb") as out:
                    shutil.copyfileobj(upload.file, out)
                return f"/records/check/{console.intake.bring(person, name, path)}"

        return RedirectResponse(console.sent_forms.act(person, sending(sent), bring_in), status_code=303)

    @made.get("/records/check/{number}")
    def check(request: Request, person: Keeper, number: str) -> Response:
        asked = asked_of(request.query_params)
        with console.intake.opened(person, number) as path:
            found = checked(path, asked)
        return check_page(console, request, person, number, asked, found)

    @made.post("/records/check/{number}/keep")
    def keep(request: Request, person: Keeper, number: str, sent: Sent) -> Response:
        asked, form = asked_of(sent), keep_form()
        typed = form.read(sent)
        with console.intake.opened(person, number) as path:
            found = checked(path, asked)
            if not form.errors:
                try:
                    address = console.sent_forms.act(
                        person, sending(sent), lambda: _keep(console, person, number, found, typed, path.name)
                    )
                    return RedirectResponse(address, status_code=303)
                except ConvenioError as error:
                    form.wrong("title", error.what)
        return check_page(console, request, person, number, asked, found, form=form)

    _add_files(made, console)
    _add_sharing(made, console)

    @made.post("/records/{number}/erase")
    def erase(request: Request, person: Keeper, number: str, sent: Sent) -> Response:
        reason = str(sent.get("reason", "")).strip()
        if not reason:
            return shown(console, request, person, error=InputError(_("an erasure needs a reason")))

        def do() -> str:
            _holdings(console).erase(number, actor=person, reason=reason)
            return "/records?done=erased"

        return RedirectResponse(console.sent_forms.act(person, sending(sent), do), status_code=303)

    return made


def _add_files(made: APIRouter, console: Console) -> None:
    """The routes of what a check leads to as a file."""

    @made.get("/records/check/{number}/mapping")
    def mapping(request: Request, person: Keeper, number: str) -> Response:
        with console.intake.opened(person, number) as path:
            reading = checked(path, asked_of(request.query_params)).need()
            saved = path.with_name("saved.json")
            reading.mapping.save(saved)
            told = saved.read_bytes()
            name = file_name(f"{path.name}.mapping.json")
        return _file(told, "application/json", name)

    @made.get("/records/check/{number}/aside")
    def aside(request: Request, person: Keeper, number: str) -> Response:
        with console.intake.opened(person, number) as path:
            reading = checked(path, asked_of(request.query_params)).need()
            name = path.name
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["file", "row", "column", "value", "why", "advice"])
        for each in reading.problems:
            told = [name, each.row, each.column, each.value, str(each.why), str(each.advice or "")]
            writer.writerow([defused(value) for value in told])
        data = "\ufeff" + text.getvalue()
        return _file(data.encode(), "text/csv; charset=utf-8", file_name(f"aside-{Path(name).stem}.csv"))


def _add_sharing(made: APIRouter, console: Console) -> None:
    """The routes of a consent that another agency reads records, and of its end."""

    def acted(request: Request, person: Person, sent: FormData, do: Callable[[], None], done: str) -> Response:
        def act() -> str:
            do()
            return f"/records?done={done}"

        try:
            return RedirectResponse(console.sent_forms.act(person, sending(sent), act), status_code=303)
        except ConvenioError as error:
            return shown(console, request, person, error=error)

    @made.post("/records/{number}/share")
    def share(request: Request, person: Supervisor, number: str, sent: Sent) -> Response:
        agency, reason, day = (str(sent.get(name, "")).strip() for name in ("agency", "reason", "until"))

        def do() -> None:
            if agency not in {each["name"] for each in console.people.agencies()}:
                raise InputError(_("there is no agency {name}", name=agency[:64]), kept=_("nothing was changed"))
            _holdings(console).consent(number, agency, actor=person, reason=reason, until=_day(day))

        return acted(request, person, sent, do, "shared")

    @made.post("/records/{number}/unshare")
    def unshare(request: Request, person: Supervisor, number: str, sent: Sent) -> Response:
        agency, reason = (str(sent.get(name, "")).strip() for name in ("agency", "reason"))
        return acted(
            request,
            person,
            sent,
            lambda: _holdings(console).end_consent(number, agency, actor=person, reason=reason),
            "unshared",
        )


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    except ValueError as error:
        raise InputError(_("{day} is no day", day=text[:40]), kept=_("nothing was changed")) from error


def _holdings(console: Console) -> Holdings:
    if console.holdings is None:
        raise InputError(_("this node holds no records"))
    return console.holdings


def _keep(console: Console, person: Person, number: str, found: Checked, typed: dict[str, str], name: str) -> str:
    table = found.need_table()
    _holdings(console).collect(
        table,
        actor=person,
        record_type=found.need().record.type_name,
        category=typed["category"],
        title=typed["title"],
        provenance={"source": typed["source"] or name, "file": name, "set_aside": found.need().set_aside},
    )
    console.intake.drop(person, number)
    return "/records?done=kept"


def keep_form() -> Form:
    """What records are taken in with."""
    return Form(
        [
            Field("title", _("What these records are called"), required=True, longest=200),
            Field(
                "category",
                _("Data"),
                "select",
                hint=_("Agreements name what may cross the border by this."),
                required=True,
                choices=list(CATEGORIES.items()),
            ),
            Field("source", _("Where they come from"), hint=_("The file's name, if you leave it empty."), longest=200),
        ]
    )


def shown(console: Console, request: Request, person: Person, *, error: ConvenioError | None = None) -> Response:
    """The page of the agency's records."""
    held = [] if console.holdings is None else [e for e in console.holdings.all() if e.agency == person.agency]
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "title": each.title,
            "category": word(CATEGORIES, each.category),
            "record_type": type_title(each.record_type),
            "rows": each.rows,
            "at": each.created_at,
            "columns": ", ".join(str(each) for each in column_titles(each.record_type, each.columns)),
        }
        for each in held
    ]
    shares = person.has("supervisor")
    if shares and console.holdings is not None:
        for row in rows:
            row["readers"] = console.holdings.consents(str(row["id"]), actor=person)
    return console.pages.page(
        request,
        "console/records.html",
        status=error.status if error is not None else 200,
        table=list_of(request, "records", rows, COLUMNS, _("Records of your agency"), empty=_("None yet.")),
        rows=rows,
        shares=shares,
        others=[each for each in console.people.agencies() if each["name"] != person.agency],
        error=error,
        done=DONE.get(request.query_params.get("done", "")),
    )


def check_page(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    asked: Asked,
    found: Checked,
    *,
    form: Form | None = None,
) -> Response:
    """What a file holds, how it is mapped, what does not fit, and the way in."""
    held: dict[str, Any] = {"asked": asked, "found": found, "number": number}
    return console.pages.page(
        request,
        "console/check.html",
        status=400 if form is not None and form.errors else 200,
        **held,
        form=form or keep_form(),
        may_keep=console.holdings is not None and found.reading is not None and found.reading.rows > 0,
        shown_to=console.marks.show(person, f"file/{number}") if found.preview is not None else "",
        address=f"/records/check/{number}",
        query=asked.query(),
        asked_json=json.dumps(asked.given(), ensure_ascii=False),
    )


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
