"""What many questions have in common is read once for all of them, and decides as it did when each told it anew."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import yaml

from convenio.demo.stage import AGREEMENT_FILE
from convenio.policy.agreement import SignedAgreement, read_agreement
from convenio.policy.ask import SHAPE, Ask
from convenio.policy.engine import Engine, _principal, law_of, read_by
from convenio.policy.national import forbids
from tests.policy.conftest import AT
from tests.policy.oracle import decides, drawn, lawful
from tests.policy.test_engine import ALLOWED, asked

ALL = "// why: anything\npermit(principal, action, resource);\n// why: own\n"


def engine_under(forbid, **clause):
    document = read_agreement(AGREEMENT_FILE)
    clauses = tuple(each.model_copy(update=clause) if each.id == ALLOWED.clause else each for each in document.clauses)
    signed = SignedAgreement(document=document.model_copy(update={"clauses": clauses}))
    return Engine([signed], ALL + forbid)


def test_it_is_read_of_the_one_who_asks_and_only_numbers_are_told_each_time():
    text = forbids(law_of("mx"), "release")
    assert not any(f"context.{each}" in text or f"(context).{each}" in text for each in SHAPE)
    assert set(read_by(text)) == {"case", "subjects"}


@pytest.mark.parametrize("name", sorted(SHAPE - {"categories", "fields"}))
def test_a_law_about_a_word_holds_for_the_question_that_follows_with_another_word(name):
    """Two questions alike but for one word are not mixed up."""
    value = getattr(ALLOWED, name)
    law = engine_under(f'forbid(principal, action, resource) when {{ context.{name} == "{value}" }};')
    free = engine_under(f'forbid(principal, action, resource) when {{ context.{name} == "another" }};')
    for _again in range(2):
        assert not law.decide(ALLOWED, AT).allowed
        assert free.decide(ALLOWED, AT).allowed
        assert not free.decide(replace(ALLOWED, **{name: "another"}), AT).allowed


@pytest.mark.parametrize("name", ["categories", "fields"])
def test_a_law_about_a_list_sees_the_list_of_this_question(name):
    clause = {"categories": ("customer-identity", "name"), "fields": ("name", "curp")}
    law = engine_under(f'forbid(principal, action, resource) when {{ context.{name}.contains("name") }};', **clause)
    other = clause[name][0] if clause[name][0] != "name" else clause[name][1]
    for _again in range(2):
        assert law.decide(replace(ALLOWED, **{name: (other,)}), AT).allowed
        assert not law.decide(replace(ALLOWED, **{name: (other, "name")}), AT).allowed
        assert not law.decide(replace(ALLOWED, **{name: ("name", other)}), AT).allowed


@pytest.mark.parametrize(
    "forbid",
    [
        'forbid(principal, action, resource) when { context has purpose && context.purpose == "joint-designation" };',
        'forbid(principal, action, resource) when { context["purpose"] == "joint-designation" };',
        'forbid(principal, action, resource) unless { context.purpose like "tax*" };',
        'forbid(principal, action, resource) when { if context.case == "" then true else context.match_key == "curp" };',
        'forbid(principal, action, resource) when { [context.purpose, "x"].contains("joint-designation") };',
        'forbid(principal, action, resource) when { {a: context.purpose}.a == "joint-designation" };',
        "forbid(principal, action, resource) unless { context == {at: 1} };",
        "forbid(principal, action, resource) when { context.no_such_attribute == 1 };",
        "forbid(principal, action, resource) when { (context has no_such_attribute) == false };",
    ],
)
def test_a_law_holds_however_it_names_what_it_reads(forbid):
    assert not engine_under(forbid).decide(ALLOWED, AT).allowed
    assert engine_under("").decide(ALLOWED, AT).allowed


@pytest.mark.parametrize("word", ["context.purpose", "principal.purpose"])
def test_a_word_that_looks_like_a_name_is_a_word(word):
    """A purpose may be called so; neither the clause's text nor the law's is rewritten inside its words."""
    other = {"context.purpose": "principal.purpose", "principal.purpose": "context.purpose"}[word]
    lawless = engine_under("", purpose=word)
    assert lawless.decide(replace(ALLOWED, purpose=word), AT).allowed
    assert not lawless.decide(replace(ALLOWED, purpose=other), AT).allowed
    law = engine_under(f'forbid(principal, action, resource) when {{ context.purpose == "{word}" }};', purpose=word)
    assert not law.decide(replace(ALLOWED, purpose=word), AT).allowed


@pytest.mark.parametrize("change", [{"purpose": 1}, {"purpose": None}, {"fields": (1,)}, {"categories": ({"a": 1},)}])
def test_what_is_no_text_is_denied_also_after_a_question_that_was_allowed(change):
    engine = engine_under("")
    assert engine.decide(ALLOWED, AT).allowed
    for _again in range(2):
        assert not engine.decide(replace(ALLOWED, **change), AT).allowed
    assert engine.decide(ALLOWED, AT).allowed


def test_questions_in_any_order_are_decided_as_the_oracle_does_with_what_was_read_and_without():
    document = yaml.safe_load(AGREEMENT_FILE.read_text(encoding="utf-8"))
    draw, engine = (
        random.Random(20211006),
        Engine([SignedAgreement(document=read_agreement(AGREEMENT_FILE))], law_of("us")),
    )
    questions = [drawn(document, draw) for _each in range(400)]
    wanted = [decides(document, told, at) and lawful(told) for told, at in questions]
    assert 100 < sum(wanted) < 300
    _principal.cache_clear()
    for order in (range(400), range(399, -1, -1), draw.sample(range(400), 400)):
        for number in order:
            told, at = questions[number]
            one = asked({**told, "fields": told["fields"][:: draw.choice((1, -1))]})
            assert isinstance(one, Ask)
            assert engine.decide(one, at).allowed == wanted[number], told
    assert _principal.cache_info().hits > 400
