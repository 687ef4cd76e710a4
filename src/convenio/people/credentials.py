"""A person's own keys for approvals. A signature is over a decision's digest; the private key never comes here.

Two kinds: `ed25519`, a key file of the person's own, used on the command line or in the browser; `webauthn`, a security
key or passkey. A credential counts across the border only when the party's authority has put it into the roster.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from sqlalchemy import select

from convenio.core.canonical import b64, unb64
from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.tables import Account
from convenio.stores.tables import Credential as Held

SIGNED = b"convenio/decision/v1\n"


@dataclass(frozen=True)
class Credential:
    """An enrolled public key and whose it is."""

    id: str
    account: str
    kind: str
    public: str
    details: Mapping[str, Any]


def to_sign(decision_digest: str) -> bytes:
    """The bytes a person signs to approve a decision."""
    return SIGNED + decision_digest.encode("ascii")


def challenge(decision_digest: str) -> bytes:
    """The WebAuthn challenge for a decision."""
    return hashlib.sha256(to_sign(decision_digest)).digest()


def sign_decision(key: ed25519.Ed25519PrivateKey, decision_digest: str) -> dict[str, str]:
    """An approval by key file, as it is sent to the node."""
    return {"kind": "ed25519", "signature": b64(key.sign(to_sign(decision_digest)))}


def verify_signature(kind: str, public: str, signature: Mapping[str, Any], decision_digest: str) -> None:
    """Check a person's signature over a decision; both sides of the border use this.

    Args:
        kind: "ed25519" or "webauthn".
        public: base64 of the raw Ed25519 key, or of the DER form of a WebAuthn P-256 key.
        signature: what the person's device returned.
        decision_digest: hexadecimal SHA-256 of the decision.

    Raises:
        Refused: the signature does not fit the decision.
        InputError: it has another form.
    """
    try:
        if kind == "ed25519":
            key = ed25519.Ed25519PublicKey.from_public_bytes(unb64(public))
            key.verify(unb64(signature["signature"]), to_sign(decision_digest))
        elif kind == "webauthn":
            _verify_webauthn(public, signature, decision_digest)
        else:
            raise InputError(_("this is no kind of credential: {kind}", kind=kind))
    except InvalidSignature as error:
        raise Refused(
            _("the signature does not fit this decision"),
            advice=_("the decision may have changed since the page was opened; read it again and sign again"),
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(_("this is no signature"), where=kind) from error


def _verify_webauthn(public: str, signature: Mapping[str, Any], decision_digest: str) -> None:
    """WebAuthn level 2, 7.2: the assertion's challenge, user presence and verification, and the signature itself."""
    client, authenticator = unb64(signature["client_data"]), unb64(signature["authenticator_data"])
    told = json.loads(client)
    padded = str(told["challenge"]).replace("-", "+").replace("_", "/")
    padded += "=" * (-len(padded) % 4)
    if told.get("type") != "webauthn.get" or unb64(padded) != challenge(decision_digest):
        raise InvalidSignature
    present_and_verified = 0x05
    if len(authenticator) < 37 or authenticator[32] & present_and_verified != present_and_verified:
        raise InvalidSignature
    key = serialization.load_der_public_key(unb64(public))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvalidSignature
    signed = authenticator + hashlib.sha256(client).digest()
    key.verify(unb64(signature["signature"]), signed, ec.ECDSA(hashes.SHA256()))


class Credentials:
    """The enrolled credentials of one node."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    def enrol(
        self,
        person: Person,
        *,
        kind: str,
        public: str,
        details: Mapping[str, Any] | None = None,
        enrolled_by: str | None = None,
    ) -> Credential:
        """Enrol a public key for a person. It approves nothing across the border until the authority's roster has it.

        Raises:
            InputError: this is no public key of that kind.
            Conflict: the key is enrolled already.
        """
        made = hashlib.sha256(unb64(public)).hexdigest()[:32]
        try:
            if kind == "ed25519":
                ed25519.Ed25519PublicKey.from_public_bytes(unb64(public))
            elif kind == "webauthn":
                serialization.load_der_public_key(unb64(public))
            else:
                raise InputError(_("this is no kind of credential: {kind}", kind=kind))
        except ValueError as error:
            raise InputError(_("this is no public key"), where=kind) from error
        with self._store.transaction() as session:
            if session.get(Account, person.name) is None:
                raise NotFound(_("there is no account {name}", name=person.name))
            if session.get(Held, made) is not None:
                raise Conflict(_("this key is enrolled already"))
            session.add(
                Held(
                    id=made,
                    account=person.name,
                    kind=kind,
                    public=public,
                    details=dict(details or {}),
                    enrolled_at=self._now(),
                    enrolled_by=enrolled_by or person.name,
                )
            )
        return Credential(made, person.name, kind, public, dict(details or {}))

    def of(self, account: str) -> list[Credential]:
        """A person's credentials that are not revoked."""
        with self._store.reading() as session:
            wanted = select(Held).where(Held.account == account, Held.revoked_at.is_(None)).order_by(Held.enrolled_at)
            return [_credential(each) for each in session.scalars(wanted)]

    def all(self) -> list[Credential]:
        """Every credential that is not revoked, for the roster."""
        with self._store.reading() as session:
            wanted = select(Held).where(Held.revoked_at.is_(None)).order_by(Held.account, Held.enrolled_at)
            return [_credential(each) for each in session.scalars(wanted)]

    def revoke(self, credential: str) -> None:
        """Revoke a credential here; the next roster tells the peer."""
        with self._store.transaction() as session:
            held = session.get(Held, credential)
            if held is None:
                raise NotFound(_("there is no such credential"))
            held.revoked_at = self._now()

    def verify(self, person: Person, signature: Mapping[str, Any], decision_digest: str) -> Credential:
        """The person's credential that made this signature.

        Raises:
            Refused: none of the person's credentials did.
        """
        held = [each for each in self.of(person.name) if each.kind == signature.get("kind")]
        if not held:
            raise Refused(
                _("{name} has no credential of this kind", name=person.full_name),
                advice=_("enrol a key of your own first; an administrator cannot do it for you"),
            )
        for each in held[:-1]:
            try:
                verify_signature(each.kind, each.public, signature, decision_digest)
            except Refused:
                continue
            return each
        verify_signature(held[-1].kind, held[-1].public, signature, decision_digest)
        return held[-1]


def _credential(held: Held) -> Credential:
    return Credential(held.id, held.account, held.kind, held.public, held.details)
