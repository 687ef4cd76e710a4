"""What was made from received copies: it inherits their conditions, and is gone when one of them is.

A finding, a result, a report made from a copy is sealed under a key of its own, in the key store that no data backup
contains. It bears the join of the copies' markings. It can be read as long as every copy it was made from can be, by
an agency that may read each of them; when a copy expires, is recalled or is corrected, the key goes with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from convenio.core.canonical import canonical
from convenio.core.errors import InputError, NotFound, Refused
from convenio.core.marking import Marking, join_all
from convenio.core.words import Message, _
from convenio.custody.clock import TrustedClock
from convenio.custody.copies import Copies
from convenio.custody.keystore import KeyStore
from convenio.custody.sealing import sealed, unsealed
from convenio.ledger.intents import INTERNAL, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import DerivedThing, ReceivedCopy, Tombstone

Rows = list[dict[str, Any]]
Made = tuple[str, Mapping[str, Any]]
MOST_COPIES = 100
RESULT = "result"
OVER = "over"
"""What ends a result at the end of its day."""


class Derived:
    """What this node made from what peers released.

    Args:
        store: the operational store.
        vault: the key store.
        copies: what it is made from.
        clock: the node's clock.
    """

    def __init__(self, store: Store, vault: KeyStore, copies: Copies, clock: TrustedClock) -> None:
        self._store = store
        self._vault = vault
        self._copies = copies
        self._clock = clock
        copies.followed_by(self._follow)

    def make(
        self,
        copies: Sequence[str],
        actor: Person,
        *,
        purpose: str,
        case: str,
        kind: str,
        build: Callable[[Sequence[Rows], Marking], Made],
    ) -> tuple[str, Mapping[str, Any]]:
        """Make something from copies: each is used as its conditions allow, and what is made inherits them all.

        Args:
            copies: the copies' numbers.
            actor: who makes it.
            purpose: what for; each copy must have been given for it.
            case: the case.
            kind: `finding`, `result`, `report`, …
            build: makes number and content from the copies' rows and the joined marking.

        Returns:
            Its number and its content.

        Raises:
            InputError: no copy, or too many, or nothing is made.
            Refused: a copy's conditions do not allow it; a receipt is kept and nothing is made.
        """
        names = list(dict.fromkeys(copies))
        if not names or len(names) > MOST_COPIES:
            raise InputError(_("something is made from between one and {most} copies", most=MOST_COPIES))
        rows = [self._copies.derive(each, actor, purpose=purpose, case=case) for each in names]
        marking = join_all([self._copies.marking(each, actor) for each in names])
        number, content = build(rows, marking)
        if marking.expires_at is None:
            raise Refused(_("a copy without a term is no copy that something can be made from"))
        key, name = os.urandom(32), f"derived/{marking.expires_at.date().isoformat()}/{number}"
        with self._store.transaction() as session:
            if session.get(DerivedThing, number) is not None:
                return number, content
            _still_open(session, names)
            self._vault.put(name, key)
            made = DerivedThing(
                id=number,
                kind=kind,
                copies=names,
                purpose=purpose,
                case_reference=case,
                content=sealed(canonical(dict(content)), key, number),
                key=name,
                expires_at=marking.expires_at,
            )
            self._keep(session, made, marking, actor)
        return number, content

    def bind(
        self,
        number: str,
        copies: Sequence[str],
        actor: Person,
        *,
        key: str,
        content: Mapping[str, Any],
        purpose: str,
        case: str,
        until: dt.datetime,
    ) -> None:
        """Have what is kept under a key of the key store end with the copies it was made from, or at a moment.

        Args:
            number: its number.
            copies: the copies, which the actor has used already.
            actor: who makes it.
            key: the name of its key; what lies under it is sealed already.
            content: what is told of it as long as it stands.
            purpose: what for.
            case: the case.
            until: when it ends at the latest.

        Raises:
            Refused: one of the copies has ended or is being corrected meanwhile; the caller drops what it kept.
        """
        names = list(dict.fromkeys(copies))
        marking = join_all([self._copies.marking(each, actor) for each in names])
        ends = until if marking.expires_at is None else min(until, marking.expires_at)
        with self._store.transaction() as session:
            _still_open(session, names)
            made = DerivedThing(
                id=number,
                kind=RESULT,
                copies=names,
                purpose=purpose,
                case_reference=case,
                content=sealed(canonical(dict(content)), self._vault.get(key), number),
                key=key,
                expires_at=ends,
            )
            self._keep(session, made, marking, actor)

    def rebind(self, number: str, key: str, content: Mapping[str, Any]) -> None:
        """Have another key, and what lies under it, take the place of the one that was bound.

        Raises:
            NotFound: nothing was bound under this number.
            Refused: it has ended meanwhile; the caller drops what it kept.
        """
        with self._store.transaction() as session:
            held = session.get(DerivedThing, number, with_for_update=True)
            if held is None:
                raise NotFound(_("there is nothing of this number for you"), where=number[:16])
            if held.state != "kept":
                raise Refused(_WHY.get(held.state, _WHY["expired"]), where=number[:16], kept=_("nothing was kept"))
            _still_open(session, held.copies)
            held.key, held.content = key, sealed(canonical(dict(content)), self._vault.get(key), number)

    def used_in(self, number: str, actor: Person, *, purpose: str, case: str) -> None:
        """Use what was made from copies in a case file: a use of each copy, which its conditions decide.

        Raises:
            NotFound: there is no such thing for this person.
            Refused: the case file is for another purpose, or a copy has ended; a receipt is kept.
        """
        for each in self._mine(number, actor).copies:
            self._copies.derive(each, actor, purpose=purpose, case=case)

    def check(self, number: str, actor: Person) -> None:
        """Refuse what was made from a copy that has ended; what was made from none passes.

        Raises:
            NotFound: it is another agency's.
            Refused: a copy it was made from has expired, was recalled or was corrected.
        """
        with self._store.reading() as session:
            if session.get(DerivedThing, number) is None:
                return
        why = self._gone(self._mine(number, actor), actor)
        if why is not None:
            raise Refused(why, where=number[:16], kept=_("nothing was shown"))

    def expire(self) -> int:
        """Erase the keys of results whose day is over; how many. What ends with its copies does so by itself."""
        if self._clock.state().jumped_ahead:
            return 0
        kept = select(DerivedThing.id).where(DerivedThing.kind == RESULT, DerivedThing.state == "kept")
        with self._store.reading() as session:
            due = session.scalars(kept.where(DerivedThing.expires_at <= self._clock.effective())).all()
        for each in due:
            with self._store.transaction() as session:
                held = session.get(DerivedThing, each, with_for_update=True)
                if held is not None and held.state == "kept":
                    self._end(session, held, OVER, "")
        return len(due)

    def read(self, number: str, actor: Person) -> Mapping[str, Any]:
        """Read what was made from copies, for one who may read each of them; one consultation entry.

        Raises:
            NotFound: there is no such thing for this person.
            Refused: a copy it was made from has expired, was recalled or was corrected.
        """
        held = self._mine(number, actor)
        why = self._gone(held, actor)
        if why is not None:
            raise Refused(why, where=number[:16], kept=_("nothing was shown"))
        content = self._content(held)
        with self._store.transaction() as session:
            self._enter(session, "consulted", actor.name, number, what=held.kind, purpose=held.purpose)
        return content

    def standing(self, numbers: Iterable[str], actor: Person) -> dict[str, Mapping[str, Any] | None]:
        """Of these numbers, what was made from copies: its content, or None where it is no longer to be shown.

        A number that stands for nothing derived is left out. Lists ask this; it leaves no entry.
        """
        asked = list(numbers)
        found: dict[str, DerivedThing] = {}
        with self._store.reading() as session:
            for start in range(0, len(asked), 500):
                part = asked[start : start + 500]
                found |= {
                    each.id: each for each in session.scalars(select(DerivedThing).where(DerivedThing.id.in_(part)))
                }
        told: dict[str, Mapping[str, Any] | None] = {}
        for number, held in found.items():
            try:
                told[number] = None if self._gone(held, actor) is not None else self._content(held)
            except (NotFound, Refused):
                told[number] = None
        return told

    def require(self, copies: Sequence[str], actor: Person) -> None:
        """Refuse what is still held in memory once a copy that it was made from may no longer be read.

        Raises:
            Refused: one has expired, was recalled or was corrected, or is not this person's to read.
        """
        for each in copies:
            why = self._copies.gone(each, actor)
            if why is not None:
                raise Refused(why, where=each[:16], kept=_("nothing was shown"))

    def of_copy(self, copy: str, actor: Person) -> list[DerivedThing]:
        """What was made from a copy by the person's agency, without content, the newest first."""
        with self._store.reading() as session:
            wanted = select(DerivedThing).where(DerivedThing.agency == actor.agency, _names(copy))
            found = session.scalars(wanted.order_by(DerivedThing.made_at.desc())).all()
        return [each for each in found if copy in each.copies]

    def _follow(self, session: Session, copy: ReceivedCopy, why: str) -> None:
        """A copy's key goes, or another content takes its place: what was made from it goes too."""
        wanted = select(DerivedThing).where(DerivedThing.state == "kept", _names(copy.id))
        for each in session.scalars(wanted):
            if copy.id not in each.copies:
                continue
            self._end(session, each, why, copy.clause, copy=copy.id)

    def _end(self, session: Session, held: DerivedThing, why: str, clause: str, **body: Any) -> None:
        """Its key goes; a tombstone and an entry stay."""
        if held.key is not None:
            self._vault.erase(held.key)
        told = hashlib.sha256(held.content).hexdigest()
        held.key, held.content, held.state = None, b"", why
        session.add(
            Tombstone(id=held.id, kind=held.kind, clause=clause, erased_at=self._clock(), reason=why, digest=told)
        )
        kind = "expired" if why in {"expired", OVER} else "erased"
        self._enter(session, kind, "node", held.id, what=held.kind, why=why, **body)

    def _gone(self, held: DerivedThing, actor: Person) -> Message | None:
        if held.state != "kept" or held.key is None:
            return _WHY.get(held.state, _WHY["expired"])
        if Marking.model_validate(held.marking).expires_at is None or self._clock.effective() >= held.expires_at:
            return _WHY["expired"]
        return next((why for why in (self._copies.gone(each, actor) for each in held.copies) if why is not None), None)

    def _content(self, held: DerivedThing) -> Mapping[str, Any]:
        try:
            content: Mapping[str, Any] = unsealed(held.content, self._vault.get(held.key or ""), held.id)
        except (InvalidTag, ValueError) as error:
            raise Refused(_("its key does not open it"), where=held.id[:16]) from error
        return content

    def _mine(self, number: str, actor: Person) -> DerivedThing:
        with self._store.reading() as session:
            held = session.get(DerivedThing, number)
        if held is None or held.agency != actor.agency:
            raise NotFound(_("there is nothing of this number for you"), where=number[:16])
        return held

    def _keep(self, session: Session, made: DerivedThing, marking: Marking, actor: Person) -> None:
        """Keep what somebody made from copies, with the entry of its making."""
        made.agency, made.marking = actor.agency, marking.model_dump(mode="json")
        made.state, made.made_by, made.made_at = "kept", actor.name, self._clock()
        session.add(made)
        told = {"copies": made.copies, "what": made.kind, "purpose": made.purpose}
        self._enter(session, "combined", actor.name, made.id, **told)

    def _enter(self, session: Session, kind: str, actor: str, number: str, **body: Any) -> None:
        remember(session, INTERNAL, kind, at=self._clock(), actor=actor, subject=number, **body)


def _still_open(session: Session, copies: Sequence[str]) -> None:
    """Hold the copies' rows until what is made from them stands, so that none ends unseen in between."""
    for each in sorted(copies):
        held = session.get(ReceivedCopy, each, with_for_update=True, populate_existing=True)
        if held is None or held.state != "open":
            state = held.state if held is not None else "expired"
            why = _WHY["corrected"] if state == "correcting" else _WHY.get(state, _WHY["expired"])
            raise Refused(why, where=each[:16], kept=_("nothing was kept"))


def _names(copy: str) -> ColumnElement[bool]:
    """That a copy's number stands in the list of copies; the list itself is looked at again afterwards."""
    found: ColumnElement[bool] = cast(DerivedThing.copies, String).contains(copy, autoescape=True)
    return found


_WHY: dict[str, Message] = {
    "expired": _("the time of a copy that it was made from is over"),
    "recalled": _("the originator recalled a copy that it was made from"),
    "corrected": _("the originator corrected a copy that it was made from; make it again"),
    OVER: _("a result is kept for a day; run the method again"),
}
