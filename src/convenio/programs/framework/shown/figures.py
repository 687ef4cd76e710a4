"""An indicator drawn: where it stood before, what was observed, what was agreed."""

from __future__ import annotations

from typing import Any

from convenio.core.words import Message, _
from convenio.programs.framework.reading import Measured
from convenio.programs.framework.shown.words import said_once, words_of
from convenio.web.figure import Figure
from convenio.web.plot import Marks, plot
from convenio.web.table import Column

KINDS: dict[str, Message] = {"baseline": _("Baseline"), "observed": _("Observed"), "target": _("Target")}


def figure_of(measured: Measured, parameters: Any = None, path: str = "") -> Figure:
    """The figure with its table.

    Args:
        measured: the indicator with its values.
        parameters: the request's query parameters; None where there is no request.
        path: the page's address.
    """
    indicator = measured.indicator
    base = indicator.baseline
    rows: list[dict[str, Any]] = []
    if base is not None:
        rows.append(_row("baseline", base.on, base.value, base.low, base.high, said_once(base.instrument), None))
    before = base.value if base is not None else None
    rows += [
        _row("observed", each.on, each.value, each.low, each.high, said_once(each.source), before)
        for each in measured.observations
        if not each.suppressed
    ]
    rows += [_row("target", each.on, each.value, None, None, each.agreed_by, None) for each in measured.targets]
    columns = (
        Column("kind", _("What"), "words", scope_row=True),
        Column("on", _("Day"), "date"),
        Column("value", _("Value ({unit})", unit=said_once(indicator.unit)), "number"),
        Column("low", _("from"), "number"),
        Column("high", _("to"), "number"),
        Column("source", _("Source")),
    )
    return plot(
        f"i-{indicator.id.replace('.', '-')}",
        rows,
        Marks("on", "value", low="low", high="high", expected="before", series="kind"),
        columns,
        title=_("{title}", title=words_of(indicator, "title")),
        shape="dots",
        note=_("Source: {source}", source=said_once(indicator.source)),
        parameters=parameters,
        path=path,
    )


def _row(kind: str, on: Any, value: float, low: float | None, high: float | None, source: str, before: Any) -> Any:
    return {
        "kind": KINDS[kind],
        "on": on,
        "value": value,
        "low": low,
        "high": high,
        "source": source,
        "before": before,
    }
