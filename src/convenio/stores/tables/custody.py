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


class OnwardConsent(Table):
    """An originator's consent to passing a copy on, or to its use in court: asked for, given, refused, withdrawn."""

    __tablename__ = "onward_consent"

    id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    peer: Mapped[str] = mapped_column(index=True)
    release: Mapped[str] = mapped_column(index=True)
    request: Mapped[str]
    agreement: Mapped[str]
    clause: Mapped[str]
    act: Mapped[str]
    to: Mapped[str]
    purpose: Mapped[str]
    case_reference: Mapped[str]
    until: Mapped[dt.datetime]
    asker: Mapped[str]
    asker_agency: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    approvals: Mapped[list[dict[str, Any]]]
    answer: Mapped[dict[str, Any] | None]
    asked_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    forwarded_at: Mapped[dt.datetime | None]


class Correction(Table):
    """A released record was wrong: what replaces it, sealed, on the side that corrects and on the side that has it."""

    __tablename__ = "correction"

    id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    peer: Mapped[str] = mapped_column(index=True)
    release: Mapped[str] = mapped_column(index=True)
    request: Mapped[str]
    agreement: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    content: Mapped[bytes]
    content_digest: Mapped[str]
    key: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]


class SupersededCopy(Table):
    """A copy as it was before its originator corrected it, kept blocked where the clause says so."""

    __tablename__ = "superseded_copy"

    correction: Mapped[str] = mapped_column(primary_key=True)
    copy: Mapped[str] = mapped_column(index=True)
    content: Mapped[bytes]
    content_digest: Mapped[str]
    key: Mapped[str | None]
    kept_at: Mapped[dt.datetime]


class DerivedThing(Table):
    """What was made from received copies: sealed under a key of its own, which goes when one of theirs goes."""

    __tablename__ = "derived_thing"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    agency: Mapped[str]
    copies: Mapped[list[str]]
    marking: Mapped[dict[str, Any]]
    purpose: Mapped[str]
    case_reference: Mapped[str]
    content: Mapped[bytes]
    key: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
