from __future__ import annotations

import datetime as dt
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from convenio.core.canonical import b64
from convenio.core.errors import Conflict, ConvenioError, InputError, Refused
from convenio.core.marking import Marking
from convenio.policy import duties
from convenio.policy.agreement import SignatureDoesNotFit
from convenio.policy.authority import AuthorityKey, read_authority
from convenio.policy.conditions import Conditions, check_use
from convenio.policy.receipt import Receipt, sign_receipt, verify_receipt
from convenio.policy.roster import NodeKey, OfficerEntry, Roster, revoked, sign_roster, verify_roster
from tests.policy.conftest import AT

DAY = dt.timedelta(days=1)


def roster(version=1, **more):
    keys = (NodeKey(kind="node", public=b64(b"k" * 32), not_before=AT),)
    officers = (
        OfficerEntry(
            credential="a" * 32,
            person="elena",
            name="Elena",
            agency="uif",
            roles=("releasing_officer",),
            kind="ed25519",
            public=b64(b"o" * 32),
            not_before=AT,
        ),
    )
    return Roster(**{"party": "mx", "version": version, "issued_at": AT, "keys": keys, "officers": officers, **more})


def test_a_roster_is_its_authority_s_or_nobody_s():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signed = sign_roster(roster(), key)
    assert verify_roster(signed, key.public_key()) == roster()
    with pytest.raises(SignatureDoesNotFit):
        verify_roster(signed, other.public_key())
    changed = signed.model_copy(update={"roster": roster(version=2)})
    with pytest.raises(SignatureDoesNotFit):
        verify_roster(changed, key.public_key())


def test_a_roster_only_grows_newer():
    key = Ed25519PrivateKey.generate()
    second = sign_roster(roster(2), key)
    for version in (1, 2):
        older = sign_roster(roster(version, issued_at=AT + DAY), key)
        with pytest.raises(Conflict):
            verify_roster(older, key.public_key(), previous=second)
    assert verify_roster(sign_roster(roster(3), key), key.public_key(), previous=second).version == 3


def test_a_signature_brought_forward_after_the_revocation_is_refused_whatever_date_it_bears():
    held, names = revoked(roster(), ["a" * 32], AT + DAY)
    assert len(names) == 1
    assert held.version == 2
    before, later = AT + DAY / 2, AT + 2 * DAY
    assert held.officer("a" * 32, before, included=before) is not None
    assert held.officer("a" * 32, before, included=later) is None
    assert held.officer("a" * 32, AT - DAY, included=AT - DAY) is None
    assert held.officer("b" * 32, before, included=before) is None


def test_a_revoked_key_is_never_good_again():
    key = Ed25519PrivateKey.generate()
    gone, _names = revoked(roster(), [b64(b"k" * 32)[:16]], AT + DAY)
    assert gone.public_keys("node", AT + 2 * DAY) == []
    again = sign_roster(roster(3), key)
    with pytest.raises(Conflict):
        verify_roster(again, key.public_key(), previous=sign_roster(gone, key))


@pytest.mark.parametrize("name", ["", "b" * 32, "aaaa", "k"])
def test_revoking_what_is_not_there_changes_nothing(name):
    with pytest.raises(InputError):
        revoked(roster(), [name], AT)


def test_an_authority_s_key_is_made_once_and_opens_with_its_passphrase_only(tmp_path):
    made = AuthorityKey.create(tmp_path / "mx", "mx", "correct horse battery")
    assert read_authority(tmp_path / "mx").fingerprint == read_authority(tmp_path / "mx" / "authority.json").fingerprint
    assert AuthorityKey.load(tmp_path / "mx", "correct horse battery").public == made.public
    for wrong in (None, "another"):
        with pytest.raises(InputError):
            AuthorityKey.load(tmp_path / "mx", wrong)
    with pytest.raises(ConvenioError):
        AuthorityKey.create(tmp_path / "mx", "mx")
    assert (tmp_path / "mx" / "authority.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{}", '{"party": "mx", "public": "AAAA"}', "[1]"])
