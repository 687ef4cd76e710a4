from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import Conflict, InputError, NotFound, Refused
from convenio.programs.framework import rules
from convenio.programs.framework.model import (
    Action,
    Amendment,
    Audit,
    Baseline,
    Commitment,
    Dimension,
    Document,
    Funding,
    MonitoringPlan,
    Recommendation,
)
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.site import report_text
from tests.programs.framework.made_up import (
    TODAY,
    VISIT,
    indicator,
    milestone,
    observation,
    rating,
    reviewed,
    target,
)


@pytest.mark.parametrize(
    ("value", "low", "high", "result"),
    [
        (80, 75, 85, "improving"),
        (120, 110, 130, "worse"),
        (100, 97, 103, "flat"),
        (96, 80, 110, "unknown"),
        (94, 90, 98, "unknown"),
        (90, 85, 95, "unknown"),
    ],
)
def test_a_result_only_where_the_interval_settles_it(value, low, high, result):
    assert rules.result_of(indicator(), [observation(value, low, high)], TODAY)[0] == result


def test_where_more_is_better_the_same_change_reads_the_other_way():
    up = indicator(direction="up")
    assert rules.result_of(up, [observation(120, 110, 130)], TODAY)[0] == "improving"
    assert rules.result_of(up, [observation(80, 75, 85)], TODAY)[0] == "worse"


def test_the_baselines_own_interval_counts_in_the_change():
    told = {"value": 100, "on": dt.date(2021, 12, 31), "instrument": "survey"}
    seen = observation(92.0, 90.0, 94.0)
    exact = Baseline(**told)
    assert rules.change_of(exact, seen) == (-8.0, -10.0, -6.0)
    unsure = Baseline(**told, low=96, high=104)
    change = rules.change_of(unsure, seen)
    assert (change.low, change.high) == pytest.approx((-8 - 20**0.5, -8 + 20**0.5))
    assert rules.result_of(indicator(baseline=exact), [seen], TODAY)[0] == "improving"
    assert rules.result_of(indicator(baseline=unsure), [seen], TODAY)[0] == "unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"level": "output"},
        {"baseline": None},
        {"baseline": Baseline(value=100, on=dt.date(2022, 7, 1), instrument="x")},
        {"baseline": Baseline(value=100, on=dt.date(2022, 6, 1), instrument="x")},
        {"baseline": Baseline(value=100, on=dt.date(2020, 5, 31), instrument="x")},
        {"registered_change": None},
        {"registered_on": dt.date(2023, 1, 1)},
        {"action_began": None},
        {"action_began": dt.date(2023, 2, 1)},
    ],
)
def test_without_its_evidence_a_result_is_unknown_and_says_why(change):
    assert rules.result_of(indicator(), [observation()], TODAY)[0] == "improving"
    result, why = rules.result_of(indicator(**change), [observation()], TODAY)
    assert result == "unknown"
    assert why != rules.RESULTS["unknown"]


def test_no_observation_no_interval_a_part_and_an_old_one_are_unknown():
    women = (Dimension(name="sex", value="female"),)
    for held in (
        [],
        [observation(low=None)],
        [observation(high=None)],
        [observation(dimensions=women)],
        [observation(suppressed=True)],
    ):
        assert rules.result_of(indicator(), held, TODAY)[0] == "unknown"
    assert rules.result_of(indicator(), [observation()], dt.date(2025, 1, 1))[0] == "improving"
    assert rules.result_of(indicator(), [observation()], dt.date(2025, 1, 2))[0] == "unknown"


def test_a_baseline_is_stale_when_it_is_24_months_older_than_the_action_or_than_today_before_any():
    old = Baseline(value=100, on=dt.date(2020, 6, 1), instrument="x")
    assert not rules.stale_baseline(indicator(baseline=old), dt.date(2030, 1, 1))
    older = old.model_copy(update={"on": dt.date(2020, 5, 31)})
    assert rules.stale_baseline(indicator(baseline=older), TODAY)
    waiting = indicator(action_began=None)
    assert not rules.stale_baseline(waiting, dt.date(2023, 12, 31))
    assert rules.stale_baseline(waiting, dt.date(2024, 1, 1))
    assert rules.good_until(dt.date(2020, 2, 29)) == dt.date(2022, 2, 28)
    assert rules.age_in_months(dt.date(2021, 12, 31), TODAY) == 17


