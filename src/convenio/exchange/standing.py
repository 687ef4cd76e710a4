"""A standing order as both sides write it, and the tree over the findings of one of its batches."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from convenio.core.canonical import canonical
from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.ledger.merkle import HASH_SIZE, fold, leaf_hash
from convenio.policy.clause import Code
from convenio.stores.tables import StandingOrder

STATES: dict[str, Message] = {
    "sent": _("not answered yet"),
    "waiting": _("waiting for officers"),
    "open": _("open"),
    "refused": _("refused"),
    "ended": _("ended"),
}
ENDED = frozenset({"refused", "ended"})
MOST = 1_000
MOST_BYTES = 8 * 1024 * 1024
NONCE = 12
SALTS = b"convenio/standing/salts/v1"


class Told(BaseModel):
    """An order as a letter tells it; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    order: str = Field(pattern=r"^[0-9a-f]{32}$")
    holder: Code
    agreement: Code
    agreement_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    clause: Code
    purpose: Code
    case: str = Field(max_length=200)
    subject_roles: list[Code] = Field(min_length=1, max_length=20)
    categories: list[Code] = Field(min_length=1, max_length=200)
    fields: list[Code] = Field(min_length=1, max_length=200)
    per_day: int = Field(ge=1, le=1_000_000)
    until: AwareDatetime
    asker: str = Field(max_length=200)
    asker_agency: Code
    asker_role: Code
    reason: str = Field(max_length=2000)


def told(held: StandingOrder) -> dict[str, Any]:
    """An order as the peer is told it."""
    return {
        "order": held.id,
        "holder": held.holder,
        "agreement": held.agreement,
        "agreement_digest": held.agreement_digest,
        "clause": held.clause,
        "purpose": held.purpose,
        "case": held.case_reference,
        "subject_roles": list(held.subject_roles),
        "categories": list(held.categories),
        "fields": list(held.fields),
        "per_day": held.per_day,
        "until": held.until.astimezone(dt.UTC).isoformat(),
        "asker": held.asker,
        "asker_agency": held.asker_agency,
        "asker_role": held.asker_role,
        "reason": held.reason,
    }


def from_told(body: Mapping[str, Any], sender: str, now: dt.datetime) -> StandingOrder:
    """The row of an order that a peer sent, which waits for officers.

    Raises:
        InputError: it is no order.
    """
    try:
        said = Told.model_validate(dict(body))
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("this is no standing order: {place}", place=".".join(map(str, first["loc"])) or "-"),
            kept=_("nothing was taken"),
        ) from error
    return StandingOrder(
        id=said.order,
        side="answer",
        peer=sender,
        case_reference=said.case,
        state="waiting",
        approvals=[],
        answer=None,
        trouble=None,
        numbers=0,
        opened_at=now,
        answered_at=None,
        **said.model_dump(exclude={"order", "case"}),
    )


def decision_of(held: StandingOrder, giver: str, recipient: str) -> dict[str, Any]:
    """What the officers sign, as both sides write it: all that will go out, to whom, how much a day, until when."""
    return {
        "v": 1,
        "outcome": "standing",
        "from": giver,
        "to": recipient,
        **{name: value for name, value in told(held).items() if name != "reason"},
    }


def salt_of(key: bytes) -> bytes:
    """The salt of a batch's leaves, from its content key: who has the content has it, and nobody else."""
    return hmac.new(key, SALTS, hashlib.sha256).digest()


def leaf_of(salt: bytes, place: int, finding: bytes) -> bytes:
    """The leaf of one finding: its canonical form behind a salt of its own, hashed as RFC 6962 hashes leaves."""
    own = hmac.new(salt, place.to_bytes(8, "big"), hashlib.sha256).digest()
    return leaf_hash(own + finding)


def leaves_of(salt: bytes, findings: Sequence[bytes]) -> list[bytes]:
    """The leaves of a batch, 32 bytes each, in order."""
    return [leaf_of(salt, place, each) for place, each in enumerate(findings)]


def root_of(leaves: Sequence[bytes]) -> str:
    """The root over a batch's leaves, in hexadecimal."""
    return fold(leaves).hex()


def proof_of(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes that show that a leaf stands at `place` in a batch (RFC 6962, 2.1.1)."""
    start, end, proof = 0, len(leaves), list[bytes]()
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if place < middle:
            proof.append(fold(leaves[middle:end]))
            end = middle
        else:
            proof.append(fold(leaves[start:middle]))
            start = middle
    return proof[::-1]


def unpack(leaves: bytes) -> list[bytes]:
    """Leaves that are kept as one run of bytes."""
    return [leaves[at : at + HASH_SIZE] for at in range(0, len(leaves), HASH_SIZE)]


def canonical_findings(rows: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """The canonical form of each finding of a batch."""
    return [canonical(dict(each)) for each in rows]
