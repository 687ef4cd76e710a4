"""A long table: one row per place, period and substance, with the period as a date, or as year and week or month.

A week that a year does not have is refused, and how many the year has is told.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.record import RecordType, column
from convenio.core.words import _
from convenio.files.options import Options
from convenio.files.reading import open_reading
from convenio.programs.early_warning.schema import Count
from convenio.programs.early_warning.sources.weeks import WeekSystem, first_day


class YearAndPart(RecordType):
    """How a year is told with its week or month."""

    type_name = "year_and_part"
    title = _("Counts by year and week or month")

    series: str = column(_("series"), aliases=("place", "lugar", "county", "municipio", "estado", "state", "region"))
    year: int = column(_("year"), aliases=("anio", "año", "ano", "mmwr_year", "epi_year", "yyyy"), ge=1900, le=2200)
    week: int | None = column(
        _("week"), aliases=("semana", "mmwr_week", "epi_week", "semana_epidemiologica", "se"), default=None, ge=1, le=53
    )
    month: int | None = column(_("month"), aliases=("mes",), default=None, ge=1, le=12)
    observed: int | None = column(_("count"), aliases=("count", "cases", "casos", "n", "conteo", "deaths", "muertes"))
    substance: str | None = column(_("substance"), aliases=("drug", "sustancia", "droga"), default=None)
    population: int | None = column(_("population"), aliases=("poblacion", "pop"), default=None)
    completeness: float | None = column(
        _("percent complete"), aliases=("percent_complete", "porcentaje_completo"), default=None, ge=0, le=100
    )


def read_by_year(path: Path, *, weeks: WeekSystem = "iso", options: Options | None = None) -> pa.Table:
    """A table whose periods are a year and a week, or a year and a month.

    Args:
        path: the file.
        weeks: which weeks they are.
        options: how the file is read.

    Raises:
        InputError: a row has neither week nor month, or both; or the year has no such week.
    """
    held = open_reading(path, YearAndPart, options=options, strict=True).table()
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(held.to_pylist(), start=2):
        week, month = row.pop("week"), row.pop("month")
        where = f"{path.name}, {number}"
        if (week is None) == (month is None):
            raise InputError(_("a row needs a week or a month, and not both"), where=where)
        year = row.pop("year")
        row["period"] = dt.date(year, month, 1) if month is not None else first_day(year, week, weeks, where=where)
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=Count.arrow_schema())
