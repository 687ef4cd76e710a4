"""Markings: a join loosens nothing, whatever the order, and only originators loosen."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.core.errors import Refused
from convenio.core.marking import GRADES, ORDERED, Evaluation, Marking, join_all

evaluations = st.sampled_from(sorted(GRADES)).flatmap(
    lambda scale: st.builds(
        Evaluation,
        scale=st.just(scale),
        source=st.sampled_from(GRADES[scale][0]),
        information=st.sampled_from(GRADES[scale][1]),
        root=st.sampled_from(["bank", "informant-7", "press"]),
    )
)
markings = st.builds(
    Marking,
    **{axis: st.sampled_from(values) for axis, values in ORDERED.items()},
    recipients=st.none() | st.frozensets(st.sampled_from(["ofac", "uif", "fgr"]), max_size=3),
    evaluations=st.frozensets(evaluations, max_size=3),
    national=st.frozensets(st.sampled_from(["mx:reservada", "mx:confidencial", "us:cui", "us:les"]), max_size=3),
    expires_at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    originators=st.frozensets(st.sampled_from(["us", "mx", "ca"]), min_size=1),
)


@given(markings, markings)
@settings(deadline=None)
def test_the_order_of_two_does_not_matter(a, b):
    assert a.join(b) == b.join(a)


@given(markings, markings, markings)
@settings(deadline=None)
def test_the_grouping_of_three_does_not_matter(a, b, c):
    assert a.join(b).join(c) == a.join(b.join(c))


@given(markings)
@settings(deadline=None)
def test_joining_with_itself_changes_nothing(a):
    assert a.join(a) == a


@given(markings, markings)
@settings(deadline=None)
def test_no_axis_is_loosened(a, b):
    joined = a.join(b)
    assert joined.looser_axes(a) == []
    assert joined.looser_axes(b) == []


@given(markings, markings)
@settings(deadline=None)
def test_a_join_is_the_least_strict_that_loosens_nothing(a, b):
    if not a.looser_axes(b):
        assert a.join(b) == a


@given(st.lists(markings, min_size=1, max_size=4))
@settings(deadline=None, max_examples=50)
def test_derived_things_inherit_from_all_their_inputs(inputs):
    derived = join_all(inputs)
    assert all(not derived.looser_axes(each) for each in inputs)
    assert {reduce(Marking.join, order) for order in permutations(inputs)} == {derived}


@given(markings, markings)
@settings(deadline=None)
def test_only_all_originators_together_may_loosen(held, wanted):
    loose = wanted.looser_axes(held)
    assert held.remark(wanted, by=held.originators) == wanted
    for absent in held.originators:
        if loose:
            with pytest.raises(Refused, match="only its originators"):
                held.remark(wanted, by=held.originators - {absent})
        else:
            assert held.remark(wanted, by=()) == wanted


def test_the_error_names_the_axis_and_the_missing_party():
    held = Marking(originators=frozenset({"mx"}), judicial_use="forbidden")
    with pytest.raises(Refused) as caught:
        held.remark(held.model_copy(update={"judicial_use": "allowed"}), by={"us"})
    assert "judicial_use" in str(caught.value)
    assert "mx" in str(caught.value)


@given(markings)
@settings(deadline=None)
def test_a_marking_survives_being_written_down(a):
    assert Marking.model_validate_json(a.model_dump_json()) == a


def test_an_evaluation_keeps_its_scale_and_refuses_a_grade_of_another():
    with pytest.raises(ValueError, match="no source grade of 4x4"):
        Evaluation(scale="4x4", source="F", information="1", root="bank")
    with pytest.raises(ValueError, match="no information grade of 4x4"):
        Evaluation(scale="4x4", source="A", information="6", root="bank")


def test_a_report_that_comes_back_in_a_circle_counts_once():
    first = Marking(
        originators=frozenset({"mx"}),
        evaluations=frozenset({Evaluation(scale="4x4", source="B", information="2", root="informant-7")}),
    )
    echo = Marking(
        originators=frozenset({"us"}),
        evaluations=frozenset({Evaluation(scale="admiralty", source="A", information="1", root="informant-7")}),
    )
    joined = first.join(echo)
    assert len(joined.evaluations) == 2
    assert joined.independent_sources == 1


def test_a_thing_derived_from_nothing_has_no_marking():
    with pytest.raises(ValueError, match="at least one input"):
        join_all([])


def test_an_expiry_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Marking(originators=frozenset({"mx"}), expires_at=dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_recipients_named_on_both_sides_are_only_those_on_both():
    a = Marking(originators=frozenset({"mx"}), audience="red", recipients=frozenset({"ofac", "fgr"}))
    b = Marking(originators=frozenset({"us"}), audience="red", recipients=frozenset({"fgr", "uif"}))
    assert a.join(b).recipients == {"fgr"}
