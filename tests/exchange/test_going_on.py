"""A blind match that a stop of the node cut short goes on: the same question, asked once, counted once."""

from __future__ import annotations

import json

import pytest

from convenio.core.errors import Unreachable
from convenio.demo.cast import CLAUSE
from convenio.exchange.answering import RUN_LASTS


class Killed(BaseException):
    """The process is gone."""


def killed(pair, monkeypatch, at, *, answered):
    """A match of which the asker dies at a step, before or after the peer has answered it."""
    post = pair.us.peers.post

    def dying(peer, path, body, **more):
        if not path.endswith(at):
            return post(peer, path, body, **more)
        if answered:
            post(peer, path, body, **more)
        raise Killed

    monkeypatch.setattr(pair.us.peers, "post", dying)
    with pytest.raises(Killed):
        pair.match()
    monkeypatch.setattr(pair.us.peers, "post", post)


def kinds(node, log):
    node.logs.step()
    held = node.logs.get(log)
    return [json.loads(held.entry(i))["kind"] for i in range(held.size)]


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("at", ["/open", "/evaluate", "/set"])
def test_it_ends_as_if_nothing_had_happened_and_is_counted_once(pair, monkeypatch, at, answered):
    whole = pair.match()
    counted = [kinds(pair.us, "border-mx").count("asked"), kinds(pair.mx, "border-us").count("answered")]
    used = [pair.us.asking._budgets.used("mx", CLAUSE, "ask", "keys")]
    killed(pair, monkeypatch, at, answered=answered)
    (run,) = pair.us.asking._left()
    assert pair.us.asking.state(run) == "committed"
    assert pair.us.asking.go_on_with_all() == 1
    held = next(each for each in pair.us.asking.runs() if each.id == run)
    assert (held.state, held.hits, held.padded_size) == ("done", len(whole.hits), whole.padded_size)
    assert [each["place"] for each in held.details["hits"]] == [each.place for each in whole.hits]
    assert "statement" not in held.details
    after = [kinds(pair.us, "border-mx").count("asked"), kinds(pair.mx, "border-us").count("answered")]
    assert [each - before for each, before in zip(after, counted, strict=True)] == [1, 1]
    assert pair.us.asking._budgets.used("mx", CLAUSE, "ask", "keys") == used[0] + whole.asked
    assert pair.us.asking.go_on_with_all() == 0
    assert kinds(pair.us, "internal").count("matched") == 2


def test_while_the_peer_is_away_it_waits_and_after_an_hour_it_says_that_it_is_over(pair, monkeypatch):
    killed(pair, monkeypatch, "/evaluate", answered=False)
    (run,) = pair.us.asking._left()
    pair.to_mx.cut = True
    with pytest.raises(Unreachable):
        pair.us.asking.go_on_with_all()
    assert pair.us.asking.state(run) == "committed"
    pair.clock.forward(seconds=RUN_LASTS.total_seconds() + 60)
    with pytest.raises(Unreachable):
        pair.us.asking.go_on_with_all()
    assert pair.us.asking.state(run) == "failed"
    assert pair.us.asking.go_on_with_all() == 0
