"""Peers: other parties' nodes, known by what their authority signed and by nothing else."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import select

from convenio.core.canonical import b64, unb64
from convenio.core.errors import Conflict, InputError, NotFound, Refused, Unreachable
from convenio.core.words import _
from convenio.exchange.envelope import Correspondent
from convenio.exchange.keys import NodeKeys, envelope_key, signing_key
from convenio.exchange.transport import Line, in_time, pem, trust
from convenio.ledger.intents import INTERNAL, border, remember
from convenio.policy.agreement import key_name
from convenio.policy.handover import Handover, SignedHandover, check
from convenio.policy.roster import Officer, Roster, SignedRoster, verify_roster
from convenio.stores.operational import Store
from convenio.stores.tables import Peer

NO_LINE = "file:"
"""The address of a peer that no line joins: letters are carried as files."""
SEEN_EVERY = dt.timedelta(seconds=10)
HEARD_EVERY = dt.timedelta(seconds=1)


class Peers:
    """The peers of one node, and its own roster.

    Args:
        store: the operational store.
        party: this node's party.
        keys: this node's keys.
        now: the clock.
    """

    def __init__(self, store: Store, party: str, keys: NodeKeys, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._party = party
        self._keys = keys
        self._now = now
        self._lock = threading.Lock()
        self._lines: dict[tuple[str, str, str, float], Line] = {}
        self._rosters: dict[str, tuple[int, Roster]] = {}
        self._contexts: list[ssl.SSLContext] = []
        self._let_in: set[bytes] = set()
        self._seen: dict[str, dt.datetime] = {}
        self._told: dict[str, dt.datetime] = {}
        self._heard: list[Callable[[str], None]] = []

    def adopt_own(self, signed: SignedRoster, authority: ed25519.Ed25519PublicKey) -> Roster:
        """Take this party's own roster, signed by its authority; the authority's key is fixed by the first.

        Raises:
            Refused: it is another party's, an older version, or not signed by the authority.
        """
        return self._take(self._party, signed, authority, "")

    def add(self, party: str, signed: SignedRoster, authority: ed25519.Ed25519PublicKey, address: str) -> Roster:
        """Add a peer, or take its newer roster or address.

        Args:
            party: the peer's party.
            signed: its roster.
            authority: its authority's public key, whose fingerprint was compared out of band.
            address: its exchange address, `https://host:port`; `file:` for a peer that no line joins.

        Raises:
            InputError: the address is none, or the roster lacks a key that a peer needs.
            Refused: the roster does not fit; nothing is changed.
        """
        if party == self._party:
            raise InputError(_("a node is no peer of itself"), where=party)
        if address != NO_LINE and not address.startswith("https://"):
            raise InputError(
                _("a peer's address begins with https://"),
                where=address,
                advice=_("for example https://mx.example:8702; file: where no line joins the nodes"),
            )
        roster = self._take(party, signed, authority, address)
        self.let_in()
        return roster

    def renew(self, party: str, signed: SignedRoster) -> Roster:
        """Take a peer's newer roster, signed by the authority that is known already."""
        held = self._row(party)
        return self.add(party, signed, signing_key(held.authority), held.address)

    def hand_over(self, signed: SignedHandover) -> Handover:
        """Take another key for a party's authority, this party's own or a peer's; the old one counts no more.

        Raises:
            NotFound: that party is not known here.
            Refused: the key that gives way is not the known one, or a signature is missing; nothing is changed.
        """
        party = signed.document.party
        known = self.authorities()
        held = self._row(party)
        told, new = check(signed, known.pop(party), known)
        parties = [each.party for each in self.all()]
        with self._store.transaction() as session:
            row = session.get(Peer, party, with_for_update=True)
            if row is None or row.authority != held.authority:
                raise Conflict(_("this authority was changed meanwhile"), where=party, kept=_("nothing was changed"))
            row.authority = b64(new.public_bytes_raw())
            for log in (INTERNAL, *(border(each) for each in parties)):
                remember(
                    session,
                    log,
                    "authority-changed",
                    at=self._now(),
                    actor="node",
                    subject=party,
                    content=signed.model_dump(mode="json"),
                    old=key_name(signing_key(told.old)),
                    new=key_name(new),
                    lost=told.lost,
                )
        return told

    def all(self) -> list[Peer]:
        """Every peer, by party."""
        with self._store.reading() as session:
            return list(session.scalars(select(Peer).where(Peer.address != "").order_by(Peer.party)))

    def roster(self, party: str) -> Roster:
        """The newest roster of a party, this node's own included.

        Raises:
            NotFound: none is known.
        """
        return self._read(self._row(party))

    def authorities(self) -> dict[str, ed25519.Ed25519PublicKey]:
        """Every known authority's public key by party, this node's own included."""
        with self._store.reading() as session:
            return {each.party: signing_key(each.authority) for each in session.scalars(select(Peer))}

    def known(self) -> Mapping[str, Correspondent]:
        """Every peer's node keys that are good now, by party."""
        now = self._now()
        return {
            each.party: Correspondent(
                each.party, {key: signing_key(key) for key in self._read(each).public_keys("node", now)}
            )
            for each in self.all()
        }

    def keys(self, party: str, kind: str) -> list[ed25519.Ed25519PublicKey]:
        """A party's `node`, `ledger` or `cosigner` keys that are good now, newest last."""
        return [signing_key(each) for each in self.roster(party).public_keys(kind, self._now())]

    def envelope_public(self, party: str) -> str:
        """The newest envelope key of a peer, base64."""
        held = self.roster(party).public_keys("envelope", self._now())
        if not held:
            raise Refused(_("the roster of {party} has no envelope key that is good now", party=party))
        return held[-1]

    def certificates(self) -> list[bytes]:
        """Every peer's certificates that are good now, DER."""
        now = self._now()
        return [unb64(key) for each in self.all() for key in self._read(each).public_keys("tls", now)]

    def by_certificate(self, certificate: bytes) -> str | None:
        """The party whose roster names this certificate now; None where none does, or where it has ended."""
        wanted, now = b64(certificate), self._now()
        if not in_time(certificate, now):
            return None
        for each in self.all():
            if wanted in self._read(each).public_keys("tls", now):
                return each.party
        return None

    def officer(self, party: str, credential: str, at: dt.datetime) -> Officer:
        """The officer a credential belongs to, if it was good at a moment and is not revoked now.

        Raises:
            Refused: the party's roster does not have it, or it was revoked: whatever date a signature bears.
        """
        found = self.roster(party).officer(credential, at, included=self._now())
        if found is None:
            raise Refused(
                _("the roster of {party} has no such officer, or the key was revoked", party=party),
                where=credential[:16],
                advice=_("the other side sends its newest roster, signed by its authority, and approves again"),
            )
        return found

    def has_line(self, party: str) -> bool:
        """Whether a peer is called over the wire."""
        return self._row(party).address != NO_LINE

    def post(self, party: str, path: str, content: bytes, *, kind: str = "application/json") -> bytes:
        """Send bytes to a peer, return the answer's (see `Line.post`)."""
        return self._line(party, 120.0).post(path, content, kind=kind)

    def call(self, party: str, path: str, content: bytes) -> tuple[int, bytes]:
        """Send bytes to a peer, return status and body (see `Line.call`)."""
        return self._line(party, 15.0).call(path, content)

    def when_heard(self, work: Callable[[str], None]) -> None:
        """Say what is done when a peer is heard from, at most once a second."""
        self._heard.append(work)

    def seen(self, party: str) -> None:
        """The peer was heard from: it called, or it answered. What waits for its line need not wait any longer."""
        now = self._now()
        if not _lately(self._told.get(party), now, HEARD_EVERY):
            self._told[party] = now
            for work in self._heard:
                work(party)
        if _lately(self._seen.get(party), now, SEEN_EVERY):
            return
        self._seen[party] = now
        with self._store.transaction() as session:
            held = session.get(Peer, party)
            if held is not None:
                held.last_seen = now

    def trusted_by(self, context: ssl.SSLContext) -> None:
        """A server's context that new peers are to be let in by."""
        self._contexts.append(context)
        self._let_in = set()
        self.let_in()

    def let_in(self) -> None:
        """Let in the certificates of rosters that came since, also of those that another process took."""
        now = self.certificates()
        fresh = [each for each in now if each not in self._let_in]
        if fresh:
            for context in self._contexts:
                trust(context, fresh)
            self._let_in = set(now)

    def close(self) -> None:
        """Close every line."""
        with self._lock:
            for each in self._lines.values():
                each.close()
            self._lines.clear()

    def _take(self, party: str, signed: SignedRoster, authority: ed25519.Ed25519PublicKey, address: str) -> Roster:
        with self._store.reading() as session:
            held = session.get(Peer, party)
        fixed = b64(authority.public_bytes_raw())
        if held is not None and held.authority != fixed:
            raise Refused(
                _("the authority of {party} is known by another key", party=party),
                advice=_("compare fingerprints out of band; a new key comes with a handover: convenio peer handover"),
                kept=_("nothing was changed"),
            )
        previous = SignedRoster.model_validate(held.roster) if held is not None else None
        roster = verify_roster(signed, authority, previous=previous)
        if roster.party != party:
            raise Refused(_("this is the roster of {other}, not of {party}", other=roster.party, party=party))
        _complete(roster, self._now())
        with self._store.transaction() as session:
            session.merge(
                Peer(
                    party=party,
                    address=address,
                    authority=fixed,
                    roster=signed.model_dump(mode="json"),
                    roster_version=roster.version,
                    added_at=held.added_at if held is not None else self._now(),
                    last_seen=held.last_seen if held is not None else None,
                )
            )
            remember(
                session,
                border(party) if address else INTERNAL,
                "peer" if address else "roster",
                at=self._now(),
                actor="node",
                subject=party,
                content={"address": address},
                version=roster.version,
            )
        return roster

    def _line(self, party: str, patience: float) -> Line:
        held = self._row(party)
        if held.address == NO_LINE:
            raise Unreachable(
                _("no line joins this node and {party}", party=party),
                advice=_("letters are carried as files: convenio peer export, convenio peer import"),
            )
        certificate = self._read(held).public_keys("tls", self._now())
        if not certificate or not in_time(unb64(certificate[-1]), self._now()):
            raise Unreachable(
                _("the roster of {party} has no certificate that is good now", party=party),
                advice=_("the other side sends its newest roster, signed by its authority"),
            )
        name = (party, held.address, certificate[-1], patience)
        with self._lock:
            if name not in self._lines:
                self._lines[name] = Line(party, held.address, self._keys, unb64(certificate[-1]), patience=patience)
            return self._lines[name]

    def _read(self, held: Peer) -> Roster:
        """A party's roster, read once a version."""
        known = self._rosters.get(held.party)
        if known is None or known[0] != held.roster_version:
            self._rosters[held.party] = known = (held.roster_version, SignedRoster.model_validate(held.roster).roster)
        return known[1]

    def _row(self, party: str) -> Peer:
        with self._store.reading() as session:
            held = session.get(Peer, party)
        if held is None:
            raise NotFound(
                _("{party} is no peer of this node", party=party),
                advice=_("add it with: convenio peer add"),
            )
        return held


def _lately(at: dt.datetime | None, now: dt.datetime, within: dt.timedelta) -> bool:
    """Whether something was a short while ago; what lies ahead, by a clock that was set back since, was not."""
    return at is not None and dt.timedelta(0) <= now - at < within


def _complete(roster: Roster, now: dt.datetime) -> None:
    for kind in ("node", "ledger", "cosigner", "envelope", "tls"):
        held = roster.public_keys(kind, now)
        if not held:
            raise InputError(
                _("this roster has no key of the kind {kind} that is good now", kind=kind),
                where=roster.party,
                kept=_("nothing was changed"),
            )
        for each in held:
            if kind == "envelope":
                envelope_key(each)
            elif kind == "tls":
                pem(unb64(each))
            else:
                signing_key(each)
