import numpy as np
import pytest

from convenio.world import World
from convenio.world import misspelling as change
from convenio.world.variants import DIFFERENCES


@pytest.fixture(scope="module")
def world():
    return World(seed=7, people=4000)


@pytest.fixture(scope="module")
def pairs(world):
    return list(zip(world.people().to_pylist(), world.register("V").to_pylist(), strict=True))


def test_each_record_is_its_persons_and_says_what_was_changed(pairs):
    for person, record in pairs:
        assert record["person_id"] == person["person_id"]
        if not record["differences"]:
            assert record["given"] == change.capitals(person["given"])
            assert record["paterno"] == change.capitals(person["paterno"])
            assert record["birth_date"] == person["birth_date"]


def test_every_kind_of_difference_is_planted(pairs):
    seen = {name for _person, record in pairs for name in record["differences"].split("+") if name}
    assert seen == set(DIFFERENCES)


def test_a_birth_date_stays_a_date_and_differs_where_it_says_so(pairs):
    for person, record in pairs:
        if record["differences"] == "one digit of the birth date":
            assert record["birth_date"] != person["birth_date"]
        if "birth date left out" in record["differences"]:
            assert record["birth_date"] is None


def test_two_registers_write_differently_and_one_always_alike(world):
    few = world.people().slice(0, 500)
    assert world.register("V", few).equals(world.register("V", few))
    assert not world.register("V", few).drop(["record_id"]).equals(world.register("W", few).drop(["record_id"]))


@pytest.mark.parametrize("kind", range(4))
def test_a_typo_changes_one_place(kind):
    made = change.typo("HERNANDEZ", np.array([kind, 3, 9]))
    assert made != "HERNANDEZ"
    assert abs(len(made) - 9) <= 1
    assert change.typo("LI", np.array([kind, 3, 9])) == "LI"


@pytest.mark.parametrize(
    ("text", "short"),
    [("MARIA GUADALUPE", "MA. GPE."), ("HERNANDEZ", "HDEZ."), ("JUAN CARLOS", "J. CARLOS"), ("ANA", "ANA")],
)
def test_names_are_shortened_as_registers_do(text, short):
    assert change.shortened(text) == short
