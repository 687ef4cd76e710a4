from __future__ import annotations

import datetime as dt
import json

import pytest

from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound, Refused
from convenio.core.program import discover
from convenio.programs.framework import rules
from convenio.programs.framework.export import commitments_table, export, indicators_table
from convenio.programs.framework.model import Amendment, Baseline, Indicator, Milestone, Observation, Rating
from convenio.programs.framework.scorecard import SHIPPED, Scorecard, read_commitments

TODAY = dt.date(2023, 6, 1)


def indicator(**more):
    told = {
        "id": "overdose-deaths",
        "commitment": "C52",
        "title_en": "Deaths by overdose",
        "title_es": "Muertes por sobredosis",
        "unit": "deaths",
        "level": "outcome",
        "direction": "down",
        "source": "a public series",
        "registered_change": 5.0,
        "registered_on": dt.date(2022, 1, 1),
        "action_began": dt.date(2022, 6, 1),
        "baseline": Baseline(value=100, on=dt.date(2021, 12, 31), instrument="death certificates"),
        "publication": "public",
    }
    return Indicator(**{**told, **more})


def observation(value=80.0, low=75.0, high=85.0, **more):
    told = {
        "indicator": "overdose-deaths",
        "on": dt.date(2023, 1, 1),
        "value": value,
        "low": low,
        "high": high,
        "source": "a public series",
        "entered_at": dt.datetime(2023, 2, 1, tzinfo=dt.UTC),
        "entered_by": "ana",
    }
    return Observation(**{**told, **more})


def rating(**more):
    told = {
        "commitment": "C52",
        "rater": "us",
        "completion": "limited",
        "given_on": TODAY,
        "expires_on": TODAY + dt.timedelta(days=365),
        "by": "ana",
    }
    return Rating(**{**told, **more})


@pytest.fixture
def card(tmp_path):
    made = Scorecard(tmp_path / "card")
    made.register(indicator())
    return made


def test_ninety_five_commitments_are_shipped_in_both_languages():
    held = read_commitments(SHIPPED)
    assert len(held) == 95
    assert all(each.text_en != each.text_es for each in held)
    assert sum(each.modality == "principle" for each in held) == 21
    assert len({each.id for each in held}) == 95


def test_every_commitment_that_software_does_and_whose_program_exists_names_something_that_runs():
    for each in read_commitments(SHIPPED):
        program = discover().get(each.program)
        if each.software != "tracks" and program is not None:
            assert program.commands or program.methods or program.pages, each.id


@pytest.mark.parametrize(
    ("value", "low", "high", "result"),
    [
        (80, 75, 85, "improving"),
        (120, 110, 130, "worse"),
        (100, 97, 103, "flat"),
        (96, 80, 110, "unknown"),
        (94, 90, 98, "unknown"),
    ],
)
def test_a_result_only_where_the_interval_settles_it(value, low, high, result):
    assert rules.result_of(indicator(), [observation(value, low, high)], TODAY)[0] == result


@pytest.mark.parametrize(
    "change",
    [
        {"level": "output"},
        {"baseline": None},
        {"baseline": Baseline(value=100, on=dt.date(2022, 7, 1), instrument="x")},
        {"registered_change": None},
        {"registered_on": dt.date(2023, 5, 1)},
        {"action_began": None},
    ],
)
def test_without_its_evidence_a_result_is_unknown_and_says_why(change):
    result, why = rules.result_of(indicator(**change), [observation()], TODAY)
    assert result == "unknown"
    assert str(why)


def test_no_observation_and_no_interval_are_unknown():
    assert rules.result_of(indicator(), [], TODAY)[0] == "unknown"
    assert rules.result_of(indicator(), [observation(low=None, high=None)], TODAY)[0] == "unknown"


def test_an_observation_is_never_overwritten(card):
    card.observe(observation())
    with pytest.raises(Conflict):
        card.observe(observation(70.0, 65.0, 75.0))
    card.observe(observation(70.0, 65.0, 75.0, version=2))
    assert [each.value for each in card.observations()] == [80.0, 70.0]
    assert rules.latest(card.observations()).value == 70.0


def test_a_baseline_is_locked(card):
    with pytest.raises(Refused):
        card.register(indicator(baseline=Baseline(value=90, on=dt.date(2021, 12, 31), instrument="x")))
    assert card.indicators()[0].baseline.value == 100


def test_what_cannot_be_observed_is_told(card):
    card.register(indicator(id="share", unit="%", baseline=None))
    for wrong in (
        observation(on=dt.date(2020, 1, 1)),
        observation(80.0, 85.0, 90.0),
        observation(101.0, 100.0, 102.0, indicator="share"),
    ):
        with pytest.raises(InputError):
            card.observe(wrong)
    with pytest.raises(NotFound):
        card.observe(observation(indicator="nothing"))
    assert card.observations() == []


