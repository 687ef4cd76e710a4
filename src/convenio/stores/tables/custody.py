"""What the party holds of its own, what it received, and what is left of what it erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Table


class Dataset(Table):
    """Bulk records of one type and one agency, in an encrypted table file."""

    __tablename__ = "dataset"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(index=True)
    record_type: Mapped[str]
    category: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    rows: Mapped[int]
    columns: Mapped[list[str]]
    marking: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    file: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[dt.datetime]
    erased_at: Mapped[dt.datetime | None]


class ReceivedCopy(Table):
    """What a peer released to us: sealed content under a key of its own, and the conditions that came with it."""

    __tablename__ = "received_copy"

    id: Mapped[str] = mapped_column(primary_key=True)
    peer: Mapped[str] = mapped_column(index=True)
    request: Mapped[str] = mapped_column(index=True)
    agency: Mapped[str]
    agreement: Mapped[str]
    clause: Mapped[str]
    conditions: Mapped[dict[str, Any]]
    content: Mapped[bytes]
    content_digest: Mapped[str]
    key: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    received_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    held_by: Mapped[str | None]
    held_reason: Mapped[str | None]


class Tombstone(Table):
    """What remains of an erased thing: that it was, under which clause, when and why it went."""

    __tablename__ = "tombstone"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    clause: Mapped[str]
    erased_at: Mapped[dt.datetime]
    reason: Mapped[str]
    digest: Mapped[str]


class Consent(Table):
    """One agency lets another use what it holds."""

    __tablename__ = "consent"

    id: Mapped[str] = mapped_column(primary_key=True)
    holding: Mapped[str] = mapped_column(index=True)
    agency: Mapped[str]
    given_by: Mapped[str]
    reason: Mapped[str]
    given_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]


class Mark(Table):
    """A moment the node must not forget: the latest time it ever acted at, the last time a peer cosigned."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
