"""The program's own pages: the lists a node holds, an entry of one, screening into the queue, two names compared."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams, UploadFile

from convenio.core.digest_key import digest_key
from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.entities.comparison import Rarity
from convenio.entities.comparison import name as weigh_name
from convenio.entities.names import MATCH, compare_persons, person
from convenio.people.roles import Role
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.finding import as_finding
from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.screening.weigh import THRESHOLD
from convenio.programs.finance.sources.customers import read_customers
from convenio.programs.finance.sources.reading import ReadList, read_list
from convenio.web.forms import Field, Form
from convenio.web.program_pages import ProgramPages, Sent
from convenio.web.table import Column, ListRows, read_query, table

MOST_ASIDE = 50
READERS: tuple[Role, ...] = ("analyst", "supervisor", "auditor")
LISTS = (
    Column("source", _("List"), scope_row=True),
    Column("entries", _("Entries"), "number"),
    Column("file", _("File")),
)
HITS = (
    Column("customer_id", _("Customer number"), scope_row=True),
    Column("listed_name", _("Listed name")),
    Column("entry", _("Entry")),
    Column("score", _("Score"), "number"),
    Column("explanation", _("Explanation")),
)


def router(web: ProgramPages) -> APIRouter:
    """The program's routes, relative to its place."""
    made = APIRouter()
    lists = Lists(web)
    web.place("/lists", _("Lists"), *READERS)
    web.place("/screening", _("Screening"), "analyst")
    web.place("/compare", _("Compare names"), *READERS)

    @made.get("/lists")
    def held(request: Request) -> Response:
        web.require(request, *READERS)
        return _lists_page(web, request, lists, _list_form())

    @made.post("/lists")
    def take(request: Request, sent: Sent) -> Response:
        web.require(request, "analyst")
        form = _list_form()
        form.read(sent)
        try:
            lists.take(sent.get("file"))
        except ConvenioError as error:
            form.wrong("file", error.what)
            return _lists_page(web, request, lists, form, status=422)
        return RedirectResponse(f"{web.base}/lists", status_code=303)

    @made.get("/lists/{source}/{number}")
    def entry(request: Request, source: str, number: str) -> Response:
        web.require(request, *READERS)
        return web.page(request, "entry.html", entry=lists.entry(source, number))

    @made.get("/screening")
    def ask(request: Request) -> Response:
        web.require(request, "analyst")
        return _screening_page(web, request, lists, _screening_form())

    @made.post("/screening")
    def screen(request: Request, sent: Sent) -> Response:
        return _screen(web, request, sent, lists)

    @made.get("/compare")
    def compare(request: Request) -> Response:
        web.require(request, *READERS)
        one, two = (request.query_params.get(each, "")[:300] for each in ("one", "two"))
        found = compare_persons(person(one), person(two)) if one and two else None
        why = weigh_name(found, Rarity()) if found is not None else None
        return web.page(request, "compare.html", one=one, two=two, found=found, why=why, match=MATCH)

    return made


class Lists:
    """The list files that the node holds for the program, each read once while it stays the same."""

    def __init__(self, web: ProgramPages) -> None:
        self._web = web
        self._read: dict[tuple[str, int], ReadList] = {}

    def take(self, sent: Any) -> None:
        """Keep a list that was sent; it replaces the state of the same list that was held.

        Raises:
            InputError: nothing was sent, or it is no list that can be read; what was held stays.
        """
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise InputError(_("no file was chosen"), advice=_("choose a list's file"))
        name = f"{secrets.token_hex(4)}-{Path(sent.filename).name[-60:]}"
        with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
            path = Path(folder) / Path(sent.filename).name[-60:]
            with path.open("wb") as out:
                shutil.copyfileobj(sent.file, out)
            source = read_list(path).source
            home = self._home() / source
            new = home.with_name(f".{source}.new")
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            shutil.move(str(path), str(new / name.partition("-")[2]))
        shutil.rmtree(home, ignore_errors=True)
        new.rename(home)

    def all(self) -> list[tuple[ReadList, str]]:
        """Every list with the name of its file."""
        files = sorted(path for path in self._home().glob("[!.]*/*") if path.is_file())
        return [(self._of(path), path.name) for path in files]

    def entry(self, source: str, number: str) -> ListEntry:
        """One entry.

        Raises:
            NotFound: the list is not held, or has no such entry.
        """
        for read, _file in self.all():
            for each in read.entries:
                if (each.source, each.id) == (source, number):
                    return each
        raise NotFound(_("there is no entry {number} on the list {source} here", number=number, source=source))

    def _home(self) -> Path:
        home = self._web.own_folder() / "lists"
        home.mkdir(exist_ok=True, mode=0o700)
        return home

    def _of(self, path: Path) -> ReadList:
        key = (str(path), path.stat().st_mtime_ns)
        if key not in self._read:
            self._read = {held: each for held, each in self._read.items() if held[0] != key[0]}
            self._read[key] = read_list(path)
        return self._read[key]


