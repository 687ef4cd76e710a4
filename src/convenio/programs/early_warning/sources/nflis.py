"""NFLIS-Drug: samples that forensic laboratories identified, by month and drug, and how many of them held fentanyl.

Two layouts are read: samples by month and drug of the whole country, with the number that also held fentanyl, and the
yearly table by state. Counts are of laboratory samples, not of persons; a sample is dated by its submission, and a
month is complete only when the laboratories have reported, about a year later.
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

MONTHLY = ("State", "Time", "Drug.sample", "Total", "Count_fent")
YEARLY = ("State", "Time", "Total_listed", "Count_fent_listed", "Total_other", "Count_fent_only", "Count_fent_other")
NATION, NATION_HERE = "0.US", "US"


def is_nflis(headings: list[str]) -> bool:
    """Whether a file's headings are those of one of the two layouts."""
    return set(MONTHLY) <= set(headings) or set(YEARLY) <= set(headings)


def read_nflis(path: Path) -> pa.Table:
    """Samples with fentanyl, with the samples examined as the population they are a share of.

    Args:
        path: a CSV file in one of the two layouts.

    Returns:
        Columns of `Count`. Of the monthly table: `substance` is the drug that was also found, `observed` the samples
        that held fentanyl too, `population` all samples with that drug. Of the yearly table: `observed` the samples
        with fentanyl, `population` all samples; yearly series are for display, since detection needs months or less.

    Raises:
        InputError: the headings are those of neither layout, or a row does not read; the error names it.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headings = list(reader.fieldnames or ())
        if not is_nflis(headings):
            raise InputError(
                _("this is no table of NFLIS"),
                where=path.name,
                advice=_("its columns are {columns}", columns=", ".join(headings[:12]) or "-"),
            )
        counted = _monthly if set(MONTHLY) <= set(headings) else _yearly
        rows = [_row(counted, row, f"{path.name}, {number}") for number, row in enumerate(reader, start=2)]
    if not rows:
        raise InputError(_("the file holds no rows"), where=path.name)
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())


def _row(counted: Any, row: dict[str, str], where: str) -> dict[str, Any]:
    try:
        made: dict[str, Any] = counted(row)
    except (ValueError, TypeError) as error:
        raise InputError(_("this row does not read: {why}", why=str(error)), where=where) from error
    if made["observed"] > made["population"]:
        raise InputError(
            _(
                "more samples hold fentanyl than were examined: {part} of {all}",
                part=made["observed"],
                all=made["population"],
            ),
            where=where,
        )
    return {**made, "population": made["population"] or None}


def _monthly(row: dict[str, str]) -> dict[str, Any]:
    return {
        "series": NATION_HERE if row["State"] == NATION else row["State"],
        "period": dt.date.fromisoformat(f"{row['Time']}-01"),
        "observed": int(row["Count_fent"]),
        "substance": row["Drug.sample"],
        "population": int(row["Total"]),
    }


def _yearly(row: dict[str, str]) -> dict[str, Any]:
    return {
        "series": NATION_HERE if row["State"] == NATION else row["State"],
        "period": dt.date(int(row["Time"]), 1, 1),
        "observed": sum(int(row[name]) for name in ("Count_fent_listed", "Count_fent_only", "Count_fent_other")),
        "substance": "fentanyl",
        "population": int(row["Total_listed"]) + int(row["Total_other"]),
    }
