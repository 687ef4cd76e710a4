"""Weights of evidence: each fact once, rare names more than common ones."""

import datetime as dt

import pytest

from convenio.entities import comparison
from convenio.entities.comparison import Rarity
from convenio.entities.comparison.evidence import posterior
from convenio.entities.names import compare_persons, person, person_of

BORN = dt.date(1976, 11, 18)
DAY = ("1976-11-18", "1976-11-18")


@pytest.mark.parametrize(
    ("known", "listed", "verdict"),
    [
        (BORN, [DAY], "agrees"),
        (BORN, [("1976-01-01", "1976-12-31")], "agrees"),
        (dt.date(1976, 7, 4), [("1976-04-07", "1976-04-07")], "close"),
        (dt.date(1977, 11, 18), [DAY], "close"),
        (dt.date(1976, 11, 13), [DAY], "close"),
        (dt.date(1960, 3, 2), [DAY], "differs"),
        (dt.date(1900, 1, 1), [DAY], "silent"),
        (None, [DAY], "silent"),
        (BORN, [], "silent"),
    ],
)
def test_a_birth_date_agrees_nearly_agrees_differs_or_says_nothing(known, listed, verdict):
    found = comparison.birth_date(known, listed)
    assert found.verdict == verdict
    assert (found.bans > 0) is (verdict in {"agrees", "close"})


def test_a_day_weighs_more_than_a_year_and_several_dates_weigh_less():
    day = comparison.birth_date(BORN, [DAY]).bans
    assert day > comparison.birth_date(BORN, [("1976-01-01", "1976-12-31")]).bans > 0
    assert day > comparison.birth_date(BORN, [DAY, ("1960-01-01", "1960-01-01")]).bans


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Culiacan, Sinaloa, Mexico", "SL"),
        ("Guerrero, Michoacan", "MN"),
        ("Nezahualcoyotl, Mexico, Mexico", "MC"),
        ("Michoacan de Ocampo", "MN"),
        ("Mexico, D.F.", "DF"),
        ("La Paz, Baja California Sur", "BS"),
        ("SL", "SL"),
        ("Bogota, Colombia", ""),
        ("", ""),
    ],
)
def test_the_state_is_read_from_a_place_as_written(place, code):
    assert comparison.state_code(place) == code


def test_an_equal_curp_adds_only_its_last_characters():
    value = "QURJ500101HSLNDSX0"
    assert comparison.curp(value, [value]).bans == pytest.approx(4.0)
    namesake = value[:16] + "W1"
    assert comparison.curp(value, [namesake]).verdict == "differs"


def test_an_rfc_without_homoclave_adds_nothing_to_name_and_date():
    assert comparison.rfc("QURJ500101", ["QURJ500101"]).bans == 0.0
    assert comparison.rfc("QURJ500101Z12", ["QURJ500101Z12"]).bans == pytest.approx(3.0)


@pytest.mark.parametrize("value", ["", "XXXXXXXXXXXX", "XAXX010101000", "abc", "Ñ" * 18])
def test_numbers_that_name_no_one_say_nothing(value):
    assert comparison.rfc(value, [value]).bans == 0.0
    assert comparison.curp(value, [value]).bans == 0.0


def test_a_rare_name_weighs_more_than_a_common_one():
    def bans(name):
        return comparison.name(compare_persons(person(name), person(name)), Rarity()).bans

    assert bans("Fuensanta Zorrivas Quilpa") > bans("Juan Hernandez Garcia") + 3


def test_rarity_is_counted_where_there_are_names_enough():
    many = [person_of("Ana", "Zorrivas", "Quilpa")] * 900 + [person_of("Eva", "Gil", "Paz")] * 200
    assert Rarity(many).of("ZORRIVAS") > 0.1
    assert Rarity(many[:10]).of("ZORRIVAS") == pytest.approx(2e-5)


def test_words_that_stand_against_one_another_weigh_against():
    found = compare_persons(person("Juan Perez Garcia"), person("Juan Perez Lopez"))
    same = compare_persons(person("Juan Perez Garcia"), person("Juan Perez Garcia"))
    assert comparison.name(found, Rarity()).verdict == "differs"
    assert comparison.name(found, Rarity()).bans < comparison.name(same, Rarity()).bans - 1


def test_the_prior_is_the_users():
    assert posterior(6.0, 1e-6) == pytest.approx(0.5, abs=1e-3)
    assert posterior(6.0, 1e-3) > 0.99
    assert posterior(400.0, 1e-9) <= 1.0
