"""Sizes that say little: what crosses the border is padded to a coarse grid."""

from __future__ import annotations

SMALLEST = 64


def padded(count: int) -> int:
    """The next size of a grid with two leading digits, at least 64: 200,004 becomes 210,000.

    What is added is at most a tenth, so that a set's size is known to two digits and no closer.
    """
    if count <= SMALLEST:
        return SMALLEST
    step = int(10 ** (len(str(count)) - 2))
    return -(-count // step) * step
