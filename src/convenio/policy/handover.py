"""An authority's key gives way to another: a document that is signed offline and carried as a file.

Where the old key is at hand, it and the new one sign. Where it is lost or in other hands, the new key and the authority
of every other party sign instead, each after comparing the new fingerprint by another way: no party alone can put a new
key in the place of one that it lost. Once a node has taken the document, nothing that the old key signs is taken.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, Field, ValidationError

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import InputError, Refused
from convenio.core.words import _
from convenio.policy.clause import Code, Part, Words

DOMAIN = b"convenio authority handover v1\n"
Public = Annotated[str, Field(min_length=40, max_length=64)]


class Handover(Part):
    """What is signed.

    Args:
        party: whose authority.
        old: its public key till now, base64.
        new: its public key from now on, base64.
        lost: whether the old key is lost or in other hands, so that it does not sign.
        reason: why, in both languages.
        at: when it was written.
    """

    party: Code
    old: Public
    new: Public
    lost: bool = False
    reason: Words
    at: AwareDatetime


class SignedHandover(Part):
    """A handover with its signatures: `old` and `new`, and other parties' authorities by party."""

    document: Handover
    signatures: dict[str, str] = Field(default_factory=dict)

    def text(self) -> str:
        """The document as a JSON file."""
        return self.model_dump_json(indent=2) + "\n"


def draft(
    party: str, old: Ed25519PublicKey, new: Ed25519PublicKey, reason: Mapping[str, str], at: dt.datetime, *, lost: bool
) -> SignedHandover:
    """The document that nobody has signed yet.

    Raises:
        InputError: a language of the reason is missing, or the two keys are one.
    """
    if not all(reason.get(to, "").strip() for to in ("en", "es")):
        raise InputError(_("the reason is given in both languages"))
    told = {"party": party, "old": b64(old.public_bytes_raw()), "new": b64(new.public_bytes_raw())}
    if told["old"] == told["new"]:
        raise InputError(_("the new key is the old one"), kept=_("nothing was signed"))
    held = Handover(**told, lost=lost, reason=Words(en=reason["en"], es=reason["es"]), at=at)
    return SignedHandover(document=held)


def signed(held: SignedHandover, name: str, key: Ed25519PrivateKey) -> SignedHandover:
    """The document with one more signature.

    Args:
        held: the document.
        name: `old`, `new`, or another party.
        key: the key.

    Raises:
        InputError: the key is not the one that the document names.
    """
    wanted = {"old": held.document.old, "new": held.document.new}.get(name)
    if wanted is not None and b64(key.public_key().public_bytes_raw()) != wanted:
        raise InputError(_("this is not the key that the document names"), where=name, kept=_("nothing was signed"))
    return held.model_copy(update={"signatures": {**held.signatures, name: b64(key.sign(_bytes(held.document)))}})


def check(
    held: SignedHandover, known: Ed25519PublicKey, others: Mapping[str, Ed25519PublicKey]
) -> tuple[Handover, Ed25519PublicKey]:
    """The document and the new key, once everyone has signed whose signature it needs.

    Args:
        held: the document.
        known: the authority's key as it is known here.
        others: the authorities of every other party that is known here.

    Raises:
        Refused: a signature is missing or does not fit, or the key that gives way is not the known one.
    """
    told = held.document
    if b64(known.public_bytes_raw()) != told.old:
        raise Refused(
            _("the authority of {party} is known here by another key than the one that gives way", party=told.party),
            advice=_("compare fingerprints out of band"),
            kept=_("nothing was changed"),
        )
    new = Ed25519PublicKey.from_public_bytes(unb64(told.new))
    wanted: dict[str, Ed25519PublicKey] = {"new": new}
    wanted |= dict(others) if told.lost else {"old": known}
    if told.lost and not others:
        raise Refused(_("no other party is known here that could vouch for the new key"), kept=_("nothing was changed"))
    for name, key in wanted.items():
        try:
            key.verify(unb64(held.signatures.get(name, "")), _bytes(told))
        except (InvalidSignature, InputError) as error:
            raise Refused(
                _("the signature of {name} under this handover is missing or does not fit", name=name),
                advice=_("each signs the same document: convenio authority countersign"),
                kept=_("nothing was changed"),
            ) from error
    return told, new


def read_handover(path: Path) -> SignedHandover:
    """A handover from its file; the signatures are not checked here.

    Raises:
        InputError: it is none.
    """
    try:
        return SignedHandover.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError, RecursionError) as error:
        raise InputError(_("this is no handover of an authority's key"), where=str(path)) from error


def _bytes(document: Handover) -> bytes:
    return DOMAIN + canonical(document.model_dump(mode="json"))
