"""An analyst decides on what screening found: each hit stands in the queue, is looked at, and is confirmed or not."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from convenio.programs.finance.demo import nominees_as_entries
from convenio.programs.finance.screening.finding import as_finding
from convenio.programs.finance.screening.party import parties
from convenio.programs.finance.screening.screener import Screener

LISTS = ("ofac-designation", "uif-blocked")
"""The designation as both sides publish it: the same people, on a list of each."""


def decide(
    home: Path, nominees: pa.Table, customers: pa.Table, truth: Collection[tuple[str, str]], analyst: str
) -> int:
    """Screen the customers that were found against both lists, and let the analyst decide on every hit.

    Args:
        home: the folder of the node that holds the customers.
        nominees: the designated people, as the made-up world has them.
        customers: the customers that were found by name.
        truth: number of a nominee and of a customer, for those who are one person.
        analyst: the account that decides.

    Returns:
        How many hits were confirmed.
    """
    from convenio.node.node import open_node
    from convenio.work.queue import Queue

    listed = nominees_as_entries(nominees)
    entries = [dataclasses.replace(each, source=source) for source in LISTS for each in listed]
    screener = Screener(entries)
    hits = list(screener.screen(parties(_numbered(customers))))
    key, confirmed = secrets.token_bytes(32), 0
    node = open_node(home)
    try:
        person, queue = node.people.person(analyst), Queue(node.store, node.clock)
        findings = [as_finding(each, key=key, originator=person.agency, threshold=0.7) for each in hits]
        queue.add(findings, agency=person.agency, by=person.name, ranks=[each.weighed.score for each in hits])
        versions = {row["id"]: row["version"] for row in queue.all(person)}
        for hit, finding in zip(hits, findings, strict=True):
            if (hit.entry.id, hit.customer.id) in truth:
                queue.verify(person, finding.id, versions[finding.id], "Name and birth date read in both files")
                confirmed += 1
            else:
                queue.dismiss(person, finding.id, versions[finding.id], "Another person: the birth dates differ")
    finally:
        node.close()
    return confirmed


def those(customers: pa.Table, numbers: Collection[str]) -> pa.Table:
    """The customers of these numbers."""
    return customers.filter(pc.is_in(customers.column("person_id"), pa.array(sorted(numbers))))


def _numbered(customers: pa.Table) -> pa.Table:
    if "customer_id" in customers.column_names:
        return customers
    return customers.append_column("customer_id", customers.column("person_id"))
