from __future__ import annotations

from collections.abc import Mapping

import pytest

from convenio.core.canonical import canonical
from convenio.core.errors import Conflict
from convenio.ledger.sequencer import Intent, Sequencer


class Waiting:
    """Intents in memory; `mark` can be made to fail, as a database does that goes away."""

    def __init__(self, numbers: range) -> None:
        self.entries = {number: canonical({"intent": number, "kind": "asked"}) for number in numbers}
        self.positions: dict[int, int] = {}
        self.gone = False

    def pending(self, after: int, limit: int) -> list[Intent]:
        found = [n for n in sorted(self.entries) if n > after and n not in self.positions]
        return [Intent(n, self.entries[n]) for n in found[:limit]]

    def mark(self, positions: Mapping[int, int]) -> None:
        if self.gone:
            raise ConnectionError
        self.positions |= positions


def test_each_intent_gets_one_place(opened):
    log, waiting = opened(), Waiting(range(1, 26))
    sequencer = Sequencer(log, waiting, batch=10)
    assert [sequencer.step() for _each in range(4)] == [10, 10, 5, 0]
    assert all(log.entry(place) == waiting.entries[number] for number, place in waiting.positions.items())
    assert log.size == len(waiting.positions) == 25


@pytest.mark.parametrize("restarted", [False, True])
def test_killed_between_append_and_mark_nothing_stands_twice(opened, restarted):
    log, waiting = opened(), Waiting(range(1, 8))
    sequencer = Sequencer(log, waiting)
    waiting.gone = True
    with pytest.raises(ConnectionError):
        sequencer.step()
    waiting.gone = False
    waiting.entries |= Waiting(range(8, 10)).entries
    if restarted:
        sequencer = Sequencer(log, waiting)
    assert sequencer.step() == 2
    assert log.size == 9
    assert all(log.entry(place) == waiting.entries[number] for number, place in waiting.positions.items())


def test_an_intent_whose_transaction_ended_late_is_not_lost(opened):
    log, waiting = opened(), Waiting(range(1, 8))
    late = waiting.entries.pop(3)
    sequencer = Sequencer(log, waiting)
    sequencer.step()
    waiting.entries[3] = late
    assert sequencer.step() == 1
    assert log.entry(6) == late


def test_a_database_older_than_the_ledger_is_refused(opened):
    log, waiting = opened(), Waiting(range(1, 8))
    Sequencer(log, waiting).step()
    restored = Waiting(range(1, 5))
    restored.positions = {1: 0, 2: 1, 3: 2, 4: 3}
    restored.entries[5] = canonical({"intent": 5, "kind": "another"})
    with pytest.raises(Conflict, match="another content"):
        Sequencer(log, restored).step()
    assert log.size == 7
