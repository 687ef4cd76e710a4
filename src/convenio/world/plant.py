"""Subjects known to both sides, planted with the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.world.contact import numbered
from convenio.world.customers import with_accounts
from convenio.world.draw import Draw
from convenio.world.people import people

TRUTH = pa.schema(
    [
        pa.field("nominee_id", pa.string(), nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("curp", pa.string(), nullable=False),
        pa.field("shared", pa.bool_(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Planted:
    """What `plant` made.

    Args:
        nominees: the asker's people, in the columns of `people` with `person_id` as the asker numbers them, names as
            the other country writes them (capitals, no accents).
        customers: the holder's people with their accounts, by `world.customers.SCHEMA`; each has a CURP.
        truth: one row per nominee: `nominee_id`, `person_id` in the world, `curp`, `shared`.
    """

    nominees: pa.Table
    customers: pa.Table
    truth: pa.Table


def plant(draw: Draw, *, shared: int, nominees: int, customers: int) -> Planted:
    """`nominees` people of whom exactly `shared` are among `customers`, found by the same CURP.

    Raises:
        InputError: more are to be shared than there are nominees or customers.
    """
    if not 0 <= shared <= min(nominees, customers):
        raise InputError(
            _(
                "{shared} people cannot be shared by {nominees} nominees and {customers} customers",
                shared=shared,
                nominees=nominees,
                customers=customers,
            )
        )
    wanted = customers + nominees - shared
    everyone = people(draw, wanted + wanted // 4 + 64)
    holders = everyone.filter(pc.is_valid(everyone.column("curp"))).slice(0, wanted)
    inside = draw.sample(customers, shared, "shared nominees")
    outside = np.arange(customers, wanted, dtype=np.int64)
    mixed = np.concatenate([inside, outside])[draw.shuffled(nominees, "order of nominees")]
    known = holders.take(pa.array(mixed))
    ids = numbered("N", nominees)
    truth = pa.Table.from_arrays(
        [ids, known.column("person_id"), known.column("curp"), pa.array(mixed < customers)], schema=TRUTH
    )
    return Planted(_as_abroad(known, ids), with_accounts(draw, holders.slice(0, customers)), truth)


def _as_abroad(known: pa.Table, ids: pa.Array) -> pa.Table:
    table = known.set_column(0, known.schema.field(0), ids)
    for name in ("given", "paterno", "materno", "name"):
        at = table.schema.get_field_index(name)
        text = pc.utf8_normalize(pc.utf8_upper(table.column(name)), form="NFD")
        plain = pc.replace_substring_regex(text, pattern=r"\p{Mn}", replacement="")
        table = table.set_column(at, table.schema.field(at), plain)
    return table
