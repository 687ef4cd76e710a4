"""Standing orders: findings of one kind that go out by themselves, once two officers have approved it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Serial, Table


class StandingOrder(Table):
    """A named person's order for every finding of a kind until a day, on the side that asks and the one that gives.

    `approvals` holds the officers' signatures; `numbers` how many batches were made, which only grows.
    """

    __tablename__ = "standing_order"

    id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    peer: Mapped[str] = mapped_column(index=True)
    holder: Mapped[str]
    agreement: Mapped[str]
    agreement_digest: Mapped[str]
    clause: Mapped[str]
    purpose: Mapped[str]
    case_reference: Mapped[str]
    subject_roles: Mapped[list[str]]
    categories: Mapped[list[str]]
    fields: Mapped[list[str]]
    per_day: Mapped[int] = mapped_column(Serial)
    until: Mapped[dt.datetime]
    asker: Mapped[str]
    asker_agency: Mapped[str]
    asker_role: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    approvals: Mapped[list[dict[str, Any]]]
    answer: Mapped[dict[str, Any] | None]
    trouble: Mapped[str | None]
    numbers: Mapped[int] = mapped_column(Serial)
    opened_at: Mapped[dt.datetime] = mapped_column(index=True)
    answered_at: Mapped[dt.datetime | None]


class StandingBatch(Table):
    """One release under a standing order: the root over its findings, and on the giving side their leaves.

    Their salt lies in the key store, so that a copy of the data alone tells nobody whether a guess is right.
    """

    __tablename__ = "standing_batch"

    release: Mapped[str] = mapped_column(primary_key=True)
    order: Mapped[str] = mapped_column(index=True)
    side: Mapped[str]
    number: Mapped[int] = mapped_column(Serial)
    count: Mapped[int] = mapped_column(Serial)
    root: Mapped[str]
    letter: Mapped[str] = mapped_column(index=True)
    leaves: Mapped[bytes | None]
    at: Mapped[dt.datetime]


class StandingGiven(Table):
    """That a finding went out under an order, and where in which batch: what makes it go once."""

    __tablename__ = "standing_given"

    order: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column(index=True)
    place: Mapped[int] = mapped_column(Serial)
    recall: Mapped[str | None]
    recall_state: Mapped[str | None]
