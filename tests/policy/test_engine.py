from __future__ import annotations

import copy
import random
from dataclasses import replace

import pytest
import yaml

from convenio.policy.agreement import SignedAgreement, read_agreement
from convenio.policy.ask import Ask
from convenio.policy.engine import Engine, law_of, read_by
from convenio.policy.national import forbids
from tests.policy.conftest import AT
from tests.policy.oracle import decides, drawn, lawful

ALLOWED = Ask(
    action="match",
    agreement="us-mx-joint-action",
    clause="finance-designation",
    purpose="joint-designation",
    actor="ruth.analyst",
    role="analyst",
    agency="ofac",
    asking_party="us",
    answering_party="mx",
    subject_role="suspect",
    case="OFAC-1",
    categories=("customer-identity",),
    match_key="curp",
    keys_in_run=4,
    keys_today=4,
)


def asked(told, agreement="us-mx-joint-action"):
    told = {**told, "categories": tuple(told["categories"]), "fields": tuple(told["fields"])}
    return Ask(agreement=agreement, actor="someone", **told)


def test_what_the_clause_permits_is_allowed_with_its_obligations(engine):
    decided = engine.decide(ALLOWED, AT)
    assert decided.allowed
    assert decided.failures == ()
    assert (decided.obligations["retention_days"], decided.obligations["onward"]) == (90, "none")
    assert decided.obligations["judicial_use"] == "forbidden"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"purpose": "tax-collection"}, {"purpose"}),
        ({"role": "administrator"}, {"role"}),
        ({"agency": "uif"}, {"agency"}),
        ({"agency": "cdc"}, {"agency"}),
        ({"asking_party": "ca"}, {"agency", "party"}),
        ({"answering_party": "us"}, {"self"}),
        ({"subject_role": "victim"}, {"subject_role", "humanitarian"}),
        ({"case": "  "}, {"case"}),
        ({"categories": ("patient-record",)}, {"categories", "health"}),
        ({"fields": ("religion",)}, {"fields"}),
        ({"match_key": "face"}, {"match_key"}),
        ({"keys_in_run": 20_001, "keys_today": 20_001}, {"keys_in_run"}),
        ({"keys_in_run": 0}, {"keys_in_run"}),
        ({"keys_today": 50_001}, {"keys_today"}),
        ({"action": "delete"}, {"action"}),
        ({"action": 'match"; permit(principal'}, {"action"}),
        ({"clause": "no-such-clause"}, {"clause"}),
        ({"agreement": "no-such-agreement"}, {"agreement"}),
    ],
)
def test_a_denial_names_what_failed_in_both_languages(engine, change, named):
    decided = engine.decide(replace(ALLOWED, **change), AT)
    assert not decided.allowed
    assert named <= {each.name for each in decided.failures}
    assert decided.obligations == {}
    assert decided.reasons()["en"]


@pytest.mark.parametrize(
    "change",
    [
        {"agency": "ofac/analyst", "role": ""},
        {"asking_party": "us/ofac", "agency": "analyst", "role": ""},
        {"asking_party": "us/ofac", "agency": "analyst", "role": "analyst"},
        {"answering_party": "mx/us"},
        {"asking_party": "us/mx", "answering_party": ""},
        {"actor": '"} || true', "role": "analyst/"},
    ],
)
def test_words_with_a_slash_of_their_own_are_nobodys(engine, change):
    assert not engine.decide(replace(ALLOWED, **change), AT).allowed


def test_a_set_is_handed_what_it_reads_and_all_where_that_cannot_be_told():
    assert read_by("permit(principal, action, resource) when { context.at > 1 && context.fields == [] };") == (
        "at",
        "fields",
    )
    whole = set(ALLOWED.context(AT))
    assert set(read_by("permit(principal, action, resource) when { context == {} };")) == whole
    assert set(read_by('permit(principal, action, resource) when { context["at"] > 1 };')) == whole
    assert "case" in read_by("permit(principal, action, resource) when { context has case };")


def test_a_law_that_forbids_one_act_is_asked_about_that_act_alone():
    law = law_of("mx")
    assert "subjects" not in forbids(law, "match")
    assert "subjects" in forbids(law, "release")
    unscoped = (
        "// why: anything\npermit(principal, action, resource);\n// why: case\nforbid(principal, action, resource);"
    )
    assert all("forbid" in forbids(unscoped, action) for action in ("match", "release"))


def test_before_its_first_day_and_after_its_last_nothing_is_allowed(engine):
    for year, name in ((2020, "from"), (2042, "until")):
        decided = engine.decide(ALLOWED, AT.replace(year=year))
        assert [each.name for each in decided.failures] == [name]