def test_an_observation_is_never_overwritten_and_no_version_is_left_out(card):
    card.observe(observation())
    with pytest.raises(Conflict, match="80, entered by ana"):
        card.observe(observation(70.0, 65.0, 75.0))
    with pytest.raises(InputError, match="leave out version 2"):
        card.observe(observation(70.0, 65.0, 75.0, version=3))
    card.observe(observation(70.0, 65.0, 75.0, version=2))
    assert [each.value for each in card.observations("waiting")] == [80.0, 70.0]
    assert rules.latest(card.observations("waiting")).value == 70.0
    with pytest.raises(InputError, match="leave out version 1"):
        card.observe(observation(on=dt.date(2023, 1, 2), version=2))


def test_a_change_that_matters_is_registered_on_the_day_a_person_enters_it():
    bare = indicator(registered_change=None, registered_on=None)
    asked = bare.model_copy(update={"registered_change": 5.0})
    assert rules.registering(bare, asked, TODAY).registered_on == TODAY
    assert rules.registering(None, asked, TODAY).registered_on == TODAY
    backdated = asked.model_copy(update={"registered_on": dt.date(2020, 1, 1)})
    for old in (None, bare, indicator(registered_change=4.0)):
        with pytest.raises(InputError, match="on the day it is entered"):
            rules.registering(old, backdated, TODAY)
    held = indicator()
    assert (
        rules.registering(held, held.model_copy(update={"owner": "INEGI"}), TODAY).registered_on == held.registered_on
    )
    with pytest.raises(InputError, match="on the day it is entered"):
        rules.registering(held, held.model_copy(update={"registered_on": dt.date(2020, 1, 1)}), TODAY)


def test_a_result_is_not_shown_where_the_indicator_it_stands_on_is_not(card):
    card.rate(rating(result="Less waiting", publication="public"))
    assert [each.result for each in card.at("public").ratings()] == ["Less waiting"]
    card.register(card.indicator("waiting").model_copy(update={"publication": "parties"}))
    assert [each.result for each in card.at("parties").ratings()] == ["Less waiting"]
    assert [each.result for each in card.at("public").ratings()] == [""]
    assert "Less waiting" not in report_text(card, [], TODAY)
    assert "Less waiting" in report_text(card, [], TODAY, level="parties")


def test_a_part_and_the_whole_are_two_observations(card):
    women = (Dimension(name="sex", value="female"),)
    card.observe(observation())
    card.observe(observation(40.0, 30.0, 50.0, dimensions=women))
    assert rules.latest(card.observations("waiting")).value == 80.0
    with pytest.raises(Conflict):
        card.observe(observation(41.0, 30.0, 50.0, dimensions=women))


def test_a_baseline_is_locked(card):
    locked = card.indicator("waiting").baseline
    assert locked.digest == locked.computed()
    changed = Baseline(value=90, on=dt.date(2021, 12, 31), instrument="made up")
    for other in (changed, changed.model_copy(update={"digest": locked.digest}), None):
        with pytest.raises(Refused):
            card.register(indicator(baseline=other))
    assert card.indicator("waiting").baseline == locked


@pytest.mark.parametrize(
    "change",
    [
        {"level": "impact"},
        {"level": "output"},
        {"direction": "up"},
        {"unit": "weeks"},
        {"commitment": "C53"},
        {"registered_change": 1.0},
        {"registered_change": None, "registered_on": None},
        {"registered_on": dt.date(2021, 1, 1)},
        {"action_began": dt.date(2022, 1, 2)},
        {"action_began": None},
    ],
)
def test_after_an_observation_what_a_result_is_read_from_stands_still(card, change):
    card.register(indicator(**change))
    card.register(indicator())
    card.observe(observation())
    with pytest.raises(Refused):
        card.register(indicator(**change))
    assert card.results(TODAY)["waiting"][0] == "improving"
    card.register(indicator(title_en="Days from asking to treatment", quality="official"))
    assert card.indicator("waiting").quality == "official"


def test_a_change_that_matters_may_be_registered_for_observations_to_come_and_not_for_those_there(card):
    bare = {"id": "bare", "registered_change": None, "registered_on": None}
    card.register(indicator(**bare))
    card.observe(observation(indicator="bare"))
    with pytest.raises(Refused):
        card.register(indicator(id="bare", registered_on=dt.date(2023, 1, 15)))
    card.register(indicator(id="bare", registered_on=dt.date(2023, 3, 1)))
    assert card.results(TODAY)["bare"][0] == "unknown"
    later = dt.datetime(2023, 5, 1, tzinfo=dt.UTC)
    card.observe(observation(indicator="bare", on=dt.date(2023, 4, 1), entered_at=later))
    assert card.results(TODAY)["bare"][0] == "improving"


