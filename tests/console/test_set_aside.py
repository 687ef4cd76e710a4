"""Letters that a peer cannot take are told on the home and on the border's page."""

from __future__ import annotations

from convenio.demo.cast import US
from tests.console.test_travelling import walk  # noqa: F401 - a fixture
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures


def test_a_letter_that_was_set_aside_is_told_on_pages_until_it_is_taken(pair, walk):  # noqa: F811
    analyst = walk(US, "analyst")
    assert "set-aside" not in analyst.see("/border")

    def broken(_session, _letter):
        raise ZeroDivisionError

    pair.mx.post.handle("test-kind", broken)
    with pair.us.store.transaction() as session:
        pair.us.post.write(session, "mx", "test-kind", {"release": "0" * 32})
    for _try in range(3):
        pair.settle()
        pair.clock.forward(minutes=6)
    page = analyst.see("/border")
    assert "test-kind" in page
    assert "went wrong inside this node" in page
    assert 'href="/border#set-aside"' in analyst.see("/")
    pair.mx.post.handle("test-kind", lambda _session, _letter: None)
    pair.settle()
    assert "test-kind" not in analyst.see("/border")
    assert "set-aside" not in analyst.see("/")
