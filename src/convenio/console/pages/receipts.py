"""Receipts: the proof of every decision, denials first of all."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from convenio.console.clauses import agreement_title, clause_of
from convenio.console.columns import RECEIPTS
from convenio.console.context import Console
from convenio.console.doors import Someone
from convenio.console.listing import list_page
from convenio.console.papers import PaperRows
from convenio.console.words import ACTS
from convenio.core.words import _
from convenio.web.security import file_name


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter()

    @made.get("/receipts")
    def receipts(request: Request, person: Someone) -> Response:
        return list_page(
            console,
            request,
            "console/requests.html",
            PaperRows(console, person, "receipts"),
            RECEIPTS,
            _("Receipts"),
            empty=_("No decision has been made that you may see."),
        )

    @made.get("/receipts/{number}")
    def receipt(request: Request, person: Someone, number: str) -> Response:
        row = console.border.receipt(person, number)
        if request.query_params.get("download"):
            headers = {"content-disposition": f'attachment; filename="{file_name(number)}.json"'}
            return JSONResponse(row["body"], headers=headers)
        clause = clause_of(console, row["agreement"], row["clause"])
        of: dict[str, Any] = {
            "agreement": agreement_title(console, row["agreement"]),
            "clause": clause.title.model_dump() if clause is not None else row["clause"],
        }
        return console.pages.page(request, "console/receipt.html", row=row, act=ACTS.get(row["act"], row["act"]), **of)

    return made
