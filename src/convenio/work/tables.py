"""The tables of findings, case files, jobs, saved views and forms that were sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Serial, Table


class FindingRow(Table):
    """A finding in the queue of the agency that it was made for."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_queue", "agency", "state", "rank"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(primary_key=True)
    program: Mapped[str]
    method: Mapped[str]
    rank: Mapped[float]
    finding: Mapped[dict[str, Any]]
    state: Mapped[str]
    assignee: Mapped[str | None]
    case_file: Mapped[str | None] = mapped_column(index=True)
    reason: Mapped[str | None]
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class CaseFileRow(Table):
    """A case file of one agency."""

    __tablename__ = "case_file"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    purpose: Mapped[str]
    opened_by: Mapped[str]
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class CaseItem(Table):
    """What was put into a case file; nothing is taken out."""

    __tablename__ = "case_item"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    case_file: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    reference: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime]


class Job(Table):
    """Long work: what it is, how far it is, and what came of it."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[dict[str, Any]]
    account: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    share: Mapped[float | None]
    params: Mapped[dict[str, Any]]
    address: Mapped[str | None]
    trouble: Mapped[dict[str, Any] | None]
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class SavedView(Table):
    """A table as somebody wants to see it again: its address with filters and order."""

    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    query: Mapped[str]
    title: Mapped[str]
    saved_at: Mapped[dt.datetime]


class SentForm(Table):
    """A form that was sent: the same showing of it acts once."""

    __tablename__ = "sent_form"

    once: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    sent_at: Mapped[dt.datetime] = mapped_column(index=True)


OURS = (FindingRow, CaseFileRow, CaseItem, Job, SavedView, SentForm)
