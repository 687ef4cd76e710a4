"""Receipts: the proof of a decision, allowed or refused, that names the clause and what failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime

from convenio.core.canonical import b64, canonical, digest, unb64
from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.policy.agreement import SignatureDoesNotFit, key_name
from convenio.policy.clause import Part

DOMAIN = b"convenio receipt v1\n"


class Receipt(Part):
    """What was asked, under which clause of which version, what was decided and why.

    Args:
        id: the receipt's number.
        at: when.
        party: whose node decided.
        allowed: what it decided.
        act: what was to be done.
        actor: by whom.
        agency: of which agency.
        agreement: under which agreement.
        agreement_digest: which version, by its digest; what was in force then can be looked up by it.
        clause: under which clause.
        subject: the run, request, release or copy it is about.
        failed: what failed, in both languages; empty where it was allowed.
        asked: digest of everything that was asked.
    """

    id: str
    at: AwareDatetime
    party: str
    allowed: bool
    act: str
    actor: str
    agency: str
    agreement: str
    agreement_digest: str
    clause: str
    subject: str
    failed: tuple[dict[str, str], ...]
    asked: str


class SignedReceipt(Part):
    """A receipt with the deciding node's signature."""

    receipt: Receipt
    key: str
    signature: str


def failed_in_words(failures: Sequence[Message]) -> tuple[dict[str, str], ...]:
    """What failed, in both languages."""
    return tuple(each.in_both() for each in failures)


def digest_of(asked: Mapping[str, Any]) -> str:
    """The digest of what was asked: it can be compared, and tells nothing."""
    return digest(dict(asked))


def sign_receipt(receipt: Receipt, node_key: Ed25519PrivateKey) -> SignedReceipt:
    """The receipt with the node's signature."""
    return SignedReceipt(
        receipt=receipt,
        key=key_name(node_key.public_key()),
        signature=b64(node_key.sign(DOMAIN + _canonical(receipt))),
    )


def verify_receipt(signed: SignedReceipt, node_key: Ed25519PublicKey) -> Receipt:
    """The receipt, once its signature fits.

    Raises:
        SignatureDoesNotFit: it is not signed by this node, or was changed.
    """
    try:
        node_key.verify(unb64(signed.signature), DOMAIN + _canonical(signed.receipt))
    except (InvalidSignature, InputError) as error:
        raise SignatureDoesNotFit(
            _("the signature under this receipt does not fit"), where=signed.receipt.id
        ) from error
    return signed.receipt


def moment(at: dt.datetime) -> dt.datetime:
    """A moment as receipts keep it: UTC, whole microseconds."""
    return at.astimezone(dt.UTC)


def _canonical(receipt: Receipt) -> bytes:
    return canonical(receipt.model_dump(mode="json"))
