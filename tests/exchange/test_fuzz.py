"""Whatever a peer with good keys writes into a letter, this node answers in words and changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenio.exchange.envelope import seal, write_letter
from convenio.exchange.keys import envelope_key
from tests.exchange.test_standing import ledgers as standing_ledgers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KINDS = ("request", "refusal", "release", "acceptance", "content-key", "delivered", "recall", "recalled", "nothing")
FIELDS = (
    "request", "release", "run", "references", "reason", "until", "agreement", "clause", "purpose", "actor", "role",
    "agency", "subject_role", "case", "categories", "fields", "conditions", "approvals", "content", "key",
    "content_digest",
)  # fmt: skip
BODIES = st.dictionaries(st.sampled_from(FIELDS), JSON | st.just("0" * 32) | st.just("AAAA"), max_size=len(FIELDS))


def rows(pair):
    return (
        len(pair.mx.requests.all()),
        len(pair.mx.copies.all()),
        len(pair.mx.releases.all()),
        len(pair.us.post.waiting()),
    )


@given(kind=st.sampled_from(KINDS), body=BODIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_in_a_good_envelope_is_told_and_changes_nothing(pair, kind, body):
    before = rows(pair)[1:]
    letter = write_letter(kind, body, sender="us", recipient="mx", sequence=1, now=pair.clock())
    sealed = seal(letter, signer=pair.us.keys.node, recipient_key=envelope_key(pair.mx.keys.public()["envelope"]))
    status, _said = pair.to_mx.call("/exchange/v1/inbox", sealed)
    assert status in {200, 400, 403, 404, 409} | ({425} if kind not in pair.mx.post._handlers else set()), (
        status,
        kind,
        body,
    )
    assert rows(pair)[1:] == before


@given(statement=JSON | st.dictionaries(st.sampled_from(("run", "asker", "keys", "at", "kind")), JSON, max_size=5))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_for_a_statement_is_told(pair, statement):
    import json

    for body in ({"statement": statement, "signature": "AAAA", "key": "AAAA"}, statement):
        status, _said = pair.to_mx.call("/exchange/v1/match/open", json.dumps(body).encode())
        assert 400 <= status < 500


@pytest.mark.parametrize("change", ["at", "credential", "signature", "conditions", "content"])
def test_a_release_with_one_part_spoilt_is_not_taken(pair, change):
    from convenio.demo.cast import FIELDS as ASKED
    from convenio.demo.cast import US

    match = pair.match()
    request = pair.us.requests.open(match.run, [match.hits[0].place], ASKED, pair.person(US, "analyst"), reason="x")
    pair.settle()
    pair.approve(request, 0)
    honest = pair.mx.post.write

    def spoilt(session, peer, kind, body, **more):
        if kind == "release":
            body = {**body, "approvals": [dict(each) for each in body["approvals"]]}
            if change == "conditions":
                body["conditions"] = {**body["conditions"], "expires_at": "never"}
            elif change == "content":
                body["content"] = "not base64!"
            else:
                body["approvals"][0][change] = "2026-01-01T00:00:00" if change == "at" else 7
        return honest(session, peer, kind, body, **more)

    pair.mx.post.write = spoilt
    pair.approve(request, 1)
    pair.settle()
    assert pair.us.copies.all() == []
    assert [each.state for each in pair.mx.releases.all()] == ["withdrawn"]
    assert not pair.mx.vault.has(f"release/{pair.mx.releases.all()[0].id}")
    assert pair.us.requests.get(request).state == pair.mx.requests.get(request).state == "refused"
    assert "not taken" in pair.us.requests.get(request).answer["reasons"]["en"]
    assert standing_ledgers(pair)[1].holds
