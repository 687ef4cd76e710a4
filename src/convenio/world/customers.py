"""Customers of made-up institutions: who they are (customer-identity) and what they hold (account-summary)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from convenio.world.draw import Draw

IDENTITY = ("name", "birth_date", "curp", "rfc", "address")
ACCOUNT = ("institution", "account_type", "account_status", "opened_on")

SCHEMA = pa.schema(
    [
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("given", pa.string(), nullable=False),
        pa.field("paterno", pa.string(), nullable=False),
        pa.field("materno", pa.string()),
        pa.field("name", pa.string(), nullable=False),
        pa.field("birth_date", pa.date32(), nullable=False),
        pa.field("sex", pa.string(), nullable=False),
        pa.field("curp", pa.string()),
        pa.field("rfc", pa.string()),
        pa.field("passport", pa.string()),
        pa.field("address", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("institution", pa.string(), nullable=False),
        pa.field("account_type", pa.string(), nullable=False),
        pa.field("account_status", pa.string(), nullable=False),
        pa.field("opened_on", pa.date32(), nullable=False),
        pa.field("synthetic", pa.bool_(), nullable=False),
    ]
)

INSTITUTIONS = (
    "Banco Ajolote",
    "Banco del Faro",
    "Caja Colibrí",
    "Financiera Sarape",
    "Banco Tres Nopales",
    "Caja Luna de Barro",
    "Unión de Crédito Jacaranda",
    "Casa de Cambio Papalote",
)
"""Names of institutions that do not exist."""

TYPES = ("checking", "savings", "payroll", "investment")
STATUSES = ("active", "dormant", "closed", "blocked")
_FIRST, _DAYS = np.datetime64("2010-01-01"), 4290


def with_accounts(draw: Draw, holders: pa.Table) -> pa.Table:
    """People with one account each.

    Args:
        draw: the world's draws.
        holders: columns of `world.people.SCHEMA`, one row per person.

    Returns:
        One row per person by `SCHEMA`, in the same order; accounts are opened from 2010 to September 2021.
    """
    size = holders.num_rows
    at = {
        "institution": (INSTITUTIONS, draw.chosen((30, 22, 14, 9, 12, 6, 4, 3), size, "institution")),
        "account_type": (TYPES, draw.chosen((40, 25, 30, 5), size, "account type")),
        "account_status": (STATUSES, draw.chosen((86, 8, 5, 1), size, "account status")),
    }
    made = {name: pa.array(values, pa.string()).take(pa.array(places)) for name, (values, places) in at.items()}
    made["opened_on"] = pa.array(_FIRST + draw.below(_DAYS, size, "opened on"))
    columns = [made[field.name] if field.name in made else holders.column(field.name) for field in SCHEMA]
    return pa.Table.from_arrays(columns, schema=SCHEMA)
