"""Every kind of key can be revoked or give way, and what it signs afterwards is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from typer.testing import CliRunner

from convenio.cli.authority import app as authority_app
from convenio.cli.peer import app as peer_app
from convenio.core.canonical import digest, unb64
from convenio.core.errors import Conflict, ConvenioError, Refused
from convenio.demo.cast import CASE, FIELDS, MX, PURPOSE, US
from convenio.demo.stage import AGREEMENT_FILE
from convenio.exchange.envelope import EnvelopeError, seal, write_letter
from convenio.exchange.keys import envelope_key
from convenio.people.credentials import sign_decision
from convenio.policy.agreement import SignatureDoesNotFit, read_agreement, sign
from convenio.policy.authority import AuthorityKey
from convenio.policy.handover import check, draft, read_handover, signed
from convenio.policy.roster import revoked, sign_roster
from tests.exchange.travel import kinds

WHY = {"en": "the safe was opened", "es": "se abrió la caja fuerte"}


def revoke(pair, *names, at=None):
    """Mexico's authority revokes keys, and both nodes take the roster."""
    roster, _told = revoked(pair.mx.peers.roster("mx"), list(names), at or pair.clock())
    made = sign_roster(roster, pair.authorities["mx"].private)
    pair.us.peers.renew("mx", made)
    pair.mx.peers.adopt_own(made, pair.authorities["mx"].public)


def public(pair, kind):
    return pair.mx.peers.roster("mx").public_keys(kind, pair.clock())[-1]


def roster_with(pair, kind, value):
    """Mexico's roster with one more key, so that another of the kind can be revoked."""
    roster = pair.mx.peers.roster("mx")
    one = next(each for each in roster.keys if each.kind == kind)
    more = roster.model_copy(
        update={"version": roster.version + 1, "keys": (*roster.keys, one.model_copy(update={"public": value}))}
    )
    made = sign_roster(more, pair.authorities["mx"].private)
    pair.us.peers.renew("mx", made)
    pair.mx.peers.adopt_own(made, pair.authorities["mx"].public)


