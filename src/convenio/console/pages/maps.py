"""Maps: those that come with the node, and those that its administrator brings in as GeoJSON or a zipped shapefile."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent, Someone, holding
from convenio.core.errors import ConvenioError
from convenio.core.words import Message, _, _n
from convenio.people.accounts import Person
from convenio.web.forms import Field, Form, sending
from convenio.web.map import Shapes, map_of
from convenio.web.security import file_name
from convenio.web.table import Column

Administrator = Annotated[Person, Depends(holding("administrator"))]
TITLES: Mapping[str, Message] = {
    "us-states": _("US states"),
    "us-counties": _("US counties"),
    "mx-states": _("Mexican states"),
}
PLACES = (Column("code", _("Code"), scope_row=True), Column("name", _("Name")))


def map_form() -> Form:
    """What a map is brought in with."""
    return Form(
        [
            Field("name", _("What it is called here"), hint=_("Such as mx-municipios."), required=True, longest=40),
            Field("file", _("GeoJSON, or a shapefile with its parts in one ZIP"), "file", required=True),
            Field("key", _("Attribute with a place's code"), hint=_("Such as CVEGEO."), required=True, longest=80),
            Field("label", _("Attribute with its name"), longest=80),
        ]
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/maps")
    def maps(request: Request, person: Someone) -> Response:
        return shown(console, request, person, map_form())

    @made.post("/maps")
    def bring(request: Request, person: Administrator, sent: Sent) -> Response:
        form = map_form()
        typed = form.read({**sent, "file": getattr(sent.get("file"), "filename", "") or ""})
        if not form.errors:
            try:
                console.sent_forms.act(person, sending(sent), lambda: _add(console, sent, typed))
                return RedirectResponse(f"/maps/{typed['name']}", status_code=303)
            except ConvenioError as error:
                form.wrong("file", _("{what} {advice}", what=error.what, advice=error.advice or ""))
        return shown(console, request, person, form)

    @made.get("/maps/{name}")
    def one(request: Request, person: Someone, name: str) -> Response:
        held = console.maps.get(name)
        rows = [{"code": each.id, "name": each.name, "value": None} for each in held.shapes]
        figure = map_of(
            "map",
            rows,
            PLACES,
            key="code",
            value="value",
            shapes=held,
            title=_n("{number} place", "{number} places", len(rows)),
            parameters=request.query_params,
            path=request.url.path,
        )
        own = name in console.maps.own()
        may = own and person.has("administrator")
        return console.pages.page(request, "console/map.html", name=name, title=title_of(name), figure=figure, may=may)

    @made.post("/maps/{name}/drop")
    def drop(person: Administrator, name: str) -> Response:
        del person
        console.maps.drop(name)
        return RedirectResponse("/maps", status_code=303)

    return made


def title_of(name: str) -> Message | str:
    """A map in words: those that come with the node have a title, others the name they were given."""
    return TITLES.get(name, name)


def _add(console: Console, sent: FormData, typed: dict[str, str]) -> str:
    upload = sent["file"]
    assert isinstance(upload, UploadFile)
    with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
        path = Path(folder) / file_name(upload.filename or "", "map.zip")
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out)
        made: Shapes = console.maps.add(typed["name"], path, key=typed["key"], label=typed["label"])
    del made
    return f"/maps/{typed['name']}"


def shown(console: Console, request: Request, person: Person, form: Form) -> Response:
    """The list of maps, and the form for one more."""
    return console.pages.page(
        request,
        "console/maps.html",
        status=400 if form.errors else 200,
        names={each: title_of(each) for each in console.maps.names()},
        own=console.maps.own(),
        form=form if person.has("administrator") else None,
    )
