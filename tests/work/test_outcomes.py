"""What became of findings, for counting: states and days, and nothing that tells one finding from another."""

from __future__ import annotations

import dataclasses

from convenio.console.samples import sample_finding
from convenio.work.outcomes import Outcome
from convenio.work.queue import Queue
from tests.console.conftest import small_node


def test_a_decided_finding_counts_its_days_and_an_open_one_has_none(tmp_path):
    node = small_node(tmp_path)
    queue = Queue(node.store, node.clock)
    finding = sample_finding()
    queue.add([finding], agency="uif", by="ana")
    assert queue.outcomes(finding.program) == [Outcome(finding.method, "new", None)]
    node.clock.forward(days=3)
    row = queue.all(node.people.person("ana"))[0]
    queue.dismiss(node.people.person("ana"), row["id"], row["version"], "not the same person")
    assert queue.outcomes(finding.program) == [Outcome(finding.method, "dismissed", 3)]
    assert queue.outcomes("another") == []
    node.store.close()


def test_an_outcome_holds_no_content_no_person_and_no_agency():
    assert {each.name for each in dataclasses.fields(Outcome)} == {"method", "state", "days"}