def _list_form() -> Form:
    return Form((Field("file", _("A list's file, in any known form"), "file", required=False),))


def _screening_form() -> Form:
    return Form(
        (
            Field("file", _("Customers, as CSV with headings"), "file", hint=_("It is read and not kept.")),
            Field("threshold", _("Score from which a pair is a hit"), "number", required=True),
        ),
        values={"threshold": f"{THRESHOLD:.2f}"},
    )


def _lists_page(web: ProgramPages, request: Request, lists: Lists, form: Form, status: int = 200) -> Response:
    rows = [{"source": read.source, "entries": len(read.entries), "file": file} for read, file in lists.all()]
    query = read_query(request.query_params, LISTS, path=request.url.path)
    notes = [note for read, _file in lists.all() for note in read.warnings]
    return web.page(
        request,
        "lists.html",
        status=status,
        lists=table(ListRows(rows), LISTS, query, title=_("Lists held here")),
        notes=notes,
        form=form,
    )


def _screening_page(
    web: ProgramPages, request: Request, lists: Lists, form: Form, status: int = 200, **values: Any
) -> Response:
    held = [read.source for read, _file in lists.all()]
    return web.page(request, "screening.html", status=status, held=held, form=form, **values)


def _screen(web: ProgramPages, request: Request, sent: Sent, lists: Lists) -> Response:
    """Screen what was sent, put the hits into the queue of the person's agency, and show them."""
    asking = web.require(request, "analyst")
    form = _screening_form()
    form.read(sent)
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        form.wrong("file", _("no file was chosen"))
    if form.errors:
        return _screening_page(web, request, lists, form, status=422)
    assert isinstance(file, UploadFile)
    aside: list[tuple[int, Message]] = []
    with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
        path = Path(folder) / "customers.csv"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out)
        try:
            threshold = _number(form.get("threshold"))
            entries = [entry for read, _file in lists.all() for entry in read.entries]
            screener = Screener(entries, threshold=threshold)
            hits = list(screener.screen(read_customers(path, aside=lambda number, why: aside.append((number, why)))))
        except ConvenioError as error:
            form.wrong("file", error.what)
            return _screening_page(web, request, lists, form, status=422)
    key = digest_key(web.own_folder())
    new = 0
    if web.queue is not None:
        findings = [as_finding(hit, key=key, originator=asking.agency, threshold=threshold) for hit in hits]
        new = web.queue.add(findings, agency=asking.agency, by=asking.name, ranks=[hit.weighed.score for hit in hits])
    rows = [
        {
            "customer_id": hit.customer.id,
            "listed_name": hit.weighed.listed.name,
            "entry": f"{hit.entry.source} {hit.entry.id}",
            "score": round(hit.weighed.score, 3),
            "explanation": str(hit.explanation),
        }
        for hit in hits
    ]
    query = read_query(QueryParams(""), HITS, path=request.url.path)
    found = table(ListRows(rows), HITS, query, title=_("Hits"), downloads=False, searchable=False)
    return _screening_page(
        web,
        request,
        lists,
        form,
        found=found,
        aside=len(aside),
        first_aside=aside[:MOST_ASIDE],
        new=new,
        shown_to=web.shown_to(request, "screening"),
    )


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(_("the threshold {text} is no number", text=text[:20])) from error
