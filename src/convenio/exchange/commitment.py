"""Commit, then audit: what an asker fixes in its ledger before it sends, and how an auditor opens a sample of it.

Each element is committed to together with its input, its blind and the case it is asked for, as a leaf of an RFC 6962
tree whose root stands in the entry `asked`. An auditor who is shown a sample's leaves recomputes, byte for byte, what
was sent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.exchange import oprf, ristretto
from convenio.exchange.ristretto import Column
from convenio.ledger.merkle import root_of

NONCE = 12


@dataclass(frozen=True)
class Opening:
    """What stands behind one element: input, blind, salt, case, and the place of the subject it was asked for."""

    value: bytes
    blind: bytes
    salt: bytes
    case: str
    place: int

    def leaf(self) -> bytes:
        """The canonical bytes that are committed to."""
        return canonical(
            {
                "input": b64(self.value),
                "blind": b64(self.blind),
                "salt": b64(self.salt),
                "case": self.case,
            }
        )


@dataclass(frozen=True)
class AuditFinding:
    """One opened element and what an auditor finds of it; `trouble` is None where all is well."""

    element: int
    case: str
    trouble: Message | None


def commitment(openings: Sequence[Opening]) -> str:
    """The root that fixes a run, in hexadecimal."""
    return root_of([each.leaf() for each in openings]).hex()


def seal_openings(openings: Sequence[Opening], labels: Sequence[str], key: bytes) -> bytes:
    """The openings, and what the subjects are called, as they are kept: sealed, for the asker and its auditor."""
    rows = [[b64(each.value), b64(each.blind), b64(each.salt), each.case, each.place] for each in openings]
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps({"rows": rows, "labels": list(labels)}).encode(), b"openings")


def open_openings(sealed: bytes, key: bytes) -> tuple[list[Opening], list[str]]:
    """Read sealed openings and labels.

    Raises:
        InputError: they were changed, or the key is another.
    """
    try:
        held = json.loads(AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], b"openings"))
    except (InvalidTag, ValueError) as error:
        raise InputError(_("the openings of this run do not open: they were changed")) from error
    rows = [
        Opening(unb64(value), unb64(blind), unb64(salt), case, place)
        for value, blind, salt, case, place in held["rows"]
    ]
    return rows, held["labels"]


def audit(
    openings: Sequence[Opening], sent: Column, root: str, sample: Sequence[int], cases: Mapping[str, str]
) -> list[AuditFinding]:
    """Open a sample of a run.

    Args:
        openings: what the asker committed to, in order.
        sent: the elements the answerer received, in order.
        root: the commitment that stands in the ledger.
        sample: places of the elements to open.
        cases: the case references that the asker's agency can account for, with what is known of each.

    Returns:
        One finding per element of the sample.

    Raises:
        InputError: the openings are not those that were committed to, or another number of elements was sent.
    """
    if commitment(openings) != root:
        raise InputError(
            _("the openings do not give the commitment that stands in the ledger"),
            advice=_("they were changed after the run; the ledger's entry is what counts"),
        )
    if len(openings) != len(sent):
        raise InputError(
            _("{sent} elements were sent, {committed} were committed to", sent=len(sent), committed=len(openings))
        )
    opened = [openings[at] for at in sample]
    points = oprf.hash_to_group([each.value for each in opened])
    again = oprf.blind_column(points, ristretto.column([each.blind for each in opened])) if opened else sent[:0]
    found = []
    for at, each, element in zip(sample, opened, again, strict=True):
        trouble = None
        if element.tobytes() != sent[at].tobytes():
            trouble = _("what was sent is not what was committed to")
        elif not each.case.strip():
            trouble = _("this element was asked for without a case")
        elif each.case not in cases:
            trouble = _("the case {case} is not known to the agency that asked", case=each.case)
        found.append(AuditFinding(at, each.case, trouble))
    return found
