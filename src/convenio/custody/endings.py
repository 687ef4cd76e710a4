"""How a received copy ends or changes: its term, a recall, a correction; the legal hold keeps what is blocked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.custody import consents
from convenio.custody.clock import TrustedClock
from convenio.custody.keystore import KeyStore
from convenio.custody.sealing import unsealed
from convenio.ledger.entry import Entry
from convenio.ledger.intents import border, remember
from convenio.people.accounts import Person
from convenio.policy import duties
from convenio.stores.operational import Store
from convenio.stores.tables import OnwardConsent, ReceivedCopy, SupersededCopy, Tombstone

Follower = Callable[[Session, ReceivedCopy, str], None]
HELD = "held/"
"""Before the name of a key that only a legal hold keeps."""
LIVE = ("open", "accepted", "correcting")


class Endings:
    """What ends the copies of one node, and what follows from it.

    Args:
        store: the operational store.
        vault: the key store.
        clock: the node's clock.
    """

    def __init__(self, store: Store, vault: KeyStore, clock: TrustedClock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._followers: list[Follower] = []
        self._uncertain: Callable[[str], bool] = lambda _peer: False
        self._tell_erased: Callable[[Session, ReceivedCopy], None] = lambda _session, _held: None

    def followed_by(self, follower: Follower) -> None:
        """Have something follow a copy's end or change, in the same transaction: (session, copy, why)."""
        self._followers.append(follower)

    def uncertain_while(self, held: Callable[[str], bool]) -> None:
        """Say how to find whether it is known what has become of a peer's copies: not while its ledger is held."""
        self._uncertain = held

    def after_recall(self, tell: Callable[[Session, ReceivedCopy], None]) -> None:
        """Say how an originator is told that a recalled copy, held till now, is erased."""
        self._tell_erased = tell

    def recall(self, session: Session, release: str, peer: str, reason: str) -> bool:
        """The originator takes a copy back: nobody reads it from now on, and its key goes unless a legal hold keeps it.

        Returns:
            Whether it is erased; not yet, where a named person holds it.
        """
        held = self.from_peer(session, release, peer)
        self._note(session, held, "recall-received", "node", {"reason": reason})
        if held.state == "expired" or (held.state == "recalled" and held.key is None):
            return True
        held.state = "recalled"
        consents.end_with(session, release, consents.ASKED, self._clock(), "recalled")
        if held.held_by is not None:
            self._follow(session, held, "recalled")
            return False
        self._erase(session, held, "recalled", reason)
        return True

    def begin_correction(self, session: Session, release: str, peer: str) -> ReceivedCopy:
        """What the originator says is wrong is not read any more; its successor's key comes next.

        Raises:
            Conflict: there is nothing to be corrected: the key has not come, or the copy is gone.
        """
        held = self.from_peer(session, release, peer)
        if held.state not in {"open", "correcting"}:
            raise Conflict(
                _("this copy is {state}", state=held.state), where=release[:16], kept=_("nothing was changed")
            )
        held.state = "correcting"
        return held

    def replace(
        self, session: Session, release: str, peer: str, *, correction: str, content: bytes, key: bytes, keep: bool
    ) -> None:
        """Put the corrected content in the place of a copy's; what was made from the old one goes.

        Args:
            session: the transaction that takes the key.
            release: the copy.
            peer: the originator.
            correction: the correction's number.
            content: the sealed content.
            key: opens it.
            keep: whether the old version stays, blocked, until its term; it is erased otherwise.
        """
        held = self.from_peer(session, release, peer)
        if held.state != "correcting":
            raise Conflict(_("this copy is {state}", state=held.state), where=release[:16])
        try:
            unsealed(content, key, release)
        except (InvalidTag, ValueError) as error:
            raise Refused(_("this key does not open what was accepted"), where=correction[:16]) from error
        old, digest = held.key or "", held.content_digest
        if keep or held.held_by is not None:
            if not keep:
                self._vault.put(f"{HELD}{old}", self._vault.get(old))
                self._vault.erase(old)
                old = f"{HELD}{old}"
            session.add(
                SupersededCopy(
                    correction=correction,
                    copy=release,
                    content=held.content,
                    content_digest=digest,
                    key=old,
                    kept_at=self._clock(),
                )
            )
        else:
            self._vault.erase(old)
            session.add(
                Tombstone(
                    id=correction,
                    kind="version",
                    clause=held.clause,
                    erased_at=self._clock(),
                    reason="corrected",
                    digest=digest,
                )
            )
        held.key = f"copy/{held.expires_at.date().isoformat()}/{release}/{correction}"
        self._vault.put(held.key, key)
        held.content, held.content_digest = content, hashlib.sha256(content).hexdigest()
        held.state = "open"
        self._follow(session, held, "corrected")

    def hold(self, copy: str, actor: Person, reason: str) -> None:
        """A named person stops the deletion of a copy; that it can no longer be read is not stopped."""
        duties.require("hold", actor.roles, where=actor.name)
        if not reason.strip():
            raise InputError(_("a legal hold needs a reason"))
        with self._store.transaction() as session:
            held = self._of_agency(session, copy, actor)
            if held.key is None:
                raise Conflict(_("there is nothing left to hold: its key is erased"), where=copy[:16])
            held.held_by, held.held_reason = actor.name, reason
            self._note(session, held, "held", actor.name, {"reason": reason})

    def lift_hold(self, copy: str, actor: Person) -> None:
        """End a legal hold; what was recalled or corrected meanwhile is erased at once, what is past its term too."""
        duties.require("hold", actor.roles, where=actor.name)
        with self._store.transaction() as session:
            held = self._of_agency(session, copy, actor)
            if held.held_by is None:
                raise Conflict(_("nobody holds this copy"), where=copy[:16])
            held.held_by = held.held_reason = None
            self._note(session, held, "hold-lifted", actor.name, {})
            for old in session.scalars(select(SupersededCopy).where(SupersededCopy.copy == copy)):
                if old.key is not None and old.key.startswith(HELD):
                    self._vault.erase(old.key)
                    old.key, old.content = None, b""
            if held.state == "recalled" and held.key is not None:
                self._erase(session, held, "recalled", "hold lifted")
                self._tell_erased(session, held)

    def expire(self) -> int:
        """Erase the keys of copies past their time; how many.

        A clock that jumped far ahead of what peers cosigned erases nothing (what is past its time cannot be read all
        the same).
        """
        if self._clock.state().jumped_ahead:
            return 0
        now, erased = self._clock.effective(), 0
        past = (ReceivedCopy.expires_at <= now, ReceivedCopy.state.in_(LIVE), ReceivedCopy.held_by.is_(None))
        with self._store.reading() as session:
            due = session.scalars(select(ReceivedCopy.id).where(*past)).all()
        for each in due:
            with self._store.transaction() as session:
                held = session.get(ReceivedCopy, each, with_for_update=True)
                if held is not None and held.state in LIVE and held.held_by is None:
                    self._erase(session, held, "expired", "retention")
                    erased += 1
        return erased

    def replay(self, entries: Iterable[Entry]) -> int:
        """After a restore: what the recovered ledger says has ended here ends again; how many copies and consents.

        A database, or a key store, of before the end would show it once more. A copy that was corrected since waits for
        its originator to correct it again, since what replaced it is in no backup; for the same reason a batch of which
        one finding was recalled since is erased whole.

        Args:
            entries: the entries that the restored node had lost.
        """
        ended = 0
        for each in entries:
            with self._store.transaction() as session:
                held = session.get(ReceivedCopy, each.subject, with_for_update=True)
                if each.kind in {"erased", "expired"} and held is not None and held.state in (*LIVE, "recalled"):
                    state = "expired" if each.kind == "expired" else "recalled"
                    self._erase(session, held, state, "restored", entered=True)
                elif each.kind == "recall-received" and held is not None and held.state in LIVE:
                    held.state = "recalled"
                    consents.end_with(session, held.id, consents.ASKED, self._clock(), "recalled")
                    self._follow(session, held, "recalled")
                elif each.kind == "finding-recall-received":
                    held = session.get(ReceivedCopy, str(each.body.get("release", "")), with_for_update=True)
                    if held is None or held.state not in LIVE:
                        continue
                    self._erase(session, held, "recalled", "restored", entered=True)
                elif each.kind == "correction-received":
                    held = session.get(ReceivedCopy, str(each.body.get("release", "")), with_for_update=True)
                    if held is None or held.state != "open":
                        continue
                    held.state = "correcting"
                    self._follow(session, held, "corrected")
                elif each.kind == "consent-withdrawal-received":
                    consent = session.get(OnwardConsent, each.subject, with_for_update=True)
                    if consent is None or consent.state == "withdrawn":
                        continue
                    consent.state, consent.answered_at = "withdrawn", each.at
                else:
                    continue
                ended += 1
        return ended

    def tombstones(self) -> list[Tombstone]:
        """What is left of what was erased, newest first."""
        with self._store.reading() as session:
            return list(session.scalars(select(Tombstone).order_by(Tombstone.erased_at.desc())))

    def superseded(self, copy: str) -> list[SupersededCopy]:
        """The versions of a copy that are kept, blocked: which, and since when; nobody reads them here."""
        with self._store.reading() as session:
            wanted = select(SupersededCopy).where(SupersededCopy.copy == copy).order_by(SupersededCopy.kept_at)
            return list(session.scalars(wanted))

    def from_peer(self, session: Session, release: str, peer: str) -> ReceivedCopy:
        """A copy by its release and originator.

        Raises:
            NotFound: there is none.
        """
        held = session.get(ReceivedCopy, release, with_for_update=True)
        if held is None or held.peer != peer:
            raise NotFound(_("there is no such copy"), where=release[:16])
        return held

    def _erase(self, session: Session, held: ReceivedCopy, state: str, reason: str, *, entered: bool = False) -> None:
        for old in session.scalars(select(SupersededCopy).where(SupersededCopy.copy == held.id)):
            if old.key is not None:
                self._vault.erase(old.key)
            old.key, old.content = None, b""
        if held.key is not None:
            self._vault.erase(held.key)
        held.state, held.key, held.content = state, None, b""
        session.merge(
            Tombstone(
                id=held.id,
                kind="copy",
                clause=held.clause,
                erased_at=self._clock(),
                reason=f"{state}: {reason}" if reason != "retention" else state,
                digest=held.content_digest,
            )
        )
        consents.end_with(session, held.id, consents.ASKED, self._clock(), state)
        self._follow(session, held, state)
        if not entered:
            kind = "expired" if state == "expired" else "erased"
            self._note(session, held, kind, "node", {"reason": reason}, why=state)

    def _follow(self, session: Session, held: ReceivedCopy, why: str) -> None:
        for follower in self._followers:
            follower(session, held, why)

    def _of_agency(self, session: Session, copy: str, actor: Person) -> ReceivedCopy:
        held = session.get(ReceivedCopy, copy, with_for_update=True)
        if held is None or held.agency != actor.agency:
            raise NotFound(_("there is no such copy for you"), where=copy[:16])
        return held

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
