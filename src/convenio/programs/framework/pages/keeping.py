"""Forms of what the secretariat keeps: each goes through the scorecard's rules, and two who change one thing meet."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from convenio.core.errors import Conflict, ConvenioError, NotFound
from convenio.core.words import Message, _
from convenio.programs.framework import rules
from convenio.programs.framework.keeping import (
    KEPT,
    ROWS,
    Kept,
    Row,
    blank,
    form_of,
    part_from,
    row_form,
    with_row,
)
from convenio.programs.framework.model import Part
from convenio.programs.framework.pages.acts import form_page
from convenio.programs.framework.pages.desk import Desk
from convenio.programs.framework.scorecard import mark_of
from convenio.programs.framework.shown import words_of
from convenio.web.forms import Form
from convenio.web.program_pages import Sent


def add(made: APIRouter, desk: Desk) -> None:
    """Add the routes."""
    _parts(made, desk)
    _rows(made, desk)


def _parts(made: APIRouter, desk: Desk) -> None:
    def shown(
        request: Request, kept: Kept, held: Part | None, belongs: str, form: Form, error: ConvenioError | None
    ) -> Response:
        named = _name_of(held)
        place = f"{named}" if held is not None else "new"
        return form_page(
            desk,
            request,
            form,
            error,
            title=kept.add if held is None or kept.only_new else kept.change,
            about=belongs or named or str(_("Back")),
            lead=_("Its name: {name}", name=named) if held is not None else _("What is kept is what you type here."),
            back=_back(desk, kept, belongs, named),
            action=f"{desk.web.base}/keep/{kept.name}/{place}" + (f"?of={belongs}" if held is None else ""),
            send=_("Keep it"),
        )

    @made.get("/keep/{kind}/{name}")
    def ask(request: Request, kind: str, name: str) -> Response:
        kept = _kept(desk, request, kind)
        held, belongs = _held(desk, request, kept, name)
        form = form_of(kept, held, _hints(desk, belongs))
        if held is None:
            form.values |= blank(kept, belongs, _taken(desk, kept))
        return shown(request, kept, held, belongs, form, None)

    @made.post("/keep/{kind}/{name}")
    def keep(request: Request, kind: str, name: str, sent: Sent) -> Response:
        kept = _kept(desk, request, kind)
        held, belongs = _held(desk, request, kept, name)
        form = form_of(kept, held, _hints(desk, belongs))
        seen = form.values["seen"]
        part = part_from(kept, held, form, sent)
        if part is None:
            return shown(request, kept, held, belongs, form, None)

        def act() -> str:
            made_of = desk.keep(part, form.values["seen"])
            desk.note(desk.web.person(request), "kept", f"{kept.name} {_name_of(made_of)}".strip(), made_of)
            return _back(desk, kept, belongs, _name_of(made_of))

        try:
            to = desk.web.once(request, sent, act)
        except ConvenioError as error:
            if isinstance(error, Conflict) and held is not None:
                form.values["seen"] = seen
            _point(form, error)
            return shown(request, kept, held, belongs, form, error)
        return RedirectResponse(to, status_code=303)


def _rows(made: APIRouter, desk: Desk) -> None:
    def found(request: Request, kind: str, name: str, rows: str, place: str) -> tuple[Kept, Row, Part, Part | None]:
        kept, row = _kept(desk, request, kind), ROWS.get(rows)
        held, _belongs = _held(desk, request, kept, name)
        if row is None or row.owner != kept.name or held is None:
            raise NotFound(_("there is no such page for you"), where=request.url.path)
        inner = row.of(held)
        if place == "new":
            return kept, row, held, None
        if not place.isdecimal() or not 1 <= int(place) <= len(inner):
            raise NotFound(_("there is no such page for you"), where=request.url.path)
        return kept, row, held, inner[int(place) - 1]

    def shown(
        request: Request, kept: Kept, row: Row, owner: Part, place: str, form: Form, error: ConvenioError | None
    ) -> Response:
        name = _name_of(owner)
        return form_page(
            desk,
            request,
            form,
            error,
            title=row.add if place == "new" else row.change,
            about=name,
            lead=_("{name}", name=words_of(owner, "title")),
            back=_back(desk, kept, "", name),
            action=f"{desk.web.base}/keep/{kept.name}/{name}/{row.name}/{place}",
            send=_("Keep it"),
        )

    @made.get("/keep/{kind}/{name}/{rows}/{place}")
    def ask(request: Request, kind: str, name: str, rows: str, place: str) -> Response:
        kept, row, owner, held = found(request, kind, name, rows, place)
        return shown(request, kept, row, owner, place, row_form(row, owner, held), None)

    @made.post("/keep/{kind}/{name}/{rows}/{place}")
    def keep(request: Request, kind: str, name: str, rows: str, place: str, sent: Sent) -> Response:
        kept, row, owner, held = found(request, kind, name, rows, place)
        form = row_form(row, owner, held)
        made_of = with_row(row, owner, held, form, sent)
        if made_of is None:
            return shown(request, kept, row, owner, place, form, None)

        def act() -> str:
            part = desk.keep(made_of, form.values["seen"])
            desk.note(desk.web.person(request), "kept", f"{kept.name} {name}", part)
            return _back(desk, kept, "", name)

        try:
            to = desk.web.once(request, sent, act)
        except ConvenioError as error:
            if isinstance(error, Conflict):
                form.values["seen"] = mark_of(owner)
            _point(form, error)
            return shown(request, kept, row, owner, place, form, error)
        return RedirectResponse(to, status_code=303)


def _kept(desk: Desk, request: Request, kind: str) -> Kept:
    desk.web.person(request)
    kept = KEPT.get(kind)
    if kept is None:
        raise NotFound(_("there is no such page for you"), where=request.url.path)
    desk.web.require(request, *kept.roles)
    return kept


def _held(desk: Desk, request: Request, kept: Kept, name: str) -> tuple[Part | None, str]:
    """What is there and what it belongs to; for a new one what it is to belong to."""
    card = desk.card()
    if name != "new" and not kept.only_new:
        held = card.found(kept.model, name)
        if held is None:
            raise NotFound(_("there is no {what} {name}", what=kept.name, name=name[:40]), where=request.url.path)
        one = getattr(held, "commitment", "")
        return held, one or next(iter(getattr(held, "commitments", ())), "")
    belongs = request.query_params.get("of", "")
    if kept.of == "indicator":
        card.indicator(belongs)
    elif kept.of == "commitment" or (kept.of and belongs):
        card.commitment(belongs)
    return None, belongs if kept.of else ""


def _back(desk: Desk, kept: Kept, belongs: str, name: str) -> str:
    base = desk.web.base
    if kept.seen_on:
        place = {"audits": name, "lessons": f"lesson-{name}", "instruments": f"instrument-{name}"}[kept.name]
        return f"{base}/{kept.seen_on}?done=kept#{place}"
    number = desk.card().indicator(belongs).commitment if kept.of == "indicator" else belongs
    return f"{base}/commitments/{number}?done=kept"


def _hints(desk: Desk, belongs: str) -> Mapping[str, Message]:
    """For fields that name indicators: those of the commitment."""
    names = ", ".join(each.id for each in desk.card().indicators(belongs)) if belongs else ""
    if not names:
        return {}
    said = _("Short names, with ; between. Here are: {names}", names=names)
    return {"indicators": said, "results": said}


def _point(form: Form, error: ConvenioError) -> None:
    """Name the field that a rule speaks of, where it says so."""
    if isinstance(error, rules.Misfit):
        name = error.field.replace(".", "_")
        label = next((each.label for each in form.fields if each.name == name), None)
        if label is not None:
            form.wrong(name, _("{label}: {why}", label=label, why=error.what))


def _taken(desk: Desk, kept: Kept) -> frozenset[str]:
    return frozenset(getattr(each, "id", "") for each in desk.card().parts() if isinstance(each, kept.model))


def _name_of(part: Part | None) -> str:
    return str(getattr(part, "id", "")) if part is not None else ""