@pytest.mark.parametrize("missing", list(ALLOWED.context(AT)))
def test_a_missing_attribute_never_allows(engine, missing):
    class Less(Ask):
        def context(self, at):
            told = super().context(at)
            del told[missing]
            return told

    less = Less(**{name: getattr(ALLOWED, name) for name in ALLOWED.__dataclass_fields__})
    assert not engine.decide(less, AT).allowed


@pytest.mark.parametrize("wrong", ["purpose", "categories", "keys_in_run", "at"])
def test_an_attribute_of_another_type_never_allows(engine, wrong):
    class Wrong(Ask):
        def context(self, at):
            return {**super().context(at), wrong: {"a": 1}}

    other = Wrong(**{name: getattr(ALLOWED, name) for name in ALLOWED.__dataclass_fields__})
    decided = engine.decide(other, AT)
    assert not decided.allowed
    assert {each.name for each in decided.failures} & {"error", wrong}


def test_the_oracle_agrees_and_nothing_leaks(engine, document):
    draw, allowed = random.Random(20211008), 0
    for number in range(4_000):
        told, at = drawn(document, draw)
        wanted = decides(document, told, at) and lawful(told)
        got = engine.decide(asked(told), at).allowed
        assert got == wanted, (number, told, at)
        allowed += got
    assert allowed >= 0.3 * 4_000


MUTATIONS = {
    "purpose": lambda clause: clause.update(purpose="another-purpose"),
    "fields": lambda clause: clause.update(fields=clause["fields"][1:]),
    "categories": lambda clause: clause.update(categories=clause["categories"][1:]),
    "roles": lambda clause: clause["askers"].update(roles=["secretariat"]),
    "agencies": lambda clause: clause["askers"].update(agencies=clause["askers"]["agencies"][:1]),
    "parties": lambda clause: clause.update(for_parties=["us"]),
    "actions": lambda clause: clause.update(actions=clause["actions"][:1]),
    "subject_roles": lambda clause: clause.update(subject_roles=clause["subject_roles"][:1]),
    "match_keys": lambda clause: clause.update(match_keys=clause["match_keys"][:1]),
    "keys_per_run": lambda clause: clause["budgets"].update(keys_per_run=1),
    "keys_per_day": lambda clause: clause["budgets"].update(keys_per_day=1),
    "requests_per_day": lambda clause: clause["budgets"].update(requests_per_day=1),
    "subjects_per_request": lambda clause: clause["budgets"].update(subjects_per_request=1),
    "valid_until": lambda clause: clause.update(valid_until="2021-10-02"),
    "valid_from": lambda clause: clause.update(valid_from="2041-01-01"),
    "case": lambda clause: clause.update(case_required=False),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutated_clause_is_caught(document, mutation):
    """The oracle over the true document and the engine over a changed one must come to differ."""
    changed = copy.deepcopy(document)
    MUTATIONS[mutation](changed["clauses"][0])
    law = "// why: anything\npermit(principal, action, resource);"
    mutated = Engine([SignedAgreement(document=read_agreement(yaml.safe_dump(changed)))], law)
    draw = random.Random(7)
    for _each in range(20_000):
        told, at = drawn(document, draw)
        if told["clause"] == document["clauses"][0]["id"] and (
            mutated.decide(asked(told), at).allowed != decides(document, told, at)
        ):
            return
    pytest.fail("nothing told the mutated clause from the true one")


CARRIED = {
    "retention_days": 7,
    "onward": "consent",
    "judicial_use": "allowed",
    "permitted_action": "green",
    "audience": "clear",
    "humanitarian_only": True,
    "approvals": 3,
}


@pytest.mark.parametrize("field", CARRIED)
def test_a_clause_whose_conditions_were_changed_is_caught_by_what_comes_with_an_allowance(document, engine, field):
    changed = copy.deepcopy(document)
    changed["clauses"][0][field] = CARRIED[field]
    mutated = Engine([SignedAgreement(document=read_agreement(yaml.safe_dump(changed)))], law_of("mx"))
    before, after = engine.decide(ALLOWED, AT).obligations, mutated.decide(ALLOWED, AT).obligations
    assert {name for name in before if before[name] != after[name]} == {field}


@pytest.mark.parametrize("bound", [9, 11])
def test_the_smallest_group_of_an_aggregate_is_kept(document, bound):
    changed = copy.deepcopy(document)
    clause = next(each for each in changed["clauses"] if "min_group" in each)
    clause["min_group"] = bound
    mutated = Engine([SignedAgreement(document=read_agreement(yaml.safe_dump(changed)))], law_of("mx"))
    draw = random.Random(3)
    for _each in range(20_000):
        told, at = drawn(document, draw)
        if told["clause"] == clause["id"] and mutated.decide(asked(told), at).allowed != decides(document, told, at):
            return
    pytest.fail("nothing told the mutated clause from the true one")


def test_both_parties_laws_can_be_read():
    for party in ("us", "mx"):
        Engine([], law_of(party))
