"""A file of counts in whatever layout: the publisher's own, by year and week or month, or the long table."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.files.mapping import missing, propose
from convenio.files.opening import open_file
from convenio.files.options import Options
from convenio.files.reading import open_reading
from convenio.programs.early_warning.schema import Count
from convenio.programs.early_warning.sources.cdc_vsrr import OVERDOSE, is_vsrr, read_vsrr
from convenio.programs.early_warning.sources.long_table import YearAndPart, read_by_year
from convenio.programs.early_warning.sources.nflis import is_nflis, read_nflis
from convenio.programs.early_warning.sources.weeks import WeekSystem

ALL = "all"


@dataclass(frozen=True)
class ReadCounts:
    """Counts with how they were read.

    Args:
        table: columns of `Count`.
        layout: what the file was taken for.
        notes: what the user should know.
    """

    table: pa.Table
    layout: Message
    notes: tuple[Message, ...] = ()


def read_counts(
    path: Path,
    *,
    indicator: str | None = None,
    weeks: WeekSystem = "iso",
    known_on: dt.date | None = None,
    options: Options | None = None,
) -> ReadCounts:
    """Read one file.

    Args:
        path: the file.
        indicator: of a VSRR file, which one; `all` for every one that is a count.
        weeks: which weeks a week's number means.
        known_on: the day on which the file was published, where its rows do not say it.
        options: how a table is read that is no publisher's.

    Raises:
        InputError: the file cannot be read, or a row does not fit; the error names it.
    """
    headings = _headings(path)
    if is_vsrr(headings):
        chosen = None if indicator == ALL else indicator or OVERDOSE
        made = ReadCounts(read_vsrr(path, chosen), _("CDC VSRR: sums over twelve months"))
    elif is_nflis(headings):
        made = ReadCounts(read_nflis(path), _("NFLIS-Drug: samples of laboratories"))
    else:
        made = _table(path, weeks, options or Options())
    if known_on is None:
        return made
    held = made.table.column("known_on")
    filled = pa.array([each or known_on for each in held.to_pylist()], pa.date32())
    at = made.table.schema.get_field_index("known_on")
    return replace(made, table=made.table.set_column(at, made.table.schema.field("known_on"), filled))


def no_publishers_own(path: Path) -> None:
    """Refuse a file in a publisher's own layout where one row per place and period is wanted.

    Raises:
        InputError: it is CDC's VSRR, whose sums overlap, or a table of NFLIS.
    """
    headings = _headings(path)
    if is_vsrr(headings):
        raise InputError(
            _("this is CDC's VSRR: sums over twelve months that overlap, not counts of their own month"),
            where=path.name,
            advice=_(
                "no bound holds for them; detection needs counts by month or week of event. To look at them: "
                "convenio early-warning counts {file} -o counts.csv",
                file=path.name,
            ),
        )
    if is_nflis(headings):
        raise InputError(
            _("this is a table of NFLIS in its own layout"),
            where=path.name,
            advice=_("read it first: convenio early-warning counts {file} -o counts.csv", file=path.name),
        )


def _headings(path: Path) -> list[str]:
    """The first line of a CSV file; nothing of any other."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(csv.reader(file), [])


def _table(path: Path, weeks: WeekSystem, options: Options) -> ReadCounts:
    headings = open_file(path, options).headings
    by_year = propose(headings, YearAndPart)
    if "year" in by_year.columns and not missing(by_year, YearAndPart) and {"week", "month"} & set(by_year.columns):
        return ReadCounts(read_by_year(path, weeks=weeks, options=options), _("by year and week or month"))
    reading = open_reading(path, Count, options=options, strict=True)
    return ReadCounts(reading.table(), _("one row per place and period"), tuple(reading.notes))
