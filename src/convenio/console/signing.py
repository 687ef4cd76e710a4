"""What a page needs so that a person can sign a document with a key of their own."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from fastapi import Request

from convenio.console.context import Console
from convenio.core.canonical import b64, digest
from convenio.core.words import Message
from convenio.people.accounts import Person
from convenio.people.credentials import challenge, to_sign

SIGNED: dict[str, tuple[str, ...]] = {
    "webauthn": ("client_data", "authenticator_data", "signature"),
    "ed25519": ("signature",),
}


def to_be_signed(
    console: Console,
    request: Request,
    person: Person,
    document: Mapping[str, Any],
    *,
    told: list[tuple[Message, Any]],
    given: Collection[str],
) -> dict[str, Any]:
    """What the signing block shows and what the page's script signs.

    Args:
        console: the console.
        request: the page that was asked for.
        person: who signs.
        document: what is signed.
        told: the document in words, line by line.
        given: the accounts that have signed it.
    """
    made = digest(dict(document))
    keys = console.credentials.of(person.name)
    passkeys = [each.details.get("credential_id") for each in keys if each.kind == "webauthn"]
    return {
        "told": told,
        "digest": made,
        "already": person.name in given,
        "challenge": b64(challenge(made)),
        "bytes": b64(to_sign(made)),
        "host": request.url.hostname,
        "passkey_ids": json.dumps([each for each in passkeys if each]),
        "passkeys": bool(passkeys),
        "files": any(each.kind == "ed25519" for each in keys),
    }


def signature_in(sent: Mapping[str, Any]) -> dict[str, str]:
    """The signature that a signing block sent."""
    kind = str(sent.get("kind", ""))
    return {"kind": kind, **{name: str(sent.get(name, "")) for name in SIGNED.get(kind, ())}}
