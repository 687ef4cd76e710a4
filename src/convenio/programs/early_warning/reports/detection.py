"""What detection found, as one HTML file: alarms ranked, series drawn with their bounds, every number as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

import convenio
from convenio.core.method import Params
from convenio.core.program import program
from convenio.core.words import Message, _, _n
from convenio.programs.early_warning.arguments import SERVES, Name, chosen
from convenio.programs.early_warning.reports.drawn import drawn, picture
from convenio.programs.early_warning.standing import JOINT, stand
from convenio.web.pages import Pages, Site
from convenio.web.report import report_html
from convenio.web.table import Column, ListRows, Query, table

MOST_DRAWN, MOST_ROWS = 60, 5_000
ALARMS = (
    Column("rank", _("rank"), "number"),
    Column("series", _("series"), scope_row=True),
    Column("substance", _("substance")),
    Column("period", _("first day of the period"), "date"),
    Column("observed", _("observed"), "number"),
    Column("expected", _("expected"), "number"),
    Column("upperbound", _("upper bound"), "number"),
    Column("alarm", _("alarm"), "flag"),
    Column("score", _("score"), "number"),
    Column("history", _("last eight counts before")),
    Column("completeness", _("percent complete"), "number"),
    Column("pending", _("percent pending investigation"), "number"),
    Column("status", _("final or preliminary")),
    Column("note", _("note")),
)
OPTIONAL = ("substance", "completeness", "pending", "status", "note")
ALL_ALIKE = ("alarm",)
WITH_RATE = ("farrington-flexible", "farrington", "harmonic", "ears-c1", "ears-c2", "ears-c3", "bayes", "cdc")


def detection_report(
    tables: Mapping[str, pa.Table],
    params: Params,
    result: pa.Table,
    facts: Sequence[tuple[Message | str, Message | str]],
) -> str:
    """The report, in the language of the context.

    Args:
        tables: the counts as they were read.
        params: what detection was told.
        result: columns of `Alarm`.
        facts: names and values: files, rows.
    """
    told = params.model_dump()
    method: Name = told["method"]
    given = chosen(method, {name: told[name] for name in SERVES})
    stood = stand(tables["counts"], as_of=told["as_of"], age=told["age"], status=told["status"], gaps=told["gaps"])
    rows = result.to_pylist()
    alarms = [row for row in rows if row["alarm"]]
    series = list(dict.fromkeys((row["series"], row["substance"]) for row in alarms))
    figures = []
    for number, (place, substance) in enumerate(series[:MOST_DRAWN], start=1):
        name = place if substance is None else f"{place}{JOINT}{substance}"
        held = drawn(stood, name, method, given, told["last"] or 1)
        last = next(row for row in alarms if (row["series"], row["substance"]) == (place, substance))
        figures.append(
            picture(f"series-{number}", held, _("{rank}. {series}", rank=last["rank"], series=name), note=_said(last))
        )
    declared = program("early_warning").declared_methods()["detect"]
    pages = Pages(Site(party="", title="Convenio", version=convenio.__version__))
    pages.add("early_warning", program("early_warning").folder / "templates")
    return report_html(
        pages,
        None,
        "early_warning/detection_report.html",
        title=declared.title,
        summary=_summary(rows, len(alarms)),
        facts=[*facts, *((name, str(value)) for name, value in told.items() if value not in (None, False, 0.0))],
        notes=_notes(method, given, rows, declared.score_meaning, len(series)),
        alarms=_table("alarms", alarms, _("Alarms, the strongest first")),
        figures=figures,
        rest=_table("all", rows[:MOST_ROWS], _("All that was tested")),
        literature=declared.literature,
    )


def _summary(rows: Sequence[Mapping[str, Any]], alarms: int) -> Message:
    number = len({(row["series"], row["substance"]) for row in rows})
    return _(
        "{alarms} in {series}, {periods} tested.",
        alarms=_n("{number} alarm", "{number} alarms", alarms),
        series=_n("{number} series", "{number} series", number),
        periods=_n("{number} period", "{number} periods", len(rows)),
    )


def _notes(
    method: Name, given: Mapping[str, Any], rows: Sequence[Any], meaning: Message | None, drawn_of: int
) -> list[Message]:
    made = []
    if method in WITH_RATE:
        alpha = float(given.get("alpha", 0.01))
        made.append(
            _(
                "A bound is about one series and one period: of {tests} tests about {false} would be alarms by chance.",
                tests=len(rows),
                false=_few(len(rows) * alpha),
            )
        )
    if meaning is not None:
        made.append(_("What the score says: {meaning}", meaning=meaning))
    if drawn_of > MOST_DRAWN:
        made.append(_("Of {number} series with alarms the first {most} are drawn.", number=drawn_of, most=MOST_DRAWN))
    if len(rows) > MOST_ROWS:
        made.append(_("The last table holds the first {most} of {number} rows.", most=MOST_ROWS, number=len(rows)))
    return made


def _said(row: Mapping[str, Any]) -> Message:
    expected = "-" if row["expected"] is None else f"{row['expected']:.1f}"
    bound = "-" if row["upperbound"] is None else f"{row['upperbound']:.1f}"
    first = _(
        "{day}: {observed} cases, {expected} expected, bound {bound}.",
        day=str(row["period"]),
        observed=row["observed"],
        expected=expected,
        bound=bound,
    )
    return first if not row["note"] else _("{first} {note}", first=first, note=row["note"])


def _table(name: str, rows: Sequence[Mapping[str, Any]], title: Message) -> Any:
    columns = [each for each in ALARMS if each.name not in OPTIONAL or any(row[each.name] for row in rows)]
    if all(row["alarm"] for row in rows):
        columns = [each for each in columns if each.name not in ALL_ALIKE]
    nothing = _("No series lies above its bound.")
    return table(ListRows(rows), columns, Query(size=max(1, MOST_ROWS)), title=title, empty=nothing, name=name)


def _few(number: float) -> str:
    """A number of tests, with a figure that says something below one too."""
    return f"{number:.1f}" if number >= 1 else f"{number:.1g}"
