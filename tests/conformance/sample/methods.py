"""Two small methods: one whose rows stand for themselves, one whose groups do."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pyarrow as pa

from convenio.core.method import Params, TableInput, method, param
from convenio.core.record import RecordType, column
from convenio.core.words import _
from convenio.entities.identifiers import kind
from convenio.entities.people import PersonRow


class Cleaned(RecordType):
    type_name = "cleaned_person"
    title = _("Cleaned person")
    about_persons = True
    record_id: str | None = column(_("Record"), default=None)
    name: str | None = column(_("Name"), default=None, personal=True)
    curp: str | None = column(_("CURP"), default=None, personal=True)
    curp_fits: bool | None = column(_("CURP fits"), default=None)


class CleanParams(Params):
    case: Literal["upper", "as_is"] = param(_("letter case"), "upper")


@method(
    "sample",
    "clean_people",
    title=_("Clean people"),
    summary=_("Names in one form, CURPs checked."),
    params=CleanParams,
    inputs={"people": TableInput(PersonRow, _("people"))},
    output=Cleaned,
    partition="rows",
)
def clean_people(people: pa.Table, *, case: str = "upper") -> pa.Table:
    """Names in one form, CURPs checked."""
    curp = kind("curp")
    rows = []
    for row in people.to_pylist():
        name = row["name"] or " ".join(row[part] for part in ("given", "paterno", "materno") if row[part]) or None
        value = row["curp"]
        rows.append(
            {
                "record_id": row["record_id"],
                "name": name.upper() if name and case == "upper" else name,
                "curp": curp.compact(value) if value else None,
                "curp_fits": not curp.explain(value) if value else None,
            }
        )
    return pa.Table.from_pylist(rows, schema=Cleaned.arrow_schema())


class Count(RecordType):
    type_name = "weekly_count"
    title = _("Weekly count")
    series: str = column(_("Series"), aliases=("serie",), example="A")
    week: dt.date = column(_("Week"), aliases=("semana",), example="2021-W05")
    observed: int = column(_("Observed"), aliases=("casos",), ge=0, example=3)


class Change(RecordType):
    type_name = "weekly_change"
    title = _("Weekly change")
    series: str = column(_("Series"))
    week: dt.date = column(_("Week"))
    change: float | None = column(_("Change"), unit="cases", default=None)


class ChangeParams(Params):
    lag: int = param(_("weeks between"), 1, ge=1, le=52)


@method(
    "sample",
    "weekly_change",
    title=_("Weekly change"),
    summary=_("By how much each week differs from an earlier one."),
    params=ChangeParams,
    inputs={"counts": TableInput(Count, _("counts"))},
    output=Change,
    literature=("A made-up source 2021, J Samples 1:1",),
    score_meaning=_("a difference of counts; not a forecast"),
    partition="groups",
    partition_by=("series",),
)
def weekly_change(counts: pa.Table, *, lag: int = 1) -> pa.Table:
    """By how much each week differs from an earlier one."""
    rows = []
    for name in sorted(set(counts.column("series").to_pylist())):
        one = sorted((row for row in counts.to_pylist() if row["series"] == name), key=lambda row: row["week"])
        for at, row in enumerate(one):
            before = one[at - lag]["observed"] if at >= lag else None
            change = None if before is None else float(row["observed"] - before)
            rows.append({"series": name, "week": row["week"], "change": change})
    return pa.Table.from_pylist(rows, schema=Change.arrow_schema())
