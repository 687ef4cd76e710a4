from __future__ import annotations

import hashlib
import itertools
import os
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenio.core.errors import InputError
from convenio.exchange.coded import bits_for, decode, encode
from convenio.exchange.padding import padded

VALUES = st.lists(st.binary(min_size=16, max_size=16), max_size=200, unique=True)


@given(VALUES, st.integers(8, 48))
@settings(max_examples=60, deadline=None)
def test_every_member_is_found(values, bits):
    assert decode(encode(values, bits)).contains(values).all()


def test_no_stranger_is_taken_for_a_member_and_members_cost_few_bits():
    held, strangers = [os.urandom(32) for _i in range(70_000)], [os.urandom(32) for _i in range(70_000)]
    bits = bits_for(len(strangers))
    code = encode(held, bits)
    assert not decode(code).contains(strangers).any()
    assert len(code) * 8 / len(held) < bits + 2.2


@pytest.mark.parametrize("count", [0, 1, 2, 32_768, 32_769])
def test_sizes_at_the_edges(count):
    held = [os.urandom(16) for _i in range(count)]
    assert decode(encode(held, 30)).contains(held).all()


@given(VALUES.filter(len), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_a_code_that_is_cut_is_refused(values, at):
    code = encode(values, 20)
    with pytest.raises(InputError):
        decode(code[: at % len(code)])


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_garbage_is_refused_and_breaks_nothing(code):
    with pytest.raises(InputError):
        decode(code)


@given(st.binary(min_size=1, max_size=64), st.integers(0, 2_000))
@settings(max_examples=100, deadline=None)
def test_a_changed_byte_is_refused_or_leaves_a_set(change, at):
    code = bytearray(encode([bytes([i]) * 16 for i in range(100)], 20))
    code[at % len(code)] ^= change[0]
    try:
        held = decode(bytes(code))
    except InputError:
        return
    assert sum(map(len, held.members)) <= 100 + 255


@given(st.integers(0, 10**9))
def test_a_padded_size_tells_two_digits_at_most(count):
    size = padded(count)
    assert size >= max(count, 64)
    assert size <= max(64, count + count // 10 + 1)
    assert size == 64 or int(str(size)[2:] or 0) == 0


def test_a_code_that_is_coarser_or_larger_than_announced_is_refused():
    """A dishonest side could else make hits of what is none, or send more than its ledger says."""
    held = [os.urandom(16) for _each in range(1_000)]
    code = encode(held, 20)
    assert decode(code, most=1_000, bits_at_least=20).contains(held).all()
    for other in ({"most": 999}, {"bits_at_least": 21}):
        with pytest.raises(InputError, match="announced"):
            decode(code, **other)


def test_a_code_that_has_more_members_than_it_says_is_refused():
    code = bytearray(encode([os.urandom(16) for _each in range(100)], 20))
    code[8:12] = (50).to_bytes(4, "big")
    with pytest.raises(InputError):
        decode(bytes(code))


def test_the_code_is_bit_by_bit_what_the_format_says():
    """Written out plainly: a unary quotient closed by a one, then the low bits, of every gap in a bucket."""
    bits, values = 13, [hashlib.sha512(bytes([n])).digest() for n in range(200)]
    width = bits + int(np.ceil(np.log2(len(values))))
    words = sorted({int.from_bytes(each[8:16], "big") >> (64 - width) for each in values})
    gaps = [after - before for before, after in itertools.pairwise([0, *words])]
    unary = "".join("0" * (gap >> bits) + "1" for gap in gaps)
    low = "".join(f"{gap % 2**bits:0{bits}b}" for gap in gaps)
    told = [
        int(part.ljust(-(-len(part) // 8) * 8, "0"), 2).to_bytes(-(-len(part) // 8), "big") for part in (unary, low)
    ]
    body = struct.pack(">I", len(unary)) + b"".join(told)
    head = b"CGS1" + bytes([bits, 0]) + struct.pack(">II", 1, len(values)) + struct.pack(">II", len(words), len(body))
    assert encode(values, bits) == head + body
    assert decode(head + body).members[0].tolist() == words


def test_only_the_first_sixteen_bytes_of_a_value_are_in_the_code():
    """The second half of an output makes the references of hits, and is told to nobody."""
    values = [hashlib.sha512(bytes([n])).digest() for n in range(100)]
    assert encode(values, 40) == encode([each[:16] for each in values], 40)
