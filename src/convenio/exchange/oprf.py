"""Oblivious pseudorandom functions, RFC 9497, over ristretto255 with SHA-512: its three modes.

The border's blind match uses the base mode on columns (`blind_column`, `evaluate`, `outputs`). The verifiable and the
partially oblivious mode stand beside it for single values and small batches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.exchange import ristretto
from convenio.exchange.ristretto import Column, ElementError

SUITE = b"ristretto255-SHA512"
MODES = {"OPRF": 0, "VOPRF": 1, "POPRF": 2}
LONGEST_INPUT = 2**16 - 1
Mode = Literal["OPRF", "VOPRF", "POPRF"]


def context(mode: Mode) -> bytes:
    """The context string of a mode (RFC 9497, 3.1)."""
    return b"OPRFV1-" + bytes([MODES[mode]]) + b"-" + SUITE


def expand(message: bytes, dst: bytes) -> bytes:
    """64 uniform bytes from a message: expand_message_xmd with SHA-512 (RFC 9380, 5.3.1)."""
    return _expander(dst)(message)


@lru_cache(16)
def _expander(dst: bytes) -> Callable[[bytes], bytes]:
    """`expand` under one tag; the block of zeros before each message is hashed once."""
    tagged = dst + bytes([len(dst)])
    begun, tail, last, sha512 = hashlib.sha512(bytes(128)), b"\x00\x40\x00" + tagged, b"\x01" + tagged, hashlib.sha512

    def expanded(message: bytes) -> bytes:
        first = begun.copy()
        first.update(message + tail)
        return sha512(first.digest() + last).digest()

    return expanded


def hash_to_scalar(message: bytes, dst: bytes) -> bytes:
    """A scalar from a message."""
    return ristretto.scalar(int.from_bytes(expand(message, dst), "little"))


def hash_to_group(inputs: Sequence[bytes], mode: Mode = "OPRF") -> Column:
    """The group element of each input; shape (n, 32). This is the part that does not depend on any key.

    Raises:
        InputError: an input is longer than 65,535 bytes.
    """
    if any(len(each) > LONGEST_INPUT for each in inputs):
        raise InputError(_("a match input is longer than {most} bytes", most=LONGEST_INPUT))
    expanded = _expander(b"HashToGroup-" + context(mode))
    made = np.empty((len(inputs), ristretto.BYTES), dtype=np.uint8)

    def work(first: int, last: int) -> None:
        wide = b"".join(map(expanded, inputs[first:last]))
        made[first:last] = ristretto.from_hash(np.frombuffer(wide, dtype=np.uint8).reshape(-1, 64))

    ristretto.in_threads(len(inputs), work)
    return made


def derive_key(seed: bytes, info: bytes, mode: Mode = "OPRF") -> bytes:
    """A server key from a seed (RFC 9497, 3.2.1)."""
    told = seed + _framed(info)
    for counter in range(256):
        made = hash_to_scalar(told + bytes([counter]), b"DeriveKeyPair" + context(mode))
        if made != bytes(32):
            return made
    raise InputError(_("no key can be derived from this seed"))


def blind_column(points: Column, blinds: Column) -> Column:
    """What the asker sends: each input's group element times its blind."""
    return ristretto.multiply(blinds, points)


def evaluate(key: bytes, blinded: Column) -> Column:
    """What the answerer returns: each element times the key; the identity and what is no element are refused."""
    return ristretto.multiply(key, blinded)


def outputs(inputs: Sequence[bytes], evaluated: Column, blinds: Column | None = None) -> list[bytes]:
    """The function's values, 64 bytes each: from evaluated elements and blinds, or from the key holder's own."""
    if blinds is None:
        return _finalized(inputs, evaluated)
    return _values(inputs, ristretto.inverses(blinds), evaluated)


def own_outputs(key: bytes, inputs: Sequence[bytes], points: Column) -> list[bytes]:
    """The function's values, 64 bytes each, for the key's holder: from each input and its group element."""
    return _values(inputs, key, points)


