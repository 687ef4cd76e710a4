from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.method import Params, TableInput, method, param
from convenio.core.record import RecordType, column
from convenio.core.words import _


class Crossing(RecordType):
    """A crossing."""

    type_name = "crossing"
    title = _("Crossing")
    day: dt.date = column(_("Day"), aliases=("fecha",))
    port: str = column(_("Port"), aliases=("puerto",))
    containers: int = column(_("Containers"), aliases=("contenedores",), ge=0)


class Busy(RecordType):
    """A port on a busy day."""

    type_name = "busy"
    title = _("Busy day")
    port: str = column(_("Port"))
    day: dt.date = column(_("Day"))
    containers: int = column(_("Containers"))


class BusyParams(Params):
    """What is busy."""

    least: int = param(_("at least so many"), 10, ge=1)


@method(
    "stranger",
    "busy",
    title=_("Busy days"),
    summary=_("Days on which a port had many containers."),
    params=BusyParams,
    inputs={"crossings": TableInput(Crossing, _("crossings"))},
    output=Busy,
)
def busy(crossings: pa.Table, *, least: int = 10) -> pa.Table:
    return crossings.filter(pc.greater_equal(crossings["containers"], least)).select(["port", "day", "containers"])
