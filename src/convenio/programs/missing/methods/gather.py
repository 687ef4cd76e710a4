"""The inner loops of a search, compiled."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from convenio.core.errors import NotInstalled
from convenio.core.words import _

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint16]
Integers = npt.NDArray[np.int64]
Packed = npt.NDArray[np.int32]
BLOCK = 2048


def compiler() -> Any:
    """Numba, or an error that says how to get it."""
    try:
        import numba
    except ImportError as error:
        raise NotInstalled(
            _("searching needs numba"), advice=_("install Convenio with its extra `analysis`")
        ) from error
    return numba


def gather(table: Floats, codes: Codes, offsets: Integers) -> Floats:
    """Sum, for every profile, the cells of `table` that its genotypes point to.

    Args:
        table: log10 likelihood ratios of every genotype of every locus.
        codes: shape (loci, profiles).
        offsets: where each locus begins in `table`.
    """
    found: Floats = _gather()(table, np.ascontiguousarray(codes), offsets)
    return found


@cache
def _gather() -> Callable[..., Floats]:
    numba = compiler()

    @numba.njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
    def summed(table: Floats, codes: Codes, offsets: Integers) -> Floats:
        loci, profiles = codes.shape
        found = np.zeros(profiles, dtype=np.float32)
        for block in numba.prange((profiles + BLOCK - 1) // BLOCK):
            first, last = block * BLOCK, min((block + 1) * BLOCK, profiles)
            for locus in range(loci):
                part = table[offsets[locus] : offsets[locus + 1]]
                for p in range(first, last):
                    found[p] += part[codes[locus, p]]
        return found

    result: Callable[..., Floats] = summed
    return result


def pair_hits(
    table: Packed,
    rows: Integers,
    relatives: Codes,
    codes: Codes,
    offsets: Integers,
    thresholds: tuple[int, int],
    room: int,
) -> tuple[Integers, Integers]:
    """Pairs of relative and candidate in which either relation's ratio reaches its threshold.

    Two ratios are carried in one number, the first in its upper and the second in its lower sixteen bits, so that a
    locus costs one look-up for both.

    Args:
        table: all loci's genotype by genotype tables, one after the other, row by row (`pack`).
        rows: where each locus' table begins in `table`.
        relatives: codes of the relatives, shape (loci, relatives).
        codes: codes of the candidates, shape (loci, candidates).
        offsets: where each locus' genotypes begin in a row of all loci.
        thresholds: least scaled sum of either relation.
        room: pairs that fit per relative.

    Returns:
        Number of hits by relative (it may be above `room`: then call again with more) and the candidates, shape
        (relatives, room).
    """
    found: tuple[Integers, Integers] = _pairs()(table, rows, relatives, codes, offsets, *thresholds, room)
    return found


@cache
def _pairs() -> Callable[..., tuple[Integers, Integers]]:
    numba = compiler()

    @numba.njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
    def hits(
        table: Packed,
        rows: Integers,
        relatives: Codes,
        codes: Codes,
        offsets: Integers,
        high_least: int,
        low_least: int,
        room: int,
    ) -> tuple[Integers, Integers]:
        loci, profiles = codes.shape
        number = relatives.shape[1]
        counts = np.zeros(number, dtype=np.int64)
        whom = np.empty((number, room), dtype=np.int64)
        width = offsets[loci]
        for r in numba.prange(number):
            own = np.empty(width, dtype=np.int32)
            for locus in range(loci):
                size = offsets[locus + 1] - offsets[locus]
                start = rows[locus] + relatives[locus, r] * size
                own[offsets[locus] : offsets[locus + 1]] = table[start : start + size]
            both = np.empty(BLOCK, dtype=np.int32)
            for begin in range(0, profiles, BLOCK):
                length = min(BLOCK, profiles - begin)
                both[:] = 0
                for locus in range(loci):
                    part = own[offsets[locus] : offsets[locus + 1]]
                    row = codes[locus, begin : begin + length]
                    for p in range(length):
                        both[p] += part[row[p]]
                for p in range(length):
                    low = np.int32(np.int16(both[p] & 0xFFFF))
                    if low >= low_least or (both[p] - low) >> 16 >= high_least:
                        if counts[r] < room:
                            whom[r, counts[r]] = begin + p
                        counts[r] += 1
        return counts, whom

    result: Callable[..., tuple[Integers, Integers]] = hits
    return result
