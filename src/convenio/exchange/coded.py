"""A set of values as a short code: who holds a value can ask whether it is in, and learns little else.

Golomb-Rice coding of sorted hashes (Golomb 1966; as compressed sets by Putze, Sanders and Singler 2009). The values are
spread over buckets by their first bits, so that 64-bit words suffice at any size; the distance between neighbours is
coded as a unary quotient and `remainder` low bits. Elements cost about `bits + 1.5` bits each. A value that is not in
the set is taken for a member with probability 2**-bits.
"""

from __future__ import annotations

import os
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError
from convenio.core.words import _

HEADER = struct.Struct(">4sBBI")
MAGIC = b"CGS1"
BUCKET = 32_768
LEAST_BITS = 8
MOST_BITS = 48
MOST_MEMBERS = 50_000_000
WORD = 64
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class CodedSet:
    """A set that can be asked for membership. `members` is one sorted array of uint64 per bucket."""

    bits: int
    members: list[Words]

    def contains(self, values: list[bytes]) -> npt.NDArray[np.bool_]:
        """Whether each value (at least 16 uniform bytes) is in the set."""
        buckets, words = _spread(values, len(self.members), self.bits, sum(map(len, self.members)))
        found = np.zeros(len(values), dtype=bool)
        for i, held in enumerate(self.members):
            here = np.flatnonzero(buckets == i)
            if len(here) and len(held):
                at = np.searchsorted(held, words[here])
                found[here] = held[np.minimum(at, len(held) - 1)] == words[here]
        return found


def bits_for(asked: int, false_hits: float = 1e-9) -> int:
    """Bits per element that keep the chance of any false hit among `asked` values below `false_hits`."""
    return min(MOST_BITS, max(LEAST_BITS, int(np.ceil(np.log2(max(asked, 1) / false_hits)))))


def size_of(told: object) -> int:
    """The size of its set as the other side announced it.

    Raises:
        InputError: it is none.
    """
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told <= MOST_MEMBERS:
        raise InputError(_("the other side announced no size of its set"))
    return told


def encode(values: list[bytes], bits: int) -> bytes:
    """The code of a set of values, at least 16 uniform bytes each.

    Args:
        values: outputs of the pseudorandom function, of which the first 16 bytes are read; equal values count once.
        bits: a value outside is taken for a member with probability 2**-bits.
    """
    count = max(1, -(-len(values) // BUCKET))
    buckets, words = _spread(values, count, bits, len(values))

    def coded(i: int) -> bytes:
        held = np.unique(words[buckets == i])
        body = _rice(np.diff(held, prepend=np.uint64(0)), bits)
        return struct.pack(">II", len(held), len(body)) + body

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        parts = list(pool.map(coded, range(count)))
    return b"".join([HEADER.pack(MAGIC, bits, 0, count), struct.pack(">I", len(values)), *parts])


def decode(code: bytes, *, most: int = MOST_MEMBERS, bits_at_least: int = LEAST_BITS) -> CodedSet:
    """Read a code.

    Args:
        code: the code.
        most: how many members it may have: what the other side announced, and entered in its ledger.
        bits_at_least: how fine it has to be: a coarser one would make hits of what is none.

    Raises:
        InputError: it is cut, no code, larger than announced, or coarser than it has to be.
    """
    try:
        magic, bits, _spare, count = HEADER.unpack_from(code)
        (total,) = struct.unpack_from(">I", code, HEADER.size)
        if magic == MAGIC and (bits < bits_at_least or total > most):
            raise InputError(
                _("the other side's coded set is coarser or larger than was announced"),
                advice=_("nothing of it was used; tell the other side"),
            )
        if magic != MAGIC or not LEAST_BITS <= bits <= MOST_BITS or count != max(1, -(-total // BUCKET)):
            raise _broken()
        at, members, left = HEADER.size + 4, [], total
        for _bucket in range(count):
            held, length = struct.unpack_from(">II", code, at)
            at += 8
            left -= held
            if at + length > len(code) or held > length * 8 or left < 0:
                raise _broken()
            members.append(np.cumsum(_unrice(code[at : at + length], held, bits), dtype=np.uint64))
            at += length
    except struct.error as error:
        raise _broken() from error
    if at != len(code):
        raise _broken()
    return CodedSet(bits, members)


def _spread(values: list[bytes], count: int, bits: int, total: int) -> tuple[npt.NDArray[np.uint64], Words]:
    """Each value's bucket, and its place in a range of 2**bits per expected member."""
    if not values:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64)
    raw = np.frombuffer(b"".join([each[:16] for each in values]), dtype=">u8").astype(np.uint64).reshape(-1, 2)
    buckets = ((raw[:, 0] >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    width = min(63, bits + _log2(total, count))
    return buckets, raw[:, 1] >> np.uint64(64 - width)


def _log2(total: int, count: int) -> int:
    return int(np.ceil(np.log2(max(2.0, total / count))))


def _rice(gaps: Words, bits: int) -> bytes:
    """The quotients in unary, each closed by a one, then the `bits` low bits of every gap, both streams in whole bytes.

    The two parts stand apart, so that both are read without going from one code to the next.
    """
    if not len(gaps):
        return b""
    ends = np.cumsum((gaps >> np.uint64(bits)).astype(np.int64) + 1)
    unary = np.zeros(int(ends[-1]), dtype=np.uint8)
    unary[ends - 1] = 1
    low = np.unpackbits(gaps.astype(">u8").view(np.uint8).reshape(-1, 8), axis=1)[:, WORD - bits :]
    return struct.pack(">I", len(unary)) + np.packbits(unary).tobytes() + np.packbits(low).tobytes()


def _unrice(body: bytes, count: int, bits: int) -> Words:
    if not count:
        return np.empty(0, dtype=np.uint64)
    (length,) = struct.unpack_from(">I", body)
    middle = 4 + -(-length // 8)
    if length < count or len(body) != middle + -(-count * bits // 8):
        raise _broken()
    ends = np.flatnonzero(np.unpackbits(np.frombuffer(body[4:middle], dtype=np.uint8), count=length))
    if len(ends) != count or ends[-1] != length - 1:
        raise _broken()
    quotients = (np.diff(ends, prepend=-1) - 1).astype(np.uint64)
    low = np.unpackbits(np.frombuffer(body[middle:], dtype=np.uint8), count=count * bits).reshape(count, bits)
    whole = np.zeros((count, WORD), dtype=np.uint8)
    whole[:, WORD - bits :] = low
    return (quotients << np.uint64(bits)) | np.packbits(whole, axis=1).view(">u8").reshape(-1).astype(np.uint64)


def _broken() -> InputError:
    return InputError(_("the other side's coded set is cut or broken"), advice=_("start the match again"))
