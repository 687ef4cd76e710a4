"""Made-up accounts of people and companies, and what moves between them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenio.entities.identifiers import clabe as clabe_kind
from convenio.world import letters as made
from convenio.world.companies import named
from convenio.world.contact import Ints, ascii_rows, numbered
from convenio.world.customers import INSTITUTIONS
from convenio.world.draw import Draw

ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("holder_id", pa.string(), nullable=False),
        pa.field("institution", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("clabe", pa.string()),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("opened_on", pa.date32(), nullable=False),
    ]
)
TRANSFERS = pa.schema(
    [
        pa.field("transfer_id", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("s", tz="UTC"), nullable=False),
        pa.field("from_account", pa.string()),
        pa.field("to_account", pa.string(), nullable=False),
        pa.field("amount_cents", pa.int64(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
    ]
)
"""Amounts in cents of US dollars; `from_account` null for cash paid in."""

CHANNELS = ("SPEI", "wire", "card", "cash")
START, SECONDS = np.datetime64("2020-10-01T00:00:00"), 365 * 24 * 3600
_STEPS = (100, 130, 170, 220, 280, 360, 460, 600, 770)
AMOUNTS = np.array([base * 10**power for power in (2, 3, 4, 5) for base in _STEPS], dtype=np.int64)
"""Cents at the heart of each amount: from 100 dollars to 770,000, evenly on a log scale."""
AMOUNT_WEIGHTS = (9, 12, 15, 17, 18, 18, 17, 15, 13, 11, 9, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2) + (1,) * 14


def accounts(draw: Draw, people: int, firms: pa.Table, residents: pa.Array) -> pa.Table:
    """An account for every company and six in ten people, by `ACCOUNTS`.

    Args:
        draw: the world's draws.
        people: how many people there are.
        firms: by `companies.COMPANIES`.
        residents: countries of the people, in their order.
    """
    holds = np.flatnonzero(draw.happens(600, people, "has an account"))
    holder = pa.concat_arrays([named("P", holds), firms.column("company_id").combine_chunks()])
    country = pa.concat_arrays([residents.take(pa.array(holds)), firms.column("country").combine_chunks()])
    size = len(holder)
    us = np.asarray(country.to_pylist()) == "US"
    institution = pa.array(INSTITUTIONS).take(pa.array(draw.chosen((30, 22, 14, 9, 12, 6, 4, 3), size, "account bank")))
    columns = [
        numbered("A", size),
        holder,
        institution,
        country,
        made.texts(clabes(np.arange(size)), ~us),
        pa.array(np.where(us, "USD", "MXN")),
        pa.array(np.datetime64("2005-01-01") + draw.below(5600, size, "account opened")),
    ]
    return pa.Table.from_arrays(columns, schema=ACCOUNTS)


def clabes(serials: Ints) -> made.Bytes:
    """Synthetic CLABEs, shape (serials, 18), no two alike for serials below 10**11."""
    first = np.concatenate(
        [ascii_rows(clabe_kind.RESERVED + "180", len(serials)), made.digits(serials + 1, 11)], axis=1
    )
    weights = np.array([3, 7, 1] * 6)[:17]
    check = -((first.astype(np.int64) - made.ZERO) * weights % 10).sum(axis=1) % 10
    return np.concatenate([first, made.digits(check, 1)], axis=1)


def transfers(draw: Draw, held: pa.Table, size: int) -> pa.Table:
    """`size` ordinary payments by `TRANSFERS`, in time order.

    Every account pays mostly to a handful of others, and one payment in ten is cash paid in.
    """
    many = held.num_rows
    sender = draw.below(max(many, 1), size, "sender")
    habit = draw.below(6, size, "habit")
    receiver = (sender * 48_271 + habit * 69_621 + 11) % max(many, 1)
    receiver = np.where(receiver == sender, (receiver + 1) % max(many, 1), receiver)
    channel = draw.chosen((55, 20, 15, 10), size, "channel")
    heart = AMOUNTS[draw.chosen(AMOUNT_WEIGHTS, size, "amount")]
    amount = heart * (800 + draw.below(500, size, "amount around")) // 1000
    when = np.sort(draw.below(SECONDS, size, "transfer time"))
    source = pc.if_else(pa.array(channel == CHANNELS.index("cash")), pa.scalar(None, pa.string()), named("A", sender))
    columns = [
        numbered("T", size),
        pa.array(START + when).cast(pa.timestamp("s", tz="UTC")),
        source,
        named("A", receiver),
        pa.array(amount),
        pa.array(["USD"] * size),
        pa.array(CHANNELS).take(pa.array(channel)),
    ]
    return pa.Table.from_arrays(columns, schema=TRANSFERS)