def test_what_is_no_authority_is_told(tmp_path, text):
    (tmp_path / "authority.json").write_text(text)
    with pytest.raises(InputError):
        read_authority(tmp_path)


def conditions(**more):
    told = {
        "release": "r" * 32,
        "originator": "mx",
        "recipient": "us",
        "agency": "ofac",
        "agreement": "us-mx-joint-action",
        "agreement_digest": "d" * 64,
        "clause": "finance-designation",
        "purpose": "joint-designation",
        "case": "C-1",
        "permitted_action": "amber",
        "judicial_use": "forbidden",
        "onward": "none",
        "humanitarian_only": False,
        "released_at": AT,
        "expires_at": AT + 90 * DAY,
        "marking": Marking(originators=frozenset({"mx"})),
    }
    return Conditions(**{**told, **more})


def use(held, what="open", **more):
    told = {"purpose": "joint-designation", "agency": "ofac", "at": AT + DAY, "case": "C-1"}
    return check_use(held, what, **{**told, **more})


def test_the_named_purpose_works_and_nothing_else():
    assert use(conditions()).allowed
    for wrong in ({"purpose": "other"}, {"agency": "cdc"}, {"case": " "}, {"at": AT + 90 * DAY}):
        assert not use(conditions(), **wrong).allowed
    assert not use(conditions(), "forward", to="ca").allowed
    assert not use(conditions(), "forward", to="ca", consented=True).allowed
    assert not use(conditions(), "court").allowed


def test_consent_opens_what_the_clause_leaves_to_consent():
    held = conditions(onward="consent", judicial_use="permission")
    assert not use(held, "forward", to="ca").allowed
    assert use(held, "forward", to="ca", consented=True).allowed
    assert not use(held, "court").allowed
    assert use(held, "court", consented=True).allowed
    humane = conditions(judicial_use="allowed", humanitarian_only=True)
    assert not use(humane, "court", consented=True).allowed


@given(st.sampled_from(["open", "forward", "court", "export", "derive"]), st.booleans(), st.integers(0, 10**6))
def test_nothing_is_ever_allowed_after_expiry(what, consented, seconds):
    late = AT + 90 * DAY + dt.timedelta(seconds=seconds)
    held = conditions(onward="consent", judicial_use="allowed")
    assert not use(held, what, at=late, to="ca", consented=consented).allowed


def test_duties_stay_apart():
    assert duties.may("approve", ["releasing_officer"])
    for role in ("analyst", "administrator", "auditor", "secretariat"):
        assert not duties.may("approve", [role])
    assert not duties.may("use", ["administrator"])
    assert not duties.may("no-such-act", ["supervisor", "administrator"])
    with pytest.raises(Refused):
        duties.require("approve", ["administrator"], where="max")


def test_a_receipt_is_its_node_s_and_cannot_be_changed():
    key = Ed25519PrivateKey.generate()
    held = Receipt(
        id=uuid.uuid4().hex,
        at=AT,
        party="us",
        allowed=False,
        act="forward",
        actor="ruth",
        agency="ofac",
        agreement="us-mx-joint-action",
        agreement_digest="d" * 64,
        clause="finance-designation",
        subject="r" * 32,
        failed=({"en": "no", "es": "no"},),
        asked="0" * 64,
    )
    signed = sign_receipt(held, key)
    assert verify_receipt(signed, key.public_key()) == held
    changed = signed.model_copy(update={"receipt": held.model_copy(update={"allowed": True})})
    with pytest.raises(SignatureDoesNotFit):
        verify_receipt(changed, key.public_key())


def test_a_new_key_is_good_for_a_clock_a_little_behind_and_a_revoked_one_for_none():
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    key = NodeKey(kind="node", public="A" * 43, not_before=at, revoked_at=at + dt.timedelta(hours=1))
    assert key.good(at - dt.timedelta(minutes=9))
    assert not key.good(at - dt.timedelta(minutes=11))
    assert key.good(at + dt.timedelta(minutes=59))
    assert not key.good(at + dt.timedelta(hours=1))
