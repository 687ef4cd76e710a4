"""Evidence from operations: numbers with their day and query, small ones held back, and the programs that give them."""

from __future__ import annotations

import datetime as dt

import pytest

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
    queue.held += decided(2)
    evidence.take_stock(programs, Doors(queue), NOW + dt.timedelta(hours=2))
    evidence.take_stock(programs, Doors(queue), NOW + dt.timedelta(days=1))
    assert [each.value for each in evidence.history("finance", "hits_decided")] == [5, 7, 7]
    assert [each.value for each in evidence.latest() if each.indicator == "hits_decided"] == [7]


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
