"""What tests of conditions that travel have in common: a looser clause, and ledgers as lists."""

from __future__ import annotations

import yaml

from convenio.demo.cast import CLAUSE
from convenio.demo.stage import AGREEMENT_FILE
from convenio.ledger.entry import Entry
from convenio.policy.agreement import Agreement, agreement_digest, sign


def loosened(pair, **clause):
    """Amend the agreement on both nodes: the clause of the story with other values."""
    held = pair.us.agreements.in_force()[0]
    told = yaml.safe_load(AGREEMENT_FILE.read_text(encoding="utf-8"))
    for each in told["clauses"]:
        if each["id"] == CLAUSE:
            each.update(clause)
    told["version"] = held.document.version + 1
    told["amends"] = {
        "version": held.document.version,
        "digest": agreement_digest(held.document),
        "agreed_on": pair.clock().date(),
        "reason": {"en": "another way of passing on", "es": "otra forma de transferir"},
    }
    signed = Agreement.model_validate(told)
    for party, authority in pair.authorities.items():
        signed = sign(signed, authority.private, party)
    for node in (pair.us, pair.mx):
        node.agreements.adopt(signed)


def entries(node, log):
    """A ledger's entries, once everything that waits is appended."""
    node.logs.step()
    held = node.logs.get(log)
    return [Entry.parse(held.entry(i)) for i in range(held.size)]


def kinds(node, log):
    """The kinds of a ledger's entries."""
    return [each.kind for each in entries(node, log)]
