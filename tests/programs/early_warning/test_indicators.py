"""Aggregates for the scorecard, and the program's part of the story."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.programs.early_warning.demo import made_up_counts, show_alerts
from convenio.programs.early_warning.indicators import INDICATORS, LEAST
from convenio.programs.early_warning.kept import Shelf
from convenio.work.queue import Queue
from tests.console.conftest import small_node


def alarm(state="verified", days=3):
    return {"decided": state != "new", "verified": state == "verified", "days": days if state != "new" else None}


def values(rows):
    return {each.name: each.compute(rows) for each in INDICATORS}


def test_alarms_decisions_and_days_are_counted():
    rows = [alarm(days=each) for each in (1, 2, 4)] + [alarm("dismissed", 9)] * 3 + [alarm("new")] * 2
    assert values(rows) == {
        "alarms_raised": 8.0,
        "alarms_decided": 6.0,
        "alarms_verified": 50.0,
        "days_to_decision": 6.5,
    }


def test_fewer_than_five_are_not_told():
    assert set(values([alarm()] * 4).values()) == {None}
    assert set(values([]).values()) == {None}


@pytest.mark.parametrize("party", ["us", "mx"])
def test_a_fresh_demo_shows_alerts_and_one_decision(tmp_path, party):
    node = small_node(tmp_path)
    queue, person = Queue(node.store, node.clock), node.people.person("ana")
    raised, decided = show_alerts(tmp_path / "early_warning", party, queue, person, node.clock())
    assert raised >= LEAST
    assert decided == 1
    assert sorted(row["state"] for row in queue.all(person)) == ["new"] * (raised - 1) + ["verified"]
    (kept,) = Shelf(tmp_path / "early_warning", person.agency).all()
    assert "made up" in kept.title or "inventadas" in kept.title
    node.store.close()


def test_the_made_up_weeks_end_before_today_and_the_last_are_not_complete():
    counts = made_up_counts("us", dt.date(2021, 10, 6))
    assert max(counts.column("period").to_pylist()) == dt.date(2021, 9, 27)
    assert min(counts.column("completeness").to_pylist()) == 86.0
