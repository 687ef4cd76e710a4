"""A method's form and result, made from its declaration alone."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.copies_as_inputs import PREFIX, choices, table_of
from convenio.console.doors import Sent, Someone
from convenio.console.results import Inputs, in_both
from convenio.console.silent import GIVEN, SEALED, without_values
from convenio.console.uploads import read_upload
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.method import Method
from convenio.core.record import RecordType, column_words
from convenio.core.words import Message, _
from convenio.custody.holdings import Holding, Purpose
from convenio.people.accounts import Person
from convenio.web.download import download
from convenio.web.forms import Form, form_of, parameters, sending
from convenio.web.program_pages import ProgramPages
from convenio.web.table import ArrowRows, Column, Kind, read_query, table
from convenio.work.jobs import Task

FROM_COPY: Message = _("Made from a received copy: it bears the copy's conditions, and is gone when the copy is.")
SEVERAL = (pa.types.is_list, pa.types.is_struct)


def add_methods(made: APIRouter, console: Console, web: ProgramPages) -> None:
    """The routes of a program's methods."""
    console.jobs.handle(f"method:{web.program.name}", lambda task: _run(console, web, task), again=True)

    def method_of(name: str) -> Method:
        found = web.program.declared_methods().get(name.replace("-", "_"))
        if found is None:
            raise NotFound(_("there is no such method"), where=name)
        return found

    @made.get("/methods/{name}")
    def ask(request: Request, person: Someone, name: str) -> Response:
        return _form_page(console, web, request, person, method_of(name), form_of(method_of(name).params))

    @made.post("/methods/{name}")
    def run(request: Request, person: Someone, name: str, sent: Sent) -> Response:
        method = method_of(name)
        form = form_of(method.params)
        params = parameters(form, method.params, sent)
        given = _inputs(console, person, method, form, sent) if params is not None else None
        if form.errors or given is None:
            return _form_page(console, web, request, person, method, form, sent=sent)

        def start() -> str:
            kind = f"method:{web.program.name}"
            number = console.jobs.start(
                kind,
                person,
                method.title,
                first=lambda number: console.results.begin(number, given, person, method.title),
            )
            return f"/jobs/{number}"

        return RedirectResponse(console.sent_forms.act(person, sending(sent), start), status_code=303)

    @made.get("/methods/{name}/results/{number}")
    def result(request: Request, person: Someone, name: str, number: str) -> Response:
        held, method = console.results.get(person, number), method_of(name)
        if held.method != method.name:
            raise NotFound(_("there is no such method"), where=name)
        columns = columns_of(method.output)
        query = read_query(request.query_params, columns, path=request.url.path)
        wanted = request.query_params.get("download")
        if wanted:
            mark = console.marks.show(person, number, form=wanted)
            return download(wanted, ArrowRows(held.table), columns, query, name=name, mark=mark)
        shown = table(ArrowRows(held.table), columns, query, title=_("Result"), empty=_("The method found nothing."))
        return console.pages.page(
            request,
            "console/method_result.html",
            shown_to=console.marks.show(person, number),
            result=held,
            method=method,
            names={each.name: each.label for each in form_of(method.params).fields},
            table=shown,
            program=web.program,
            base=web.base,
        )


def columns_of(record: type[RecordType]) -> list[Column]:
    """The columns of a record type on a page."""
    made = []
    for number, each in enumerate(record.arrow_schema()):
        title = column_words(record.model_fields[each.name])["title"] or Message("{name}", {"name": each.name})
        made.append(Column(each.name, title, _kind(each.type), scope_row=number == 0))
    return made


def _kind(kind: pa.DataType) -> Kind:
    if pa.types.is_boolean(kind):
        return "flag"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return "number"
    if pa.types.is_timestamp(kind):
        return "moment"
    return "date" if pa.types.is_date(kind) else "text"


def _holdings(console: Console, person: Person, record: type[RecordType]) -> list[Holding]:
    """Datasets of the person's agency that hold such records; none for those who read none."""
    if console.holdings is None or not person.has("analyst"):
        return []
    return [
        each for each in console.holdings.all() if each.agency == person.agency and each.record_type == record.type_name
    ]


