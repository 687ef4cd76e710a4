import pytest

from convenio.core.errors import InputError
from convenio.entities import match_keys
from convenio.world import World
from convenio.world.customers import ACCOUNT, IDENTITY


def curps(table):
    return set(table.column("curp").to_pylist())


def test_exactly_the_planted_people_are_known_to_both_sides():
    planted = World(seed=7, people=20_000).plant(shared=4, nominees=12)
    assert planted.customers.num_rows == 20_000
    assert planted.nominees.num_rows == 12
    both = curps(planted.nominees) & curps(planted.customers)
    truth = {row["curp"] for row in planted.truth.to_pylist() if row["shared"]}
    assert both == truth
    assert len(both) == 4


def test_the_truth_names_each_nominee_and_the_person_behind_it():
    planted = World(seed=7, people=2000).plant(shared=3, nominees=5)
    nominees = {row["person_id"]: row["curp"] for row in planted.nominees.to_pylist()}
    people = {row["person_id"]: row["curp"] for row in planted.customers.to_pylist()}
    for row in planted.truth.to_pylist():
        assert nominees[row["nominee_id"]] == row["curp"]
        assert (people.get(row["person_id"]) == row["curp"]) is row["shared"]


def test_nominees_are_written_as_the_other_country_writes():
    for row in World(seed=7, people=2000).plant().nominees.to_pylist():
        assert row["name"].isascii()
        assert row["name"] == row["name"].upper()


def test_customers_bear_what_the_agreement_lets_cross():
    table = World(seed=7, people=500).customers()
    assert set(IDENTITY + ACCOUNT) <= set(table.column_names)
    assert all(row["curp"] and row["synthetic"] for row in table.to_pylist())


def test_planted_people_meet_by_name_and_birth_date_though_written_differently():
    planted = World(seed=7, people=3000).plant(shared=4, nominees=8)
    held = {key for row in planted.customers.to_pylist() for key in match_keys.keys(row, "name_birth_date")}
    shared = {row["nominee_id"] for row in planted.truth.to_pylist() if row["shared"]}
    met = {
        row["person_id"] for row in planted.nominees.to_pylist() if held & set(match_keys.keys(row, "name_birth_date"))
    }
    assert met == shared


def test_more_shared_than_there_are_is_refused():
    with pytest.raises(InputError, match="13 people cannot be shared by 12 nominees"):
        World(seed=7, people=100).plant(shared=13, nominees=12)
