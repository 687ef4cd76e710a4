from __future__ import annotations

import datetime as dt
import json

import pytest

from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound, Refused
from convenio.programs.framework import formats
from convenio.programs.framework.export import commitments_table, export
from convenio.programs.framework.model import Baseline
from convenio.programs.framework.scorecard import Scorecard
from tests.programs.framework.made_up import TODAY, VISIT, indicator, milestone, observation, rating, run

COMMON = ("--on", "2023-01-01", "--source", "s", "--by", "ana")
RATED = ("--rater", "us", "--completion", "complete", "--by", "ana")


def told(result):
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


def imported(tmp_path, card, **kinds):
    file = tmp_path / "in.json"
    held = {name: [each.model_dump(mode="json") for each in parts] for name, parts in kinds.items()}
    file.write_text(json.dumps(held), encoding="utf-8")
    return run("import", card.folder, file)


def test_the_rules_hold_through_the_command_line(card):
    done = run("observe", card.folder, "waiting", "80", *COMMON, "--low", "75", "--high", "85", "--json", "-")
    assert told(done)["observed"]["value"] == 80
    recent = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=30)
    for words, error in (
        (("observe", "waiting", "70", *COMMON), Conflict),
        (("observe", "waiting", "70", *COMMON, "--version", "3"), InputError),
        (("observe", "waiting", "1", *COMMON[2:], "--on", "03/04/2022"), InputError),
        (("observe", "nothing", "1", *COMMON), NotFound),
        (("observe", "waiting", "1", *COMMON, "--part", "female"), InputError),
        (("observe", "waiting", "1", *COMMON, "--publication", "secret"), InputError),
        (("rate", "C01", *RATED, "--evidence", VISIT), Refused),
        (("rate", "C57a", *RATED), Refused),
        (("rate", "C57a", *RATED, "--evidence", f"visit, {recent}", "--result", "good"), Refused),
        (("rate", "C57a", *RATED, "--evidence", f"visit, {recent}", "--expires", "2999-01-01"), Refused),
        (("rate", "C57a", "--rater", "somebody", *RATED[2:], "--evidence", f"visit, {recent}"), InputError),
        (("rate", "C57a", "--rater", "reviewer", *RATED[2:], "--evidence", f"visit, {recent}"), Refused),
        (("amend", "m9", "--due", "2030-01-01", "--by", "ana", "--reason", "x"), NotFound),
        (("done", "m9", "--by", "ana"), NotFound),
    ):
        result = run(words[0], card.folder, *words[1:])
        assert isinstance(result.exception, error), (words, result.exception)
    rated = told(run("rate", card.folder, "C57a", *RATED, "--evidence", f"visit, {recent}", "--json", "-"))
    assert dt.date.fromisoformat(rated["expires_on"]).year == recent.year + 2
    again = run("rate", card.folder, "C57a", *RATED[:-1], "luis", "--evidence", f"visit, {recent}")
    assert isinstance(again.exception, Conflict)
    assert "complete, by ana" in str(again.exception)


@pytest.mark.parametrize(
    ("kinds", "error"),
    [
        ({"indicators": [indicator(baseline=Baseline(value=1, on=dt.date(2021, 12, 31), instrument="x"))]}, Refused),
        ({"indicators": [indicator(level="output")]}, Refused),
        ({"indicators": [indicator(registered_change=0.5)]}, Refused),
        ({"observations": [observation(70.0, 65.0, 75.0)]}, Conflict),
        ({"observations": [observation(70.0, 65.0, 75.0, version=3)]}, InputError),
        ({"observations": [observation(70.0, 65.0, 75.0, version=2, terms="0" * 64)]}, Refused),
        ({"ratings": [rating(commitment="C01")]}, Refused),
        ({"ratings": [rating(commitment="C57a", result="good")]}, Refused),
        ({"ratings": [rating(expires_on=dt.date(2030, 1, 1))]}, Refused),
        ({"milestones": [milestone(first_due=dt.date(2030, 1, 1))]}, Refused),
    ],
)
def test_the_rules_hold_through_import_and_nothing_goes_in_with_what_is_refused(card, tmp_path, kinds, error):
    card.observe(observation())
    card.plan(milestone())
    before = {each.name: each.read_bytes() for each in card.folder.iterdir()}
    result = imported(tmp_path, card, **{"documents": [], **kinds, "lessons": []})
    assert isinstance(result.exception, error)
    assert "in.json" in str(result.exception)
    assert "nothing was imported" in str(result.exception)
    good = indicator(id="another")
    with_good = {**kinds, "indicators": [good, *kinds.get("indicators", [])]}
    assert isinstance(imported(tmp_path, card, **with_good).exception, error)
    assert {each.name: each.read_bytes() for each in card.folder.iterdir()} == before


def test_what_is_there_already_the_same_goes_in_again_without_a_change(card, tmp_path):
    card.observe(observation())
    card.rate(rating())
    export(card, tmp_path / "all.json", today=TODAY, level="internal")
    result = run("import", card.folder, tmp_path / "all.json", "--json", "-")
    assert told(result) == {}


def test_a_json_file_holds_everything_and_goes_into_an_empty_scorecard(card, tmp_path):
    card.observe(observation())
    card.rate(rating())
    card.plan(milestone())
    assert told(run("export", card.folder, tmp_path / "all.json", "--level", "internal", "--json", "-"))["parts"] > 100
    again = Scorecard(tmp_path / "again")
    again.take(formats.read(tmp_path / "all.json", again))
    assert list(again.parts()) == list(card.parts())