def _form_page(
    console: Console,
    web: ProgramPages,
    request: Request,
    person: Person,
    method: Method,
    form: Form,
    *,
    sent: FormData | None = None,
) -> Response:
    held = {
        name: [*_holdings(console, person, wanted.record), *choices(console, person, wanted.record)]
        for name, wanted in method.inputs.items()
    }
    return console.pages.page(
        request,
        "console/method.html",
        status=400 if form.errors else 200,
        method=method,
        program=web.program,
        base=web.base,
        form=form,
        columns={name: columns_of(wanted.record) for name, wanted in method.inputs.items()},
        held=held,
        any_held=any(held.values()),
        typed={key: str(sent.get(key, "")) for key in ("purpose", "case")} if sent is not None else {},
    )


def _inputs(console: Console, person: Person, method: Method, form: Form, sent: FormData) -> Inputs:
    """The input tables, from files or from this node's own records; what is wrong is noted in the form."""
    tables: dict[str, pa.Table] = {}
    sources: list[tuple[Mapping[str, str], str, int]] = []
    notes: list[Mapping[str, str]] = []
    copies: list[str] = []
    asked = {each: str(sent.get(each, "")) for each in ("purpose", "case")}
    for name, wanted in method.inputs.items():
        upload, dataset = sent.get(f"file.{name}"), str(sent.get(f"held.{name}", ""))
        try:
            if dataset.startswith(PREFIX):
                copy = dataset.removeprefix(PREFIX)
                tables[name], source = table_of(console, person, copy, wanted.record, **asked), copy[:8]
                copies.append(copy)
                notes.append(in_both(FROM_COPY))
            elif dataset:
                tables[name], source = _from_custody(console, person, dataset, sent)
            elif isinstance(upload, UploadFile) and upload.filename:
                tables[name], told = read_upload(upload, wanted.record)
                notes, source = [*notes, *map(in_both, told)], upload.filename
            elif wanted.optional:
                continue
            else:
                form.wrong(f"file.{name}", _("{title}: choose a file", title=wanted.title))
                continue
            sources.append((in_both(wanted.title), source, tables[name].num_rows))
        except ConvenioError as error:
            form.wrong(f"file.{name}", _in_a_line(error))
    return Inputs(method.name, tables, sources, notes, dict(form.values), tuple(copies), **asked)


def _in_a_line(error: ConvenioError) -> Message:
    parts: Mapping[str, Any] = {"where": error.where or "", "what": error.what, "advice": error.advice or ""}
    return Message("{where} {what} {advice}", parts)


def _from_custody(console: Console, person: Person, dataset: str, sent: FormData) -> tuple[pa.Table, str]:
    if console.holdings is None:
        raise InputError(_("this node holds no records"))
    purpose = Purpose(str(sent.get("purpose", "")), str(sent.get("case", "")))
    rows = console.holdings.rows(dataset, actor=person, purpose=purpose)
    return rows, next(each.title for each in console.holdings.all() if each.id == dataset)


def _run(console: Console, web: ProgramPages, task: Task) -> str:
    given = console.results.inputs(task.number)
    method = web.program.declared_methods().get(given.method)
    if method is None:
        raise NotFound(_("there is no such method"), where=given.method)
    params = parameters(form_of(method.params), method.params, given.sent)
    if params is None:
        raise InputError(_("the parameters do not fit the method any more"), advice=_("open its form again"))
    began = time.perf_counter()
    try:
        made = method.run(given.tables, params.model_dump(), progress=task.tell)
    except ConvenioError as error:
        raise without_values(error, SEALED if given.copies or given.purpose else GIVEN) from error
    address = f"{web.base}/methods/{method.name}/results/{task.number}"
    console.results.end(task.number, given, _plain(made), time.perf_counter() - began, method.title, address)
    return address


def _plain(made: pa.Table) -> pa.Table:
    """Lists and structures as text, as a table on a page shows them."""
    for number, each in enumerate(made.schema):
        if any(is_kind(each.type) for is_kind in SEVERAL):
            texts = [None if value is None else _text(value) for value in made.column(number).to_pylist()]
            made = made.set_column(number, each.name, pa.array(texts, pa.string()))
    return made


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items() if each is not None)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
