"""Requests in both directions, and the decision by two persons, each with a key of their own."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.clauses import clause_of, facts
from convenio.console.codes import FIELDS, PURPOSES, listed, word
from convenio.console.columns import REQUESTS
from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.listing import list_page
from convenio.console.papers import PaperRows
from convenio.console.words import STATES, TONES
from convenio.core.canonical import b64, digest
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.people.credentials import challenge, to_sign
from convenio.web.forms import sending

SIGNED: dict[str, tuple[str, ...]] = {
    "webauthn": ("client_data", "authenticator_data", "signature"),
    "ed25519": ("signature",),
}
DONE: dict[str, Message] = {
    "approved": _("Your approval is signed and written down."),
    "released": _("Your approval was the last one needed: the release is on its way."),
    "refused": _("The request is refused, and the other side is told why."),
    "opened": _("The request is on its way."),
    "recalled": _("The recall is on its way; the other side erases its copy and says so."),
}


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()
    add_decisions(made, console)
    add_recalls(made, console)

    @made.get("/requests")
    def requests(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/requests.html",
            PaperRows(console, person, "requests"),
            REQUESTS,
            _("Requests"),
            empty=_("No request has been made yet, in either direction."),
        )

    @made.get("/requests/{number}")
    def one(request: Request, person: Someone, number: str) -> Response:
        if getattr(console.node, "orders", None) is not None and console.part("orders").known(number):
            return RedirectResponse(f"/standing/{number}", status_code=303)
        return shown(console, request, person, number)

    return made


def add_decisions(made: APIRouter, console: Console) -> None:
    """The routes by which a request is decided."""

    @made.post("/requests/{number}/approve")
    def approve(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        console.border.request(person, number)
        kind = str(sent.get("kind", ""))
        signature = {"kind": kind, **{name: str(sent.get(name, "")) for name in SIGNED.get(kind, ())}}
        try:
            state = console.part("deciding").approve(number, person, signature)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error)
        done = "released" if state == "released" else "approved"
        return RedirectResponse(f"/requests/{number}?done={done}", status_code=303)

    @made.post("/requests/{number}/refuse")
    def refuse(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        console.border.request(person, number)
        reason = str(sent.get("reason", "")).strip()
        try:
            console.part("deciding").refuse(number, person, reason)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error, reason=reason)
        return RedirectResponse(f"/requests/{number}?done=refused", status_code=303)


def add_recalls(made: APIRouter, console: Console) -> None:
    """The route by which a release is taken back."""

    @made.post("/requests/{number}/recall")
    def recall(request: Request, person: Someone, number: str, sent: Sent) -> Response:
        row = console.border.request(person, number)
        release, reason = str(sent.get("release", "")), str(sent.get("reason", "")).strip()
        try:
            if release not in {each["id"] for each in row["releases"]} or not reason:
                raise InputError(_("a recall needs a reason, which the other side is told"))

            def do() -> str:
                console.part("releases").recall(release, person, reason)
                return f"/requests/{number}?done=recalled"

            return RedirectResponse(console.sent_forms.act(person, sending(sent), do), status_code=303)
        except ConvenioError as error:
            return shown(console, request, person, number, error=error)


def shown(
    console: Console,
    request: Request,
    person: Person,
    number: str,
    *,
    error: ConvenioError | None = None,
    reason: str = "",
) -> Response:
    """The page of one request, with what went wrong with the act just tried."""
    row = console.border.request(person, number)
    clause = clause_of(console, row["agreement"], row["clause"])
    return console.pages.page(
        request,
        "console/request.html",
        status=error.status if error is not None else 200,
        row=row,
        fields=listed(FIELDS, row["fields"]),
        purpose=word(PURPOSES, row["purpose"]),
        states=STATES,
        tones=TONES,
        state=STATES.get(row["state"], row["state"]),
        tone=TONES.get(row["state"], "calm"),
        clause=clause,
        facts=facts(clause) if clause is not None else [],
        needed=clause.approvals if clause is not None else 2,
        signing=_signing(console, request, person, row),
        may_recall=person.has("releasing_officer"),
        names={each.name: each.full_name for each in console.people.all()},
        error=error,
        reason=reason,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _signing(console: Console, request: Request, person: Person, row: dict[str, Any]) -> dict[str, Any] | None:
    """What the page needs to let the person sign; None where the person does not decide."""
    if row["side"] != "answer" or row["state"] != "waiting" or not person.has("releasing_officer"):
        return None
    decision = console.part("deciding").decision(row["id"])
    told = digest(decision)
    keys = console.credentials.of(person.name)
    passkeys = [each.details.get("credential_id") for each in keys if each.kind == "webauthn"]
    return {
        "decision": decision,
        "digest": told,
        "already": any(each["account"] == person.name for each in row["given"]),
        "challenge": b64(challenge(told)),
        "bytes": b64(to_sign(told)),
        "host": request.url.hostname,
        "passkey_ids": json.dumps([each for each in passkeys if each]),
        "passkeys": bool(passkeys),
        "files": any(each.kind == "ed25519" for each in keys),
    }
