"""What others see of the program: what may cross, its numbers, its part of the story."""

from convenio.core.program import program
from convenio.programs.finance.demo import screen_nominees
from convenio.world import World


def test_what_never_crosses_says_why_in_both_languages():
    shared = program("finance").load("sharing")
    assert any(each.form is None for each in shared)
    for each in shared:
        assert each.why.in_language("en") != each.why.in_language("es")


def test_indicators_tell_no_small_numbers():
    few = [{"is_listed": True, "days": 2}] * 4
    many = [{"is_listed": at % 2 == 0, "days": at} for at in range(10)]
    computed = {each.name: each.compute for each in program("finance").load("indicators")}
    assert {name: compute(few) for name, compute in computed.items()} == dict.fromkeys(computed)
    assert computed["hits_decided"](many) == 10
    assert computed["hits_confirmed"](many) == 5
    assert computed["days_to_decision"](many) == 4.5


def test_nominees_without_a_curp_are_found_by_name_and_birth_date():
    planted = World(seed=5, people=400).plant(shared=4, nominees=12)
    hits = screen_nominees(planted.nominees, planted.customers)
    truth = {(r["person_id"], r["nominee_id"]) for r in planted.truth.to_pylist() if r["shared"]}
    assert {(row["customer_id"], row["entry_id"]) for row in hits.to_pylist()} == truth
