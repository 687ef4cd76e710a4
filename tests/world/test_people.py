import hashlib

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from convenio.core.errors import InputError
from convenio.entities.identifiers import kind
from convenio.entities.identifiers.name_initials import curp_letters, rfc_letters
from convenio.world import World
from convenio.world.draw import Draw

PINNED = "1108cd6f7b9af44e9d2236da542e79c6bbe867b921bee6b38feb64b0cee78ea8"
"""Fingerprint of the first 300 people of seed 7; it changes only when the world is meant to change."""


@pytest.fixture(scope="module")
def people() -> pa.Table:
    return World(seed=7, people=5000).people()


def fingerprint(table: pa.Table) -> str:
    return hashlib.sha256("\n".join(str(row) for row in table.to_pylist()).encode()).hexdigest()


def test_one_seed_gives_the_same_people_on_every_machine():
    assert fingerprint(World(seed=7, people=300).people()) == PINNED


def test_the_first_people_do_not_depend_on_how_many_there_are(people):
    assert World(seed=7, people=300).people().equals(people.slice(0, 300))


def test_another_seed_gives_other_people(people):
    other = World(seed=8, people=300).people()
    assert other.column("name").to_pylist() != people.column("name").slice(0, 300).to_pylist()


@pytest.mark.parametrize("name", ["curp", "rfc", "passport"])
def test_identifiers_are_valid_reserved_and_each_one_once(people, name):
    values = [each for each in people.column(name).to_pylist() if each]
    assert len(values) > 1500
    assert len(set(values)) == len(values)
    for value in values:
        assert kind(name).validate(value) == value
        assert kind(name).is_synthetic(value)


def test_identifiers_follow_from_the_name_and_birth_date_they_stand_beside(people):
    for row in people.slice(0, 1500).to_pylist():
        if row["curp"] is None:
            continue
        initials, consonants = curp_letters(row["given"], row["paterno"], row["materno"] or "")
        parts = kind("curp").parts(row["curp"])
        assert (parts["initials"], parts["consonants"]) == (initials, consonants)
        assert parts["birth_date"] == row["birth_date"].isoformat()
        assert parts["state"] == row["birth_state"]
        assert row["rfc"][:4] == rfc_letters(row["given"], row["paterno"], row["materno"] or "").replace("Ñ", "X")


def test_both_countries_are_peopled(people):
    counts = {each["values"]: each["counts"] for each in pc.value_counts(people.column("country")).to_pylist()}
    assert 800 < counts["US"] < 1500
    assert counts["MX"] + counts["US"] == 5000


def test_an_impossible_world_is_refused_with_advice():
    with pytest.raises(InputError) as caught:
        World(people=-1)
    assert "0 to 5000000" in caught.value.explain("en")
    assert "5000000" in caught.value.explain("es")


def test_a_longer_draw_begins_with_the_shorter_one():
    draw = Draw(3)
    assert list(draw.below(1000, 50, "x")[:20]) == list(draw.below(1000, 20, "x"))
    assert list(draw.below(1000, 50, "x")[30:]) == list(draw.below(1000, 20, "x", skip=30))
    assert list(draw.below(1000, 20, "y")) != list(draw.below(1000, 20, "x"))


def test_draws_follow_their_weights():
    taken = Draw(3).chosen((1, 0, 9), 20_000, "x")
    assert (taken == 1).sum() == 0
    assert 0.08 < (taken == 0).mean() < 0.12
