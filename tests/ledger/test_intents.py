from __future__ import annotations

import hashlib
import json

import pytest

from convenio.core.canonical import canonical
from convenio.ledger.intents import INTERNAL, StoredIntents, border, remember
from convenio.ledger.sequencer import Sequencer
from convenio.stores.operational import Store
from convenio.stores.tables import Intent as Row
from tests.ledger.conftest import START


@pytest.fixture
def store(tmp_path):
    found = Store(f"sqlite:///{tmp_path}/node.db")
    found.migrate()
    yield found
    found.close()


def act(store: Store, log: str, number: int) -> None:
    with store.transaction() as session:
        content = {"case": f"secret-{number}"}
        remember(session, log, "asked", at=START, actor="ana", subject=f"run-{number}", content=content, keys=number)


def test_an_act_leaves_one_entry_in_its_own_log_that_commits_to_the_content_and_does_not_show_it(store, opened):
    for number in range(5):
        act(store, border("mx"), number)
    act(store, INTERNAL, 9)
    log = opened()
    assert Sequencer(log, StoredIntents(store, border("mx")), batch=2).step() == 2
    sequencer = Sequencer(log, StoredIntents(store, border("mx")))
    assert (sequencer.step(), sequencer.step()) == (3, 0)
    assert log.size == 5
    with store.reading() as session:
        for row in session.query(Row).where(Row.log == border("mx")):
            told = json.loads(log.entry(row.position))
            assert (told["subject"], told["body"]["keys"]) == (row.subject, row.body["keys"])
            assert told["commitment"] == hashlib.sha256(row.salt + canonical(row.content)).hexdigest()
    assert all(b"secret" not in entry for entry in log.entries())


def test_an_act_that_is_taken_back_leaves_no_entry(store, opened):
    def failing() -> None:
        with store.transaction() as session:
            remember(session, INTERNAL, "asked", at=START, actor="ana")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert Sequencer(opened(), StoredIntents(store, INTERNAL)).step() == 0
