"""An answer to a peer says yes or no, and cannot be used to feel out a family's genotype."""

from __future__ import annotations

import json

import pytest

from convenio.core.errors import Refused
from convenio.programs.missing.sharing import SHARING, answer

PROFILE = {f"L{i}": "8/9" for i in range(15)}


def test_an_answer_holds_no_ratio_no_locus_and_no_genotype():
    told = answer(7.123456, PROFILE, [], "case-1")
    assert told == {"worth_while": True, "case": "case-1"}
    assert "7.12" not in json.dumps(told)
    assert answer(3.9, PROFILE, [], "case-1") == {"worth_while": False}


def test_the_same_profile_gets_the_same_answer_again():
    assert answer(7.0, PROFILE, [PROFILE], "c") == answer(7.0, PROFILE, [], "c")


@pytest.mark.parametrize("changed", [1, 2, 3])
def test_a_variation_of_an_earlier_profile_is_refused(changed):
    varied = {**PROFILE, **{f"L{i}": "10/11" for i in range(changed)}}
    with pytest.raises(Refused, match="variation"):
        answer(7.0, varied, [PROFILE], "c")


def test_a_different_person_is_answered():
    other = {**PROFILE, **{f"L{i}": "10/11" for i in range(9)}}
    assert answer(0.0, other, [PROFILE], "c") == {"worth_while": False}


def test_a_short_profile_is_refused():
    with pytest.raises(Refused, match="11 loci"):
        answer(9.0, dict(list(PROFILE.items())[:11]), [], "c")


def test_genotypes_of_relatives_never_cross():
    forms = {str(each.what): each.form for each in SHARING}
    assert forms["genotypes of relatives"] is None
    assert forms["names and addresses of families"] is None
