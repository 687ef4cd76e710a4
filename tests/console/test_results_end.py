"""A method's result that was made from a copy is erased when the copy ends, also when nobody opens it."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from convenio.core.errors import InputError, NotFound, Refused
from convenio.core.method import Method
from convenio.core.words import Message
from convenio.custody.sealing import unsealed
from convenio.demo.cast import CASE, MX, PURPOSE, US
from convenio.stores.tables import DerivedThing, Tombstone
from convenio.work.tables import Job
from tests.console.test_copies_as_inputs import PATIENCE, finished, pages, run  # noqa: F401 - fixtures
from tests.exchange import test_corrections as corrections
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.travel import kinds


def recalled(pair, copy):  # noqa: F811
    pair.mx.releases.recall(copy, pair.person(MX, "supervisor"), "released in error")
    pair.settle()


def expired(pair, _copy):  # noqa: F811
    pair.clock.forward(days=91)
    pair.us.clock.cosigned(pair.clock())
    assert pair.us.copies.expire() == 1


def corrected(pair, copy):  # noqa: F811
    corrections.corrected(pair, copy)
    pair.settle()


def over(pair, _copy):  # noqa: F811
    pair.clock.forward(days=1, seconds=1)
    assert pair.us.derived.expire() == 1


def left(node):
    """The keys of results and of what is kept for them."""
    return [name for (name,) in node.vault._held.execute("select name from held") if name.startswith("parcel/")]


@pytest.mark.parametrize("end", [recalled, expired, corrected, over])
def test_the_key_of_a_result_goes_with_the_copy_or_its_day_whether_or_not_it_is_opened(pair, pages, end):  # noqa: F811
    _request, copy = pair.released()
    address = finished(pages, run(pages, copy))
    number = address.rsplit("/", 1)[1]
    (key,) = left(pair.us)
    assert key == f"parcel/{number}-result"
    end(pair, copy)
    assert left(pair.us) == []
    with pair.us.store.reading() as session:
        held = session.get(DerivedThing, number)
        assert (held.key, held.content, held.state) == (None, b"", end.__name__)
        assert session.get(Tombstone, number).kind == "result"
    ended = "erased" if end in {recalled, corrected} else "expired"
    assert kinds(pair.us, "internal").count(ended) == 1
    assert kinds(pair.us, "internal").count("combined") == 1
    answer = pages.get(address)
    assert answer.status_code in {403, 404} or "/sign-in" in str(answer.url)


def test_what_waits_for_its_run_goes_too_and_the_run_keeps_nothing(pair, pages, monkeypatch):  # noqa: F811
    _request, copy = pair.released()
    begun, honest = [], Method.run

    def slow(self, tables, *args, **more):
        begun.append(left(pair.us))
        recalled(pair, copy)
        begun.append(left(pair.us))
        return honest(self, tables, *args, **more)

    monkeypatch.setattr(Method, "run", slow)
    number = str(run(pages, copy).url).rsplit("/", 1)[1]
    until = time.monotonic() + PATIENCE
    while (state := job(pair, number).state) not in {"done", "failed"} and time.monotonic() < until:
        time.sleep(0.02)
    assert state == "failed"
    assert "recalled" in job(pair, number).trouble["en"]
    assert begun == [[f"parcel/{number}"], []]
    assert left(pair.us) == []


def job(pair, number):  # noqa: F811
    with pair.us.store.reading() as session:
        return session.get(Job, number)


def test_its_tombstone_names_no_content_and_a_copied_database_and_key_store_of_after_reads_nothing(pair, pages):  # noqa: F811
    _request, copy = pair.released()
    finished(pages, run(pages, copy))
    with pair.us.store.reading() as session:
        held = session.query(DerivedThing).one()
        content, key = held.content, pair.us.vault.get(held.key)
        assert set(unsealed(content, key, held.id)) == {"claim", "address"}
    recalled(pair, copy)
    with pytest.raises(NotFound):
        pair.us.vault.get(held.key)


def test_something_made_at_the_moment_of_a_recall_is_not_kept(pair):  # noqa: F811
    """The copy was read, and is recalled before what was made from it stands."""
    _request, copy = pair.released()
    analyst = pair.person(US, "analyst")

    def build(_rows, _marking):
        recalled(pair, copy)
        return "made-too-late", {"claim": {"en": "x", "es": "x"}}

    with pytest.raises(Refused):
        pair.us.derived.make([copy], analyst, purpose=PURPOSE, case=CASE, kind="finding", build=build)
    assert [name for (name,) in pair.us.vault._held.execute("select name from held where name like 'derived/%'")] == []


def test_a_clock_that_jumped_ahead_erases_no_result(pair, pages):  # noqa: F811
    _request, copy = pair.released()
    finished(pages, run(pages, copy))
    pair.us.clock.cosigned(pair.clock())
    ahead = pair.clock() + dt.timedelta(days=400)
    pair.us.clock._local = lambda: ahead
    assert pair.us.clock.state().jumped_ahead
    assert pair.us.derived.expire() == 0
    assert len(left(pair.us)) == 1


def test_an_error_of_a_run_on_a_copy_is_kept_without_the_values_in_it(pair, pages, monkeypatch):  # noqa: F811
    """What went wrong is kept in the database, which no key seals, and outlives the copy."""
    _request, copy = pair.released()
    names = []

    def failing(_self, tables, *_args, **_more):
        names.append(tables["holders"].column("name")[0].as_py())
        raise InputError(
            Message("{name} was born in {year:.1f}", {"name": names[0], "year": 1969.0}),
            where=names[0],
            advice=Message("look at {row}", {"row": names[0]}),
        )

    monkeypatch.setattr(Method, "run", failing)
    answer = run(pages, copy)
    number = str(answer.url).rsplit("/", 1)[1]
    until = time.monotonic() + PATIENCE
    while job(pair, number).state != "failed" and time.monotonic() < until:
        time.sleep(0.02)
    told = job(pair, number).trouble["en"]
    assert "… was born in …" in told
    assert "look at …" in told
    shown = pages.get(str(answer.url)).text
    files = [each for each in pair.us.settings.home.rglob("*") if each.is_file()]
    assert names[0] not in told + shown
    assert not [each for each in files if names[0].encode() in each.read_bytes()]