def test_a_rating_in_a_file_may_leave_its_expiry_to_its_evidence(card, tmp_path):
    file = tmp_path / "in.json"
    given = rating(evidence=("waiting",)).model_dump(mode="json", exclude={"expires_on"})
    seen = observation().model_dump(mode="json", exclude={"entered_at", "entered_by"})
    file.write_text(json.dumps({"ratings": [given], "observations": [seen]}), encoding="utf-8")
    assert isinstance(run("import", card.folder, file).exception, InputError)
    assert run("import", card.folder, file, "--by", "ana").exit_code == 0
    assert card.ratings("C52")[0].expires_on == dt.date(2025, 1, 1)
    assert card.observations("waiting")[0].entered_by == "ana"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"nothing": []}', '{"ratings": {}}', '{"indicators": [1]}', '{"indicators": [{"id": "x"}]}'],
)
@pytest.mark.parametrize("ending", ["json", "docx", "xlsx", "xml"])
def test_what_is_no_import_is_refused_and_nothing_is_half_written(tmp_path, text, ending):
    file = tmp_path / f"in.{ending}"
    file.write_text(text, encoding="utf-8")
    error = run("import", tmp_path / "card", file).exception
    assert isinstance(error, ConvenioError)
    assert isinstance(run("import", tmp_path / "card", tmp_path / f"missing.{ending}").exception, ConvenioError)
    assert not (tmp_path / "card" / "indicators.json").exists()


def test_a_missing_file_and_one_that_is_a_folder_are_told(card, tmp_path):
    for ending in ("json", "xlsx", "csv", "xml"):
        (tmp_path / f"folder.{ending}").mkdir()
        for name in (f"missing.{ending}", f"folder.{ending}"):
            assert isinstance(run("import", card.folder, tmp_path / name, "--by", "ana").exception, ConvenioError), name


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_no_observation(card, value):
    assert isinstance(run("observe", card.folder, "waiting", *COMMON, "--", value).exception, InputError)
    assert card.observations("waiting") == []


def test_a_step_is_planned_moved_and_done_by_command(card, tmp_path):
    assert imported(tmp_path, card, milestones=[milestone()]).exit_code == 0
    moved = run("amend", card.folder, "m1", "--due", "2030-01-01", "--by", "ana", "--reason", "the hall was closed")
    assert moved.stdout == "m1: 2030-01-01\n"
    words = ("done", card.folder, "m1", "--by", "ana", "--on", "2024-05-01", "--evidence", "minutes")
    assert told(run(*words, "--json", "-"))["done_on"] == "2024-05-01"
    assert "2024-05-01, as ana says" in str(run(*words).exception)


def test_status_counts_only_true_outcome_indicators(tmp_path, card):
    def counted():
        return told(run("status", card.folder, "--json", "-"))["with_outcome_indicator"]

    before = counted()
    card.register(
        indicator(id="late", commitment="C66", baseline=Baseline(value=1, on=dt.date(2022, 7, 1), instrument="x"))
    )
    card.register(indicator(id="unsaid", commitment="C69", action_began=None))
    card.register(indicator(id="out", commitment="C20", level="output"))
    assert counted() == before
    card.register(indicator(id="true", commitment="C20"))
    assert counted() == before + 1
    assert told(run("status", tmp_path / "new", "--json", "-"))["commitments"] == 95
    assert not (tmp_path / "new").exists()


def test_no_evidence_is_shown_as_what_it_is_and_ratings_have_levels(card):
    card.rate(rating(publication="public"))
    card.rate(rating(rater="mx", publication="parties"))
    for level, us, mx in (("internal", "limited", "limited"), ("public", "limited", "no evidence")):
        rows = {row["id"]: row for row in commitments_table(card, TODAY, level).to_pylist()}
        assert (rows["C52"]["us"], rows["C52"]["mx"], rows["C52"]["reviewer"]) == (us, mx, "no evidence")
        assert rows["C01"]["us"] == ""
    assert rows["C52"]["outcome_indicator"]
    assert not rows["C53"]["outcome_indicator"]


def test_only_what_is_public_leaves(card, tmp_path):
    card.register(indicator(id="secret", publication="internal"))
    export(card, tmp_path / "inside.json", today=TODAY, level="internal")
    assert b"secret" in (tmp_path / "inside.json").read_bytes()
    for form in ("html", "csv", "xlsx", "json", "xml", "ics"):
        export(card, tmp_path / f"card.{form}", today=TODAY, level="public")
        assert b"secret" not in (tmp_path / f"card.{form}").read_bytes()
        assert (tmp_path / f"card.{form}").stat().st_size > 1000
    assert b"<script" not in (tmp_path / "card.html").read_bytes()
    for form in ("doc", ""):
        with pytest.raises(ConvenioError):
            export(card, tmp_path / f"card.{form}", today=TODAY, level="public")


def test_one_table_as_csv_is_named_in_either_language(card, tmp_path):
    assert run("export", card.folder, tmp_path / "a.csv", "--table", "indicadores").exit_code == 0
    assert "waiting" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert isinstance(run("export", card.folder, tmp_path / "b.csv", "--table", "x").exception, InputError)
    assert run("template", tmp_path / "t.csv", "--table", "hitos").exit_code == 0
    assert isinstance(run("template", tmp_path / "t.csv").exception, InputError)
    assert isinstance(run("template", tmp_path / "t.doc").exception, InputError)


def test_the_example_goes_in_and_tells_of_a_result(tmp_path):
    (file,) = told(run("example", tmp_path / "ex", "--json", "-"))["files"]
    assert run("import", tmp_path / "card", file).exit_code == 0
    result, _why = Scorecard(tmp_path / "card").results(dt.date(2026, 6, 1))["waiting-days"]
    assert result == "improving"
