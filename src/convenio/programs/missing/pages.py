"""The program's own page: a pedigree written as text, checked and drawn before it is used."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.people.roles import Role
from convenio.programs.missing.drawing import draw
from convenio.programs.missing.formats.pedigrees import Section, parse_pedigrees
from convenio.programs.missing.reports.sheet import placed
from convenio.web.forms import Field, Form
from convenio.web.program_pages import ProgramPages, Sent

READERS: tuple[Role, ...] = ("analyst", "supervisor")
LONGEST = 20_000
MOST_PERSONS = 200


def router(web: ProgramPages) -> APIRouter:
    """The program's routes, relative to its place."""
    made = APIRouter()
    web.place("/pedigree", _("Draw a pedigree"), *READERS)

    @made.get("/pedigree")
    def ask(request: Request) -> Response:
        web.require(request, *READERS)
        return web.page(request, "pedigree.html", form=_form(), drawn=())

    @made.post("/pedigree")
    def show(request: Request, sent: Sent) -> Response:
        web.require(request, *READERS)
        form = _form()
        values = form.read(sent)
        drawn: list[tuple[Section, Markup]] = []
        if not form.errors:
            try:
                drawn = [(each, _picture(each, n)) for n, each in enumerate(_sections(values["pedigree"]))]
            except InputError as error:
                form.wrong("pedigree", _located(error))
        return web.page(request, "pedigree.html", form=form, drawn=drawn, status=422 if form.errors else 200)

    return made


def _sections(text: str) -> list[Section]:
    sections = parse_pedigrees(text.split("\n"), Path(str(_("pedigree"))))
    number = sum(len(each.pedigree.persons) for each in sections)
    if number > MOST_PERSONS:
        raise InputError(_("{number} persons are too many to draw here", number=number))
    return sections


def _picture(section: Section, number: int) -> Markup:
    return placed(draw(section.pedigree, missing=section.missing), number)


def _located(error: InputError) -> Message:
    return _("{where}: {what}", where=str(error.where), what=error.what) if error.where else error.what


def _form() -> Form:
    return Form(
        fields=[
            Field(
                "pedigree",
                _("Pedigree"),
                "textarea",
                hint=_("One person a line: Pedro male child of Luis and Ana missing"),
                required=True,
                longest=LONGEST,
            )
        ]
    )
