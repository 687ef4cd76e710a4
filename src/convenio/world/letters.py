"""CURP and RFC for many people at once: fixed-width bytes, made by the same rules as `entities.identifiers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.entities.identifiers import curp as curp_kind
from convenio.entities.identifiers import name_initials as rules
from convenio.entities.identifiers import rfc as rfc_kind

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
ZERO = ord("0")


def letters(names: Sequence[str], rule: Callable[[str], str]) -> Bytes:
    """One letter per name by `rule`, as ASCII, shape (names,)."""
    return np.frombuffer("".join(rule(name) for name in names).encode("ascii"), dtype=np.uint8)


def surname_letters(names: Sequence[str]) -> Bytes:
    """First letter, inner vowel and inner consonant of each surname's first word that counts, shape (names, 3)."""
    first = [rules.words(name)[0] for name in names]
    return np.stack(
        [letters(first, each) for each in (rules.first_letter, rules.inner_vowel, rules.inner_consonant)], axis=1
    )


def given_letters(names: Sequence[str]) -> Bytes:
    """First letter and inner consonant of the given name that counts, shape (names, 2)."""
    first = [rules.given_word(name) for name in names]
    return np.stack([letters(first, each) for each in (rules.first_letter, rules.inner_consonant)], axis=1)


def digits(values: Ints, width: int) -> Bytes:
    """Values as ASCII digits with leading zeros, shape (values, width)."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return ((values[:, None] // powers) % 10 + ZERO).astype(np.uint8)


def texts(rows: Bytes, keep: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Rows of ASCII bytes, shape (rows, width), as an Arrow string array; null where not `keep`."""
    size, width = rows.shape
    offsets = np.arange(0, (size + 1) * width, width, dtype=np.int32)
    whole = pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(rows)))
    if keep is None:
        return whole
    import pyarrow.compute as pc

    return pc.if_else(pa.array(keep), whole, pa.scalar(None, pa.string()))


def curps(initials: Bytes, dates: Bytes, sex: Bytes, states: Bytes, consonants: Bytes) -> Bytes:
    """Synthetic CURPs, shape (rows, 18), no two alike.

    Args:
        initials: shape (rows, 4); inconvenient words are mended here.
        dates: YYMMDD, shape (rows, 6).
        sex: H or M, shape (rows,).
        states: shape (rows, 2).
        consonants: shape (rows, 3).

    Raises:
        InputError: more people share their first sixteen characters than there are reserved differentiators.
    """
    mended = mend(initials, rules.CURP_WORDS, at=1)
    first = np.concatenate([mended, dates, sex[:, None], states, consonants], axis=1)
    rank = ranks(first)
    if len(rank) and rank.max() >= len(curp_kind.RESERVED):
        raise InputError(_("too many made-up people share one name, birth date and state"))
    letter = np.frombuffer(curp_kind.RESERVED.encode(), dtype=np.uint8)[rank]
    seventeen = np.concatenate([first, letter[:, None]], axis=1)
    check = -(values(seventeen, curp_kind.WEIGHTED) @ np.arange(18, 1, -1)) % 10
    return np.concatenate([seventeen, digits(check, 1)], axis=1)


def rfcs(initials: Bytes, dates: Bytes) -> Bytes:
    """Synthetic RFCs, no two alike: shape (rows, 13) for initials of four letters, (rows, 12) for three.

    An Ñ is written X, as in the CURP, so that every letter is one byte; the tax office keeps it.
    """
    width = initials.shape[1]
    mended = mend(initials, rules.RFC_WORDS, at=3) if width == 4 else initials
    first = np.concatenate([mended, dates], axis=1)
    rank = ranks(first)
    if len(rank) and rank.max() >= len(rfc_kind.HOMOCLAVE):
        raise InputError(_("too many made-up people share one name, birth date and state"))
    second = np.frombuffer(rfc_kind.HOMOCLAVE.encode(), dtype=np.uint8)[rank]
    reserved = np.full(len(first), ord(rfc_kind.RESERVED), dtype=np.uint8)
    start = np.concatenate([first, reserved[:, None], second[:, None]], axis=1)
    weight = np.arange(width + 8, 0, -1) + 1
    padding = rfc_kind.WEIGHTED.index(" ") * 13 if width == 3 else 0
    total = values(start, rfc_kind.WEIGHTED) @ weight + padding
    check = np.frombuffer(b"0123456789A", dtype=np.uint8)[-total % 11]
    return np.concatenate([start, check[:, None]], axis=1)


def mend(initials: Bytes, words: frozenset[str], *, at: int) -> Bytes:
    """Initials with an X at position `at` where they make one of the inconvenient words."""
    held = np.ascontiguousarray(initials).view("S4").ravel()
    mended = initials.copy()
    mended[np.isin(held, np.array(sorted(words), dtype="S4")), at] = ord("X")
    return mended


def ranks(rows: Bytes) -> Ints:
    """How many earlier rows are equal to each row, shape (rows,)."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    held = np.ascontiguousarray(rows).view(f"S{rows.shape[1]}").ravel()
    order = np.argsort(held, kind="stable")
    ordered = held[order]
    start = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    at = np.arange(len(held), dtype=np.int64)
    within = at - np.maximum.accumulate(np.where(start, at, 0))
    rank = np.empty(len(held), dtype=np.int64)
    rank[order] = within
    return rank


def values(rows: Bytes, alphabet: str) -> Ints:
    """Each character's place in `alphabet`, shape of `rows`; only ASCII characters may stand in `rows`."""
    table = np.zeros(256, dtype=np.int64)
    for place, char in enumerate(alphabet):
        if ord(char) < 128:
            table[ord(char)] = place
    return table[rows]
