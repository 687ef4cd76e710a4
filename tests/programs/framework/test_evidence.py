"""Evidence from operations: numbers with their day and query, small ones held back, and the programs that give them."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.core.errors import InputError
from convenio.core.program import Program, discover
from convenio.core.words import _
from convenio.programs.framework.evidence import Doors, Evidence, served
from convenio.programs.framework.evidence.doors import Opened
from convenio.programs.framework.evidence.served import TABLE
from convenio.programs.framework.evidence.stock import value_of
from convenio.programs.framework.indicators import INDICATORS
from convenio.programs.framework.scorecard import SHIPPED, read_commitments
from convenio.work.border import Counts
from convenio.work.outcomes import Outcome

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
FINANCE = {each.name: each for each in discover()["finance"].load("indicators")}
MISSING = {each.name: each for each in discover()["missing"].load("indicators")}


class Queue:
    def __init__(self, *held):
        self.held = list(held)

    def outcomes(self, program):
        return self.held


class Border:
    def __init__(self, **told):
        self.told = Counts(**{**dict.fromkeys(Counts.__dataclass_fields__, 0), **told})

    def counts(self):
        return self.told


def decided(number, state="verified", days=2):
    return [Outcome("screen", state, days)] * number


def test_decisions_of_the_queue_become_a_number_with_its_query():
    doors = Doors(Queue(*decided(6), *decided(3, "dismissed"), Outcome("screen", "new", None)))
    told = value_of("finance", FINANCE["hits_confirmed"], doors.open("finance"), NOW)
    assert (told.state, told.value, told.rows, told.on) == ("told", 6, 9, NOW.date())
    assert "program = finance" in told.query
    assert "read: is_listed" in told.query
    assert "_counted" in told.how
    assert value_of("finance", FINANCE["days_to_decision"], doors.open("finance"), NOW).value == 2


def test_a_small_number_is_held_back_and_so_is_how_many_it_was_made_from():
    told = value_of("finance", FINANCE["hits_decided"], Doors(Queue(*decided(4))).open("finance"), NOW)
    assert (told.state, told.value, told.rows) == ("suppressed", None, None)
    assert "4" not in told.model_dump_json(exclude={"at", "on", "how"})


def test_nothing_yet_is_not_the_same_as_too_few_nor_as_not_kept():
    assert value_of("finance", FINANCE["hits_decided"], Doors(Queue()).open("finance"), NOW).state == "nothing"
    held = Doors(Queue(*decided(9))).open("missing")
    assert value_of("missing", MISSING["remains_proposed"], held, NOW).value == 9
    assert value_of("missing", MISSING["remains_identified"], held, NOW).state == "unknown"
    assert value_of("missing", MISSING["days_to_answer"], held, NOW).state == "unknown"


def test_the_house_tells_what_passed_the_border():
    by_name = {each.name: each for each in INDICATORS}
    opened = Doors(border=Border(asked=4, answered=3, refused=2)).open("framework")
    assert value_of("framework", by_name["blind_matches"], opened, NOW).value == 7
    assert value_of("framework", by_name["refusals"], opened, NOW).state == "suppressed"
    assert value_of("framework", by_name["records_kept"], opened, NOW).state == "unknown"


def test_stock_is_kept_once_a_day_and_again_when_it_changes(tmp_path):
    evidence, queue = Evidence(tmp_path), Queue(*decided(5))
    programs = [discover()["finance"]]
    evidence.take_stock(programs, Doors(queue), NOW)
    evidence.take_stock(programs, Doors(queue), NOW + dt.timedelta(hours=1))
    assert [each.value for each in evidence.history("finance", "hits_decided")] == [5]
    queue.held += decided(6)
    evidence.take_stock(programs, Doors(queue), NOW + dt.timedelta(hours=2))
    evidence.take_stock(programs, Doors(queue), NOW + dt.timedelta(days=1))
    assert [each.value for each in evidence.history("finance", "hits_decided")] == [5, 11, 11]
    assert [each.value for each in evidence.latest() if each.indicator == "hits_decided"] == [11]


def stock(evidence, queue, day=0, program="finance"):
    made = evidence.take_stock([discover()[program]], Doors(queue), NOW + dt.timedelta(days=day))
    return {each.indicator: each for each in made}


def test_two_days_do_not_tell_what_came_between_while_it_is_under_five(tmp_path):
    evidence, queue = Evidence(tmp_path), Queue(*decided(9))
    assert stock(evidence, queue)["hits_decided"].value == 9
    seen = []
    for day in range(1, 7):
        queue.held += decided(1, days=9)
        told = stock(evidence, queue, day)
        seen.append((told["hits_decided"].value, told["hits_decided"].rows, told["days_to_decision"].value))
        assert told["hits_decided"].since == (None if day == 5 else NOW.date() + dt.timedelta(days=day // 6 * 5))
    assert seen == [(9, 9, 2)] * 4 + [(14, 14, 2)] * 2
    quiet = Evidence(tmp_path / "quiet")
    for day in range(2):
        same = stock(quiet, Queue(*decided(9)), day)["hits_decided"]
    assert (same.value, same.since) == (9, NOW.date()), "unchanged looks like changed by fewer than five"
    assert "since then unchanged, or by fewer than five" in str(same.said)


def test_a_number_that_was_held_back_meanwhile_is_compared_with_the_one_told_before(tmp_path):
    evidence = Evidence(tmp_path)
    assert stock(evidence, Queue(*decided(9)))["hits_decided"].value == 9
    assert stock(evidence, Queue(*decided(3)), 1)["hits_decided"].state == "suppressed"
    assert stock(evidence, Queue(*decided(11)), 2)["hits_decided"].value == 9


def test_rows_that_change_their_state_count_even_where_their_number_stays(tmp_path):
    evidence = Evidence(tmp_path)
    alarms = [Outcome("detect", "new", None)] * 20
    stock(evidence, Queue(*alarms, *decided(20)), program="early_warning")
    told = stock(evidence, Queue(*alarms[:17], *decided(23)), 1, program="early_warning")
    assert (told["alarms_decided"].value, told["alarms_raised"].value) == (20, 40)
    told = stock(evidence, Queue(*alarms[:15], *decided(25)), 2, program="early_warning")
    assert (told["alarms_decided"].value, told["alarms_raised"].value) == (25, 40)


@pytest.mark.parametrize(
    ("verified", "dismissed", "waiting", "told"),
    [
        (20, 10, 10, {"alarms_raised": 40, "alarms_decided": 30, "alarms_verified": 66.7}),
        (20, 10, 0, {"alarms_raised": 30, "alarms_decided": 30, "alarms_verified": 66.7}),
        (20, 10, 3, {"alarms_raised": 33, "alarms_decided": None, "alarms_verified": 66.7}),
        (20, 2, 10, {"alarms_raised": 32, "alarms_decided": 22, "alarms_verified": None}),
        (2, 20, 10, {"alarms_raised": 32, "alarms_decided": 22, "alarms_verified": None}),
    ],
)
def test_no_two_numbers_of_one_day_tell_a_small_one_by_subtraction(tmp_path, verified, dismissed, waiting, told):
    held = [*decided(verified), *decided(dismissed, "dismissed"), *[Outcome("detect", "new", None)] * waiting]
    made = stock(Evidence(tmp_path), Queue(*held), program="early_warning")
    assert {name: made[name].value for name in told} == told
    assert {each.rows for each in made.values()} <= (
        {len(held), None} if None not in told.values() else {None, len(held)}
    )
    if told["alarms_decided"] is None:
        assert {each.rows for each in made.values()} == {None}


def test_the_number_of_rows_does_not_tell_what_the_number_leaves_out(tmp_path):
    made = stock(Evidence(tmp_path), Queue(*decided(20), *decided(3, "dismissed")))
    assert (made["hits_decided"].value, made["hits_confirmed"].value) == (23, None)
    made = stock(Evidence(tmp_path / "m"), Queue(*decided(20), *decided(3, "dismissed")), program="missing")
    assert (made["remains_compared"].value, made["remains_proposed"].value) == (23, None)
    assert made["remains_compared"].rows is None


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=5))
def test_whatever_happens_no_difference_of_told_counts_is_small(days):
    with tempfile.TemporaryDirectory() as folder:
        evidence, held, told = Evidence(Path(folder)), [], []
        for day, (verified, dismissed, waiting) in enumerate(days):
            held += [*decided(verified), *decided(dismissed, "dismissed"), *[Outcome("detect", "new", None)] * waiting]
            made = stock(evidence, Queue(*held), day, "early_warning")
            told.append((made["alarms_raised"].value, made["alarms_decided"].value))
            fresh = [each for each in made.values() if each.value is not None and each.since is None]
            if {"alarms_raised", "alarms_decided"} <= {each.indicator for each in fresh}:
                assert not 0 < told[-1][0] - told[-1][1] < 5
        for numbers in zip(*told, strict=True):
            seen = [each for each in numbers if each is not None]
            assert not any(0 < abs(later - earlier) < 5 for earlier, later in itertools.pairwise(seen))


def test_stock_taken_many_times_a_day_does_not_creep(tmp_path):
    evidence, queue = Evidence(tmp_path), Queue(*decided(9))
    stock(evidence, queue)
    for _hour in range(4):
        queue.held += decided(1, days=9)
        assert stock(evidence, queue)["days_to_decision"].value == 2
    queue.held += decided(10, days=9)
    assert stock(evidence, queue)["days_to_decision"].value == 9
    assert [each.value for each in evidence.history("finance", "hits_decided")] == [9, 23]


def test_a_damaged_memory_of_what_was_told_is_named(tmp_path):
    evidence = Evidence(tmp_path)
    stock(evidence, Queue(*decided(9)))
    (tmp_path / "evidence-bases.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        stock(evidence, Queue(*decided(19)), 1)
    assert "evidence-bases.json" in str(caught.value)
    (tmp_path / "evidence-bases.json").unlink()
    assert stock(evidence, Queue(*decided(11)), 1)["hits_decided"].value == 9
    assert stock(evidence, Queue(*decided(19)), 2)["hits_decided"].value == 19


def test_a_damaged_line_is_named(tmp_path):
    (tmp_path / "evidence.jsonl").write_text('{"program": "finance"}\n')
    with pytest.raises(InputError) as caught:
        Evidence(tmp_path).all()
    assert "evidence.jsonl, 1" in str(caught.value)


def test_a_program_that_cannot_be_loaded_takes_nothing_from_the_others(tmp_path):
    broken = Program("broken", _("Missing"), _("Missing"), "all", "no.such.package", indicators="indicators:X")
    made = Evidence(tmp_path).take_stock([broken, discover()["finance"]], Doors(Queue()), NOW)
    assert {each.program for each in made} == {"finance"}


def test_what_nobody_tied_to_a_commitment_is_internal_and_serves_none():
    assert served("strangers", "anything").publication == "internal"
    assert served("strangers", "anything").commitments == ()


def test_every_line_of_the_table_names_an_aggregate_and_commitments_that_exist():
    numbers = {each.id for each in read_commitments(SHIPPED)}
    offered = {
        (name, each.name)
        for name, program in discover().items()
        if program.indicators
        for each in program.load("indicators")
    }
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    tied = {tuple(line.split(",")[:2]) for line in lines}
    assert tied <= offered, tied - offered
    assert offered <= tied, offered - tied
    for program, indicator in tied:
        assert set(served(program, indicator).commitments) <= numbers
        assert served(program, indicator).commitments


def test_a_value_is_said_in_both_languages():
    told = value_of("finance", FINANCE["hits_decided"], Opened([], "q"), NOW)
    assert told.title["en"] != told.title["es"]
    assert told.unit["es"]


def test_alarms_of_early_warning_are_counted_and_the_share_that_held():
    alarms = {each.name: each for each in discover()["early_warning"].load("indicators")}
    opened = Doors(Queue(*decided(6), *decided(2, "dismissed"), Outcome("detect", "new", None))).open("early_warning")
    assert value_of("early_warning", alarms["alarms_raised"], opened, NOW).value == 9
    assert value_of("early_warning", alarms["alarms_decided"], opened, NOW).value == 8
    told = value_of("early_warning", alarms["alarms_verified"], opened, NOW)
    assert (told.value, told.unit["es"]) == (75, "%")
    assert "read: decided, verified" in told.query
