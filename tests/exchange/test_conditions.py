"""The conditions of a release are its clause's or stricter: held against it before they leave, and when they come."""

from __future__ import annotations

import datetime as dt

import pytest

from convenio.core.errors import Refused
from convenio.core.marking import ORDERED
from convenio.demo.cast import AGREEMENT, CASE, CLAUSE, FIELDS, US
from convenio.policy.conditions import Conditions, loosened

RELEASE = "0" * 32
LATER = "2031-01-01T00:00:00+00:00"
LOOSER = {
    "permitted_action": ("permitted_action", "clear"),
    "judicial_use": ("judicial_use", "allowed"),
    "onward": ("onward", "consent"),
    "purpose": ("purpose", "other-purpose"),
    "clause": ("clause", "another-clause"),
    "expires_at": ("expires_at", LATER),
    "originator": ("originator", "us"),
    "recipient": ("recipient", "mx"),
    "release": ("release", "1" * 32),
    "agency": ("agency", "fbi"),
    "case": ("case", "another-case"),
    "agreement": ("agreement", "another-agreement"),
    "agreement_digest": ("agreement_digest", "0" * 64),
    "released_at": ("released_at", "2025-01-01T00:00:00+00:00"),
    "marking.audience": ("marking.audience", "clear"),
    "marking.permitted_action": ("marking.permitted_action", "clear"),
    "marking.judicial_use": ("marking.judicial_use", "allowed"),
    "marking.onward": ("marking.onward", "free"),
    "marking.recipients": ("marking.recipients", None),
    "marking.recipients, another agency": ("marking.recipients", ["us:fbi", "us:ofac"]),
    "marking.originators": ("marking.originators", ["us"]),
    "marking.expires_at": ("marking.expires_at", LATER),
    "humanitarian_only": ("humanitarian_only", False),
    "unknown": ("free_for_all", True),
}


def changed(conditions, path, value):
    first, _dot, rest = path.partition(".")
    return {**conditions, first: changed(conditions[first], rest, value) if rest else value}


def strict(node):
    """The demo's clause, made strict on every axis, and conditions made for it."""
    signed, clause = node.desk.clause(AGREEMENT, CLAUSE)
    clause = clause.model_copy(
        update={
            "onward": "none",
            "judicial_use": "forbidden",
            "permitted_action": "red",
            "audience": "red",
            "humanitarian_only": True,
        }
    )
    at = node.clock()
    ends = at + dt.timedelta(days=clause.retention_days)
    own = {name: getattr(clause, name) for name in ("permitted_action", "judicial_use", "onward")}
    made = {
        **own,
        "release": RELEASE,
        "originator": "mx",
        "recipient": "us",
        "agency": "ofac",
        "agreement": AGREEMENT,
        "agreement_digest": signed.digest,
        "clause": CLAUSE,
        "purpose": clause.purpose,
        "case": CASE,
        "humanitarian_only": True,
        "released_at": at.isoformat(),
        "expires_at": ends.isoformat(),
        "marking": {
            **own,
            "audience": "red",
            "recipients": ["us:ofac"],
            "expires_at": ends.isoformat(),
            "originators": ["mx"],
        },
    }
    return signed, clause, made


def check(node, signed, clause, made):
    return node.desk.check_conditions(
        made, signed, clause, release=RELEASE, originator="mx", recipient="us", agency="ofac", case=CASE
    )


def test_each_thing_that_is_loosened_is_refused_by_its_name_and_the_clauses_own_pass(pair):
    signed, clause, made = strict(pair.us)
    assert check(pair.us, signed, clause, made).model_dump(mode="json")["marking"]["audience"] == "red"
    for name, (path, value) in LOOSER.items():
        with pytest.raises(Refused, match="not those of the clause") as refused:
            check(pair.us, signed, clause, changed(made, path, value))
        wanted = path if name != "unknown" else "?"
        assert wanted in refused.value.where.split(": ")[1].split(", "), (name, refused.value.where)


def test_every_axis_of_the_conditions_and_their_marking_is_mutated_above(pair):
    """An axis that is added to the conditions and not to the check is found here."""
    _signed, _clause, made = strict(pair.us)
    tried = {path for path, _value in LOOSER.values()}
    unmarked = {"evaluations", "national"}  # a clause says nothing of these, so they can only be added
    axes = set(made) - {"marking"} | {f"marking.{each}" for each in set(made["marking"]) - unmarked}
    assert axes <= tried, axes - tried
    assert set(Conditions.model_fields) == set(made)


@pytest.mark.parametrize("axis", sorted(ORDERED))
def test_every_value_of_an_axis_is_held_against_every_value_of_the_clause(pair, axis):
    _signed, clause, made = strict(pair.us)
    values = ORDERED[axis]
    for of_clause in values:
        for value in values:
            other = changed(made, f"marking.{axis}", value)
            bound = clause.model_construct(**{**dict(clause), axis: of_clause})
            looser = f"marking.{axis}" in loosened(Conditions.model_validate(other), bound)
            assert looser == (values.index(value) < values.index(of_clause)), (of_clause, value)


@pytest.mark.parametrize("name", ["permitted_action", "marking.audience", "marking.permitted_action", "agency", "case"])
def test_a_release_whose_conditions_were_loosened_on_the_way_is_not_taken(pair, name):
    match = pair.match()
    request = pair.us.requests.open(match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="why")
    pair.settle()
    write, (path, value) = pair.mx.post.write, LOOSER[name]

    def looser(session, peer, kind, body, **more):
        if kind == "release":
            body = {**body, "conditions": changed(body["conditions"], path, value)}
        return write(session, peer, kind, body, **more)

    pair.mx.post.write = looser
    pair.approve(request, 0)
    pair.approve(request, 1)
    pair.settle()
    assert pair.us.copies.all() == []
    assert [each.state for each in pair.mx.releases.all()] == ["withdrawn"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("permitted_action", "clear"),
        ("audience", "clear"),
        ("judicial_use", "allowed"),
        ("retention_days", 36_500),
        ("purpose", "other-purpose"),
    ],
)
def test_conditions_looser_than_the_clause_never_leave(pair, name, value):
    match = pair.match()
    request = pair.us.requests.open(match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="why")
    pair.settle()
    require = pair.mx.desk.require

    def loosened_obligations(question, *, log):
        made = require(question, log=log)
        return type(made)(**{**made.__dict__, "obligations": {**made.obligations, name: value}})

    pair.mx.desk.require = loosened_obligations
    pair.approve(request, 0)
    with pytest.raises(Refused, match="not those of the clause"):
        pair.approve(request, 1)
    assert pair.mx.releases.all() == []
    assert pair.mx.post.waiting() == []


def test_stricter_conditions_than_the_clauses_are_taken(pair):
    signed, clause = pair.us.desk.clause(AGREEMENT, CLAUSE)
    _signed, _strict, made = strict(pair.us)
    assert check(pair.us, signed, clause, made).permitted_action == "red"
