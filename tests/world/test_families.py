import pytest

from convenio.entities.identifiers import kind
from convenio.world import World
from convenio.world.families import RELATIONS


@pytest.fixture(scope="module")
def families():
    world = World(seed=7, people=3000)
    return list(zip(world.people().to_pylist(), world.relatives().to_pylist(), strict=True))


def test_relatives_are_who_they_are_said_to_be(families):
    for person, relative in families:
        assert relative["relative_of"] == person["person_id"]
        assert relative["paterno"] == person["paterno"]
        if relative["relation"] == "namesake":
            assert relative["given"] == person["given"]
            assert abs((relative["birth_date"] - person["birth_date"]).days) >= 20 * 365
        else:
            assert relative["materno"] == person["materno"]
            assert (relative["birth_date"] == person["birth_date"]) is (relative["relation"] == "twin")
    assert {relative["relation"] for _person, relative in families} == set(RELATIONS)


@pytest.mark.parametrize("name", ["curp", "rfc"])
def test_relatives_have_identifiers_of_their_own_that_are_made_up(families, name):
    own = {person[name] for person, _relative in families if person[name]}
    theirs = [relative[name] for _person, relative in families if relative[name]]
    assert len(set(theirs)) == len(theirs)
    assert not own & set(theirs)
    for value in theirs:
        assert kind(name).is_synthetic(kind(name).validate(value))


def test_some_relatives_share_an_address_and_some_a_telephone(families):
    for name, least, most in (("address", 0.5, 0.7), ("phone", 0.2, 0.4)):
        shared = sum(person[name] == relative[name] for person, relative in families)
        assert least < shared / len(families) < most
