from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from convenio.core.errors import InputError
from convenio.ledger.checkpoint import Checkpoint, open_checkpoint
from convenio.ledger.note import (
    CosignatureVerifier,
    Cosigner,
    NoteError,
    NoteSigner,
    NoteVerifier,
    Signature,
    add_signature,
    open_note,
    parse_note,
    sign_note,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
LOG = NoteSigner("ledger.example/us", KEY)
WITNESS = Cosigner("witness.example/mx", OTHER, clock=lambda: 1_679_315_147.9)
# From the documentation of golang.org/x/mod/sumdb/note, which the specification grew out of.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_opens_with_its_published_key():
    verifier = NoteVerifier.parse(GO_VKEY)
    assert verifier.vkey() == GO_VKEY
    opened = open_note(GO_NOTE, [verifier])
    assert opened.text.startswith("If you think")
    assert opened.by(verifier) is not None


def test_a_changed_letter_is_refused():
    with pytest.raises(NoteError, match="does not fit"):
        open_note(GO_NOTE.replace("answer", "Answer"), [NoteVerifier.parse(GO_VKEY)])


def test_a_note_of_nobody_known_is_refused():
    with pytest.raises(NoteError, match="no known key"):
        open_note(GO_NOTE, [LOG.verifier])


def test_a_cosignature_says_when_and_binds_the_time():
    note = sign_note("a\n", LOG, WITNESS)
    opened = open_note(note, [LOG.verifier, WITNESS.verifier])
    assert opened.by(WITNESS.verifier).time == 1_679_315_147
    assert opened.by(LOG.verifier).time is None
    text, signatures = parse_note(note)
    forged = Signature(signatures[1].name, signatures[1].key_id, (5).to_bytes(8, "big") + signatures[1].value[8:])
    with pytest.raises(NoteError, match="does not fit"):
        open_note(text + "\n" + forged.line(), [WITNESS.verifier])


def test_one_key_has_another_id_as_signer_and_as_witness():
    assert NoteVerifier("a", KEY.public_key()).key_id != CosignatureVerifier("a", KEY.public_key()).key_id
    with pytest.raises(NoteError, match="another kind"):
        NoteVerifier.parse(CosignatureVerifier("a", KEY.public_key()).vkey())


def test_a_vkey_whose_id_does_not_fit_is_refused():
    name, identifier, rest = LOG.verifier.vkey().split("+", 2)
    with pytest.raises(NoteError, match="identifier"):
        NoteVerifier.parse(f"{name}x+{identifier}+{rest}")


def test_a_signature_is_added_once():
    note = sign_note("a\n", LOG)
    line = WITNESS.sign("a\n")
    twice = add_signature(add_signature(note, line), line)
    assert twice == note + line.line()


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\tb"])
def test_a_key_name_without_spaces_and_plus(name: str):
    with pytest.raises(NoteError):
        NoteVerifier(name, KEY.public_key())


def test_a_checkpoint_is_the_specifications_text():
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    head = Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert head.text() == "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert Checkpoint.parse(head.text()) == head
    with pytest.raises(InputError, match="not of"):
        open_checkpoint(sign_note(head.text(), LOG), [LOG.verifier], origin="example.com/other")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUY\n",
        "a\n-1\nx\n",
        "a\n١\nx\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nb\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "a\n99999999999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    with pytest.raises(InputError):
        Checkpoint.parse(text)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).map(
        lambda t: t.replace("\n", "") + "\n"
    )
)
def test_what_is_signed_opens_again(text: str):
    assert open_note(sign_note(text, LOG), [LOG.verifier]).text == text


@given(st.one_of(st.text(), st.binary(), st.text("a \n—+=01", max_size=60)))
def test_garbage_is_refused_as_a_note_and_as_a_checkpoint(garbage: str | bytes):
    with suppress(InputError):
        open_note(garbage, [LOG.verifier])
        raise AssertionError
    if isinstance(garbage, str):
        with suppress(InputError):
            assert Checkpoint.parse(garbage).text() == garbage
