"""The story on a machine that is slow: a copy for a few seconds is given again, for longer, when it came too late."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from convenio.demo.client import Declined
from convenio.demo.story import Failed, Story

MATCH = {"run": "r", "hits": [{"place": 0}, {"place": 1}]}
LIFE = dt.timedelta(milliseconds=20)


class Slow(Story):
    """A story whose releases come as a list says: `open`, `expired`, or declined `early` or `late`."""

    def __init__(self, *comes):
        super().__init__(SimpleNamespace(alive=lambda: True), lambda _words: None)
        self.comes, self.lives, self.refusals = list(comes), [], 0

    def _release(self, _match, _hit, *, until):
        end = dt.datetime.fromisoformat(until)
        self.lives.append(end - dt.datetime.now(dt.UTC))
        how = self.comes.pop(0)
        if how == "late":
            while dt.datetime.now(dt.UTC) <= end:
                pass
        if how in {"early", "late"}:
            raise Declined(409, {"title": "over"})
        return {"id": "c", "state": how}

    def _refused(self, _act, *, receipt=True):
        self.refusals += receipt

    def _us(self):
        return SimpleNamespace(get=lambda _path: [{"id": "c", "state": "expired"}])


@pytest.mark.parametrize(
    ("comes", "lives"), [(["open"], 1), (["expired", "open"], 2), (["late", "expired", "open"], 3)]
)
def test_a_copy_that_came_too_late_is_given_again_for_longer(comes, lives):
    made = Slow(*comes)
    made._expires(MATCH, LIFE)
    assert len(made.lives) == lives
    assert made.lives == sorted(made.lives)
    assert made.refusals == 1


def test_a_release_that_never_arrives_in_time_and_one_that_is_declined_in_time_fail():
    with pytest.raises(Failed):
        Slow("expired", "expired", "expired")._expires(MATCH, LIFE)
    with pytest.raises(Declined):
        Slow("early")._expires(MATCH, dt.timedelta(hours=1))
