from __future__ import annotations

import datetime as dt

import pyarrow as pa

from convenio.core.method import Params, TableInput, method
from convenio.core.record import RecordType, column
from convenio.core.words import _


class Holder(RecordType):
    """Somebody with an account."""

    type_name = "holder"
    title = _("Holder")
    holder_id: str = column(_("Number"))
    name: str = column(_("Name"))
    birth_date: dt.date | None = column(_("Born"), default=None)


class Needs(RecordType):
    """Something that no release of the story has."""

    type_name = "needs"
    title = _("Needs")
    shoe_size: int = column(_("Shoe size"))


class NoParams(Params):
    """None."""


@method(
    "neighbour",
    "initials",
    title=_("Initials"),
    summary=_("Holders, as they came."),
    params=NoParams,
    inputs={"holders": TableInput(Holder, _("holders"))},
    output=Holder,
)
def initials(holders: pa.Table) -> pa.Table:
    return holders


@method(
    "neighbour",
    "shoes",
    title=_("Shoes"),
    summary=_("Nothing that a copy has."),
    params=NoParams,
    inputs={"needs": TableInput(Needs, _("needs"))},
    output=Needs,
)
def shoes(needs: pa.Table) -> pa.Table:
    return needs
