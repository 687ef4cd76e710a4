"""What the development pages show blocks with: each in every state that it can be in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import Request

from convenio.core.finding import Evidence, Finding, Score, Text
from convenio.core.marking import Evaluation, Marking
from convenio.core.words import Message, _, _n
from convenio.web.figure import Figure
from convenio.web.forms import Field, Form
from convenio.web.graph import MOST_NODES, Edge, Node, graph
from convenio.web.map import geojson_shapes, map_of
from convenio.web.table import Column

START = dt.date(2021, 1, 3)
SEVERAL = 60
PLACES = (
    Column("code", _("Code"), "code"),
    Column("place", _("Place"), scope_row=True),
    Column("rate", _("per 100,000"), "number"),
)
CHOICES = [("a", _("first")), ("b", _("second"))]
SQUARES = (("north", 22), ("south", 20))


def sample_graph(count: int, title: Message, asked: dict[str, Any], *, name: str = "graph") -> Figure:
    """A graph of `count` things of three kinds, two programs and two markings, one a day."""
    kinds = (str(_("person")), str(_("company")), str(_("vessel")))
    marks = ("TLP:AMBER", "TLP:RED")
    nodes = [
        Node(
            f"n{n}",
            f"{kinds[n % 3]} {n}",
            kinds[n % 3],
            ("finance", "cargo")[n % 2],
            marks[n % 5 == 0],
            at=(START + dt.timedelta(days=n % SEVERAL)).isoformat(),
        )
        for n in range(count)
    ]
    edges = [Edge(f"n{n}", f"n{(n * 7 + 3) % count}", str(_("owns"))) for n in range(count)]
    edges += [Edge(f"n{n}", f"n{n // 3}", str(_("knows"))) for n in range(1, count * 2 // 3)]
    return graph(name, nodes, edges, title=title, **asked)


def graphs(request: Request) -> list[Figure]:
    """Sixty things and none; as many as a graph takes where the address says so (`?nodes=5000`)."""
    asked: dict[str, Any] = {"parameters": request.query_params, "path": request.url.path}
    wanted = request.query_params.get("nodes", "")
    if wanted:
        count = max(2, min(int(wanted) if wanted.isdigit() else SEVERAL, MOST_NODES))
        return [sample_graph(count, _n("{number} thing", "{number} things", count), asked)]
    return [
        sample_graph(SEVERAL, _("Sixty things and how they hang together"), asked),
        graph("nothing", [], [], title=_("Nothing to draw"), **asked),
    ]


def own_maps(request: Request) -> list[Figure]:
    """A map of the user's own, and one whose outlines are not on this machine."""
    asked: dict[str, Any] = {"parameters": request.query_params, "path": request.url.path}
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[-100, at], [-98, at], [-98, at + 2], [-100, at + 2], [-100, at]]],
            },
        }
        for code, at in SQUARES
    ]
    rows = [{"code": code, "place": code, "rate": at / 4} for code, at in SQUARES]
    own = geojson_shapes({"type": "FeatureCollection", "features": features}, key="code", name="name")
    given: dict[str, Any] = {"key": "code", "value": "rate", **asked}
    return [
        map_of("own", rows, PLACES, shapes=own, title=_("A map that was brought in"), **given),
        map_of("unbuilt", rows, PLACES, shapes=None, title=_("A map that is not built here"), **given),
    ]


def sample_form() -> Form:
    """A form with every kind of field."""
    return Form(
        [
            Field("text", _("A text"), hint=_("With a hint."), required=True, longest=20),
            Field("number", _("A number"), "number", unit="kg"),
            Field("day", _("A day"), "date"),
            Field("long", _("A long text"), "textarea"),
            Field("select", _("One of a list"), "select", required=True, choices=CHOICES),
            Field("radio", _("One of two"), "radio", required=True, choices=CHOICES),
            Field("check", _("Yes or no"), "checkbox"),
            Field("file", _("A file"), "file"),
        ]
    )


def wrong_form() -> Form:
    """The same form, sent with faults in it."""
    wrong = sample_form()
    wrong.read({"text": "far too long for this field", "number": "7", "once": "seen"})
    return wrong


def sample_events() -> list[dict[str, Any]]:
    """An event of each tone."""
    at = dt.datetime(2021, 10, 6, 14, 5, tzinfo=dt.UTC)
    words = [(_("received"), "good"), (_("refused"), "bad"), (_("waiting for a decision"), "wait"), (_("note"), "")]
    same = {"who": "Ana Torres", "detail": "…", "address": None}
    return [
        {**same, "at": at + dt.timedelta(hours=n), "what": what, "tone": tone} for n, (what, tone) in enumerate(words)
    ]


def sample_marking() -> Marking:
    """A marking with every axis set."""
    return Marking(
        audience="red",
        recipients=frozenset({"uif", "ofac"}),
        permitted_action="red",
        judicial_use="forbidden",
        onward="none",
        evaluations=frozenset({Evaluation(scale="4x4", source="B", information="2", root="mx")}),
        national=frozenset({"mx:reservada"}),
        expires_at=dt.datetime(2022, 1, 4, tzinfo=dt.UTC),
        originators=frozenset({"mx", "us"}),
    )


def sample_finding() -> Finding:
    """A finding with everything it can have."""
    return Finding(
        program="finance",
        method="screen",
        version="1",
        claim=Text(en="Two names are one person", es="Dos nombres son una sola persona"),
        score=Score(
            value=1250.0,
            kind="likelihood_ratio",
            meaning=Text(
                en="the evidence is 1,250 times as likely if they are one person; it says not how probable that is",
                es="la evidencia es 1,250 veces más probable si son la misma persona; no dice qué tan probable es eso",
            ),
            low=400.0,
            high=3900.0,
        ),
        reasons=(
            Text(en="the CURP is the same", es="la CURP es la misma"),
            Text(en="the surnames are swapped", es="los apellidos están invertidos"),
        ),
        evidence=(Evidence(kind="digest", reference="9f2c51aa", note=Text(en="list, row 12", es="lista, fila 12")),),
        inputs="0" * 64,
        marking=sample_marking(),
    )


def bare_finding() -> Finding:
    """A finding with no more than it must have."""
    return sample_finding().model_copy(update={"score": None, "evidence": ()})


def sample_jobs() -> list[dict[str, Any]]:
    """A job that runs and tells, one that has told nothing yet, one that is done and one that failed."""
    job = {
        "title": _n("Ask about one person", "Ask about {number} people", 1),
        "state": _("running"),
        "address": "/blocks/progress",
        "stream": "",
    }
    return [
        {**job, "id": "one", "share": 0.0, "stream": "/blocks/events"},
        {**job, "id": "two", "share": None},
        {**job, "id": "three", "share": 1.0, "state": _("done")},
        {**job, "id": "four", "share": 0.4, "state": _("failed")},
    ]
