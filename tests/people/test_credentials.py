from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.canonical import b64, digest
from convenio.core.errors import Conflict, InputError, Refused
from convenio.people.credentials import Credentials, sign_decision

DECISION = digest({"release": 1})


@pytest.fixture
def officer(people):
    return people.add(
        "luis", "correct horse battery", full_name="Luis Pérez", agency="uif", roles=["releasing_officer"]
    )


@pytest.fixture
def credentials(store, clock):
    return Credentials(store, clock)


def enrol(credentials, officer):
    key = Ed25519PrivateKey.generate()
    return key, credentials.enrol(officer, kind="ed25519", public=b64(key.public_key().public_bytes_raw()))


def test_an_enrolled_key_approves_the_decision_it_signed(credentials, officer):
    key, credential = enrol(credentials, officer)
    assert credentials.verify(officer, sign_decision(key, DECISION), DECISION) == credential


def test_a_signature_over_another_decision_is_refused(credentials, officer):
    key, _credential = enrol(credentials, officer)
    with pytest.raises(Refused, match="does not fit"):
        credentials.verify(officer, sign_decision(key, digest({"release": 2})), DECISION)


def test_each_of_two_keys_is_found(credentials, officer):
    first, one = enrol(credentials, officer)
    second, other = enrol(credentials, officer)
    assert credentials.verify(officer, sign_decision(first, DECISION), DECISION) == one
    assert credentials.verify(officer, sign_decision(second, DECISION), DECISION) == other


def test_a_revoked_key_no_longer_approves(credentials, officer):
    key, credential = enrol(credentials, officer)
    credentials.revoke(credential.id)
    with pytest.raises(Refused, match="no credential"):
        credentials.verify(officer, sign_decision(key, DECISION), DECISION)


def test_one_key_cannot_be_enrolled_twice(credentials, officer):
    key, _credential = enrol(credentials, officer)
    with pytest.raises(Conflict):
        credentials.enrol(officer, kind="ed25519", public=b64(key.public_key().public_bytes_raw()))


@pytest.mark.parametrize("public", ["AAAA", "not base64!"])
def test_what_is_no_key_is_refused(credentials, officer, public):
    with pytest.raises(InputError):
        credentials.enrol(officer, kind="ed25519", public=public)
