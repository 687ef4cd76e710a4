"""The sealed, signed carrier: signed inside, so that nobody passes it on as if sent to another, and sealed outside.

The seal is HPKE (RFC 9180) with the hybrid ML-KEM-768 with X25519, HKDF-SHA-256 and AES-256-GCM. An envelope is one
canonical JSON document, sent over mutual TLS or carried as a file.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import InputError, Refused
from convenio.core.words import Message, _

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
SIGNED = b"convenio/envelope/v1\n"
MOST_BYTES = 64 * 1024 * 1024
LASTS = dt.timedelta(days=90)
AHEAD = dt.timedelta(minutes=10)


class EnvelopeError(Refused):
    """An envelope that is cut, for someone else, from an unknown key, or out of time."""


class NotYet(EnvelopeError):
    """An envelope that may be taken later: a clock is wrong, or a roster is still on its way. It is sent again."""

    status = 425


class Letter(BaseModel):
    """What an envelope holds, once opened and verified."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    v: int = 1
    id: str = Field(min_length=8, max_length=64)
    kind: str = Field(max_length=64)
    sender: str = Field(alias="from", max_length=32)
    recipient: str = Field(alias="to", max_length=32)
    sequence: int = Field(ge=0)
    agreement: str = Field(default="", max_length=128)
    clause: str = Field(default="", max_length=128)
    sent_at: dt.datetime
    expires_at: dt.datetime
    body: dict[str, Any]


@dataclass(frozen=True)
class Correspondent:
    """What the recipient knows of the sender: its party and the node keys of its roster, by key."""

    party: str
    node_keys: Mapping[str, ed25519.Ed25519PublicKey]


def write_letter(
    kind: str,
    body: Mapping[str, Any],
    *,
    sender: str,
    recipient: str,
    sequence: int,
    now: dt.datetime,
    agreement: str = "",
    clause: str = "",
    lasts: dt.timedelta = LASTS,
) -> Letter:
    """A letter that is not yet signed or sealed."""
    return Letter(
        id=uuid.uuid4().hex,
        kind=kind,
        sender=sender,
        recipient=recipient,
        sequence=sequence,
        agreement=agreement,
        clause=clause,
        sent_at=now,
        expires_at=now + lasts,
        body=dict(body),
    )


def seal(
    letter: Letter,
    *,
    signer: ed25519.Ed25519PrivateKey,
    recipient_key: hpke.MLKEM768X25519PublicKey,
) -> bytes:
    """Sign a letter and seal it to its recipient."""
    message = canonical(letter.model_dump(mode="json", by_alias=True))
    inner = canonical(
        {
            "message": b64(message),
            "key": b64(signer.public_key().public_bytes_raw()),
            "signature": b64(signer.sign(SIGNED + message)),
        }
    )
    sealed = SUITE.encrypt(inner, recipient_key, info=_info(letter.sender, letter.recipient))
    return canonical({"v": 1, "id": letter.id, "from": letter.sender, "to": letter.recipient, "sealed": b64(sealed)})


def open_envelope(
    envelope: bytes,
    *,
    me: str,
    key: hpke.MLKEM768X25519PrivateKey,
    known: Mapping[str, Correspondent],
    now: dt.datetime,
    others: Sequence[hpke.MLKEM768X25519PrivateKey] = (),
) -> Letter:
    """Open an envelope that should be for `me`, and verify who wrote it.

    Args:
        envelope: the bytes as they came.
        me: this party.
        key: what opens it.
        known: every peer's node keys.
        now: the time.
        others: keys that gave way, or are waiting, to which it may have been sealed too.

    Raises:
        InputError: it is cut, too long or no envelope.
        EnvelopeError: it is for someone else, from an unknown sender or key, its signature or seal does not fit, or its
            time is over.
    """
    outer = _parse(envelope)
    if outer["to"] != me:
        raise EnvelopeError(
            _("this envelope is for {other}, not for {me}", other=outer["to"], me=me),
            advice=_("send it to the node it is addressed to; nothing in it can be read here"),
        )
    sender = known.get(outer["from"])
    if sender is None:
        raise NotYet(
            _("this envelope comes from {sender}, whom this node does not know", sender=outer["from"]),
            advice=_("an administrator adds a peer with its authority's roster"),
        )
    inner = _unsealed(outer, me, (key, *others))
    return _verified(inner, outer, sender, now)


def _unsealed(outer: Mapping[str, str], me: str, keys: Sequence[hpke.MLKEM768X25519PrivateKey]) -> Any:
    failed: Exception | None = None
    for each in keys:
        try:
            return json.loads(SUITE.decrypt(unb64(outer["sealed"]), each, info=_info(outer["from"], me)))
        except (InvalidTag, ValueError, RecursionError) as error:
            failed = error
    raise EnvelopeError(
        _("the seal of this envelope does not open"),
        advice=_("it was changed on the way, or sealed to a key this node no longer has; ask for it again"),
    ) from failed


def _verified(inner: Any, outer: dict[str, str], sender: Correspondent, now: dt.datetime) -> Letter:
    try:
        message, signature, public = unb64(inner["message"]), unb64(inner["signature"]), inner["key"]
        letter = Letter.model_validate_json(message)
    except (KeyError, TypeError, ValidationError) as error:
        raise _no_envelope() from error
    signer = sender.node_keys.get(public)
    if signer is None:
        raise NotYet(
            _("this envelope is signed by a key that is not in {sender}'s roster", sender=sender.party),
            advice=_("ask the other side for its newest roster, signed by its authority"),
        )
    try:
        signer.verify(signature, SIGNED + message)
    except InvalidSignature as error:
        raise EnvelopeError(_("the signature in this envelope does not fit"), advice=_AGAIN) from error
    if (letter.id, letter.sender, letter.recipient) != (outer["id"], outer["from"], outer["to"]):
        raise EnvelopeError(_("this envelope says on the outside something else than inside"), advice=_AGAIN)
    if now > letter.expires_at:
        raise EnvelopeError(
            _("this envelope could be taken until {moment}", moment=letter.expires_at.isoformat()), advice=_AGAIN
        )
    if letter.sent_at > now + AHEAD:
        raise NotYet(
            _("this envelope was sent in the future, at {moment}", moment=letter.sent_at.isoformat()),
            advice=_("compare the clocks of both nodes"),
        )
    return letter


_AGAIN: Message = _("ask the sender to send it again")


def _parse(envelope: bytes) -> dict[str, str]:
    if len(envelope) > MOST_BYTES:
        raise InputError(
            _("this envelope is longer than {most} bytes", most=MOST_BYTES),
            advice=_("large answers are released in parts"),
        )
    try:
        outer = json.loads(envelope)
    except (ValueError, RecursionError) as error:
        raise _no_envelope() from error
    wanted = {"v", "id", "from", "to", "sealed"}
    if not isinstance(outer, dict) or set(outer) != wanted or outer["v"] != 1:
        raise _no_envelope()
    if not all(isinstance(outer[name], str) for name in wanted - {"v"}):
        raise _no_envelope()
    return outer


def _no_envelope() -> InputError:
    return InputError(_("this is no whole envelope"), advice=_("it may have been cut on the way; ask for it again"))


def _info(sender: str, recipient: str) -> bytes:
    return b"convenio/envelope/v1/" + sender.encode() + b"/" + recipient.encode()
