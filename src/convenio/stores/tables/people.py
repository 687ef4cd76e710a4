"""Who works here: agencies, accounts, credentials, sign-ins."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from convenio.stores.base import Table


class Agency(Table):
    """An institution of the party, with a compartment of its own."""

    __tablename__ = "agency"

    name: Mapped[str] = mapped_column(primary_key=True)
    title_en: Mapped[str]
    title_es: Mapped[str]


class Account(Table):
    """A person who may sign in."""

    __tablename__ = "account"

    name: Mapped[str] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    agency: Mapped[str] = mapped_column(ForeignKey("agency.name"))
    roles: Mapped[list[str]]
    language: Mapped[str] = mapped_column(default="en")
    password: Mapped[str]
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]


class Credential(Table):
    """A person's own key for approvals: an Ed25519 public key, or a WebAuthn credential."""

    __tablename__ = "credential"

    id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.name"), index=True)
    kind: Mapped[str]
    public: Mapped[str]
    details: Mapped[dict[str, Any]]
    counter: Mapped[int] = mapped_column(default=0)
    enrolled_at: Mapped[dt.datetime]
    enrolled_by: Mapped[str]
    revoked_at: Mapped[dt.datetime | None]


class SignIn(Table):
    """One signed-in browser or token; kept as a digest, so that the table opens nothing."""

    __tablename__ = "sign_in"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.name"), index=True)
    kind: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    last_seen: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
