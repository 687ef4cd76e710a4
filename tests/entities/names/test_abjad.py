"""Names written in consonants, numbers written in words."""

from __future__ import annotations

import pytest

from convenio.entities.names import compare_names
from convenio.entities.names.abjad import bones, same_bones
from convenio.entities.names.person import person


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("فرناندو بيريز", "Fernando Pérez"),
        ("خوسيه غارسيا لوبيز", "GARCIA LOPEZ, Jose"),
        ("محمد الرشيد", "Mohammed Al-Rashid"),
    ],
)
def test_a_name_written_in_consonants_is_the_name_with_its_vowels(written, latin):
    assert compare_names(written, latin) >= 0.70
    assert compare_names(latin, written) >= 0.70


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("خوسيه غارسيا لوبيز", "GARCIA LOPEZ, Luis"),
        ("خوسيه غارسيا لوبيز", "GARCIA, Jose"),
        ("فرناندو بيريز", "Pérez"),
    ],
)
def test_another_name_is_not_and_every_word_must_have_its_like(written, latin):
    assert not same_bones(person(written), person(latin))
    assert compare_names(written, latin) < 0.70


def test_two_names_in_letters_with_vowels_are_never_compared_by_consonants_alone():
    assert bones("PEREZ") == bones("BARROSO")[:2] + "S"
    assert not same_bones(person("Maria Peris Lopez"), person("Mario Perez Lupez"))


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("3 Percenters", "Three Percenters", True),
        ("Grupo Siete SA de CV", "Grupo 7 SA de CV", True),
        ("Bank One", "Bank Two", False),
        ("Bank One", "Bank 2", False),
        ("Three Rivers Trading", "Rivers Trading", False),
    ],
)
def test_a_number_in_words_is_the_number(one, two, same):
    assert (compare_names(one, two, schema="Company") >= 0.70) is same
    assert (compare_names(two, one, schema="Company") >= 0.70) is same