def _values(inputs: Sequence[bytes], scalars: Column | bytes, points: Column) -> list[bytes]:
    """Values of inputs whose elements are to be multiplied first, piece by piece."""
    if len(inputs) != len(points):
        raise InputError(_("{got} elements came for {wanted} inputs", got=len(points), wanted=len(inputs)))
    made: list[list[bytes]] = [[] for _piece in range(0, len(inputs), ristretto.CHUNK)]
    one = isinstance(scalars, bytes)

    def work(first: int, last: int) -> None:
        held = scalars if one else scalars[first:last]
        product = ristretto.multiply(held, points[first:last], counted_from=first)
        made[first // ristretto.CHUNK] = _finalized(inputs[first:last], product)

    ristretto.in_threads(len(inputs), work)
    return [value for piece in made for value in piece]


def _finalized(inputs: Sequence[bytes], points: Column) -> list[bytes]:
    flat = points.tobytes()
    elements = (flat[at : at + 32] for at in range(0, len(flat), 32))
    return [
        hashlib.sha512(b"%b%b\x00\x20%bFinalize" % (len(each).to_bytes(2, "big"), each, element)).digest()
        for each, element in zip(inputs, elements, strict=True)
    ]


@dataclass(frozen=True)
class Proof:
    """That one key made all evaluated elements: challenge and response."""

    challenge: bytes
    response: bytes

    def __bytes__(self) -> bytes:
        return self.challenge + self.response


def verifiable_evaluate(key: bytes, blinded: Column, *, random: bytes | None = None) -> tuple[Column, Proof]:
    """Evaluate in the verifiable mode, with the proof that `key` was used for every element."""
    made = ristretto.multiply(key, blinded)
    return made, _prove(key, None, ristretto.base_times(key), blinded, made, "VOPRF", random)


def verify_evaluation(public: bytes, blinded: Column, evaluated: Column, proof: Proof) -> bool:
    """Whether the proof fits: the key behind `public` made every element."""
    return _holds(None, public, blinded, evaluated, proof, "VOPRF")


def tweaked_key(key: bytes, info: bytes) -> bytes:
    """The key that public information makes of a key (partially oblivious mode)."""
    told = hash_to_scalar(b"Info" + _framed(info), b"HashToScalar-" + context("POPRF"))
    made = ristretto.scalar(ristretto.number(key) + ristretto.number(told))
    if made == bytes(32):
        raise InputError(_("this information cannot be used with this key"))
    return made


def partial_evaluate(key: bytes, blinded: Column, info: bytes, *, random: bytes | None = None) -> tuple[Column, Proof]:
    """Evaluate in the partially oblivious mode under public information."""
    tweaked = tweaked_key(key, info)
    made = ristretto.multiply(ristretto.inverse(tweaked), blinded)
    return made, _prove(tweaked, None, ristretto.base_times(tweaked), made, blinded, "POPRF", random)


def verify_partial(public: bytes, blinded: Column, evaluated: Column, info: bytes, proof: Proof) -> bool:
    """Whether the proof fits in the partially oblivious mode."""
    told = hash_to_scalar(b"Info" + _framed(info), b"HashToScalar-" + context("POPRF"))
    tweaked = ristretto.add(ristretto.base_times(told), public)
    return _holds(None, tweaked, evaluated, blinded, proof, "POPRF")


def partial_output(value: bytes, info: bytes, element: bytes) -> bytes:
    """The partially oblivious function's value from its unblinded element."""
    return hashlib.sha512(_framed(value) + _framed(info) + _framed(element) + b"Finalize").digest()


def _framed(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value


def _composites(public: bytes, first: Column, second: Column, mode: Mode) -> list[bytes]:
    dst = b"Seed-" + context(mode)
    seed = hashlib.sha512(_framed(public) + _framed(dst)).digest()
    told = b"HashToScalar-" + context(mode)
    return [
        hash_to_scalar(
            _framed(seed)
            + i.to_bytes(2, "big")
            + _framed(first[i].tobytes())
            + _framed(second[i].tobytes())
            + b"Composite",
            told,
        )
        for i in range(len(first))
    ]


def _sum(weights: list[bytes], points: Column) -> bytes:
    total: bytes | None = None
    for each in ristretto.multiply(ristretto.column(weights), points):
        total = each.tobytes() if total is None else ristretto.add(total, each.tobytes())
    if total is None:
        raise ElementError(_("a proof needs at least one element"))
    return total


def _challenge(public: bytes, parts: Sequence[bytes], mode: Mode) -> bytes:
    transcript = _framed(public) + b"".join(_framed(each) for each in parts) + b"Challenge"
    return hash_to_scalar(transcript, b"HashToScalar-" + context(mode))


def _prove(
    key: bytes, base: bytes | None, public: bytes, first: Column, second: Column, mode: Mode, random: bytes | None
) -> Proof:
    """That log_base(public) and log_first(second) are the same key (RFC 9497, 2.2.1)."""
    mixed = _sum(_composites(public, first, second, mode), first)
    product = ristretto.times(key, mixed)
    drawn = random or ristretto.random_scalar()
    commitment = ristretto.base_times(drawn) if base is None else ristretto.times(drawn, base)
    challenge = _challenge(public, [mixed, product, commitment, ristretto.times(drawn, mixed)], mode)
    response = ristretto.scalar(ristretto.number(drawn) - ristretto.number(challenge) * ristretto.number(key))
    return Proof(challenge, response)


def _holds(base: bytes | None, public: bytes, first: Column, second: Column, proof: Proof, mode: Mode) -> bool:
    weights = _composites(public, first, second, mode)
    mixed, product = _sum(weights, first), _sum(weights, second)
    answer = ristretto.base_times(proof.response) if base is None else ristretto.times(proof.response, base)
    try:
        first_commitment = ristretto.add(answer, ristretto.times(proof.challenge, public))
        second_commitment = ristretto.add(
            ristretto.times(proof.response, mixed), ristretto.times(proof.challenge, product)
        )
    except ElementError:
        return False
    return _challenge(public, [mixed, product, first_commitment, second_commitment], mode) == proof.challenge