def test_what_cannot_be_observed_is_told(card):
    card.register(indicator(id="share", unit="%", baseline=None))
    for wrong in (
        observation(on=dt.date(2020, 1, 1)),
        observation(on=dt.date(2023, 2, 2)),
        observation(80.0, 85.0, 90.0),
        observation(101.0, 100.0, 102.0, indicator="share"),
        observation(-1.0, -2.0, 1.0, indicator="share"),
    ):
        with pytest.raises(InputError):
            card.observe(wrong)
    with pytest.raises(NotFound):
        card.observe(observation(indicator="nothing"))
    assert card.observations("waiting") + card.observations("share") == []


def test_a_target_lies_after_its_baseline_and_changes_only_by_a_version_that_says_why(card):
    with pytest.raises(InputError, match="not after its baseline"):
        card.add(target(on=dt.date(2021, 12, 31)))
    card.register(indicator(id="share", unit="%", baseline=None))
    with pytest.raises(InputError, match="no percentage"):
        card.add(target(140.0, indicator="share"))
    card.add(target())
    with pytest.raises(Conflict, match="70, agreed by the group"):
        card.add(target(75.0))
    with pytest.raises(InputError, match="says why"):
        card.add(target(75.0, version=2))
    card.add(target(75.0, version=2, reason="two states joined"))
    assert [each.value for each in card.targets("waiting")] == [70.0, 75.0]


def test_a_baseline_that_is_no_percentage_or_outside_its_interval_is_told(card):
    for base in (
        Baseline(value=130, on=dt.date(2021, 1, 1), instrument="x"),
        Baseline(value=30, on=dt.date(2021, 1, 1), instrument="x", low=31),
    ):
        with pytest.raises(InputError):
            card.register(indicator(id="share", unit="%", baseline=base))


def test_three_raters_stand_side_by_side_and_expire(card):
    card.rate(rating())
    card.rate(rating(rater="mx", completion="complete"))
    sides = rules.side_by_side(card.ratings("C52"), TODAY)
    assert (sides["us"].completion, sides["mx"].completion, sides["reviewer"]) == ("limited", "complete", None)
    later = TODAY + dt.timedelta(days=400)
    assert rules.side_by_side(card.ratings("C52"), later) == {"us": None, "mx": None, "reviewer": None}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"commitment": "C01"}, Refused),
        ({"commitment": "C57a", "result": "fewer homicides"}, Refused),
        ({"evidence": ()}, Refused),
        ({"completion": "no-evidence"}, Refused),
        ({"completion": "no-evidence", "evidence": (), "result": "better"}, Refused),
        ({"rater": "reviewer"}, Refused),
        ({"rater": "reviewer", "independence": "a university"}, Refused),
        ({"expires_on": TODAY}, InputError),
        ({"expires_on": dt.date(2025, 5, 2)}, Refused),
        ({"evidence": ("somebody said so",)}, Refused),
        ({"evidence": ("waiting",)}, Refused),
        ({"evidence": ("heard, 2023-02-30",)}, InputError),
        ({"evidence": ("to come, 2023-07-01",)}, Refused),
        ({"commitment": "C999"}, NotFound),
        ({"version": 2}, InputError),
    ],
)
def test_a_rating_that_the_rules_do_not_admit_is_refused(card, change, error):
    with pytest.raises(error):
        card.rate(rating(**change))
    assert card.ratings() == []


def test_no_evidence_is_a_legitimate_rating(card):
    card.rate(rating(completion="no-evidence", evidence=()))
    assert card.ratings("C52")[0].completion == "no-evidence"


def test_a_rating_lasts_as_long_as_the_oldest_evidence_it_rests_on(card):
    card.observe(observation())
    card.add(Document(id="report-1", title_en="Report", title_es="Informe", on=dt.date(2022, 3, 1)))
    assert card.good_until(("waiting",), TODAY) == dt.date(2025, 1, 1)
    assert card.good_until(("waiting", "report-1", VISIT), TODAY) == dt.date(2024, 3, 1)
    assert card.good_until((), TODAY) == dt.date(2025, 6, 1)
    card.rate(rating(evidence=("waiting", "report-1"), expires_on=dt.date(2024, 3, 1)))
    with pytest.raises(Refused, match="good until 2024-03-01"):
        card.rate(rating(rater="mx", evidence=("waiting", "report-1"), expires_on=dt.date(2024, 3, 2)))


