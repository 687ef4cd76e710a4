"""Ledgers: what stands in them, how far they are cosigned, and proofs to take away and check offline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.entries import NODE, actor_of, facts_of
from convenio.console.ledgers import ledger_states
from convenio.console.listing import list_page
from convenio.core.errors import InputError, NotFound
from convenio.core.words import Message, _
from convenio.ledger.cosigned import last_cosigned, witness_of
from convenio.ledger.entry import KINDS, OPERATIONS, Entry
from convenio.ledger.log import VKEY, Log
from convenio.ledger.proof import prove
from convenio.people.accounts import Person
from convenio.web.security import file_name
from convenio.web.table import Column, Query, Row, Slice
from convenio.work.sight import sees_cases

COLUMNS = (
    Column("index", _("Entry"), "number", sortable=False, link=lambda row: f"{row['ledger']}/{row['index']}"),
    Column("at", _("When"), "moment", sortable=False),
    Column("kind", _("What"), "words", sortable=False, scope_row=True),
    Column("actor", _("Who"), "words", sortable=False),
    Column("subject", _("About"), sortable=False),
    Column("operation", _("Operation on personal data"), "words", sortable=False),
)


class LogRows:
    """A ledger's entries as a table, the newest first; a page of them is read, never all."""

    def __init__(self, log: Log, address: str, *, named: bool) -> None:
        self._log = log
        self._address = address
        self._named = named

    def slice(self, query: Query, columns: Any) -> Slice:
        """One page of entries."""
        del columns
        size = self._log.size
        first = size - 1 - (query.page - 1) * query.size
        return Slice([self.row(n) for n in range(first, max(-1, first - query.size), -1)], size)

    def whole(self, query: Query, columns: Any) -> Any:
        """Not offered: a ledger is taken as its folder, which verifies."""
        del query, columns
        raise NotFound(
            _("a ledger is not taken as a table"),
            advice=_("copy its folder, and check it with: convenio ledger verify FOLDER"),
        )

    def row(self, index: int) -> Row:
        """One entry."""
        data = self._log.entry(index)
        try:
            entry = Entry.parse(data)
        except InputError:
            return {"ledger": self._address, "index": index, "kind": _("unread"), **dict.fromkeys(UNREAD)}
        return {
            "ledger": self._address,
            "index": index,
            "at": entry.at,
            "kind": entry.words,
            "actor": actor_of(entry.actor) if self._named or entry.actor == NODE else "–",
            "subject": entry.subject[:12],
            "operation": OPERATIONS[entry.operation] if entry.operation else None,
        }


UNREAD = ("at", "actor", "subject", "operation")


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/ledgers")
    def ledgers(request: Request, person: Someone) -> Response:
        del person
        return console.pages.page(
            request, "console/ledgers.html", ledgers=ledger_states(console.node), kinds=KINDS, operations=OPERATIONS
        )

    @made.get("/ledgers/{name}")
    def ledger(request: Request, person: Someone, name: str) -> Response:
        log = _log(console, name)
        state = next(each for each in ledger_states(console.node) if each.name == name)
        rows = LogRows(log, f"/ledgers/{name}", named=sees_cases(person))
        return list_page(
            console,
            request,
            "console/ledger.html",
            rows,
            COLUMNS,
            _("Entries"),
            searchable=False,
            state=state,
            **_heads(log),
        )

    @made.get("/ledgers/{name}/checkpoint")
    def checkpoint(person: Someone, name: str) -> Response:
        del person
        log = _log(console, name)
        seen = last_cosigned(log.folder)
        return _file(seen.note if seen is not None else log.checkpoint().note, f"{name}.checkpoint")

    @made.get("/ledgers/{name}/{index}")
    def entry(request: Request, person: Someone, name: str, index: int) -> Response:
        log = _log(console, name)
        if not 0 <= index < log.size:
            raise NotFound(_("there is no such entry"), where=f"{name}/{index}")
        return console.pages.page(
            request,
            "console/entry.html",
            name=name,
            index=index,
            row=LogRows(log, "", named=sees_cases(person)).row(index),
            entry=_shown(log.entry(index), person, {key: web.program.title for key, web in console.programs.items()}),
            peer=name.removeprefix("border-") if name.startswith("border-") else "",
            **_heads(log),
        )

    @made.get("/ledgers/{name}/{index}/proof")
    def proof(person: Someone, name: str, index: int) -> Response:
        del person
        log = _log(console, name)
        seen = last_cosigned(log.folder)
        head = seen if seen is not None and index < seen.size else log.checkpoint()
        return _file(prove(log, head, index).text(), f"{name}-{index}.tlog-proof")

    return made


def _log(console: Console, name: str) -> Log:
    found: Log | None = console.node.logs.get(name)
    if found is None:
        raise NotFound(_("there is no such ledger here"), where=name)
    return found


def _heads(log: Log) -> dict[str, Any]:
    head, seen, witness = log.checkpoint(), last_cosigned(log.folder), witness_of(log.folder)
    return {
        "head": head,
        "seen": seen,
        "vkey": (log.folder / VKEY).read_text(encoding="utf-8").strip(),
        "witness": witness.vkey() if witness is not None else "",
        "root": head.checkpoint.root.hex() if hasattr(head, "checkpoint") else head.root.hex(),
    }


def _shown(data: bytes, person: Person, programs: Mapping[str, Message]) -> dict[str, Any]:
    try:
        held = Entry.parse(data)
    except InputError:
        return {}
    named = sees_cases(person) or held.actor == NODE
    return {
        "kind": held.kind,
        "at": held.at.isoformat(),
        "actor": actor_of(held.actor) if named else "–",
        "subject": held.subject,
        "commitment": held.commitment,
        "body": facts_of(held.body, programs) if named else [],
    }


def _file(text: str, name: str) -> Response:
    return PlainTextResponse(text, headers={"content-disposition": f'attachment; filename="{file_name(name)}"'})
