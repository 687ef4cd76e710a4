"""A form that is sent twice acts once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.work.tables import SentForm

KEPT = dt.timedelta(days=2)


class SentForms:
    """Which showings of forms have acted, and where that led.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def act(self, person: Person, once: str, do: Callable[[], str]) -> str:
        """Do it, unless this showing of the form has been sent before; where the browser goes next.

        Args:
            person: who sent it.
            once: the showing's name (`Form.once`); without one it acts each time.
            do: the act; returns the address to go on to. If it raises, the form may be sent again.
        """
        if not once:
            return do()
        key = (once[:64], person.name)
        try:
            with self._store.transaction() as session:
                session.execute(delete(SentForm).where(SentForm.sent_at < self._now() - KEPT))
                before = session.get(SentForm, key)
                if before is not None:
                    return before.address
                session.add(SentForm(once=key[0], account=key[1], address="/", sent_at=self._now()))
        except IntegrityError:
            return "/"
        try:
            address = do()
        except BaseException:
            with self._store.transaction() as session:
                session.execute(delete(SentForm).where(SentForm.once == key[0], SentForm.account == key[1]))
            raise
        with self._store.transaction() as session:
            held = session.get(SentForm, key)
            if held is not None:
                held.address = address
        return address