def test_a_reviewer_says_why_it_is_independent_and_when_comments_were_taken(card):
    for wrong in ({"comments_to": dt.date(2023, 3, 1)}, {"comments_to": dt.date(2023, 7, 1)}):
        with pytest.raises(InputError):
            card.rate(reviewed(**wrong))
    card.rate(reviewed(result="shorter waits"))
    assert card.ratings()[0].result == "shorter waits"


def test_of_two_who_rate_at_once_the_second_learns_what_the_first_wrote(card):
    card.rate(rating())
    with pytest.raises(Conflict, match="limited, by ana"):
        card.rate(rating(completion="complete", by="luis"))
    card.rate(rating(completion="complete", by="luis", version=2))
    assert rules.side_by_side(card.ratings("C52"), TODAY)["us"].by == "luis"
    with pytest.raises(InputError, match="follows the one before"):
        card.rate(rating(version=3, given_on=dt.date(2023, 5, 2), expires_on=dt.date(2023, 9, 1)))


def test_a_milestone_moves_only_by_an_amendment(card):
    card.plan(milestone())
    with pytest.raises(Refused):
        card.plan(milestone(first_due=dt.date(2030, 1, 1)))
    card.amend("m1", Amendment(due=dt.date(2023, 3, 1), by="ana", on=TODAY, reason="the hall was closed"))
    held = card.milestone("m1")
    assert (held.first_due, held.due) == (dt.date(2022, 12, 31), dt.date(2023, 3, 1))
    with pytest.raises(Refused):
        card.plan(milestone())
    with pytest.raises(NotFound):
        card.amend("m2", Amendment(due=dt.date(2023, 3, 1), by="ana", on=TODAY, reason="x"))
    for wrong in ({"on": dt.date(2023, 5, 1)}, {"due": dt.date(2023, 3, 1)}):
        told = {"due": dt.date(2023, 9, 1), "by": "ana", "on": TODAY, "reason": "x", **wrong}
        with pytest.raises(InputError):
            card.amend("m1", Amendment(**told))


def test_of_two_who_move_a_milestone_at_once_the_second_learns_what_the_first_wrote(card):
    card.plan(milestone())
    move = {"by": "ana", "on": TODAY, "reason": "the hall was closed"}
    card.amend("m1", Amendment(due=dt.date(2023, 3, 1), **move), seen=0)
    with pytest.raises(Conflict, match="moved in the meantime to 2023-03-01, by ana: the hall was closed"):
        card.amend("m1", Amendment(due=dt.date(2023, 9, 1), **move), seen=0)
    assert card.milestone("m1").due == dt.date(2023, 3, 1)


def test_a_milestone_is_done_once_and_not_tomorrow(card):
    card.plan(milestone())
    with pytest.raises(InputError):
        card.done("m1", on=TODAY + dt.timedelta(days=1), by="ana", today=TODAY)
    with pytest.raises(InputError):
        card.done("m1", on=TODAY, by=" ", today=TODAY)
    card.done("m1", on=dt.date(2023, 5, 1), by="ana", today=TODAY, evidence=("minutes",))
    with pytest.raises(Conflict, match="2023-05-01, as ana says"):
        card.done("m1", on=TODAY, by="luis", today=TODAY)
    with pytest.raises(Conflict):
        card.amend("m1", Amendment(due=dt.date(2023, 9, 1), by="ana", on=TODAY, reason="x"))
    with pytest.raises(Refused):
        card.plan(milestone())


def plan(**more):
    told = {
        "id": "p1",
        "commitment": "C52",
        "aims_en": "Shorter waits",
        "aims_es": "Menos espera",
        "indicators": ("waiting",),
        "responsible": "the unit",
        "agreed_on": TODAY,
    }
    return MonitoringPlan(**{**told, **more})


def test_an_action_is_not_active_without_a_monitoring_plan(card):
    active = Action(id="a1", commitment="C52", state="active", began=dt.date(2022, 6, 1))
    card.add(active.model_copy(update={"state": "planned"}))
    with pytest.raises(Refused, match="monitoring plan"):
        card.add(active)
    with pytest.raises(NotFound):
        card.add(plan(indicators=("nothing",)))
    card.add(plan())
    card.add(active)
    with pytest.raises(InputError):
        card.add(active.model_copy(update={"ended": dt.date(2022, 1, 1)}))
    assert next(each for each in card.actions("C52") if each.id == "a1").state == "active"


