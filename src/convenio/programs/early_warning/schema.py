"""The program's tables: counts by place and period, and what detection says of them. Never a person."""

from __future__ import annotations

import datetime as dt

from convenio.core.record import RecordType, column
from convenio.core.words import _


class Count(RecordType):
    """How many cases one place or series had in one day, week or month."""

    type_name = "count"
    title = _("Counts by place and period")

    series: str = column(
        _("series"),
        aliases=("place", "lugar", "serie", "county", "municipio", "estado", "state", "cve_mun", "fips", "region"),
        example="09-015",
    )
    period: dt.date = column(
        _("first day of the period"),
        aliases=("date", "week", "semana", "fecha", "mes", "month", "day", "period_start", "inicio"),
        example="2024-01-01",
    )
    observed: int | None = column(
        _("count"),
        aliases=("count", "cases", "casos", "n", "conteo", "deaths", "muertes", "visits", "total"),
        unit=_("cases"),
        example=3,
    )
    substance: str | None = column(
        _("substance"),
        aliases=("drug", "sustancia", "droga", "indicator", "indicador", "cause", "causa"),
        default=None,
        example="fentanyl",
    )
    population: int | None = column(
        _("population"), aliases=("poblacion", "población", "pop"), default=None, example=430_000
    )
    completeness: float | None = column(
        _("percent complete"),
        aliases=("percent_complete", "porcentaje_completo", "complete"),
        unit="%",
        default=None,
        example=98.0,
        ge=0,
        le=100,
    )
    pending: float | None = column(
        _("percent pending investigation"),
        aliases=("percent_pending", "percent_pending_investigation", "porcentaje_pendiente", "pendiente"),
        unit="%",
        default=None,
        example=0.2,
        ge=0,
        le=100,
    )
    status: str | None = column(
        _("final or preliminary"), aliases=("estatus", "data_status", "situacion"), default=None, example="final"
    )
    known_on: dt.date | None = column(
        _("day on which the count was known"),
        aliases=("as_of", "asof", "data_as_of", "vintage", "corte", "fecha_de_corte", "reported_on"),
        default=None,
        example="2024-02-01",
    )
    instrument: str | None = column(
        _("instrument it was counted with"),
        aliases=("instrumento", "source_system", "metodologia", "collection_instrument"),
        default=None,
        example="RNID",
    )
    reporters: int | None = column(
        _("units that reported"),
        aliases=("reporting_units", "units", "sites", "unidades", "unidades_informantes"),
        default=None,
        example=41,
        ge=0,
    )
    months_in_window: int | None = column(
        _("months summed in each value"), aliases=("window", "ventana", "window_months"), default=None
    )


class Alarm(RecordType):
    """One time point of one series under test."""

    type_name = "alarm"
    title = _("Alarms, the strongest first")

    rank: int = column(_("rank"), example=1)
    series: str = column(_("series"), example="09-015")
    substance: str | None = column(_("substance"), default=None, example="fentanyl")
    period: dt.date = column(_("first day of the period"), example="2024-01-01")
    observed: int | None = column(_("observed"), unit=_("cases"), default=None, example=11)
    expected: float | None = column(_("expected"), unit=_("cases"), default=None, example=3.4)
    upperbound: float | None = column(_("upper bound"), unit=_("cases"), default=None, example=8.0)
    alarm: bool = column(_("alarm"), example=True)
    score: float | None = column(_("score"), default=None, example=1.65)
    history: str = column(_("last eight counts before"), example="2 3 4 2 3 5 3 4")
    completeness: float | None = column(_("percent complete"), unit="%", default=None, example=98.0)
    pending: float | None = column(_("percent pending investigation"), unit="%", default=None, example=0.2)
    status: str | None = column(_("final or preliminary"), default=None, example="final")
    note: str = column(_("note"), example="")
