"""A ledger whose lost entries no copy has is closed, and another succeeds it under the signatures of both authorities.

The document says what the witness had seen, what is left and why. It is the first entry of the new ledger, which has
another name, so that no checkpoint of the one is taken for one of the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.folders import read_ledger
from convenio.ledger.log import HOLD, VKEY, WITNESS_VKEY, Log
from convenio.ledger.note import parse_vkeys
from convenio.ledger.recovery import Gap

CONTEXT = b"convenio ledger successor v1\n"


@dataclass
class Successor:
    """What both authorities sign.

    Args:
        body: the document: ledger, seen and left sizes and roots, successor's name, reason in both languages, day.
        signatures: base64 Ed25519 signatures by party.
    """

    body: Mapping[str, Any]
    signatures: dict[str, str] = field(default_factory=dict)

    def sign(self, party: str, key: Ed25519PrivateKey) -> None:
        """Sign with a party's authority key."""
        self.signatures[party] = b64(key.sign(CONTEXT + canonical(dict(self.body))))

    def check(self, authorities: Mapping[str, Ed25519PublicKey]) -> None:
        """Check that every authority has signed.

        Raises:
            Refused: one has not, or its signature does not fit.
        """
        for party, key in authorities.items():
            try:
                key.verify(unb64(self.signatures.get(party, "")), CONTEXT + canonical(dict(self.body)))
            except (InvalidSignature, InputError) as error:
                raise Refused(
                    _("the authority of {party} has not signed this successor", party=party),
                    kept=_("nothing was changed"),
                ) from error

    def as_json(self) -> dict[str, Any]:
        """The document with its signatures, as a file carries it from one authority to the other."""
        return {"successor": dict(self.body), "signatures": dict(self.signatures)}

    @classmethod
    def from_json(cls, told: Any) -> Successor:
        """Read a document.

        Raises:
            InputError: it is none.
        """
        try:
            body, signatures = dict(told["successor"]), {str(k): str(v) for k, v in told["signatures"].items()}
            if {str(each) for each in body} != {"v", "ledger", "seen", "left", "successor", "reason", "at"}:
                raise KeyError
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(_("this is no document of a ledger's successor")) from error
        return cls(body, signatures)


def draft(log: Log, gap: Gap, reason: Mapping[str, str], at: dt.datetime) -> Successor:
    """The document for a ledger whose gap cannot be filled.

    Args:
        log: the ledger as it is left.
        gap: what is missing.
        reason: why, in both languages.
        at: when.

    Raises:
        InputError: a language is missing.
    """
    if not all(reason.get(each, "").strip() for each in ("en", "es")):
        raise InputError(_("the reason is given in both languages"))
    return Successor(
        {
            "v": 1,
            "ledger": log.origin,
            "seen": {"size": gap.wanted, "root": gap.root.hex()},
            "left": {"size": log.size, "root": log.root().hex()},
            "successor": next_name(log.origin),
            "reason": {each: reason[each] for each in ("en", "es")},
            "at": at.isoformat(),
        }
    )


def next_name(origin: str) -> str:
    """The name of a ledger's successor: the same with a number behind it."""
    name, _stroke, number = origin.rpartition("/r")
    return f"{name}/r{int(number) + 1}" if name and number.isdigit() else f"{origin}/r2"


def origin_of(folder: Path, default: str) -> str:
    """The name of the ledger that stands in a folder, which may be a successor's; `default` where there is none yet."""
    path = folder / VKEY
    return parse_vkeys(path.read_text(encoding="utf-8", errors="replace"))[-1].name if path.exists() else default


def succeed(
    folder: Path,
    key: Ed25519PrivateKey,
    signed: Successor,
    authorities: Mapping[str, Ed25519PublicKey],
    *,
    disk: Disk = DISK,
) -> Path:
    """Close the ledger in `folder`, and begin its successor there.

    Args:
        folder: the ledger's folder; it is not open, and held.
        key: what signs the successor's checkpoints.
        signed: the document, with both signatures.
        authorities: the authorities' keys by party; each has to have signed.
        disk: where it writes.

    Returns:
        The folder that the old ledger was moved to, beside the new one's.

    Raises:
        Refused: an authority has not signed.
        Conflict: the document is about another ledger, or another state of it.
    """
    signed.check(authorities)
    new = folder.with_name(f"{folder.name}.new")
    if new.exists() and not folder.exists():
        new.rename(folder)
        return folder.with_name(f"{folder.name}.closed-{signed.body['left']['size']}")
    _tree, head = read_ledger(folder)
    left = {"size": head.size, "root": head.root.hex()}
    told = signed.body
    if told["ledger"] != head.origin or told["left"] != left or told["successor"] != next_name(head.origin):
        raise Conflict(
            _("this successor is for another ledger, or another state of it"),
            where=str(folder),
            kept=_("nothing was changed"),
        )
    if not (folder / HOLD).exists():
        raise Conflict(_("this ledger is not held: nothing is missing"), where=str(folder))
    entry = {"v": 1, "kind": "successor", "intent": 0, "at": told["at"], "actor": "authorities", "commitment": ""}
    old = folder.with_name(f"{folder.name}.closed-{head.size}")
    with Log(new, str(told["successor"]), key, disk=disk) as log:
        if not log.size:
            log.append([canonical({**entry, "subject": told["ledger"], "body": signed.as_json()})])
    witness = folder / WITNESS_VKEY
    if witness.exists():
        disk.replace(new / WITNESS_VKEY, witness.read_bytes())
    folder.rename(old)
    new.rename(folder)
    disk.sync(folder.parent)
    return old
