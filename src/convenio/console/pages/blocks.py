"""Development only: every building block in all its states, on a page of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import AsyncIterator
from typing import Any

import pyarrow as pa
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from convenio.console.context import Console
from convenio.console.doors import Sent, Someone
from convenio.console.pages.jobs import event
from convenio.console.samples import (
    PLACES,
    START,
    bare_finding,
    graphs,
    own_maps,
    sample_events,
    sample_finding,
    sample_form,
    sample_jobs,
    sample_marking,
    wrong_form,
)
from convenio.core.errors import NotFound
from convenio.core.marking import Marking
from convenio.core.words import Message, _
from convenio.web.download import download
from convenio.web.map import map_of
from convenio.web.marked import marking_view
from convenio.web.plot import Marks, plot
from convenio.web.report import report
from convenio.web.table import ArrowRows, Column, ListRows, read_query, table

BLOCKS = ("table", "plot", "map", "graph", "form", "timeline", "reasons", "marking", "progress", "report")
SERIES = (
    Column("week", _("Week"), "date", scope_row=True),
    Column("observed", _("Cases"), "number"),
    Column("upperbound", _("Upper bound"), "number"),
    Column("alarm", _("Alarm"), "flag"),
)
LONG = (
    Column("number", _("Number"), "number", scope_row=True),
    Column("name", _("Name")),
    Column(
        "kind", _("Kind"), "code", choices=[("a", _("first")), ("b", _("second"))], badge={"a": "good", "b": "wait"}
    ),
    Column("day", _("Day"), "date"),
    Column("amount", _("Amount"), "number"),
    Column("share", _("Share"), "share"),
    Column("flagged", _("Flagged"), "flag"),
)


def router(console: Console) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/blocks")

    @made.get("")
    def index(request: Request, person: Someone) -> Response:
        del person
        return console.pages.page(request, "console/blocks.html", block="", blocks=BLOCKS, shown={})

    @made.get("/events")
    async def events(person: Someone) -> Response:
        del person
        return StreamingResponse(_steps(), media_type="text/event-stream")

    @made.get("/{block}")
    def block(request: Request, person: Someone, block: str) -> Response:
        del person
        if block not in BLOCKS:
            raise NotFound(_("there is no such page for you"), where=block)
        if block == "table" and request.query_params.get("download"):
            query = read_query(request.query_params, LONG, path=request.url.path)
            return download(request.query_params["download"], ArrowRows(long_table(500)), LONG, query, name="table")
        shown = SHOWN[block](request)
        if request.query_params.get("form") == "pdf":
            return report(console.pages, request, "console/blocks_report.html", name=block, block=block, shown=shown)
        return console.pages.page(request, "console/blocks.html", block=block, blocks=BLOCKS, shown=shown)

    @made.post("/form")
    def send(request: Request, person: Someone, sent: Sent) -> Response:
        del person
        form = sample_form()
        form.read(sent)
        shown = {"form": form, "sent": not form.errors}
        return console.pages.page(request, "console/blocks.html", block="form", blocks=BLOCKS, shown=shown)

    return made


async def _steps() -> AsyncIterator[str]:
    for share in range(0, 101, 20):
        yield event("progress", {"share": share / 100, "state": f"{share} %"})
        await asyncio.sleep(0.05)
    yield event("end", {"share": 1.0, "state": str(_("done"))})


def long_table(rows: int) -> pa.Table:
    """Rows of every kind, some with texts that try to be more than texts."""
    names = ["Ana", "=1+1", "<b>bold</b>", "Ñandú & Cía", "O'Higgins", "x" * 80]
    return pa.table(
        {
            "number": pa.array(range(rows), pa.int64()),
            "name": pa.array([names[n % len(names)] for n in range(rows)]),
            "kind": pa.array(["ab"[n % 2] for n in range(rows)]),
            "day": pa.array([START + dt.timedelta(days=n % 700) for n in range(rows)]),
            "amount": pa.array([round(math.sin(n) * 1e4, 2) for n in range(rows)]),
            "share": pa.array([(n % 101) / 100 for n in range(rows)]),
            "flagged": pa.array([n % 7 == 0 for n in range(rows)]),
        }
    )


def _table(request: Request) -> dict[str, Any]:
    path = request.url.path
    full = read_query(request.query_params, LONG, path=path)
    empty = read_query(request.query_params, PLACES, path=path, prefix="e.")
    return {
        "full": table(ArrowRows(long_table(500)), LONG, full, title=_("Five hundred rows")),
        "empty": table(ListRows([]), PLACES, empty, title=_("No row at all"), name="empty"),
    }


def _series() -> list[dict[str, Any]]:
    rows = []
    for n in range(104):
        expected = 40 + 12 * math.sin(n / 8)
        observed = round(expected + 9 * math.sin(n * 2.7) + (35 if n in (60, 61, 88) else 0))
        rows.append(
            {
                "week": START + dt.timedelta(weeks=n),
                "observed": observed,
                "upperbound": round(expected + 20, 1),
                "alarm": observed > expected + 20,
            }
        )
    return rows


def _plot(request: Request) -> dict[str, Any]:
    asked: dict[str, Any] = {"parameters": request.query_params, "path": request.url.path}
    marks = Marks("week", "observed", high="upperbound", alarm="alarm")
    states = enumerate(("Jalisco", "Sonora", "Texas"), 1)
    bars = [{"code": f"{n:02d}", "place": name, "rate": 3.5 * n} for n, name in states]
    spread = [{"code": "", "place": n, "rate": round(900 * math.exp(-((n - 12) ** 2) / 30))} for n in range(25)]
    return {
        "figures": [
            plot("series", _series(), marks, SERIES, title=_("A series with its bound and alarms"), **asked),
            plot("bars", bars, Marks("place", "rate"), PLACES, title=_("Bars with names"), shape="bars", **asked),
            plot("spread", spread, Marks("place", "rate"), PLACES, title=_("A distribution"), shape="bars", **asked),
            plot("nothing", [], Marks("place", "rate"), PLACES, title=_("Nothing to draw"), **asked),
        ]
    }


def _map(request: Request) -> dict[str, Any]:
    asked: dict[str, Any] = {"parameters": request.query_params, "path": request.url.path}

    def rows(count: int) -> list[dict[str, Any]]:
        return [{"code": f"{n:02d}", "place": f"{n:02d}", "rate": (n * 37) % 100 / 2} for n in range(1, count + 1)]

    names: dict[str, tuple[Message, int]] = {"mx-states": (_("Mexican states"), 30), "us-states": (_("US states"), 56)}
    return {
        "figures": [
            map_of(name, rows(count), PLACES, key="code", value="rate", shapes=name, title=title, **asked)
            for name, (title, count) in names.items()
        ]
        + own_maps(request)
    }


def _graph(request: Request) -> dict[str, Any]:
    return {"figures": graphs(request)}


def _form(request: Request) -> dict[str, Any]:
    wrong = request.query_params.get("state") == "wrong"
    return {"form": wrong_form() if wrong else sample_form(), "sent": False, "states": ("", "wrong")}


def _timeline(request: Request) -> dict[str, Any]:
    del request
    return {"timelines": [(_("What happened"), sample_events()), (_("Nothing yet"), [])]}


def _reasons(request: Request) -> dict[str, Any]:
    del request
    return {"findings": [each.model_dump(mode="json") for each in (sample_finding(), bare_finding())]}


def _markings(request: Request) -> dict[str, Any]:
    del request
    audiences = ("clear", "green", "amber", "amber+strict", "red")
    plain = [Marking(audience=each, originators=frozenset({"us"})) for each in audiences]
    return {"markings": [marking_view(each) for each in (*plain, sample_marking())]}


def _progress(request: Request) -> dict[str, Any]:
    del request
    return {"jobs": sample_jobs()}


def _report(request: Request) -> dict[str, Any]:
    return {**_plot(request), **_reasons(request), **_timeline(request), "markings": [marking_view(sample_marking())]}


SHOWN = {
    "table": _table,
    "plot": _plot,
    "map": _map,
    "graph": _graph,
    "form": _form,
    "timeline": _timeline,
    "reasons": _reasons,
    "marking": _markings,
    "progress": _progress,
    "report": _report,
}
