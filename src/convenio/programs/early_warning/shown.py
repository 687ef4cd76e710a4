"""What the program's pages show: alarms with their place in the queue, a place with its series, a map of the latest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from starlette.datastructures import QueryParams

from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.programs.early_warning.arguments import SERVES, DetectParams, chosen
from convenio.programs.early_warning.kept import Kept, Run, Shelf
from convenio.programs.early_warning.places import Atlas
from convenio.programs.early_warning.reports.drawn import drawn, picture
from convenio.programs.early_warning.standing import JOINT, stand
from convenio.web.figure import Figure
from convenio.web.map import Shapes, map_of
from convenio.web.pages import address
from convenio.web.table import Column, ListRows, Table, read_query, table
from convenio.work.queue import Queue

STATES = {
    "new": _("new"),
    "assigned": _("assigned"),
    "verified": _("verified"),
    "dismissed": _("dismissed"),
    "": _("not in the queue"),
}
MAY_BE_EMPTY = ("substance", "completeness", "note")
TONES = {"new": "wait", "assigned": "wait", "verified": "bad", "dismissed": "calm", "": "calm"}
MAPPED = (
    Column("name", _("place"), scope_row=True),
    Column("substance", _("substance")),
    Column("period", _("first day of the period"), "date"),
    Column("observed", _("observed"), "number"),
    Column("expected", _("expected"), "number"),
    Column("ratio", _("observed by expected"), "number"),
    Column("alarm", _("alarm"), "flag"),
)
TESTED = (
    Column("period", _("first day of the period"), "date", scope_row=True),
    Column("observed", _("observed"), "number"),
    Column("expected", _("expected"), "number"),
    Column("upperbound", _("upper bound"), "number"),
    Column("completeness", _("percent complete"), "number"),
    Column("at", _("run"), "moment"),
    Column("state", _("state"), "code", choices=list(STATES.items()), badge=TONES),
)


def place_address(base: str, kept: Kept, row: Mapping[str, Any]) -> str:
    """Where the page of a row's place is."""
    return address(f"{base}/place", counts=kept.id, series=row["series"], substance=row["substance"])


def states_of(queue: Queue | None, person: Person, numbers: Sequence[str]) -> dict[str, str]:
    """The state of findings in the person's queue by their number."""
    if queue is None or not numbers:
        return {}
    return {row["id"]: row["state"] for row in queue.all(person, numbers=numbers)}


def alarms_table(
    shelf: Shelf,
    found: Sequence[Kept],
    queue: Queue | None,
    person: Person,
    base: str,
    parameters: QueryParams,
    path: str,
) -> Table:
    """The alarms of the newest run of every collection, the strongest first."""
    rows: list[dict[str, Any]] = []
    for kept in found:
        runs = shelf.runs(kept.id)
        if not runs:
            continue
        told = states_of(queue, person, [each["finding"] for each in runs[-1].alarms if each.get("finding")])
        before = _times(runs)
        rows += [
            {
                **each,
                "period": dt.date.fromisoformat(each["period"]),
                "collection": kept.title,
                "state": told.get(each.get("finding") or "", ""),
                "before": before[each["series"], each["substance"]] - 1,
                "to": place_address(base, kept, each),
            }
            for each in runs[-1].alarms
        ]
    rows.sort(key=lambda row: -(row["score"] or 0.0))
    columns: list[Column] = [
        Column("series", _("place"), link=lambda row: str(row["to"]), scope_row=True),
        Column("substance", _("substance")),
        Column("period", _("first day of the period"), "date"),
        Column("observed", _("observed"), "number"),
        Column("expected", _("expected"), "number"),
        Column("upperbound", _("upper bound"), "number"),
        Column("score", _("score"), "number"),
        Column(
            "state",
            _("state"),
            "code",
            link=lambda row: f"/findings/{row['finding']}" if row.get("finding") and row["state"] else None,
            choices=list(STATES.items()),
            badge=TONES,
        ),
        Column("before", _("alarms before"), "number"),
        Column("completeness", _("percent complete"), "number"),
        Column("collection", _("counts")),
        Column("note", _("note")),
    ]
    if len(found) == 1:
        columns = [each for each in columns if each.name != "collection"]
    columns = [each for each in columns if each.name not in MAY_BE_EMPTY or any(row[each.name] for row in rows)]
    query = read_query(parameters, columns, path=path)
    nothing = _("No alarm. Bring in counts and run detection, or all lie below their bounds.")
    return table(
        ListRows(rows),
        columns,
        query,
        title=_("Alarms, the strongest first"),
        empty=nothing,
        marked=False,
        file="alarms",
    )


