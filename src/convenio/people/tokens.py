"""The tokens that programs call the API with: which of them are good, and ending one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.stores.operational import Store
from convenio.stores.tables.people import SignIn

SHOWN = 12


@dataclass(frozen=True)
class Token:
    """A token as its owner may see it: never the secret, which the node does not keep.

    Args:
        number: the beginning of its digest.
        scopes: what it may do.
        made: when it was made.
        seen: when it was last used, to the minute; None where it never was.
        until: when it ends.
    """

    number: str
    scopes: tuple[str, ...]
    made: dt.datetime
    seen: dt.datetime | None
    until: dt.datetime


class Tokens:
    """The tokens of a node's accounts.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def of(self, account: str) -> list[Token]:
        """An account's tokens that are still good, the newest first."""
        wanted = select(SignIn).where(
            SignIn.account == account, SignIn.kind == "token", SignIn.expires_at >= self._now()
        )
        with self._store.reading() as session:
            held = session.scalars(wanted.order_by(SignIn.created_at.desc(), SignIn.digest)).all()
            return [_token(each) for each in held]

    def end(self, account: str, number: str) -> None:
        """End one token of an account; calls with it are refused from now on.

        Raises:
            NotFound: the account has no such token.
        """
        mine = [each.number for each in self.of(account) if each.number == number]
        if not mine:
            raise NotFound(_("there is no such token of yours"), where=number[:SHOWN])
        with self._store.transaction() as session:
            session.execute(
                delete(SignIn).where(
                    SignIn.account == account, SignIn.kind == "token", SignIn.digest.startswith(number, autoescape=True)
                )
            )


def _token(held: SignIn) -> Token:
    seen = held.last_seen if held.last_seen > held.created_at else None
    return Token(held.digest[:SHOWN], tuple(held.scopes), held.created_at, seen, held.expires_at)
