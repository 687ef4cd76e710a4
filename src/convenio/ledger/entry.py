"""What an entry can be about, in both languages, and which operation on personal data it is.

The six operations are those that Directive (EU) 2016/680 has logged (article 25): collection, alteration,
consultation, disclosure, combination, erasure. Each leaves exactly one entry of one of the kinds that name it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from convenio.core.errors import InputError
from convenio.core.words import Message, _

Operation = Literal["collection", "alteration", "consultation", "disclosure", "combination", "erasure"]

OPERATIONS: dict[Operation, Message] = {
    "collection": _("collection"),
    "alteration": _("alteration"),
    "consultation": _("consultation"),
    "disclosure": _("disclosure"),
    "combination": _("combination"),
    "erasure": _("erasure"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of entry: its words, and the operation on personal data it is, if it is one."""

    words: Message
    operation: Operation | None = None


KINDS: dict[str, Kind] = {
    # blind match
    "asked": Kind(_("blind match asked")),
    "answered": Kind(_("blind match answered")),
    "matched": Kind(_("blind match done")),
    "match-refused": Kind(_("blind match refused")),
    "match-failed": Kind(_("blind match failed")),
    # request, decision, release
    "requested": Kind(_("request sent")),
    "request-received": Kind(_("request received")),
    "request-answered": Kind(_("answer to the request received")),
    "approved": Kind(_("approved by one person")),
    "decided": Kind(_("standing order approved")),
    "decision-received": Kind(_("approval of the standing order received")),
    "standing-ended": Kind(_("standing order ended")),
    "standing-end-received": Kind(_("end of the standing order received")),
    "refused": Kind(_("refused")),
    "released": Kind(_("released"), "disclosure"),
    "release-withdrawn": Kind(_("release withdrawn, since the other side did not take it")),
    "disclosed": Kind(_("disclosed"), "disclosure"),
    "received": Kind(_("release received"), "collection"),
    "accepted": Kind(_("release accepted under its conditions")),
    "acceptance-received": Kind(_("acceptance received, content key sent")),
    "delivered": Kind(_("release confirmed as received")),
    "opened": Kind(_("received copy opened"), "consultation"),
    "derived": Kind(_("finding derived from a received copy"), "combination"),
    "used-in-court": Kind(_("received copy put before a court"), "disclosure"),
    "use-refused": Kind(_("use of a received copy refused")),
    "undeliverable": Kind(_("message could not be delivered")),
    # conditions that travel
    "forwarded": Kind(_("forwarded with the originator's consent"), "disclosure"),
    "consent-asked": Kind(_("consent to passing on asked for")),
    "consent-asked-received": Kind(_("asked for consent to passing on")),
    "consented": Kind(_("consent to passing on given")),
    "consent-received": Kind(_("consent to passing on received")),
    "consent-refused": Kind(_("consent to passing on refused")),
    "consent-refusal-received": Kind(_("refusal of consent received")),
    "consent-withdrawn": Kind(_("consent to passing on withdrawn")),
    "consent-withdrawal-received": Kind(_("withdrawal of consent received")),
    "recalled": Kind(_("recall sent")),
    "recall-received": Kind(_("recall received")),
    "recall-blocked": Kind(_("recall answered: blocked, and kept under a legal hold")),
    "recall-acknowledged": Kind(_("recall acknowledged")),
    "finding-recalled": Kind(_("recall of one finding sent")),
    "finding-recall-received": Kind(_("one finding erased, since the originator recalled it"), "erasure"),
    "finding-recall-moot": Kind(_("recall received of a finding that is gone")),
    "finding-recall-acknowledged": Kind(_("recall of one finding acknowledged")),
    "corrected": Kind(_("correction sent"), "disclosure"),
    "correction-accepted": Kind(_("correction accepted, its key awaited")),
    "correction-moot": Kind(_("correction received of what is gone")),
    "correction-received": Kind(_("correction received"), "alteration"),
    "correction-acknowledged": Kind(_("correction acknowledged")),
    "held": Kind(_("legal hold placed")),
    "hold-lifted": Kind(_("legal hold lifted")),
    # our own records
    "collected": Kind(_("records taken in"), "collection"),
    "altered": Kind(_("records altered"), "alteration"),
    "consulted": Kind(_("records consulted"), "consultation"),
    "shown": Kind(_("shown to a person"), "consultation"),
    "finding-verified": Kind(_("finding verified by a person")),
    "finding-dismissed": Kind(_("finding dismissed by a person")),
    "unshared": Kind(_("consent to another agency's reading taken back")),
    "combined": Kind(_("records combined"), "combination"),
    "erased": Kind(_("erased"), "erasure"),
    "expired": Kind(_("erased at the end of its term"), "erasure"),
    "exported": Kind(_("exported"), "disclosure"),
    # trust
    "agreement": Kind(_("agreement adopted")),
    "agreement-suspended": Kind(_("agreement suspended")),
    "roster": Kind(_("roster of keys adopted")),
    "peer": Kind(_("peer's node added or changed")),
    "authority-changed": Kind(_("an authority's key gave way to another")),
    "key-rotated": Kind(_("key rotated")),
    "key-revoked": Kind(_("key revoked")),
    "signed-in": Kind(_("signed in")),
    "sign-in-refused": Kind(_("sign-in refused")),
    "contact-reported": Kind(_("contact reported")),
    "clock": Kind(_("clock found wrong")),
    "successor": Kind(_("this ledger succeeds another")),
}


@dataclass(frozen=True)
class Entry:
    """An entry, read.

    Args:
        kind: one of `KINDS`, or a word of a program's own.
        at: when it happened.
        actor: the account that did it, or `node`.
        subject: the request, release, run or dataset it is about.
        commitment: SHA-256 of salt and content, in hexadecimal.
        intent: number of the intent it was made from.
        body: facts that stand openly.
    """

    kind: str
    at: dt.datetime
    actor: str
    subject: str
    commitment: str
    intent: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> Message:
        """The kind in words."""
        known = KINDS.get(self.kind)
        return known.words if known is not None else Message("{kind}", {"kind": self.kind})

    @property
    def operation(self) -> Operation | None:
        """The operation on personal data that it is, if it is one."""
        known = KINDS.get(self.kind)
        return known.operation if known is not None else None

    @classmethod
    def parse(cls, data: bytes) -> Entry:
        """Read an entry from its canonical bytes.

        Raises:
            InputError: it is no entry of this form.
        """
        try:
            found = json.loads(data)
            return cls(
                kind=str(found["kind"]),
                at=dt.datetime.fromisoformat(found["at"]),
                actor=str(found["actor"]),
                subject=str(found["subject"]),
                commitment=str(found["commitment"]),
                intent=int(found["intent"]),
                body=dict(found.get("body", {})),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError(_("this is no entry of a ledger: {why}", why=str(error)[:200])) from error
