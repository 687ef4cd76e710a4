"""Intents: what the ledger is to remember, written in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Serial, Table


class Intent(Table):
    """An entry that waits for its place in a log, or has it.

    `entry` is the canonical form that is appended; `content` is what its commitment hides, kept here only.
    """

    __tablename__ = "intent"
    __table_args__ = (Index("ix_intent_waiting", "log", "position", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    log: Mapped[str]
    kind: Mapped[str] = mapped_column(index=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str]
    subject: Mapped[str] = mapped_column(default="", index=True)
    body: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any]]
    salt: Mapped[bytes]
    position: Mapped[int | None] = mapped_column(Serial)
