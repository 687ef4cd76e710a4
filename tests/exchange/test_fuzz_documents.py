"""What a peer or its authority hands over as a document: a changed one is told in words, or says the same thing."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenio.core.errors import ConvenioError
from convenio.demo.cast import AGREEMENT
from convenio.exchange.envelope import seal, write_letter
from convenio.exchange.keys import envelope_key
from convenio.policy.agreement import SignedAgreement, read_signed, verify_signed
from convenio.policy.roster import SignedRoster, read_signed_roster, sign_roster, verify_roster
from tests.exchange import standing
from tests.exchange.test_fuzz import BODIES, JSON

WRONG = (
    None, True, -1, 0, 1e308, 2**63, "", " ", "\x00", "\ud800", "A" * 10_000, [], {}, [[]], "2026-13-01T00:00:00Z",
    "0001-01-01T00:00:00+00:00", "0" * 64, "../../etc", "9" * 5_000,
)  # fmt: skip
ANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def places(value, at=()):
    """Every place in a document, from the outside in."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*at, name))


def changed(document, draw):
    """The document with one place changed, taken out, doubled or nested deep."""
    made = copy.deepcopy(document)
    *path, last = draw.choice(list(places(made))[1:])
    inner = made
    for name in path:
        inner = inner[name]
    how = draw.random()
    if how < 0.2:
        del inner[last]
    elif how < 0.35 and isinstance(inner, list):
        inner.append(copy.deepcopy(inner[last]))
    elif how < 0.4:
        deep = []
        for _each in range(200):
            deep = [deep]
        inner[last] = deep
    elif how < 0.5 and isinstance(inner, dict):
        inner["one more"] = 1
    else:
        inner[last] = draw.choice(WRONG)
    return made


def text_of(document) -> str:
    return json.dumps(document, ensure_ascii=True)


def test_a_changed_roster_is_refused_or_is_the_same_roster(pair, tmp_path):
    honest = sign_roster(pair.us.peers.roster("us").model_copy(update={"version": 2}), pair.authorities["us"].private)
    before, told, draw = (
        SignedRoster.model_validate(pair_roster(pair)),
        honest.model_dump(mode="json"),
        random.Random(5),
    )
    refused = 0
    for number in range(150):
        path = tmp_path / "roster.json"
        path.write_text(text_of(changed(told, draw)), encoding="utf-8")
        try:
            made = verify_roster(read_signed_roster(path), pair.authorities["us"].public, previous=before)
        except ConvenioError:
            refused += 1
        else:
            assert made == honest.roster, number
    assert refused > 120
    assert pair.mx.peers.roster("us").version == 1


def pair_roster(pair):
    from convenio.stores.tables import Peer

    with pair.mx.store.reading() as session:
        return session.get(Peer, "us").roster


def test_a_changed_agreement_is_refused_or_is_the_same_agreement(pair):
    honest = next(each for each in pair.us.agreements.in_force() if each.document.id == AGREEMENT)
    told, draw, refused = honest.model_dump(mode="json", exclude_unset=True), random.Random(6), 0
    authorities = {party: key.public for party, key in pair.authorities.items()}
    for number in range(150):
        try:
            made = verify_signed(read_signed(text_of(changed(told, draw))), authorities, pair.clock())
        except ConvenioError:
            refused += 1
        else:
            assert SignedAgreement(document=made).digest == honest.digest, number
    assert refused > 120


def test_a_changed_checkpoint_is_not_cosigned(pair):
    pair.released()
    pair.us.logs.step()
    sent = pair.to_mx.sent
    pair.us.logs.ask_witnesses()
    body = next(content for path, content in reversed(sent) if path.endswith("add-checkpoint"))
    draw, answers, honest = random.Random(7), set(), pair.mx.logs.latest("us").partition(b"\n\n")[0]
    assert honest in body
    for _each in range(150):
        made = bytearray(body)
        how, at = draw.random(), draw.randrange(len(body))
        if how < 0.3:
            del made[at:]
        elif how < 0.5:
            made[at:at] = draw.choice([b"\n", b"\x00", b"9" * 400, b"A" * 4_000, b"\xff\xfe", "—".encode()])
        elif how < 0.6:
            made += bytes(made)
        else:
            made[at] ^= 1 << draw.randrange(8)
        status, _said = pair.to_mx.call("/exchange/v1/witness/add-checkpoint", bytes(made))
        answers.add(status)
        assert status in {200, 400, 403, 404, 409, 413, 422}, (status, bytes(made))
        assert pair.mx.logs.latest("us").partition(b"\n\n")[0] == honest, bytes(made)
    assert len(answers - {200}) >= 2


