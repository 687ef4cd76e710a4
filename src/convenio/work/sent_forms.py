"""A form that is sent twice acts once, and leads both times to what came of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from convenio.core.errors import Conflict
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.work.tables import SentForm

KEPT = dt.timedelta(days=2)
PATIENCE = 20.0
LOOK = 0.05


class SentForms:
    """Which showings of forms have acted, and where that led.

    Args:
        store: the operational store.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def act(self, person: Person, once: str, do: Callable[[], str], *, patience: float = PATIENCE) -> str:
        """Do it, unless this showing of the form has been sent before; where the browser goes next.

        A browser follows the answer to the last press of a button: a second press waits for what the first one does,
        so that both lead there.

        Args:
            person: who sent it.
            once: the showing's name (`Form.once`); without one it acts each time.
            do: the act; returns the address to go on to. If it raises, the form may be sent again.
            patience: seconds that a second sending waits for the first.

        Raises:
            Conflict: the first sending is still being worked on, or the node stopped in the middle of it.
        """
        if not once:
            return do()
        key = (once[:64], person.name)
        if not self._take(key):
            return self._what_came_of(person, key, do, patience)
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

    def _take(self, key: tuple[str, str]) -> bool:
        """Whether this sending is the first."""
        try:
            with self._store.transaction() as session:
                session.execute(delete(SentForm).where(SentForm.sent_at < self._now() - KEPT))
                if session.get(SentForm, key) is not None:
                    return False
                session.add(SentForm(once=key[0], account=key[1], address="", sent_at=self._now()))
        except IntegrityError:
            return False
        return True

    def _what_came_of(self, person: Person, key: tuple[str, str], do: Callable[[], str], patience: float) -> str:
        until = time.monotonic() + patience
        while True:
            with self._store.reading() as session:
                held = session.get(SentForm, key)
                address = held.address if held is not None else None
            if address is None:  # the first one failed and let go: this one may try
                return self.act(person, key[0], do, patience=patience)
            if address:
                return address
            if time.monotonic() >= until:
                raise Conflict(
                    _("this form was sent before, and what came of it is not known yet"),
                    advice=_("look at the list that it adds to; if nothing stands there, open the form anew"),
                    kept=_("it was not sent a second time"),
                )
            time.sleep(LOOK)
