"""Received copies: the originator's conditions hold at every use, and end with the key.

A copy's content stays sealed under a key of its own, in the key store that no data backup contains, named by the day it
expires; erasing the key erases the copy. Every use is decided by the conditions that came with it, and leaves a receipt
and an entry, refusals too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, NotFound, Refused
from convenio.core.marking import Marking
from convenio.core.words import Message, _
from convenio.custody import consents
from convenio.custody.clock import TrustedClock
from convenio.custody.endings import Endings
from convenio.custody.keystore import KeyStore
from convenio.custody.receipts import Receipts
from convenio.custody.sealing import unsealed
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.policy.conditions import Conditions, Use, check_use
from convenio.stores.operational import Store
from convenio.stores.tables import ReceivedCopy

DONE = {"open": "opened", "forward": "forwarded", "court": "used-in-court", "export": "exported", "derive": "derived"}


class Copies(Endings):
    """What peers released to this node.

    Args:
        store: the operational store.
        vault: the key store.
        receipts: keeps receipts.
        party: this node's party.
        clock: the node's clock.
    """

    def __init__(self, store: Store, vault: KeyStore, receipts: Receipts, party: str, clock: TrustedClock) -> None:
        super().__init__(store, vault, clock)
        self._receipts = receipts
        self._party = party

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
        held = self.from_peer(session, release, peer)
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

    def court(self, copy: str, actor: Person, *, purpose: str, case: str, to: str = "") -> list[dict[str, Any]]:
        """Put a copy into a court bundle; `to` names the court where the originator's permission was given for one.

        Raises:
            Refused: the clause forbids it, or the originator's permission is missing; with a receipt.
        """
        return self._use(copy, actor, "court", purpose=purpose, case=case, to=to)

    def export(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Take a copy out as a file.

        Raises:
            Refused: its conditions do not allow it; with a receipt.
        """
        return self._use(copy, actor, "export", purpose=purpose, case=case)

    def derive(self, copy: str, actor: Person, *, purpose: str, case: str) -> list[dict[str, Any]]:
        """Use a copy as evidence of a finding, which inherits its conditions."""
        return self._use(copy, actor, "derive", purpose=purpose, case=case)

    def marking(self, copy: str, actor: Person) -> Marking:
        """How a copy, and all that is made from it, is handled: its expiry is the person's agency's own term.

        What serves humanitarian ends alone is not used in court, and so is nothing that is made from it.
        """
        with self._store.transaction() as session:
            _row, conditions, _blocked = self._held(session, copy, actor)
        own: dict[str, Any] = {"expires_at": conditions.expires_at}
        own["recipients"] = frozenset({f"{self._party}:{actor.agency}"})
        if conditions.humanitarian_only:
            own["judicial_use"] = "forbidden"
        return conditions.marking.model_copy(update=own)

    def gone(self, copy: str, actor: Person) -> Message | None:
        """Why a copy can no longer be read by a person's agency; None where it can. It leaves no entry.

        Raises:
            NotFound: it never could.
        """
        with self._store.reading() as session:
            held, conditions, blocked = self._held(session, copy, actor)
            if blocked:
                return blocked[0]
            if self._clock.effective() >= conditions.expires_at:
                return _STATES["expired"]
            return None if held.key is not None and self._vault.has(held.key) else _STATES["expired"]

    def all(self, actor: Person | None = None, *, limit: int = 500) -> list[ReceivedCopy]:
        """Copies without their content, newest first; those of the person's agency where one is given."""
        wanted = select(ReceivedCopy).order_by(ReceivedCopy.received_at.desc()).limit(limit)
        if actor is not None and not actor.has("auditor", "ombudsperson", "secretariat"):
            shared = ReceivedCopy.id.in_(consents.passed_copies(actor.agency))
            wanted = wanted.where(or_(ReceivedCopy.agency == actor.agency, shared))
        with self._store.reading() as session:
            return list(session.scalars(wanted))

    def _use(
        self, copy: str, actor: Person, use: Use, *, purpose: str, case: str, to: str = ""
    ) -> list[dict[str, Any]]:
        duties.require("use", actor.roles, where=actor.name)
        refused: Refused | None = None
        rows: list[dict[str, Any]] = []
        with self._store.transaction() as session:
            held, conditions, blocked = self._held(session, copy, actor)
            now = self._clock.effective()
            consent = None
            if use in {"forward", "court"}:
                consent = consents.given(session, copy, act=use, to=to, purpose=purpose, case=case, at=now)
            decided = check_use(
                conditions,
                use,
                purpose=purpose,
                agency=actor.agency,
                at=now,
                case=case,
                to=to,
                consented=consent is not None,
            )
            reasons = decided.reasons + blocked
            allowed = not reasons
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
            told = {"consent": consent.id, "to": to} if consent is not None and allowed else {}
            kind, hidden = DONE[use] if allowed else "use-refused", {"purpose": purpose, "case": case, "to": to}
            self._note(session, held, kind, actor.name, hidden, receipt=receipt, **told)
            if allowed and consent is not None and use == "forward" and consents.is_own_agency(session, to):
                consent.forwarded_at = self._clock()
            if allowed and held.key is not None:
                rows = [each for each in _unsealed(held, self._vault.get(held.key)) if each]
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

    def _held(self, session: Session, copy: str, actor: Person) -> tuple[ReceivedCopy, Conditions, tuple[Message, ...]]:
        """A copy, the conditions as they hold for this person's agency, and what blocks it for that agency."""
        held = session.get(ReceivedCopy, copy, with_for_update=True)
        if held is None:
            raise self._unknown(copy)
        conditions = Conditions.model_validate(held.conditions)
        blocked: tuple[Message, ...] = ()
        if held.agency != actor.agency:
            consent = consents.passed_on(session, copy, actor.agency)
            if consent is None:
                raise self._unknown(copy)
            conditions, blocked = consents.narrowed(conditions, consent)
        if held.state != "open":
            blocked = (_STATES.get(held.state, _STATES["accepted"]),)
        elif self._uncertain(held.peer):
            blocked = (_STATES["uncertain"],)
        return held, conditions, blocked

    @staticmethod
    def _unknown(copy: str) -> NotFound:
        return NotFound(_("there is no such copy for you"), where=copy[:16])


_STATES: dict[str, Message] = {
    "accepted": _("its key has not come yet"),
    "correcting": _("the originator is correcting it; what replaces it is on its way"),
    "uncertain": _("this node was restored, and what has become of it since is being fetched from the peer"),
    "expired": _("its time is over and its key is erased"),
    "recalled": _("the originator recalled it"),
}


def _unsealed(held: ReceivedCopy, key: bytes) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = unsealed(held.content, key, held.id)
    except (InvalidTag, ValueError) as error:
        raise Refused(
            _("this key does not open what was accepted"),
            where=held.id[:16],
            advice=_("tell the other side; it sends the key again"),
        ) from error
    return rows