LETTERS = (
    "consent-request", "consent", "consent-refusal", "consent-withdrawal", "correction", "correction-key",
    "correction-acceptance", "correction-done", "standing-request", "standing-answer", "standing-end", "batch", "taken",
    "finding-recall", "finding-recalled",
)  # fmt: skip
NAMES = (
    "consent", "release", "order", "holder", "agreement", "agreement_digest", "clause", "purpose", "case", "until", "to",
    "act", "reason", "subject_roles", "categories", "fields", "per_day", "asker", "asker_agency", "asker_role", "number",
    "count", "root", "conditions", "content", "approvals", "signatures", "reasons", "correction", "key",
    "recall", "place", "outcome",
)  # fmt: skip
TOLD = st.dictionaries(st.sampled_from(NAMES), JSON | st.just("0" * 32) | st.just("AAAA"), max_size=len(NAMES))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two nodes with a standing order, for every letter of this module."""
    from convenio.world.world import World
    from tests.exchange.conftest import pair as real_pair

    made = World().plant(shared=2, nominees=3, customers=100)
    making = real_pair._get_wrapped_function()(tmp_path_factory.mktemp("both"), made)
    pair = next(making)
    standing.adopt(pair)
    standing.ordered(pair)
    yield pair
    next(making, None)


def test_the_letters_of_this_list_and_of_the_other_are_all_there_are(both):
    from tests.exchange.test_fuzz import KINDS

    assert set(both.mx.post._handlers) - {*LETTERS, *KINDS} == KNOWN_ELSEWHERE


KNOWN_ELSEWHERE: set[str] = set()


@given(kind=st.sampled_from(LETTERS), body=TOLD | BODIES)
@ANY
def test_garbage_in_a_letter_of_any_kind_is_told_and_changes_nothing(both, kind, body):
    sealed = sealed_to(both, kind, body)
    before = state(both)
    status, _said = both.to_mx.call("/exchange/v1/inbox", sealed)
    assert status in {200, 400, 403, 404, 409}, (status, kind, body)
    assert state(both) == before, (kind, body)


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(("standing-request", "batch")))
@ANY
def test_a_letter_with_one_place_changed_is_told_and_breaks_nothing(both, seed, kind):
    draw = random.Random(seed)
    until = (both.clock() + dt.timedelta(days=3)).isoformat()
    bodies = {
        "standing-request": {
            "order": f"{draw.getrandbits(128):032x}", "holder": "uif", "agreement": "us-mx-findings",
            "agreement_digest": both.us.orders.all()[0].agreement_digest, "clause": standing.CLAUSE,
            "purpose": "joint-designation", "case": "C-1", "subject_roles": ["suspect"],
            "categories": ["screening-finding"], "fields": ["claim"], "per_day": 5, "until": until,
            "asker": "ruth.analyst", "asker_agency": "ofac", "asker_role": "analyst", "reason": "why",
        },
        "batch": {
            "release": f"{draw.getrandbits(128):032x}", "order": both.us.orders.all()[0].id, "number": 1, "count": 1,
            "root": "0" * 64, "conditions": {"expires_at": until}, "content": "AAAA",
        },
    }  # fmt: skip
    status, _said = both.to_mx.call("/exchange/v1/inbox", sealed_to(both, kind, changed(bodies[kind], draw)))
    assert status in {200, 400, 403, 404, 409}, (status, kind)
    assert not [each for each in both.mx.orders.all() if each.state == "open" and each.reason == "why"]


def sealed_to(pair, kind, body):
    try:
        letter = write_letter(kind, body, sender="us", recipient="mx", sequence=1, now=pair.clock())
        key = envelope_key(pair.mx.keys.public()["envelope"])
        return seal(letter, signer=pair.us.keys.node, recipient_key=key)
    except ConvenioError:
        return b"{}"


def state(pair):
    return (
        len(pair.mx.copies.all()),
        len(pair.mx.releases.all()),
        [(each.id, each.state) for each in pair.mx.orders.all() if each.state == "open"],
    )
