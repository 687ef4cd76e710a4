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
WANTED = ("State", "Year", "Month", "Indicator", "Data Value", "Percent Complete")
WINDOW = 12


def read_vsrr(path: Path, indicator: str = OVERDOSE) -> pa.Table:
    """One indicator of the file as counts by state and month; "99.5+" percent complete is kept as 99.5.

    Args:
        path: the publisher's CSV file.
        indicator: which of its indicators; deaths by overdose without it.

    Returns:
        Columns of `Count`; `period` is the first day of the last month of the twelve, `months_in_window` is 12. States
        without a value in a month have no row for it.

    Raises:
        InputError: a heading is missing, a month or number does not read, or the indicator is not there.
    """
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in WANTED if name not in (reader.fieldnames or ())]
        if missing:
            raise InputError(_("the column {column} is missing", column=missing[0]), where=path.name)
        for number, row in enumerate(reader, start=2):
            if row["Indicator"] == indicator and row["Data Value"].strip():
                rows.append(_counted(row, f"{path.name}, {number}"))
    if not rows:
        raise InputError(
            _("there is no indicator {name} in this file", name=indicator),
            where=path.name,
            advice=_("is the file whole, and named as the publisher names it?"),
        )
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def _counted(row: dict[str, str], where: str) -> dict[str, Any]:
    try:
        month = dt.date(int(row["Year"]), MONTHS.index(row["Month"]) + 1, 1)
        complete = row["Percent Complete"].strip().rstrip("%+")
        return {
            "series": row["State"],
            "period": month,
            "observed": int(float(row["Data Value"].replace(",", ""))),
            "completeness": float(complete) if complete else None,
            "months_in_window": WINDOW,
        }
    except ValueError as error:
        raise InputError(_("this row does not read: {why}", why=str(error)), where=where) from error
