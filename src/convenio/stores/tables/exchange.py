"""The border: peers, agreements in force, blind matches, requests, releases, messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Document, Serial, Table


class Peer(Table):
    """Another party's node, as its authority's roster describes it."""

    __tablename__ = "peer"

    party: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    authority: Mapped[str]
    roster: Mapped[dict[str, Any]]
    roster_version: Mapped[int]
    added_at: Mapped[dt.datetime]
    last_seen: Mapped[dt.datetime | None]


class Agreement(Table):
    """A signed agreement, one row per version; older versions stay, so that old receipts can be read."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("id", "version"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    signed: Mapped[dict[str, Any]]
    adopted_at: Mapped[dt.datetime]
    suspended_at: Mapped[dt.datetime | None]
    suspended_why: Mapped[str | None]


class MatchSnapshot(Table):
    """An immutable set that one peer may ask about under one clause with one kind of key; its key dies with it."""

    __tablename__ = "match_snapshot"
    __table_args__ = (Index("ix_match_snapshot_use", "peer", "clause", "key_kind", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    peer: Mapped[str]
    agreement: Mapped[str]
    clause: Mapped[str]
    key_kind: Mapped[str]
    basis: Mapped[str]
    size: Mapped[int]
    padded_size: Mapped[int]
    bits: Mapped[int]
    file: Mapped[str]
    key: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class MatchRun(Table):
    """One blind match, on the side that asks and on the side that answers."""

    __tablename__ = "match_run"

    id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    peer: Mapped[str] = mapped_column(index=True)
    agreement: Mapped[str]
    clause: Mapped[str]
    key_kind: Mapped[str]
    case_reference: Mapped[str]
    actor: Mapped[str]
    snapshot: Mapped[str]
    subjects: Mapped[int]
    asked: Mapped[int]
    padded_size: Mapped[int]
    hits: Mapped[int | None]
    state: Mapped[str]
    commitment: Mapped[str]
    details: Mapped[dict[str, Any]]
    openings: Mapped[bytes | None]
    started_at: Mapped[dt.datetime] = mapped_column(index=True)
    finished_at: Mapped[dt.datetime | None]


class Budget(Table):
    """What has been used of a clause's budget on one day, per peer and direction."""

    __tablename__ = "budget"

    peer: Mapped[str] = mapped_column(primary_key=True)
    clause: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(Serial)


class Request(Table):
    """Step two: a named person asks for what a hit stands for, or another party's person asks us."""

    __tablename__ = "request"

    id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    peer: Mapped[str] = mapped_column(index=True)
    agreement: Mapped[str]
    clause: Mapped[str]
    purpose: Mapped[str]
    case_reference: Mapped[str]
    fields: Mapped[list[str]]
    run: Mapped[str]
    references: Mapped[list[str]]
    asker: Mapped[str]
    asker_agency: Mapped[str]
    asker_role: Mapped[str]
    subject_role: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    until: Mapped[dt.datetime | None]
    answer: Mapped[dict[str, Any] | None]
    opened_at: Mapped[dt.datetime] = mapped_column(index=True)
    answered_at: Mapped[dt.datetime | None]


class Approval(Table):
    """One person's signature over one decision."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("request", "account"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    request: Mapped[str] = mapped_column(index=True)
    account: Mapped[str]
    credential: Mapped[str]
    decision_digest: Mapped[str]
    signature: Mapped[dict[str, Any]]
    at: Mapped[dt.datetime]


class Release(Table):
    """What we released: the sealed content's key is kept until it is accepted, the content is not."""

    __tablename__ = "release"

    id: Mapped[str] = mapped_column(primary_key=True)
    peer: Mapped[str] = mapped_column(index=True)
    request: Mapped[str] = mapped_column(index=True)
    agreement: Mapped[str]
    clause: Mapped[str]
    conditions: Mapped[dict[str, Any]]
    content_digest: Mapped[str]
    key: Mapped[str | None]
    acceptance: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(index=True)
    released_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class Receipt(Table):
    """The proof of a decision, allowed or refused."""

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    allowed: Mapped[bool] = mapped_column(index=True)
    act: Mapped[str]
    actor: Mapped[str]
    agreement: Mapped[str]
    clause: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]


class OutboxMessage(Table):
    """A message that waits until the peer has taken it: delivery at least once."""

    __tablename__ = "outbox_message"
    __table_args__ = (UniqueConstraint("peer", "sequence"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    peer: Mapped[str]
    sequence: Mapped[int] = mapped_column(Serial)
    kind: Mapped[str]
    envelope: Mapped[bytes]
    created_at: Mapped[dt.datetime]
    next_try: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    trouble: Mapped[str | None]
    about: Mapped[list[str] | None] = mapped_column(Document)


class InboxMessage(Table):
    """A message that was taken: the row's being there is what makes its effect happen once."""

    __tablename__ = "inbox_message"

    id: Mapped[str] = mapped_column(primary_key=True)
    peer: Mapped[str] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(Serial)
    kind: Mapped[str]
    digest: Mapped[str]
    received_at: Mapped[dt.datetime]
    reply: Mapped[dict[str, Any]]
