"""Received copies: the originator's conditions hold at every use, and end with the key.

A copy's content stays sealed under a key of its own, in the key store that no data backup contains, named by the day it
expires; erasing the key erases the copy. Every use is decided by the conditions that came with it, and leaves a receipt
and an entry, refusals too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import Message, _
from convenio.custody.clock import TrustedClock
from convenio.custody.keystore import KeyStore
from convenio.custody.receipts import Receipts
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.policy.conditions import Conditions, Use, check_use
from convenio.stores.operational import Store
from convenio.stores.tables import ReceivedCopy, Tombstone

NONCE = 12
DONE = {"open": "opened", "forward": "forwarded", "court": "used-in-court", "export": "exported", "derive": "derived"}


class Copies:
    """What peers released to this node.

    Args:
        store: the operational store.
        vault: the key store.
        receipts: keeps receipts.
        party: this node's party.
        clock: the node's clock.
    """

    def __init__(self, store: Store, vault: KeyStore, receipts: Receipts, party: str, clock: TrustedClock) -> None:
        self._store = store
        self._vault = vault
        self._receipts = receipts
        self._party = party
        self._clock = clock
        self._consented: Callable[[str, str], bool] = lambda _release, _to: False

    def take(
        self,
        session: Session,
        *,
        release: str,
        peer: str,
        request: str,
        agency: str,
        agreement: str,
        clause: str,
        conditions: Mapping[str, Any],
        content: bytes,
        content_digest: str,
    ) -> None:
        """Keep sealed content whose key has not come yet."""
        session.add(
            ReceivedCopy(
                id=release,
                peer=peer,
                request=request,
                agency=agency,
                agreement=agreement,
                clause=clause,
                conditions=dict(conditions),
                content=content,
                content_digest=content_digest,
                key=None,
                state="accepted",
                received_at=self._clock(),
                expires_at=Conditions.model_validate(conditions).expires_at,
                held_by=None,
                held_reason=None,
            )
        )

    def unlock(self, session: Session, release: str, peer: str, key: bytes) -> None:
        """Take the content key, once it opens the content.

        Raises:
            Refused: it does not open what was accepted.
        """
        held = self._from(session, release, peer)
        if held.state == "open":
            return
        if held.state != "accepted":
            raise Conflict(_("this copy is {state}", state=held.state), where=release[:16])
        _unsealed(held, key)
        held.key = f"copy/{held.expires_at.date().isoformat()}/{release}"
        self._vault.put(held.key, key)
        held.state = "open"

    def open(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Read a copy for the purpose it was given for.

        Raises:
            NotFound: there is no such copy for this person.
            Refused: another purpose, or after its expiry or recall; with a receipt.
        """
        return self._use(copy, actor, "open", purpose=purpose, case=case)

    def forward(self, copy: str, actor: Person, *, to: str, purpose: str, case: str) -> list[dict[str, Any]]:
        """Pass a copy on, to another party or another agency of this one.

        Raises:
            Refused: the originator has not consented; with a receipt.
        """
        return self._use(copy, actor, "forward", purpose=purpose, case=case, to=to)

    def court(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Put a copy into a court bundle.

        Raises:
            Refused: the clause forbids it; with a receipt.
        """
        return self._use(copy, actor, "court", purpose=purpose, case=case)

    def export(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Take a copy out as a file.

        Raises:
            Refused: its conditions do not allow it; with a receipt.
        """
        return self._use(copy, actor, "export", purpose=purpose, case=case)

    def derive(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Use a copy as evidence of a finding, which inherits its conditions."""
        return self._use(copy, actor, "derive", purpose=purpose, case=case)

    def recall(self, session: Session, release: str, peer: str, reason: str) -> None:
        """The originator takes a copy back: its key goes now, whatever was planned; a tombstone stays."""
        held = self._from(session, release, peer)
        if held.state in {"recalled", "expired"}:
            return
        self._erase(session, held, "recalled", reason)

    def hold(self, copy: str, actor: Person, reason: str) -> None:
        """A named person stops the deletion of a copy; that it can no longer be read is not stopped."""
        duties.require("hold", actor.roles, where=actor.name)
        if not reason.strip():
            raise InputError(_("a legal hold needs a reason"))
        with self._store.transaction() as session:
            held = self._mine(session, copy, actor)
            held.held_by, held.held_reason = actor.name, reason
            self._note(session, held, "held", actor.name, {"reason": reason})

    def lift_hold(self, copy: str, actor: Person) -> None:
        """End a legal hold."""
        duties.require("hold", actor.roles, where=actor.name)
        with self._store.transaction() as session:
            held = self._mine(session, copy, actor)
            held.held_by = held.held_reason = None
            self._note(session, held, "hold-lifted", actor.name, {})

    def expire(self) -> int:
        """Erase the keys of copies past their time; how many.

        A clock that jumped far ahead of what peers cosigned erases nothing (what is past its time cannot be read all
        the same).
        """
        if self._clock.state().jumped_ahead:
            return 0
        now, erased = self._clock.effective(), 0
        with self._store.reading() as session:
            due = [
                each.id
                for each in session.scalars(
                    select(ReceivedCopy).where(
                        ReceivedCopy.expires_at <= now, ReceivedCopy.state.in_(["open", "accepted"])
                    )
                )
                if each.held_by is None
            ]
        for each in due:
            with self._store.transaction() as session:
                held = session.get(ReceivedCopy, each, with_for_update=True)
                if held is not None and held.state in {"open", "accepted"} and held.held_by is None:
                    self._erase(session, held, "expired", "retention")
                    erased += 1
        return erased

    def all(self, actor: Person | None = None, *, limit: int = 500) -> list[ReceivedCopy]:
        """Copies without their content, newest first; those of the person's agency where one is given."""
        wanted = select(ReceivedCopy).order_by(ReceivedCopy.received_at.desc()).limit(limit)
        if actor is not None and not actor.has("auditor", "ombudsperson", "secretariat"):
            wanted = wanted.where(ReceivedCopy.agency == actor.agency)
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def tombstones(self) -> list[Tombstone]:
        """What is left of what was erased, newest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(Tombstone).order_by(Tombstone.erased_at.desc())))

    def consents(self, given: Callable[[str, str], bool]) -> None:
        """Say how to find whether an originator has consented to a release going to a recipient."""
        self._consented = given

    def _use(
        self, copy: str, actor: Person, use: Use, *, purpose: str, case: str, to: str = ""
    ) -> list[dict[str, Any]]:
        duties.require("use", actor.roles, where=actor.name)
        refused: Refused | None = None
        rows: list[dict[str, Any]] = []
        with self._store.transaction() as session:
            held = self._mine(session, copy, actor)
            conditions = Conditions.model_validate(held.conditions)
            decided = check_use(
                conditions,
                use,
                purpose=purpose,
                agency=actor.agency,
                at=self._clock.effective(),
                case=case,
                to=to,
                consented=self._consented(copy, to),
            )
            allowed, reasons = decided.allowed, decided.reasons
            if allowed and held.state != "open":
                allowed, reasons = False, (_STATES.get(held.state, _STATES["accepted"]),)
            receipt = self._receipts.keep(
                session,
                allowed=allowed,
                act=use,
                actor=actor.name,
                agency=actor.agency,
                agreement=held.agreement,
                agreement_digest=conditions.agreement_digest,
                clause=held.clause,
                subject=copy,
                reasons=reasons,
                asked={"use": use, "purpose": purpose, "case": case, "to": to},
            )
            kind = DONE[use] if allowed else "use-refused"
            self._note(session, held, kind, actor.name, {"purpose": purpose, "case": case, "to": to}, receipt=receipt)
            if allowed and held.key is not None:
                rows = _unsealed(held, self._vault.get(held.key))
            else:
                refused = Refused(
                    reasons[0] if reasons else _("this use is not allowed"),
                    where=_("release {release}, clause {clause}", release=copy[:16], clause=held.clause),
                    advice=_("receipt {receipt}", receipt=receipt),
                    kept=_("nothing was shown"),
                )
        if refused is not None:
            raise refused
        return rows

    def _erase(self, session: Session, held: ReceivedCopy, state: str, reason: str) -> None:
        if held.key is not None:
            self._vault.erase(held.key)
        held.state, held.key, held.content = state, None, b""
        session.add(
            Tombstone(
                id=held.id,
                kind="copy",
                clause=held.clause,
                erased_at=self._clock(),
                reason=f"{state}: {reason}" if reason != "retention" else state,
                digest=held.content_digest,
            )
        )
        self._note(session, held, "expired" if state == "expired" else "erased", "node", {"reason": reason}, why=state)

    def _note(
        self, session: Session, held: ReceivedCopy, kind: str, actor: str, content: Mapping[str, Any], **body: Any
    ) -> None:
        remember(
            session,
            border(held.peer),
            kind,
            at=self._clock(),
            actor=actor,
            subject=held.id,
            content=content,
            clause=held.clause,
            **body,
        )

    def _mine(self, session: Session, copy: str, actor: Person) -> ReceivedCopy:
        held = session.get(ReceivedCopy, copy, with_for_update=True)
        if held is None or held.agency != actor.agency:
            raise NotFound(_("there is no such copy for you"), where=copy[:16])
        return held

    def _from(self, session: Session, release: str, peer: str) -> ReceivedCopy:
        held = session.get(ReceivedCopy, release, with_for_update=True)
        if held is None or held.peer != peer:
            raise NotFound(_("there is no such copy"), where=release[:16])
        return held


_STATES: dict[str, Message] = {
    "accepted": _("its key has not come yet"),
    "expired": _("its time is over and its key is erased"),
    "recalled": _("the originator recalled it and its key is erased"),
}


def _unsealed(held: ReceivedCopy, key: bytes) -> list[dict[str, Any]]:
    try:
        content = AESGCM(key).decrypt(held.content[:NONCE], held.content[NONCE:], held.id.encode())
        rows: list[dict[str, Any]] = json.loads(content)
    except (InvalidTag, ValueError) as error:
        raise Refused(
            _("this key does not open what was accepted"),
            where=held.id[:16],
            advice=_("tell the other side; it sends the key again"),
        ) from error
    return rows
