"""Administration: accounts, agencies, sources; the administrator reads no record and enrols no one's key."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent, holding
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import LANGUAGES, Message, _
from convenio.people.accounts import SHORTEST_PASSWORD, Person
from convenio.people.roles import TITLES
from convenio.web.forms import Field, Form, sending
from convenio.web.language import NAMES
from convenio.web.table import Column, ListRows, read_query, table

Administrator = Annotated[Person, Depends(holding("administrator"))]
COLUMNS = (
    Column("name", _("Account name"), scope_row=True),
    Column("full_name", _("Name")),
    Column("agency", _("Agency")),
    Column("roles", _("Roles")),
    Column("keys", _("Keys"), "number"),
)
DONE: dict[str, Message] = {
    "account": _("The account is open."),
    "agency": _("The agency is there."),
    "closed": _("The account is closed: its sessions and tokens ended at once."),
}


def account_form(console: Console) -> Form:
    """What an account is opened with."""
    agencies = [
        (each["name"], f"{each['name'].upper()}: {each['en']} / {each['es']}") for each in console.people.agencies()
    ]
    return Form(
        [
            Field(
                "name", _("Account name"), hint=_("Small letters, digits, dots, hyphens."), required=True, longest=64
            ),
            Field("full_name", _("Name"), required=True, longest=200),
            Field("agency", _("Agency"), "select", required=True, choices=agencies),
            Field(
                "language", _("Language"), "select", required=True, choices=[(each, NAMES[each]) for each in LANGUAGES]
            ),
            Field(
                "password",
                _("First password"),
                "password",
                hint=_("At least {least} characters.", least=SHORTEST_PASSWORD),
                required=True,
                autocomplete="new-password",
                longest=1_000,
            ),
        ]
    )


def agency_form() -> Form:
    """What an agency is added with."""
    return Form(
        [
            Field("agency_name", _("Short name"), hint=_("As agreements name it."), required=True, longest=64),
            Field("en", _("Name in English"), required=True, longest=200),
            Field("es", _("Name in Spanish"), required=True, longest=200),
        ]
    )


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    _add_agencies(made, console)

    @made.get("/administration")
    def administration(request: Request, person: Administrator) -> Response:
        return shown(console, request, person)

    @made.post("/administration/accounts")
    def open_account(request: Request, person: Administrator, sent: Sent) -> Response:
        form, roles = account_form(console), [str(each) for each in sent.getlist("role")]
        typed: dict[str, Any] = form.read(sent)
        if not roles:
            form.wrong("role", _("Roles: choose at least one"))
        if not form.errors:
            try:
                name, password = typed.pop("name"), typed.pop("password")

                def add() -> str:
                    console.people.add(name, password, roles=roles, **typed)
                    return "/administration?done=account"

                return RedirectResponse(console.sent_forms.act(person, sending(sent), add), status_code=303)
            except ConvenioError as error:
                form.wrong("", error.what)
                if error.advice is not None:
                    form.wrong("role", error.advice)
        return shown(console, request, person, accounts=form, roles=roles, status=400)

    @made.post("/administration/accounts/{name}/close")
    def close(request: Request, person: Administrator, name: str, sent: Sent) -> Response:
        if name == person.name:
            raise InputError(_("nobody closes their own account"), kept=_("nothing was changed"))
        if sent.get("sure") != "yes":
            unsure = InputError(
                _("an account is closed for good, so this asks first"),
                where=name,
                advice=_("tick that you mean it, then close it"),
                kept=_("nothing was changed"),
            )
            return shown(console, request, person, error=unsure, status=unsure.status, closing=name)
        console.people.close(name)
        return RedirectResponse("/administration?done=closed", status_code=303)

    return made


def _add_agencies(made: APIRouter, console: Console) -> None:
    @made.post("/administration/agencies")
    def add_agency(request: Request, person: Administrator, sent: Sent) -> Response:
        form = agency_form()
        typed = form.read(sent)
        if not form.errors:
            try:

                def add() -> str:
                    console.people.add_agency(typed["agency_name"], en=typed["en"], es=typed["es"])
                    return "/administration?done=agency"

                return RedirectResponse(console.sent_forms.act(person, sending(sent), add), status_code=303)
            except ConvenioError as error:
                form.wrong("agency_name", error.what)
        return shown(console, request, person, agencies=form, status=400)


def shown(
    console: Console,
    request: Request,
    person: Person,
    *,
    accounts: Form | None = None,
    agencies: Form | None = None,
    roles: list[str] | None = None,
    status: int = 200,
    error: ConvenioError | None = None,
    closing: str = "",
) -> Response:
    """The page, with what was typed."""
    rows = [
        {
            "name": each.name,
            "full_name": each.full_name,
            "agency": console.agency(each.agency),
            "roles": ", ".join(str(TITLES[role]) for role in TITLES if role in each.roles),
            "keys": len(console.credentials.of(each.name)),
        }
        for each in console.people.all()
    ]
    query = replace(read_query(request.query_params, COLUMNS, path="/administration"), size=1_000)
    held = table(ListRows(rows), COLUMNS, query, title=_("Accounts"), downloads=False, searchable=False)
    return console.pages.page(
        request,
        "console/administration.html",
        status=status,
        table=held,
        names=[each["name"] for each in rows if each["name"] != person.name],
        agencies=console.people.agencies(),
        account_form=accounts or account_form(console),
        agency_form=agencies or agency_form(),
        titles=TITLES,
        ticked=roles or [],
        error=error,
        closing=closing,
        done=DONE.get(request.query_params.get("done", "")),
    )
