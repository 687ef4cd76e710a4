"""Keccak-256 as Ethereum uses it: the sponge before the padding that became SHA-3.

Source: Bertoni, Daemen, Peeters, Van Assche, *The Keccak reference*, version 3.0 (2011); hashlib's SHA3-256 pads
otherwise.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_RATE = 136
_ROTATIONS = (
    (0, 36, 3, 41, 18),
    (1, 44, 10, 45, 2),
    (62, 6, 43, 15, 61),
    (28, 55, 25, 21, 56),
    (27, 20, 39, 8, 14),
)


def keccak_256(message: bytes) -> bytes:
    """The 32-byte digest of `message`."""
    padded = bytearray(message + bytes(_RATE - len(message) % _RATE))
    padded[len(message)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [[0] * 5 for _x in range(5)]
    for start in range(0, len(padded), _RATE):
        for at in range(_RATE // 8):
            lanes[at % 5][at // 5] ^= int.from_bytes(padded[start + 8 * at : start + 8 * at + 8], "little")
        _permute(lanes)
    return b"".join(lanes[at][0].to_bytes(8, "little") for at in range(4))


def _permute(lanes: list[list[int]]) -> None:
    register = 1
    for _round in range(24):
        columns = [row[0] ^ row[1] ^ row[2] ^ row[3] ^ row[4] for row in lanes]
        for x in range(5):
            mixed = columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1)
            for y in range(5):
                lanes[x][y] ^= mixed
        moved = [[0] * 5 for _x in range(5)]
        for x in range(5):
            for y in range(5):
                moved[y][(2 * x + 3 * y) % 5] = _rotated(lanes[x][y], _ROTATIONS[x][y])
        for x in range(5):
            for y in range(5):
                lanes[x][y] = moved[x][y] ^ (~moved[(x + 1) % 5][y] & moved[(x + 2) % 5][y] & _MASK)
        for bit in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) & 0xFF
            if register & 2:
                lanes[0][0] ^= 1 << ((1 << bit) - 1)


def _rotated(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _MASK if by else lane