def fresh():
    from convenio.core.canonical import b64

    return b64(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_a_revoked_officer_s_signature_releases_nothing_whatever_date_it_bears(pair):
    match = pair.match()
    request = pair.us.requests.open(
        match.run, [match.hits[0].place], FIELDS, pair.person(US, "analyst"), reason="because"
    )
    pair.settle()
    pair.approve(request, 0)
    pair.approve(request, 1)
    (held,) = pair.mx.credentials.of(pair.person(MX, "releasing_officer", 1).name)
    revoke(pair, held.id)
    pair.settle()
    assert pair.us.copies.all() == []
    assert "undeliverable" in kinds(pair.mx, "border-us")


def test_a_revoked_officer_s_signature_consents_to_nothing(pair):
    from tests.exchange.travel import loosened

    loosened(pair, onward="consent")
    _request, copy = pair.released()
    until = pair.clock() + dt.timedelta(days=3)
    consent = pair.us.onward.ask(copy, pair.person(US, "analyst"), to="cdc", case=CASE, reason="why", until=until)
    pair.settle()
    officer = pair.person(MX, "releasing_officer")
    told = digest(pair.mx.consenting.decision(consent))
    pair.mx.consenting.approve(consent, officer, sign_decision(pair.keys[officer.name], told))
    (held,) = pair.mx.credentials.of(officer.name)
    revoke(pair, held.id)
    pair.settle()
    with pytest.raises(Refused):
        pair.us.copies.forward(copy, pair.person(US, "analyst"), to="cdc", purpose=PURPOSE, case=CASE)


def test_an_envelope_signed_by_a_revoked_node_key_is_refused(pair):
    key = public(pair, "node")
    letter = write_letter("release", {}, sender="mx", recipient="us", sequence=1, now=pair.clock())
    sealed = seal(letter, signer=pair.mx.keys.node, recipient_key=envelope_key(pair.mx.peers.envelope_public("us")))
    assert pair.us.post.open(sealed).id == letter.id
    roster_with(pair, "node", fresh())
    revoke(pair, key)
    with pytest.raises(EnvelopeError, match="roster"):
        pair.us.post.open(sealed)
    back = pair.mx.peers.roster("mx")
    keys = tuple(each.model_copy(update={"revoked_at": None}) for each in back.keys)
    again = back.model_copy(update={"version": back.version + 1, "keys": keys})
    with pytest.raises(Conflict, match="good again"):
        pair.us.peers.renew("mx", sign_roster(again, pair.authorities["mx"].private))


def test_a_call_with_a_revoked_certificate_is_nobody_s(pair):
    certificate = unb64(public(pair, "tls"))
    assert pair.us.peers.by_certificate(certificate) == "mx"
    assert pair.to_us.call("/exchange/v1/status", b"")[0] == 200
    from convenio.exchange.keys import create_keys

    other = create_keys(pair.us.settings.home / "other", "mx", pair.clock())
    roster_with(pair, "tls", other.public()["tls"])
    revoke(pair, public_of_first(pair, "tls"))
    assert pair.us.peers.by_certificate(certificate) is None
    status, body = pair.to_us.call("/exchange/v1/status", b"")
    assert (status, b"roster" in body) == (421, True)


def public_of_first(pair, kind):
    """Enough of the oldest key's text to name it alone."""
    every = [each.public for each in pair.mx.peers.roster("mx").keys if each.kind == kind]
    first = every[0]
    return next(first[:n] for n in range(12, len(first)) if not any(each.startswith(first[:n]) for each in every[1:]))


def test_a_checkpoint_signed_by_a_revoked_ledger_key_is_not_cosigned(pair):
    pair.match()
    pair.mx.logs.step()
    pair.mx.logs.ask_witnesses()
    roster_with(pair, "ledger", fresh())
    revoke(pair, public_of_first(pair, "ledger"))
    pair.match()
    pair.mx.logs.step()
    with pytest.raises(ConvenioError):
        pair.mx.logs.ask_witnesses()
    assert next(each for each in pair.mx.logs.state() if each["log"] == "border-us")["unwitnessed"] > 0


def test_a_cosignature_by_a_revoked_key_does_not_count(pair):
    pair.match()
    pair.us.logs.step()
    roster_with(pair, "cosigner", fresh())
    revoke(pair, public_of_first(pair, "cosigner"))
    with pytest.raises(ConvenioError):
        pair.us.logs.ask_witnesses()
    assert pair.us.clock.state().cosigned is None


def test_an_authority_s_key_gives_way_and_the_old_one_signs_nothing_any_more(pair, tmp_path):
    new = AuthorityKey.create(tmp_path / "new", "mx")
    old = pair.authorities["mx"]
    made = draft("mx", old.public, new.public, WHY, pair.clock(), lost=False)
    made = signed(signed(made, "new", new.private), "old", old.private)
    for node in (pair.us, pair.mx):
        node.peers.hand_over(made)
        assert kinds(node, "internal").count("authority-changed") == 1
    roster = pair.mx.peers.roster("mx")
    later = roster.model_copy(update={"version": roster.version + 1})
    with pytest.raises(Refused):
        pair.us.peers.add("mx", sign_roster(later, old.private), old.public, "https://mx.example:1")
    with pytest.raises(SignatureDoesNotFit):
        pair.us.peers.renew("mx", sign_roster(later, old.private))
    assert pair.us.peers.renew("mx", sign_roster(later, new.private)).version == roster.version + 1
    both = sign(sign(read_agreement(AGREEMENT_FILE), pair.authorities["us"].private, "us"), old.private, "mx")
    with pytest.raises(SignatureDoesNotFit):
        pair.us.agreements.adopt(both)
    assert len(pair.released()) == 2
    with pytest.raises(Refused, match="another key"):
        pair.us.peers.hand_over(made)


def test_a_handover_lacks_no_signature(pair, tmp_path):
    new, old = AuthorityKey.create(tmp_path / "new", "mx"), pair.authorities["mx"]
    made = signed(draft("mx", old.public, new.public, WHY, pair.clock(), lost=False), "new", new.private)
    lost = signed(draft("mx", old.public, new.public, WHY, pair.clock(), lost=True), "new", new.private)
    forged = lost.model_copy(update={"signatures": {**lost.signatures, "us": lost.signatures["new"]}})
    for bad in (made, lost, forged, signed(lost, "old", old.private)):
        for node in (pair.us, pair.mx):
            with pytest.raises(Refused):
                node.peers.hand_over(bad)
    with pytest.raises(Refused, match="vouch"):
        check(lost, old.public, {})
    assert pair.us.peers.authorities()["mx"] == old.public


def test_the_ceremony_of_a_lost_key_by_files(pair, tmp_path):
    run = CliRunner().invoke
    told = str(tmp_path / "handover.json")
    reason = ["--en", WHY["en"], "--es", WHY["es"]]
    public_file = str(tmp_path / "mx-authority" / "authority.json")
    made = run(authority_app, ["handover", public_file, str(tmp_path / "new"), told, *reason, "--lost"])
    assert made.exit_code == 0, made.output
    shown = run(authority_app, ["show", str(tmp_path / "new")]).output.strip().partition("\t")[2]
    assert shown in made.output
    wrong = run(authority_app, ["countersign", str(tmp_path / "us-authority"), told, "--compared", "0000 0000"])
    assert isinstance(wrong.exception, Refused)
    refused = run(peer_app, ["handover", str(pair.us.settings.home), told])
    assert isinstance(refused.exception, Refused)
    done = run(authority_app, ["countersign", str(tmp_path / "us-authority"), told, "--compared", shown])
    assert done.exit_code == 0, done.output
    for node in (pair.us, pair.mx):
        assert run(peer_app, ["handover", str(node.settings.home), told]).exit_code == 0
    assert set(read_handover(tmp_path / "handover.json").signatures) == {"new", "us"}
    key = AuthorityKey.load(tmp_path / "new")
    assert pair.us.peers.authorities()["mx"] == key.public
