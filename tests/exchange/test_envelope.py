from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.core.canonical import b64
from convenio.core.errors import ConvenioError, InputError
from convenio.exchange.envelope import Correspondent, EnvelopeError, open_envelope, seal, write_letter
from convenio.exchange.keys import create_keys, envelope_key

NOW = dt.datetime(2021, 10, 6, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {party: create_keys(folder / party, party, NOW) for party in ("us", "mx", "other")}


def known(sides, *parties):
    return {
        each: Correspondent(
            each, {b64(sides[each].node.public_key().public_bytes_raw()): sides[each].node.public_key()}
        )
        for each in parties
    }


def sealed(sides, *, sender="us", recipient="mx", signer=None, now=NOW):
    letter = write_letter("request", {"fields": ["name"]}, sender=sender, recipient=recipient, sequence=1, now=now)
    key = envelope_key(sides[recipient].public()["envelope"])
    return seal(letter, signer=(signer or sides[sender]).node, recipient_key=key)


def opened(sides, envelope, *, me="mx", now=NOW, peers=("us",)):
    return open_envelope(envelope, me=me, key=sides[me].envelope, known=known(sides, *peers), now=now)


def test_a_letter_arrives_as_it_was_written(sides):
    letter = opened(sides, sealed(sides))
    assert letter.body == {"fields": ["name"]}
    assert (letter.sender, letter.recipient) == ("us", "mx")


def test_an_envelope_for_someone_else_is_refused(sides):
    with pytest.raises(EnvelopeError, match="for other"):
        opened(sides, sealed(sides, recipient="other"))


def test_an_envelope_readdressed_on_the_outside_does_not_open(sides):
    outer = json.loads(sealed(sides, recipient="other"))
    outer["to"] = "mx"
    with pytest.raises(EnvelopeError, match="seal"):
        opened(sides, json.dumps(outer).encode())


def test_an_unknown_sender_and_an_unknown_key_are_refused(sides):
    with pytest.raises(EnvelopeError, match="does not know"):
        opened(sides, sealed(sides), peers=())
    with pytest.raises(EnvelopeError, match="roster"):
        opened(sides, sealed(sides, signer=sides["other"]))


def test_time_bounds_hold(sides):
    envelope = sealed(sides)
    with pytest.raises(EnvelopeError, match="until"):
        opened(sides, envelope, now=NOW + dt.timedelta(days=91))
    with pytest.raises(EnvelopeError, match="future"):
        opened(sides, envelope, now=NOW - dt.timedelta(hours=1))


def test_a_cut_envelope_says_so(sides):
    with pytest.raises(InputError, match="whole envelope"):
        opened(sides, sealed(sides)[:-40])


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_changed_byte_gets_through(sides, position, flip):
    envelope = bytearray(sealed(sides))
    at = position % len(envelope)
    envelope[at] ^= flip
    with pytest.raises(ConvenioError):
        opened(sides, bytes(envelope))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_refused_in_words(sides, garbage):
    with pytest.raises(InputError):
        opened(sides, garbage)
