from __future__ import annotations

import datetime as dt

import pytest
import yaml

from convenio.core.errors import ConvenioError, InputError
from convenio.policy.agreement import (
    NotInForce,
    SignatureDoesNotFit,
    SignatureMissing,
    SignedAgreement,
    agreement_digest,
    read_agreement,
    read_signed,
    sign,
    verify_signed,
)
from convenio.policy.odrl import to_odrl
from convenio.policy.words import in_words
from tests.policy.conftest import AT


def publics(authorities):
    return {party: key.public_key() for party, key in authorities.items()}


def test_both_signatures_fit(signed, authorities):
    assert verify_signed(signed, publics(authorities), AT).id == "us-mx-joint-action"
    assert verify_signed(read_signed(signed.text()), publics(authorities), AT) == signed.document


def test_a_changed_document_does_not_fit_its_signatures(signed, authorities):
    changed = signed.text().replace('"retention_days": 90', '"retention_days": 9000')
    assert changed != signed.text()
    with pytest.raises(SignatureDoesNotFit):
        verify_signed(read_signed(changed), publics(authorities), AT)


def test_a_signature_of_the_wrong_authority_does_not_fit(signed, authorities):
    swapped = {"us": authorities["mx"].public_key(), "mx": authorities["us"].public_key()}
    with pytest.raises(SignatureDoesNotFit) as wrong:
        verify_signed(signed, swapped, AT)
    assert "fingerprints" in str(wrong.value)


def test_one_signature_is_not_enough(signed, authorities):
    once = SignedAgreement(document=signed.document, signatures=signed.signatures[:1])
    with pytest.raises(SignatureMissing):
        verify_signed(once, publics(authorities), AT)


def test_an_agreement_that_is_not_yet_in_force_or_has_ended_is_refused(signed, authorities):
    for year in (2020, 2042):
        with pytest.raises(NotInForce):
            verify_signed(signed, publics(authorities), AT.replace(year=year))


def test_a_clause_without_its_spanish_is_refused_with_its_place(text):
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if "es: Inteligencia financiera previa" in line)
    del lines[at]
    with pytest.raises(InputError) as missing:
        read_agreement("\n".join(lines) + "\n")
    assert "finance-designation" in str(missing.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("retention_days: 90", "retention_days: 0"),
        ("onward: none", "onward: sometimes"),
        ("valid_until: 2041-09-30", "valid_until: 2011-09-30"),
        ("approvals", "approvels"),
        ("agencies: [ofac, uif]", "agencies: [ofac, kgb]"),
        ("match_keys: [curp, rfc, passport, name_birth_date]", "match_keys: []"),
        ("subject_roles: [suspect, convicted]", "subject_roles: [suspect, witness]"),
        ("version: 1", "version: 2"),
    ],
)
def test_what_does_not_hold_together_is_refused(text, old, new):
    changed = text.replace(old, new, 1) if old in text else text + "approvels: 3\n"
    with pytest.raises(InputError):
        read_agreement(changed)


@pytest.mark.parametrize("bad", ["", "a: [", "- 1\n- 2\n", "\x00", "a: &x [*x]", "<<: {a: 1}"])
def test_what_is_no_agreement_is_refused(bad):
    with pytest.raises(ConvenioError):
        read_agreement(bad + "\n")


def test_an_amendment_names_what_it_amends(text, signed):
    told = yaml.safe_load(text)
    told["version"] = 2
    told["amends"] = {
        "version": 1,
        "digest": agreement_digest(signed.document),
        "reason": {"en": "A shorter retention.", "es": "Una conservación más corta."},
        "agreed_on": dt.date(2022, 1, 10),
    }
    told["clauses"][0]["retention_days"] = 60
    amended = read_agreement(yaml.safe_dump(told, allow_unicode=True))
    assert amended.amends is not None
    assert agreement_digest(amended) != agreement_digest(signed.document)


def test_signing_again_renews_and_a_stranger_cannot_sign(signed, authorities):
    again = sign(signed, authorities["us"], "us")
    assert len(again.signatures) == 2
    with pytest.raises(InputError):
        sign(signed, authorities["us"], "ca")


def test_every_clause_has_plain_words_in_both_languages(signed):
    for clause in signed.document.clauses:
        words = in_words(signed.document, clause)
        assert len(words) >= 7
        for each in words:
            assert each.in_language("en")
            assert each.in_language("es") != "" or each.in_language("en") == ""


def test_odrl_keeps_every_permission_and_prohibition(signed):
    made = to_odrl(signed.document)
    assert made["@type"] == "Agreement"
    assert len(made["permission"]) == 2 * len(signed.document.clauses)
    finance = [each for each in made["permission"] if ":finance-designation:" in each["uid"]]
    assert {each["assigner"] for each in finance} == {"urn:convenio:party:us", "urn:convenio:party:mx"}
    assert any(each["action"] == "cv:judicialUse" for each in made["prohibition"])
    deletes = [each for each in finance[0]["duty"] if each["action"] == "delete"]
    assert deletes[0]["constraint"][0]["rightOperand"] == "P90D"
