"""CDC's provisional overdose deaths (VSRR): sums over twelve months, with how complete each of them is.

They are read for display and for the record, each marked as a sum over twelve months, so that detection refuses them.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.schema import Count

OVERDOSE = "Number of Drug Overdose Deaths"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WANTED = ("State", "Year", "Month", "Indicator", "Data Value", "Percent Complete", "Percent Pending Investigation")
SHARE = "Percent with drugs specified"
WINDOW = 12


def is_vsrr(headings: list[str]) -> bool:
    """Whether a file's headings are the publisher's."""
    return set(WANTED) <= set(headings)


def read_vsrr(path: Path, indicator: str | None = OVERDOSE, *, known_on: dt.date | None = None) -> pa.Table:
    """The file as counts by state, indicator and month; "99.5+" percent complete is kept as 99.5.

    Args:
        path: the publisher's CSV file.
        indicator: which of its indicators; every one that is a count where it is None.
        known_on: the day on which the file was published, for vintages; not told without it.

    Returns:
        Columns of `Count`; `period` is the first day of the last month of the twelve, `months_in_window` is 12,
        `substance` the indicator, `status` preliminary, as the whole file is. States
        without a value in a month have no row for it.

    Raises:
        InputError: a heading is missing, a month or number does not read, or the indicator is not there or no count.
    """
    if indicator == SHARE:
        raise InputError(_("{name} is a share, not a count", name=SHARE), where=path.name)
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in WANTED if name not in (reader.fieldnames or ())]
        if missing:
            raise InputError(_("the column {column} is missing", column=missing[0]), where=path.name)
        for number, row in enumerate(reader, start=2):
            wanted = row["Indicator"] == indicator if indicator is not None else row["Indicator"] != SHARE
            if wanted and row["Data Value"].strip():
                rows.append(_counted(row, f"{path.name}, {number}", known_on))
    if not rows:
        raise InputError(
            _("there is no indicator {name} in this file", name=indicator or "-"),
            where=path.name,
            advice=_("is the file whole, and named as the publisher names it?"),
        )
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def predicted(path: Path, state: str, indicator: str = OVERDOSE) -> dict[dt.date, float]:
    """The publisher's own estimate of the final value by month, where it gives one.

    Args:
        path: the publisher's CSV file.
        state: two letters, `US` for the whole.
        indicator: which of its indicators.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            dt.date(int(row["Year"]), MONTHS.index(row["Month"]) + 1, 1): float(row["Predicted Value"])
            for row in csv.DictReader(file)
            if (row["State"], row["Indicator"]) == (state, indicator) and (row.get("Predicted Value") or "").strip()
        }


def _counted(row: dict[str, str], where: str, known_on: dt.date | None) -> dict[str, Any]:
    try:
        month = dt.date(int(row["Year"]), MONTHS.index(row["Month"]) + 1, 1)
        return {
            "series": row["State"],
            "period": month,
            "observed": int(float(row["Data Value"].replace(",", ""))),
            "substance": row["Indicator"],
            "completeness": _percent(row["Percent Complete"]),
            "pending": _percent(row["Percent Pending Investigation"]),
            "status": "preliminary",
            "known_on": known_on,
            "months_in_window": WINDOW,
        }
    except ValueError as error:
        raise InputError(_("this row does not read: {why}", why=str(error)), where=where) from error


def _percent(text: str) -> float | None:
    bare = text.strip().rstrip("%+")
    return float(bare) if bare else None
