"""The next roster request keeps what stood in the roster: since when a key is good, and that it was revoked."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ed25519

from convenio.core.canonical import b64
from convenio.demo.cast import MX
from convenio.node.setup import write_roster_request
from convenio.people.credentials import sign_decision
from convenio.policy.roster import read_roster, sign_roster
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.exchange.test_onward import asked
from tests.exchange.travel import loosened


def renewed(pair):  # noqa: F811
    """Mexico's next roster, signed and taken by both nodes."""
    node = pair.mx
    wanted = read_roster(write_roster_request(node.settings, previous=node.peers.roster("mx"), clock=pair.clock))
    made = sign_roster(wanted, pair.authorities["mx"].private)
    node.peers.adopt_own(made, pair.authorities["mx"].public)
    pair.us.peers.renew("mx", made)
    return made.roster


def test_what_an_officer_signed_before_the_next_roster_still_counts_after_it(pair):  # noqa: F811
    loosened(pair, onward="consent")
    _request, copy = pair.released()
    consent = asked(pair, copy)
    officer = pair.person(MX, "releasing_officer")
    from convenio.core.canonical import digest

    told = digest(pair.mx.consenting.decision(consent))
    pair.mx.consenting.approve(consent, officer, sign_decision(pair.keys[officer.name], told))
    pair.clock.forward(hours=1)
    before = pair.mx.peers.roster("mx")
    after = renewed(pair)
    assert after.version == before.version + 1
    assert [each.not_before for each in after.officers] == [each.not_before for each in before.officers]
    assert after.keys == before.keys
    pair.settle()
    assert [each.state for each in pair.mx.consenting.all()] == ["granted"]


def test_a_credential_that_was_revoked_here_stays_in_the_roster_as_revoked(pair):  # noqa: F811
    officer = pair.person(MX, "releasing_officer")
    (held,) = pair.mx.credentials.of(officer.name)
    pair.mx.credentials.revoke(held.id)
    key = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    new = pair.mx.credentials.enrol(officer, kind="ed25519", public=b64(key))
    pair.clock.forward(hours=1)
    told = {each.credential: each.revoked_at for each in renewed(pair).officers}
    assert told[held.id] == pair.clock()
    assert told[new.id] is None
    pair.clock.forward(hours=1)
    again = {each.credential: each.revoked_at for each in renewed(pair).officers}
    assert again == told