def test_action_and_plan_may_come_together(card):
    active = Action(id="a1", commitment="C52", state="active")
    card.take([(active, "row 2"), (plan(action="a1"), "row 3")])
    assert card.plans("C52")[0].action == "a1"


def test_what_a_commitment_says_does_not_change(card):
    held = card.commitment("C52")
    with pytest.raises(Refused):
        card.add(held.model_copy(update={"modality": "consider"}))
    card.add(held.model_copy(update={"due": dt.date(2025, 1, 1)}))
    assert card.commitment("C52").due == dt.date(2025, 1, 1)
    for moved in (dt.date(2026, 1, 1), None):
        with pytest.raises(Refused, match="does not move"):
            card.add(held.model_copy(update={"due": moved}))
    with pytest.raises(NotFound):
        card.add(Commitment(**{**held.model_dump(), "id": "X1", "framework": "nothing"}))


def audit(state, on="2024-01-01", auditor="GAO", number=1, source="the auditor's page"):
    told = {"id": "A-1", "auditor": auditor, "published": dt.date(2023, 1, 1), "title_en": "x", "title_es": "x"}
    word = Recommendation(number=number, state=state, state_on=on, state_source=source)
    return Audit(**told, count=1, recommendations=(word,))


def test_an_auditor_closes_in_its_own_words_and_newer_words_stay(card):
    for wrong, said in (
        (audit("closed"), "no state closed"),
        (audit("open", ""), "day of the auditor"),
        (audit("open", source=" "), "where the auditor gave"),
        (audit("attended"), "no state attended"),
        (audit("unresolved", auditor="ASF"), "no state unresolved"),
    ):
        with pytest.raises(InputError, match=said):
            card.add(wrong)
    card.add(audit("open-partially-addressed"))
    card.add(audit("closed-implemented", "2025-03-01"))
    with pytest.raises(InputError, match="newer word"):
        card.add(audit("open", "2024-06-01"))
    with pytest.raises(InputError, match="left out: 1"):
        card.add(audit("closed-implemented", "2025-03-01").model_copy(update={"recommendations": ()}))
    card.add(audit("attended", "2025-04-01", auditor="ASF"))
    with pytest.raises(InputError):
        card.add(Audit(**{**dict(audit("open")), "recommendations": audit("open").recommendations * 2, "count": 2}))


def test_money_is_tied_to_results_that_exist(card):
    told = {
        "id": "f1",
        "commitment": "C52",
        "party": "us",
        "currency": "USD",
        "period": {"began": dt.date(2022, 10, 1), "ended": dt.date(2023, 9, 30)},
        "source": "made up",
        "results": ("waiting",),
    }
    with pytest.raises(InputError, match="neither"):
        card.add(Funding(**told))
    with pytest.raises(NotFound):
        card.add(Funding(**{**told, "results": ("nothing",)}, asked="1.50"))
    card.add(Funding(**told, asked="1.50"))
    assert str(card.funding("C52")[0].asked) == "1.50"


def test_a_level_shows_what_belongs_to_it_and_names_nothing_above_it(card):
    card.register(indicator(id="secret", publication="internal"))
    card.observe(observation(indicator="secret", publication="public"))
    card.observe(observation(publication="parties"))
    card.rate(rating(evidence=("secret", VISIT), publication="public", expires_on=dt.date(2024, 1, 1)))
    card.add(plan(indicators=("waiting", "secret"), publication="parties"))
    public, parties = card.at("public"), card.at("parties")
    assert "secret" not in {each.id for each in public.indicators()}
    assert not [each for each in public.observations() if each.indicator in {"secret", "waiting"}]
    assert [each.value for each in parties.observations("waiting")] == [80.0]
    assert public.ratings()[0].evidence == (VISIT,)
    assert parties.plans()[0].indicators == ("waiting",)
    assert public.plans() == []
    with pytest.raises(Refused):
        public.observe(observation(on=dt.date(2023, 1, 2)))


def test_a_folder_of_its_own_commitments_shows_nothing_of_the_statement(tmp_path):
    (tmp_path / "commitments.csv").write_text(
        "id,goal,section,modality,software,program,text_en,text_es,due\n"
        "K1,all,One,commit,tracks,framework,Something,Algo,2027-01-01\n",
        encoding="utf-8",
    )
    own = Scorecard(tmp_path)
    assert [each.id for each in own.commitments()] == ["K1"]
    assert own.commitments()[0].due == dt.date(2027, 1, 1)
    assert own.indicators() == own.audits() == own.milestones() == []
    assert own.at("public").commitments() == []
