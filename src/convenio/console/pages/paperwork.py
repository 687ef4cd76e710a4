"""Two laws' paperwork, from a border ledger's entries: contacts to be reported, disclosures to be accounted for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.core.errors import NotFound
from convenio.core.words import Language, Message, _, speaking
from convenio.ledger import reports
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.web.download import download
from convenio.web.forms import sending
from convenio.web.report import report
from convenio.web.table import Column, ListRows, Query

WRITERS: tuple[Role, ...] = ("supervisor", "auditor", "ombudsperson", "secretariat")
TITLES: dict[str, Message] = {
    "contact": _("Contact report (National Security Law of Mexico)"),
    "accounting": _("Accounting of disclosures (US Privacy Act)"),
}
ABOUT: dict[str, Message] = {
    "contact": _(
        "One line per exchange with the other party. Each is to be reported in writing within three days, counted as"
        " 72 hours from its first entry."
    ),
    "accounting": _(
        "One line per disclosure: date, nature, purpose and recipient, to be kept for five years (5 U.S.C. 552a(c))."
    ),
}
OWN: dict[str, Language] = {"contact": "es", "accounting": "en"}
TONES = {"filed": "good", "due": "calm", "near": "wait", "overdue": "bad"}


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/paperwork")
    def overview(request: Request, person: Someone) -> Response:
        _may(person, request)
        paperwork = console.part("paperwork")
        peers = [each["party"] for each in console.peers()]
        late = paperwork.late()
        return console.pages.page(
            request, "console/paperwork.html", peers=peers, titles=TITLES, about=ABOUT, late=late, **_words()
        )

    @made.get("/paperwork/{kind}/{peer}")
    def one(request: Request, person: Someone, kind: str, peer: str) -> Response:
        _may(person, request)
        rows, columns = _rows(console, kind, peer)
        wanted = request.query_params.get("download", "")
        if wanted:
            name = f"{kind}-{peer}"
            with speaking(OWN[kind]):  # on paper and in a file it speaks the language of its law alone
                if wanted != "pdf":
                    return download(wanted, ListRows(rows), columns, Query(), name=name)
                values = _values(console, person, kind, peer)
                return report(console.pages, request, "console/paperwork_report.html", name=name, **values)
        values = _values(console, person, kind, peer)
        return console.pages.page(request, "console/paperwork_one.html", **values)

    @made.post("/paperwork/contact/{peer}/{exchange}/filed")
    def filed(request: Request, person: Someone, peer: str, exchange: str, sent: Sent) -> Response:
        _may(person, request)
        reference = str(sent.get("reference", ""))

        def do() -> str:
            console.part("paperwork").file(peer, exchange, person, reference)
            return f"/paperwork/contact/{peer}#{exchange}"

        return RedirectResponse(console.sent_forms.act(person, sending(sent), do), status_code=303)

    return made


def _values(console: Console, person: Person, kind: str, peer: str) -> dict[str, Any]:
    rows, columns = _rows(console, kind, peer)
    own = OWN[kind]
    open_ones = [each for each in rows if each.get("code") in {"due", "near", "overdue"}]
    return {
        "kind": kind,
        "peer": peer,
        "party": console.node.settings.party,
        "title": TITLES[kind].in_language(own),
        "about": ABOUT[kind].in_language(own),
        "own": own,
        "rows": rows,
        "columns": [(each.name, each.title.in_language(own)) for each in columns],
        "tones": TONES,
        "open_ones": open_ones if person.has("supervisor") else [],
        "written": console.now(),
    }


def _rows(console: Console, kind: str, peer: str) -> tuple[list[dict[str, Any]], list[Column]]:
    """The lines of a report in its law's own language, and its columns."""
    if kind not in TITLES or peer not in {each["party"] for each in console.peers()}:
        raise NotFound(_("there is no such report"), where=f"{kind}/{peer}"[:80])
    paperwork, own = console.part("paperwork"), OWN[kind]
    if kind == "contact":
        found = paperwork.contacts(peer)
        names = {each.name: each.full_name for each in console.people.all()}
        rows = [
            {
                **each.row(own),
                "code": each.state,
                "people": ", ".join(names.get(one, one) for one in each.exchange.people) or each.row(own)["people"],
                "began": _shown(each.exchange.began),
                "due": _shown(each.due),
            }
            for each in found
        ]
        headings = reports.CONTACT_HEADINGS
    else:
        rows = [{**each.row(own), "at": _shown(each.at)} for each in paperwork.accounting(peer)]
        headings = reports.ACCOUNTING_HEADINGS
    return rows, [Column(name, title, sortable=False) for name, title in headings.items()]


def _shown(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _words() -> dict[str, Any]:
    return {"states": reports.STATES, "tones": TONES}


def _may(person: Person, request: Request) -> None:
    if not person.has(*WRITERS):
        raise NotFound(_("there is no such page for you"), where=request.url.path)
