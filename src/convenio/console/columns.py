"""The columns of the border's lists."""

from __future__ import annotations

from convenio.console.words import ACTS, SIDES, STATES, TONES, choices
from convenio.core.words import _
from convenio.web.table import Column, Row


def run_page(row: Row) -> str:
    """Where a blind match is shown."""
    return f"/matches/{row['id']}"


def request_page(row: Row) -> str:
    """Where a request is shown."""
    return f"/requests/{row['id']}"


def receipt_page(row: Row) -> str:
    """Where a receipt is shown."""
    return f"/receipts/{row['id']}"


def copy_page(row: Row) -> str:
    """Where a received copy is shown."""
    return f"/copies/{row['id']}"


STATE = Column("state", _("State"), "code", choices=choices(STATES), badge=TONES)
SIDE = Column("side", _("Direction"), "code", choices=choices(SIDES), badge={})

RUNS = (
    Column("at", _("When"), "moment", link=run_page, scope_row=True),
    SIDE,
    Column("peer", _("Party"), "party"),
    Column("title", _("Clause"), "words"),
    Column("case", _("Case")),
    Column("asked", _("Match keys"), "number"),
    Column("hits", _("Hits"), "number"),
    STATE,
)
REQUESTS = (
    Column("at", _("When"), "moment", link=request_page, scope_row=True),
    SIDE,
    Column("peer", _("Party"), "party"),
    Column("title", _("Clause"), "words"),
    Column("case", _("Case")),
    Column("subjects", _("People"), "number", sortable=False, filterable=False),
    Column("approvals", _("Approvals"), "number", sortable=False, filterable=False),
    STATE,
)
RELEASES = (
    Column("at", _("When"), "moment", link=lambda row: f"/requests/{row['request']}", scope_row=True),
    Column("peer", _("To"), "party"),
    Column("title", _("Clause"), "words"),
    Column("accepted", _("Accepted"), "flag", sortable=False, filterable=False),
    Column("expires", _("Gone by"), "moment"),
    STATE,
)
COPIES = (
    Column("at", _("Received"), "moment", link=copy_page, scope_row=True),
    Column("peer", _("From"), "party"),
    Column("agency", _("Agency"), "party"),
    Column("title", _("Clause"), "words"),
    Column("expires", _("Gone by"), "moment"),
    STATE,
)
RECEIPTS = (
    Column("at", _("When"), "moment", link=receipt_page, scope_row=True),
    Column("act", _("Act"), "code", choices=choices(ACTS), badge={}),
    Column("actor", _("Who")),
    Column("title", _("Clause"), "words"),
    Column("allowed", _("Allowed"), "flag", choices=[("1", _("yes")), ("0", _("no"))]),
    Column("failed", _("Why not"), "words", sortable=False),
)