def _times(runs: Sequence[Run]) -> dict[tuple[Any, Any], int]:
    """In how many different periods each series has been an alarm."""
    periods: dict[tuple[Any, Any], set[str]] = {}
    for run in runs:
        for each in run.alarms:
            periods.setdefault((each["series"], each["substance"]), set()).add(each["period"])
    return {name: len(held) for name, held in periods.items()}


def place_picture(
    counts: pa.Table, series: str, substance: str | None, params: Mapping[str, Any], parameters: QueryParams, path: str
) -> tuple[Figure, list[Message]]:
    """A place's series with its bounds, and what is told of it."""
    told = DetectParams.model_validate(dict(params))
    own = counts.filter(_of(counts, series, substance))
    stood = stand(own, as_of=told.as_of, age=told.age, status=told.status, gaps=told.gaps)
    name = series if substance is None else f"{series}{JOINT}{substance}"
    given = chosen(told.method, {each: getattr(told, each) for each in SERVES})
    rows = drawn(stood, name, told.method, given, told.last or 1)
    figure = picture("series", rows, _("{series}: counts and bounds", series=name), parameters=parameters, path=path)
    return figure, stood.notes.get(name, [])


def _of(counts: pa.Table, series: str, substance: str | None) -> Any:
    same = pc.equal(counts.column("series"), series)
    held = counts.column("substance")
    return pc.and_(same, pc.is_null(held) if substance is None else pc.equal(pc.fill_null(held, ""), substance))


def place_history(
    runs: Sequence[Run],
    series: str,
    substance: str | None,
    states: Mapping[str, str],
    parameters: QueryParams,
    path: str,
) -> Table:
    """Every alarm of a place, the newest first."""
    rows = [
        {
            **each,
            "period": dt.date.fromisoformat(each["period"]),
            "at": dt.datetime.fromisoformat(run.at),
            "state": states.get(each.get("finding") or "", ""),
        }
        for run in reversed(runs)
        for each in run.alarms
        if (each["series"], each["substance"]) == (series, substance)
    ]
    query = read_query(parameters, TESTED, path=path, prefix="h.")
    nothing = _("It has not been an alarm yet.")
    return table(
        ListRows(rows),
        TESTED,
        query,
        title=_("History of its alarms"),
        empty=nothing,
        name="history",
        marked=False,
        file="history",
    )


def map_figure(
    kept: Kept, result: pa.Table, chosen_map: str, shapes: Shapes | None, parameters: QueryParams, path: str
) -> tuple[Figure, list[str]]:
    """The newest period of each place on a map, and the places that are not on it.

    Of several substances the one farthest above what was expected stands for the place.

    Args:
        kept: the counts.
        result: what the newest run found, columns of `Alarm`.
        chosen_map: the map's name.
        shapes: its outlines; without them the table stands alone.
        parameters: the request's query parameters.
        path: the page's address.
    """
    atlas = Atlas(chosen_map, shapes)
    best: dict[str, dict[str, Any]] = {}
    absent: list[str] = []
    for row in result.to_pylist():
        if row["expected"] is None or row["observed"] is None or row["expected"] <= 0:
            continue
        shape = row["series"] if shapes is None else atlas.shape_of(row["series"])
        if shape is None:
            absent.append(row["series"])
            continue
        made = {
            **row,
            "shape": shape,
            "name": atlas.names.get(shape, shape),
            "ratio": row["observed"] / row["expected"],
        }
        held = best.get(shape)
        newer = held is None or row["period"] > held["period"]
        if held is None or newer or (row["period"] == held["period"] and made["ratio"] > held["ratio"]):
            best[shape] = made
    rows = sorted(best.values(), key=lambda row: -row["ratio"])
    figure = map_of(
        "map",
        rows,
        MAPPED,
        key="shape",
        value="ratio",
        shapes=shapes,
        title=_("Cases by what was expected: {title}", title=kept.title),
        places=2,
        note=_("Above 1 there are more cases than expected; only what lies above its bound is an alarm."),
        parameters=parameters,
        path=path,
        marked=False,
        file="map",
    )
    return figure, sorted(set(absent))
