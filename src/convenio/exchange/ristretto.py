"""The one adapter to ristretto255: libsodium through `rbcl`, single values and long columns of them.

Points and scalars are 32 bytes. Columns are numpy arrays of shape (n, 32), dtype uint8, worked on by threads: the
library is called without the interpreter's lock.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import typing
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice, repeat

import numpy as np
import numpy.typing as npt

from convenio.core.errors import InputError, NotInstalled
from convenio.core.words import _

BYTES = 32
IDENTITY = bytes(BYTES)
ORDER = 2**252 + 27742317777372353535851937790883648493
CHUNK = 512

Column = npt.NDArray[np.uint8]


class ElementError(InputError):
    """A value that is no element of the group, or its identity."""


@cache
def _library() -> ctypes.CDLL:
    try:
        importlib.import_module("rbcl")
        unpacking = importlib.import_module("rbcl._sodium")
    except OSError as error:
        raise NotInstalled(
            _("the group library cannot be loaded: {why}", why=str(error)),
            advice=_("the temporary folder must allow programs to be loaded; set TMPDIR to one that does"),
        ) from error
    with contextlib.suppress(OSError):
        os.unlink(unpacking.lib_path)  # noqa: PTH108 - loaded already; nothing of it need stay there
    return typing.cast("ctypes.CDLL", vars(unpacking)["_sodium"])


@cache
def _function(name: str, arguments: int) -> Callable[..., int]:
    found = _library()[name]
    found.argtypes = [ctypes.c_void_p] * arguments
    found.restype = ctypes.c_int
    return found


def column(values: list[bytes]) -> Column:
    """A column from values of 32 bytes each."""
    return np.frombuffer(b"".join(values), dtype=np.uint8).reshape(-1, BYTES)


def from_hash(uniform: Column) -> Column:
    """Points from uniform bytes, by the group's one-way map. Shape (n, 64) to (n, 32)."""
    source = np.ascontiguousarray(uniform)
    made = np.empty((len(source), BYTES), dtype=np.uint8)
    call, start, out = _function("crypto_core_ristretto255_from_hash", 2), source.ctypes.data, made.ctypes.data

    def work(first: int, last: int) -> None:
        deque(map(call, _places(out, first, last), _places(start, first, last, 2 * BYTES)), maxlen=0)

    in_threads(len(source), work)
    return made


def multiply(scalars: Column | bytes, points: Column, *, counted_from: int = 0) -> Column:
    """Each point times its scalar, or all times one. Shape (n, 32).

    Args:
        scalars: one, or one for each point.
        points: the points.
        counted_from: the number of the first, where this is a piece of a longer column.

    Raises:
        ElementError: a point is no group element, or a product is the identity; the error names the first.
    """
    source = np.ascontiguousarray(points)
    made = np.empty_like(source)
    one = isinstance(scalars, bytes)
    held = np.frombuffer(scalars, dtype=np.uint8) if isinstance(scalars, bytes) else np.ascontiguousarray(scalars)
    call = _function("crypto_scalarmult_ristretto255", 3)
    factor, start, out = held.ctypes.data, source.ctypes.data, made.ctypes.data
    bad: list[int] = []

    def work(first: int, last: int) -> None:
        factors: Iterable[int] = repeat(factor, last - first) if one else _places(factor, first, last)
        failed = map(call, _places(out, first, last), factors, _places(start, first, last))
        bad.extend(first + place for place in islice((i for i, each in enumerate(failed) if each), 1))

    in_threads(len(source), work)
    if bad:
        raise ElementError(
            _("this is no group element, or it is the identity"),
            where=_("element {number}", number=counted_from + min(bad) + 1),
            advice=_("the sender's software is broken or hostile; nothing was computed"),
        )
    return made


def _places(start: int, first: int, last: int, width: int = BYTES) -> range:
    """Where the rows of a column lie in memory."""
    return range(start + first * width, start + last * width, width)


def times(scalar: bytes, point: bytes) -> bytes:
    """One point times a scalar."""
    return multiply(scalar, column([point])).tobytes()


def base_times(scalar: bytes) -> bytes:
    """The generator times a scalar.

    Raises:
        ElementError: the scalar is zero.
    """
    out = ctypes.create_string_buffer(BYTES)
    if _function("crypto_scalarmult_ristretto255_base", 2)(out, scalar):
        raise ElementError(_("a scalar must not be zero"))
    return out.raw


def add(first: bytes, second: bytes) -> bytes:
    """The sum of two points.

    Raises:
        ElementError: one of them is no group element.
    """
    out = ctypes.create_string_buffer(BYTES)
    if _function("crypto_core_ristretto255_add", 3)(out, first, second):
        raise ElementError(_("this is no group element"))
    return out.raw


def is_element(point: bytes) -> bool:
    """Whether 32 bytes are a group element other than the identity."""
    if len(point) != BYTES or point == IDENTITY:
        return False
    return _function("crypto_core_ristretto255_is_valid_point", 1)(point) == 1


def scalar(number: int) -> bytes:
    """A number modulo the group's order, as 32 bytes."""
    return (number % ORDER).to_bytes(BYTES, "little")


def number(held: bytes) -> int:
    """A scalar's number."""
    return int.from_bytes(held, "little")


def inverse(held: bytes) -> bytes:
    """The scalar's inverse modulo the group's order."""
    return scalar(pow(number(held), -1, ORDER))


def random_scalar() -> bytes:
    """A scalar that is not zero, uniform, from the system's randomness."""
    while True:
        drawn = int.from_bytes(os.urandom(BYTES * 2), "little") % ORDER
        if drawn:
            return scalar(drawn)


def random_points(count: int) -> Column:
    """Points nobody knows the logarithm of: they stand in where a size is padded."""
    return from_hash(np.frombuffer(os.urandom(count * 2 * BYTES), dtype=np.uint8).reshape(count, 2 * BYTES))


def random_scalars(count: int) -> Column:
    """A column of uniform scalars (2**-250 from uniform), none of them zero in practice."""
    wide = os.urandom(count * 2 * BYTES)
    made = bytearray()
    for i in range(count):
        drawn = int.from_bytes(wide[i * 64 : i * 64 + 64], "little") % ORDER
        made += (drawn or 1).to_bytes(BYTES, "little")
    return np.frombuffer(bytes(made), dtype=np.uint8).reshape(count, BYTES)


def inverses(scalars: Column) -> Column:
    """The inverse of every scalar of a column, by one inversion (Montgomery's trick)."""
    values = [number(each.tobytes()) for each in scalars]
    running, products = 1, []
    for value in values:
        products.append(running)
        running = running * value % ORDER
    back = pow(running, -1, ORDER)
    made: list[bytes] = [b""] * len(values)
    for i in range(len(values) - 1, -1, -1):
        made[i] = scalar(back * products[i])
        back = back * values[i] % ORDER
    return column(made) if made else np.empty((0, BYTES), dtype=np.uint8)


def in_threads(count: int, work: Callable[[int, int], None]) -> None:
    """Do a column's work in pieces, on as many threads as there are cores.

    The group's operations run without the interpreter's lock. What a piece needs of the interpreter, hashing above all,
    is done by one thread while the others compute.

    Args:
        count: rows of the column.
        work: does the rows from the first number up to, not including, the second.
    """
    if count <= CHUNK:
        work(0, count)
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for done in [pool.submit(work, i, min(i + CHUNK, count)) for i in range(0, count, CHUNK)]:
            done.result()