def test_three_raters_stand_side_by_side_and_expire(card):
    card.rate(rating())
    card.rate(rating(rater="mx", completion="complete"))
    sides = rules.side_by_side(card.ratings("C52"), TODAY)
    assert (sides["us"].completion, sides["mx"].completion, sides["reviewer"]) == ("limited", "complete", None)
    assert rules.side_by_side(card.ratings("C52"), TODAY + dt.timedelta(days=400)) == {
        "us": None,
        "mx": None,
        "reviewer": None,
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"commitment": "C01"}, Refused),
        ({"commitment": "C57a", "result": "fewer homicides"}, Refused),
        ({"rater": "reviewer"}, Refused),
        ({"expires_on": TODAY}, InputError),
        ({"commitment": "C999"}, NotFound),
    ],
)
def test_a_rating_that_the_rules_do_not_admit_is_refused(card, change, error):
    with pytest.raises(error):
        card.rate(rating(**change))
    assert card.ratings() == []


def test_a_result_may_be_told_where_an_outcome_baseline_is_older_than_the_action(card):
    card.rate(rating(result="fewer deaths", rater="reviewer", independence="a university; 30 days for comments"))
    assert card.ratings()[0].result == "fewer deaths"


def test_a_milestone_moves_only_by_an_amendment(card):
    milestone = Milestone(
        id="m1", commitment="C69", title_en="First meeting", title_es="Primera reunión", first_due=dt.date(2022, 12, 31)
    )
    card.plan(milestone)
    with pytest.raises(InputError):
        card.plan(milestone.model_copy(update={"first_due": dt.date(2030, 1, 1)}))
    card.amend("m1", Amendment(due=dt.date(2023, 3, 1), by="ana", on=TODAY, reason="the hall was closed"))
    (held,) = card.milestones()
    assert (held.first_due, held.due) == (dt.date(2022, 12, 31), dt.date(2023, 3, 1))
    with pytest.raises(NotFound):
        card.amend("m2", Amendment(due=dt.date(2023, 3, 1), by="ana", on=TODAY, reason="x"))


def test_only_what_is_public_leaves(card, tmp_path):
    card.register(indicator(id="secret", publication="internal"))
    assert indicators_table(card, TODAY, "public").column("id").to_pylist() == ["overdose-deaths"]
    assert indicators_table(card, TODAY, "internal").num_rows == 2
    export(card, tmp_path / "card.html", today=TODAY, level="public")
    text = (tmp_path / "card.html").read_text(encoding="utf-8")
    assert "secret" not in text
    assert "<script" not in text
    for form in ("csv", "xlsx", "json"):
        export(card, tmp_path / f"card.{form}", today=TODAY, level="public")
        assert (tmp_path / f"card.{form}").stat().st_size > 1000


def test_no_evidence_is_shown_as_what_it_is(card):
    rows = {row["id"]: row for row in commitments_table(card, TODAY).to_pylist()}
    assert rows["C52"]["us"] == "no evidence"
    assert rows["C01"]["us"] == ""
    assert rows["C52"]["outcome_indicator"]
    assert not rows["C53"]["outcome_indicator"]


def run(*words):
    from typer.testing import CliRunner

    from convenio.programs.framework.commands import app

    return CliRunner().invoke(app, [str(each) for each in words])


def test_the_rules_hold_through_import_and_command_line_too(card, tmp_path):
    changed = indicator(baseline=Baseline(value=1, on=dt.date(2021, 12, 31), instrument="x"))
    file = tmp_path / "in.json"
    file.write_text(json.dumps({"indicators": [changed.model_dump(mode="json")]}))
    assert isinstance(run("import", card.folder, file).exception, Refused)
    common = ["--on", "2023-01-01", "--source", "s", "--by", "ana"]
    assert run("observe", card.folder, "overdose-deaths", "80", *common).exit_code == 0
    assert isinstance(run("observe", card.folder, "overdose-deaths", "70", *common).exception, Conflict)
    rated = ["--rater", "us", "--completion", "complete", "--expires", "2999-01-01", "--by", "ana"]
    assert isinstance(run("rate", card.folder, "C01", *rated).exception, Refused)
    assert isinstance(run("rate", card.folder, "C57a", *rated, "--result", "good").exception, Refused)
    assert run("rate", card.folder, "C57a", *rated).exit_code == 0
    bad_day = [*common[2:], "--on", "03/04/2022"]
    assert isinstance(run("observe", card.folder, "overdose-deaths", "1", *bad_day).exception, InputError)
    assert card.indicators()[0].baseline.value == 100


@pytest.mark.parametrize("text", ["", "[]", "{", '{"ratings": []}', '{"indicators": [{"id": "x"}]}'])
def test_what_is_no_import_is_refused_and_nothing_is_half_written(tmp_path, text):
    file = tmp_path / "in.json"
    file.write_text(text)
    assert isinstance(run("import", tmp_path / "card", file).exception, ConvenioError)
    assert not (tmp_path / "card" / "indicators.json").exists()


def test_a_shifted_column_and_a_number_twice_are_told(tmp_path):
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    shifted = tmp_path / "shifted.csv"
    shifted.write_text("\n".join([lines[0], "x," + lines[1]]), encoding="utf-8")
    twice = tmp_path / "twice.csv"
    twice.write_text("\n".join([lines[0], lines[1], lines[1]]), encoding="utf-8")
    for path in (shifted, twice):
        with pytest.raises(InputError):
            read_commitments(path)


def test_status_counts_what_has_no_outcome_indicator(card):
    told = json.loads(run("status", card.folder, "--json", "-").stdout)
    assert (told["commitments"], told["with_outcome_indicator"], told["without_outcome_indicator"]) == (95, 1, 94)
