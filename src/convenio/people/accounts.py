"""Accounts and sign-in: argon2id passwords, sessions kept as digests, a pause after wrong tries."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import LANGUAGES, Language, _
from convenio.people.roles import APART, ROLES, Role
from convenio.stores.operational import Store
from convenio.stores.tables import Account, Agency, SignIn

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
SHORTEST_PASSWORD = 12
TRIES = 5
PAUSE = dt.timedelta(minutes=5)
SIGNED_IN = dt.timedelta(hours=10)
IDLE = dt.timedelta(minutes=60)

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Person:
    """Who acts: what every room is given instead of an account."""

    name: str
    full_name: str
    agency: str
    roles: frozenset[Role]
    language: Language
    scopes: frozenset[str] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of the roles."""
        return not self.roles.isdisjoint(roles)


class People:
    """The accounts of one node.

    Args:
        store: the node's operational store.
        now: the clock.
        fast: weaken the password hash, for tests only.
    """

    def __init__(self, store: Store, now: Clock, *, fast: bool = False) -> None:
        self._store = store
        self._now = now
        self._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if fast else PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """What a password is checked against when there is no such account, so that it takes as long."""
        return self._hasher.hash(secrets.token_urlsafe(16))

    def add_agency(self, name: str, *, en: str, es: str) -> None:
        """Add an institution, with its name in both languages."""
        if not NAME.fullmatch(name):
            raise InputError(_("an agency's short name has small letters, digits and hyphens"), where=name)
        with self._store.transaction() as session:
            session.merge(Agency(name=name, title_en=en, title_es=es))

    def agencies(self) -> list[dict[str, str]]:
        """Every agency: name, en, es."""
        with self._store.reading() as session:
            rows = session.scalars(select(Agency).order_by(Agency.name))
            return [{"name": each.name, "en": each.title_en, "es": each.title_es} for each in rows]

    def add(
        self,
        name: str,
        password: str,
        *,
        full_name: str,
        agency: str,
        roles: Sequence[str],
        language: Language = "en",
    ) -> Person:
        """Add an account.

        Raises:
            InputError: a name, password, role or agency that does not fit; the error says which and why.
            Conflict: the name is taken.
        """
        self._check(name, password, roles, language)
        with self._store.transaction() as session:
            if session.get(Agency, agency) is None:
                raise InputError(_("there is no agency {agency}", agency=agency), advice=_("add the agency first"))
            if session.get(Account, name) is not None:
                raise Conflict(_("the name {name} is taken", name=name))
            account = Account(
                name=name,
                full_name=full_name,
                agency=agency,
                roles=sorted(set(roles)),
                language=language,
                password=self._hasher.hash(password),
                created_at=self._now(),
            )
            session.add(account)
            return _person(account)

    def sign_in(self, name: str, password: str) -> tuple[Person, str]:
        """Check a password and open a session.

        Returns:
            The person, and the session's secret for the cookie.

        Raises:
            Refused: name and password do not fit (which of them is not said), or too many wrong tries.
        """
        now = self._now()
        wrong: Refused | None = None
        with self._store.transaction() as session:
            account = session.get(Account, name)
            if account is not None and account.locked_until and account.locked_until > now:
                wrong = Refused(
                    _("too many wrong tries"),
                    advice=_("wait until {moment}", moment=f"{account.locked_until:%H:%M} UTC"),
                )
            elif not self._fits(account, password) or account is None:
                if account is not None:
                    account.failures += 1
                    if account.failures >= TRIES:
                        account.failures, account.locked_until = 0, now + PAUSE
                wrong = Refused(_("this name and password do not fit together"))
            else:
                account.failures, account.locked_until = 0, None
                return _person(account), self._open(session, account, "session", (), SIGNED_IN)
        raise wrong

    def token(self, name: str, scopes: Sequence[str], *, lasts: dt.timedelta = dt.timedelta(days=30)) -> str:
        """Make an API token with scopes for an account."""
        with self._store.transaction() as session:
            account = session.get(Account, name)
            if account is None:
                raise NotFound(_("there is no account {name}", name=name))
            return self._open(session, account, "token", scopes, lasts)

    def by_secret(self, secret: str) -> Person | None:
        """Who a session or token secret belongs to; None when it ended, or never was."""
        now = self._now()
        with self._store.reading() as session:
            held = session.get(SignIn, _digest(secret))
            if held is None or held.expires_at < now or (held.kind == "session" and held.last_seen + IDLE < now):
                return None
            account = session.get(Account, held.account)
            if account is None or account.closed_at is not None:
                return None
            person, stale = _person(account, held.scopes), now - held.last_seen > dt.timedelta(minutes=1)
        if stale:
            with self._store.transaction() as session:
                seen = session.get(SignIn, _digest(secret))
                if seen is not None:
                    seen.last_seen = now
        return person

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self._store.transaction() as session:
            session.execute(delete(SignIn).where(SignIn.digest == _digest(secret)))

    def person(self, name: str) -> Person:
        """A person by account name.

        Raises:
            NotFound: no such account, or it is closed.
        """
        with self._store.reading() as session:
            account = session.get(Account, name)
            if account is None or account.closed_at is not None:
                raise NotFound(_("there is no account {name}", name=name))
            return _person(account)

    def all(self) -> list[Person]:
        """Every open account."""
        with self._store.reading() as session:
            rows = session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.name))
            return [_person(each) for each in rows]

    def close(self, name: str) -> None:
        """Close an account: its sessions and tokens end at once; what it did stays named."""
        with self._store.transaction() as session:
            account = session.get(Account, name)
            if account is None:
                raise NotFound(_("there is no account {name}", name=name))
            account.closed_at = self._now()
            session.execute(delete(SignIn).where(SignIn.account == name))

    def speak(self, name: str, language: Language) -> None:
        """Remember the language a person reads."""
        with self._store.transaction() as session:
            account = session.get(Account, name)
            if account is not None and language in LANGUAGES:
                account.language = language

    def _fits(self, account: Account | None, password: str) -> bool:
        held = account.password if account is not None and account.closed_at is None else self._nobody
        try:
            self._hasher.verify(held, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return account is not None

    def _open(self, session: Any, account: Account, kind: str, scopes: Sequence[str], lasts: dt.timedelta) -> str:
        secret, now = secrets.token_urlsafe(32), self._now()
        session.execute(delete(SignIn).where(SignIn.expires_at < now))
        session.add(
            SignIn(
                digest=_digest(secret),
                account=account.name,
                kind=kind,
                scopes=list(scopes),
                created_at=now,
                last_seen=now,
                expires_at=now + lasts,
            )
        )
        return secret

    @staticmethod
    def _check(name: str, password: str, roles: Sequence[str], language: str) -> None:
        if not NAME.fullmatch(name):
            raise InputError(_("an account name has small letters, digits, dots and hyphens"), where=name)
        if len(password) < SHORTEST_PASSWORD:
            raise InputError(_("a password has at least {least} characters", least=SHORTEST_PASSWORD), where=name)
        unknown = sorted(set(roles) - set(ROLES))
        if unknown or not roles:
            raise InputError(
                _("this is no role: {role}", role=", ".join(unknown) or "-"),
                where=name,
                advice=_("roles are {roles}", roles=", ".join(ROLES)),
            )
        if language not in LANGUAGES:
            raise InputError(_("this language is not spoken here: {language}", language=language), where=name)
        for one, other in APART:
            if one in roles and other in roles:
                raise Refused(
                    _("one person cannot be {one} and {other}", one=one, other=other),
                    where=name,
                    advice=_("who asks does not approve, who administers does not read"),
                )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _person(account: Account, scopes: Sequence[str] = ()) -> Person:
    language: Language = "es" if account.language == "es" else "en"
    roles = frozenset(role for role in ROLES if role in account.roles)
    return Person(account.name, account.full_name, account.agency, roles, language, frozenset(scopes))
